"""The window around a head: where the joints put it, that cutting and putting back are inverse, what stays outside."""

import numpy as np
import pytest
import torch

from vton.conditioning.pose.head_window import (
    WINDOW_JOINTS,
    HeadWindow,
    cut_window,
    head_window,
    inset_share,
    joint_planes,
    put_window,
    sample_window,
    window_fade,
    window_joints,
)
from vton.conditioning.pose.presets import preset_poses
from vton.schema import COCO18, REGIONS, Pose

WINDOW = HeadWindow((0.4, 0.3), 0.4)


def smooth_picture(height=96, width=72):
    y, x = np.mgrid[:height, :width]
    return np.dstack([40 + x, 40 + y, 120 + 60 * np.sin(x / 9) * np.cos(y / 11)]).astype(np.uint8)


def without(pose, joint):
    confidence = pose.confidence.copy()
    confidence[COCO18.index(joint)] = 0
    return Pose(pose.keypoints_xy, confidence, pose.size_hw)


@pytest.mark.parametrize("name", preset_poses())
def test_the_window_of_every_preset_holds_the_face(name):
    pose = preset_poses()[name]
    window = head_window(pose)
    joints = window_joints(pose, window)
    face = [i for i, joint in enumerate(WINDOW_JOINTS) if joint[-4:] in ("nose", "_eye", "_ear") and joints[i, 2] > 0]
    assert ((joints[face, :2] > 0.15) & (joints[face, :2] < 0.85)).all()
    assert 0.15 < window.side < 0.4


@pytest.mark.parametrize("joint", ["nose", "neck"])
def test_without_nose_or_neck_there_is_none(joint):
    assert head_window(without(preset_poses()["stand"], joint)) is None


def test_a_head_as_large_as_the_picture_has_none():
    pose = preset_poses()["stand"]
    xy = pose.keypoints_xy.copy()
    xy[COCO18.index("nose")] = (96, 200)
    assert head_window(Pose(xy, pose.confidence, pose.size_hw)) is None


def test_the_window_moves_and_grows_with_the_person():
    pose = preset_poses()["stand"]
    window = head_window(pose)
    half = Pose(pose.keypoints_xy / 2 + (10, 20), pose.confidence, pose.size_hw)
    moved = head_window(half)
    assert moved.side == pytest.approx(window.side / 2)
    assert moved.centre_xy == pytest.approx((window.centre_xy[0] / 2 + 10 / 256, window.centre_xy[1] / 2 + 20 / 256))
    assert np.allclose(window_joints(half, moved), window_joints(pose, window), atol=1e-4)


def test_arrays_and_tensors_are_cut_alike():
    picture = smooth_picture()
    cut = cut_window(picture, WINDOW, 48).astype(float)
    planes = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    sampled = sample_window(planes, WINDOW, 48)[0].permute(1, 2, 0).numpy()
    assert np.abs(cut - sampled).max() < 3


@pytest.mark.parametrize("size", [16, 48, 96])
def test_what_is_cut_and_put_back_changes_nothing(size):
    planes = torch.from_numpy(smooth_picture()).permute(2, 0, 1)[None].float()
    inset = sample_window(planes, WINDOW, size)
    back = put_window(planes, inset, WINDOW, torch.ones(1, 1, size, size))
    assert (back - planes).abs().max() < 8 if size < 38 else (back - planes).abs().max() < 2.5


def test_only_the_window_changes_and_its_share_decides():
    planes = torch.zeros(1, 3, 96, 72)
    inset, share = torch.ones(1, 3, 48, 48), torch.ones(1, 1, 48, 48)
    put = put_window(planes, inset, WINDOW, share)[0, 0]
    y, x = torch.meshgrid((torch.arange(96) + 0.5) / 96, (torch.arange(72) + 0.5) / 96, indexing="ij")
    far = torch.maximum((x - WINDOW.centre_xy[0]).abs(), (y - WINDOW.centre_xy[1]).abs())
    assert put[far > WINDOW.side / 2 + 0.02].abs().max() == 0
    assert put[far < WINDOW.side / 2 * 0.7].min() > 0.99
    assert put_window(planes, inset, WINDOW, 0 * share).abs().max() == 0


def test_the_window_fades_to_nothing_at_its_edge():
    fade = window_fade(64)
    assert fade[32, 32] == 1 and fade[0].max() < 0.02 and torch.equal(fade, fade.T)


def one_region_each(*names: str) -> torch.Tensor:
    """A column of 12 pixels for each region."""
    shares = torch.zeros(1, len(REGIONS), 12, 12 * len(names))
    for number, name in enumerate(names):
        shares[0, REGIONS.index(name), :, 12 * number:12 * (number + 1)] = 1
    return shares


@pytest.mark.parametrize(
    ("picture", "inset", "taken"),
    [("face", "face", 1), ("skin", "skin", 1), ("hair", "face", 1), ("face", "hair", 1), ("hair", "hair", 0),
     ("accessory", "accessory", 0), ("top", "top", 0), ("face", "top", 0), ("background", "face", 0),
     ("background", "background", 0), ("hair", "background", 0), ("background", "hair", 0)],
)  # fmt: skip
def test_the_face_is_the_insets_and_hair_hats_and_cloth_stay_the_pictures(picture, inset, taken):
    assert inset_share(one_region_each(picture), one_region_each(inset))[0, 0, 6, 6] == taken


def test_a_joint_is_a_peak_at_its_place_and_a_missing_one_nothing():
    joints = torch.zeros(1, 8, 3)
    joints[0, 0] = torch.tensor([0.25, 0.75, 1.0])
    joints[0, 1] = torch.tensor([0.5, 0.5, 0.0])
    planes = joint_planes(joints, 32)
    assert planes.shape == (1, 8, 32, 32) and planes[0, 1:].abs().max() == 0
    y, x = divmod(int(planes[0, 0].argmax()), 32)
    assert abs(x - 7.5) <= 0.5 and abs(y - 23.5) <= 0.5 and planes[0, 0].max() > 0.5
