"""Pose: lossless OpenPose JSON, mirror images, derived joints, and every way to get one wrong."""

import json

import numpy as np
import pytest

from vton.conditioning.pose.presets import load_pose, preset_poses
from vton.schema import COCO18, MPII16, InputError, Pose


def standing(**changes):
    """A pose without symmetry, so that a wrong swap shows; ``changes`` sets joints by name to (x, y, c)."""
    rng = np.random.default_rng(5)
    joints = np.column_stack([rng.uniform(20, 170, 18), rng.uniform(20, 230, 18), rng.uniform(0.2, 1, 18)])
    for name, values in changes.items():
        joints[COCO18.index(name)] = values
    return Pose(joints[:, :2], joints[:, 2], (256, 192))


def openpose(numbers=None, **extra):
    numbers = (
        [v for i in range(18) for v in (10.0 + 5 * i, 20.0 + 9 * i, 0.9)] if numbers is None else numbers
    )
    return {"people": [{"pose_keypoints_2d": numbers}], **extra}


def test_openpose_round_trip_is_lossless():
    pose = standing(left_wrist=(0, 0, 0))
    text = json.dumps(pose.to_openpose())
    assert Pose.from_openpose(text) == pose
    assert Pose.from_openpose(text).to_openpose() == pose.to_openpose()


def test_numbers_of_a_file_come_back_unchanged():
    numbers = [round(v, 4) for v in np.random.default_rng(1).uniform(1, 150, 54)]
    numbers[2::3] = [0.8137] * 18
    out = Pose.from_openpose(openpose(numbers)).to_openpose()
    assert out["people"][0]["pose_keypoints_2d"] == numbers


def test_canvas_comes_from_the_keys_then_the_argument_then_the_default():
    assert Pose.from_openpose(openpose(canvas_height=512, canvas_width=400), (300, 200)).size_hw == (512, 400)
    assert Pose.from_openpose(openpose(), (300, 200)).size_hw == (300, 200)
    assert Pose.from_openpose(openpose()).size_hw == (256, 192)


def test_body_25_loses_the_middle_of_the_hips_and_the_feet():
    numbers = [v for i in range(25) for v in (1.0 + i, 101.0 + i, 1.0)]
    pose = Pose.from_openpose(openpose(numbers))
    assert pose.keypoints_xy[COCO18.index("right_hip"), 0] == 10
    assert pose.keypoints_xy[COCO18.index("left_ear"), 0] == 19


def test_old_files_name_the_joints_differently():
    new = openpose()
    old = {"people": [{"pose_keypoints": new["people"][0]["pose_keypoints_2d"]}]}
    assert Pose.from_openpose(old) == Pose.from_openpose(new)


def dresscode(**changes):
    """A DressCode pose for 384x512 pixels; ``changes`` replaces rows by number."""
    rows = [[20.0 + 10 * i, 30.0 + 20 * i, 0.5 + i / 40, float(i)] for i in range(18)]
    for number, row in changes.items():
        rows[int(number[1:])] = row
    return {"keypoints": rows}


def test_dresscode_poses():
    pose = Pose.from_openpose(dresscode(j4=[-1.0, -1.0, -1.0, -1.0], j7=[0, 0, 0, 0]))
    assert pose.size_hw == (512, 384) and not pose.present[[4, 7]].any() and pose.present.sum() == 16
    assert pose.keypoints_xy[2].tolist() == [40, 70] and pose.confidence[2] == pytest.approx(0.55)
    scaled = Pose.from_openpose(json.dumps(dresscode()), (1024, 768))
    assert scaled.size_hw == (1024, 768) and scaled.keypoints_xy[2].tolist() == [80, 140]


def test_a_file_without_people_says_so():
    with pytest.raises(InputError, match="No person"):
        Pose.from_openpose({"version": 1.3, "people": []})


def test_flip_swaps_sides_and_mirrors():
    pose = standing()
    flipped = pose.flip()
    for side, other in (("left", "right"), ("right", "left")):
        for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "eye", "ear"):
            here, there = COCO18.index(f"{side}_{part}"), COCO18.index(f"{other}_{part}")
            assert flipped.keypoints_xy[here, 0] == pytest.approx(192 - pose.keypoints_xy[there, 0])
            assert flipped.keypoints_xy[here, 1] == pose.keypoints_xy[there, 1]
            assert flipped.confidence[here] == pose.confidence[there]
    assert flipped.keypoints_xy[0, 0] == pytest.approx(192 - pose.keypoints_xy[0, 0])


def test_flip_twice_is_the_identity():
    pose = standing(left_ankle=(0, 0, 0))
    twice = pose.flip().flip()
    np.testing.assert_allclose(twice.keypoints_xy, pose.keypoints_xy, atol=1e-4)
    np.testing.assert_array_equal(twice.confidence, pose.confidence)
    assert pose.flip().confidence[COCO18.index("right_ankle")] == 0


def test_flip_of_a_preset_keeps_the_left_side_on_the_viewers_right():
    pose = preset_poses()["stand"].flip()
    left, right = (pose.keypoints_xy[COCO18.index(f"{side}_shoulder"), 0] for side in ("left", "right"))
    assert left > right  # people face the camera


def test_mpii_derivation():
    pose = standing(
        neck=(100, 60, 0.9), nose=(104, 40, 0.5), right_hip=(80, 120, 0.3), left_hip=(110, 130, 0.8)
    )
    xy, confidence = pose.mpii16()
    assert xy.shape == (16, 2) and confidence.shape == (16,)
    for name in ("right_ankle", "left_knee", "right_wrist", "left_shoulder", "left_wrist"):
        np.testing.assert_array_equal(xy[MPII16.index(name)], pose.keypoints_xy[COCO18.index(name)])
    np.testing.assert_allclose(xy[MPII16.index("pelvis")], (95, 125))
    assert confidence[MPII16.index("pelvis")] == pytest.approx(0.3)
    np.testing.assert_allclose(xy[MPII16.index("thorax")], (100, 60))
    np.testing.assert_allclose(xy[MPII16.index("upper_neck")], (101, 55))
    np.testing.assert_allclose(xy[MPII16.index("head_top")], (107, 25))
    assert confidence[MPII16.index("head_top")] == pytest.approx(0.5)


def test_mpii_head_without_a_nose_uses_eyes_then_ears():
    gone = (0, 0, 0)
    eyes = standing(nose=gone, neck=(100, 60, 1), right_eye=(96, 36, 0.4), left_eye=(108, 36, 0.7))
    assert eyes.mpii16()[0][9] == pytest.approx((100 + 1.75 * 2, 60 - 1.75 * 24))
    assert eyes.mpii16()[1][9] == pytest.approx(0.4)
    headless = standing(nose=gone, right_eye=gone, left_ear=gone)
    assert headless.mpii16()[1][9] == 0
    assert not headless.mpii16()[0][9].any()


def test_resized_and_fit():
    pose = standing(nose=(96, 128, 1), left_wrist=(0, 0, 0))
    assert pose.resized((512, 96)).keypoints_xy[0] == pytest.approx((48, 256))
    fitted = pose.fit((256, 400))
    assert fitted.keypoints_xy[0] == pytest.approx((200, 128))
    assert not fitted.keypoints_xy[7].any()
    wide = fitted.keypoints_xy[fitted.present] - fitted.keypoints_xy[0]
    np.testing.assert_allclose(wide, pose.keypoints_xy[pose.present] - pose.keypoints_xy[0], atol=1e-4)


def test_lerp():
    a, b = standing(left_wrist=(0, 0, 0)), standing(nose=(10, 10, 0.1)).resized((256, 192))
    assert a.lerp(b, 0) == a
    assert a.lerp(b, 1) == b
    middle = a.lerp(b, 0.25)
    assert middle.confidence[COCO18.index("left_wrist")] == 0
    assert middle.confidence[0] == pytest.approx(0.1)
    assert middle.keypoints_xy[0] == pytest.approx(0.75 * a.keypoints_xy[0] + 0.25 * b.keypoints_xy[0])


def test_arrays_cannot_be_changed():
    pose = standing()
    with pytest.raises(ValueError):
        pose.keypoints_xy[0, 0] = 3
    assert len({pose, standing()}) == 1


@pytest.mark.parametrize(
    "obj",
    [
        "{",
        "[1, 2]",
        "null",
        b"\xff\xfe",
        "[" * 100_000,
        {},
        {"people": []},
        {"people": [3]},
        {"people": [{}]},
        openpose([1.0] * 53),
        openpose(["a"] * 54),
        openpose([None] * 54),
        openpose([True] * 54),
        openpose([float("nan")] + [50.0, 0.5, 50.0] * 17 + [1.0, 1.0]),
        openpose([1e300, 50, 1] * 18),
        openpose([10**400, 50, 1] * 18),
        openpose([0.0] * 54),
        openpose([50.0, 50.0, 7.0] * 18),
        openpose([50.0, 50.0, -1.0] * 18),
        openpose([0.5, 0.5, 1.0] * 18),
        openpose([500.0, 500.0, 1.0] * 18),
        openpose([500.0, 500.0, 1.0] * 18, canvas_height=100, canvas_width=100),
        openpose(canvas_height="tall", canvas_width=3),
        openpose(canvas_height=0, canvas_width=192),
        openpose(canvas_height=float("nan"), canvas_width=192),
        openpose(canvas_height=10**9, canvas_width=192),
        dresscode(j3=[1, 2, 3]),
        dresscode(j3=["a", 2, 3, 4]),
        dresscode(j3=[float("nan"), 2, 3, 4]),
        {"keypoints": []},
        {"keypoints": 3},
        {"keypoints": [[-1, -1, 0, -1]] * 18},
        json.dumps(openpose()).replace("10.0", "NaN", 1),
        json.dumps(openpose()).replace("10.0", "Infinity", 1),
    ],
)  # fmt: skip
def test_broken_poses_are_refused_with_one_line(obj):
    with pytest.raises(InputError) as error:
        Pose.from_openpose(obj)
    assert "\n" not in str(error.value) and len(str(error.value)) > 20


def test_presets():
    poses = preset_poses()
    assert len(poses) >= 8
    for name, pose in poses.items():
        assert pose.size_hw == (256, 192) and pose.present.all()
        assert (pose.keypoints_xy > 0).all() and (pose.keypoints_xy < (192, 256)).all()
        assert load_pose(name) == pose
    xy = [pose.keypoints_xy for pose in poses.values()]
    apart = [abs(a - b).max() for i, a in enumerate(xy) for b in xy[:i]]
    assert min(apart) > 5


def test_load_pose_from_files(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(standing().to_openpose()))
    assert load_pose(path) == load_pose(str(path)) == standing()
    assert load_pose(standing().to_openpose()) == standing()


def test_load_pose_says_what_there_is(tmp_path):
    with pytest.raises(InputError, match="stand"):
        load_pose("flying")
    with pytest.raises(InputError, match="gone.json") as error:
        load_pose(tmp_path / "gone.json")
    assert str(tmp_path) not in str(error.value)
    with pytest.raises(InputError):
        load_pose(str(tmp_path))
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError):
        load_pose(tmp_path / "folder.json")
