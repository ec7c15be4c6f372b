"""vton.studio.rendering.framing: photos are cut where they should be, and what is cut off is labelled so."""

import dataclasses

import numpy as np
import pytest

from vton.data.cloth import NOT_SHOWN
from vton.schema import COCO18, InputError
from vton.studio.measuring.checking import joints_off_region
from vton.studio.photos.photographer import Photographer
from vton.studio.poses.solver import pose_rotations
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.framing import (
    CROPS,
    FRAMINGS,
    Landmarks,
    crop_camera,
    parse_shares,
    pixels_per_metre,
    shown_share,
)
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import ARMS, ARTICLE_ID, BG, FACE, SHOES
from vton.studio.specs.photo import LensSpec, PoseSpec, ViewSpec

HW = (256, 192)
LENS = LensSpec(distance=1.5, rise=0.2, aside=0.1, roll_deg=3.0)


@pytest.fixture(scope="module")
def landmarks(model):
    shape = model.standard()
    posed = model.pose(shape, pose_rotations(model, shape, PoseSpec("stand", seed=1)))
    return Landmarks.of(shape, posed.transforms)


@pytest.fixture(scope="module")
def photos(model):
    """One person in each of the crops, a forearm before the chest in the first; with packshots."""
    look = sample_looks(0, 0, 1, 1)[0]
    poses = tuple(PoseSpec(name, seed=3) for name in ("hand-chest", "stand", "relaxed"))
    views = tuple(dataclasses.replace(look.views[0], framing=name, lens=LENS) for name in CROPS)
    rendered = Photographer().shoot([dataclasses.replace(look, poses=poses, views=views, article_views=())], HW)[0]
    return dict(zip(CROPS, rendered.photos, strict=True))


def test_tall_hair_and_hats_are_not_cut_off(landmarks):
    top = landmarks.crown + [0, 0.25, 0]
    view = ViewSpec(framing="near", lens=LensSpec(headroom=0.0))
    y = [crop_camera(each, view).project(top[None], HW)[0, 1] for each in (landmarks, landmarks.raised(top[1]))]
    assert y[0] < -0.1 * HW[0] and abs(y[1]) < 0.03 * HW[0]
    assert np.array_equal(landmarks.raised(0.0).crown, landmarks.crown)


def test_a_crop_goes_from_the_hair_to_its_own_part_of_the_body(landmarks):
    between = {"thigh": ("hips", "knees"), "hip": ("neck", "knees"), "near": ("neck", "hips")}
    for framing, (high, low) in between.items():
        for share in (0.0, 1.0):
            view = ViewSpec(framing=framing, lens=LensSpec(low=share))
            camera = crop_camera(landmarks, view)
            points = np.stack([landmarks.crown, getattr(landmarks, high), getattr(landmarks, low)])
            crown, inside, outside = camera.project(points, HW)[:, 1]
            assert 0 < crown < 0.25 * HW[0] and inside < HW[0] < outside, framing
    assert shown_share("full") == 1 > shown_share("thigh") > shown_share("near")
    assert pixels_per_metre("near", 256) > 2 * pixels_per_metre("full", 256)


def test_a_near_camera_sees_in_a_wide_angle(landmarks):
    """The head is nearer than the hips, so it is larger from near."""
    near, far = (
        crop_camera(landmarks, ViewSpec(framing="hip", lens=LensSpec(distance=d, rise=0.3))) for d in (0.7, 4.0)
    )
    ahead = landmarks.crown + [[0.0, 0, 0.15], [0.1, 0, 0.15]]
    widths = [np.ptp(camera.project(ahead, HW)[:, 0]) for camera in (near, far)]
    assert widths[0] > 1.15 * widths[1]


def test_a_camera_that_is_turned_turns_the_picture():
    level = StudioCamera((0, 1, 3), (0, 1, 0), 2.0)
    right = StudioCamera((0, 1, 3), (0, 1, 0), 2.0, roll_deg=10.0)
    point = np.array([[0.0, 1.5, 0.0]])
    assert level.project(point, HW)[0, 0] == pytest.approx(96)
    assert right.project(point, HW)[0, 0] < 90, "turned clockwise, it sees the world turned the other way"
    assert np.allclose(right.axes() @ right.axes().T, np.eye(3))


def test_labels_of_crops_are_right(photos):
    for framing, photo in photos.items():
        assert (photo.parsing[-1] != BG).any() and (photo.parsing == FACE).any(), framing
        assert not (photo.parsing == SHOES).any(), framing
        cut = [joint for joint in COCO18 if "ankle" in joint or "knee" in joint]
        states = {joint: int(photo.coco18[COCO18.index(joint), 2]) for joint in COCO18}
        assert not any(states[joint] for joint in cut) and states["nose"] == 2, framing
        assert joints_off_region(photo.parsing, photo.coco18)[1] == [], framing
        shown = np.isfinite(photo.places["body"][..., 0])
        assert np.array_equal(shown, photo.cloth.article > 0)
        assert np.mean(photo.places["body"][shown] != NOT_SHOWN) > 0.4


def test_a_forearm_before_the_chest_is_no_cloth(photos):
    photo = photos["thigh"]
    left, right = (photo.coco18[COCO18.index(f"{side}_shoulder"), :2] for side in ("left", "right"))
    hip = photo.coco18[COCO18.index("left_hip"), 1]
    chest = np.s_[int(right[1]) : int(hip), int(right[0]) : int(left[0])]
    hand = photo.parsing[chest] == ARMS
    assert hand.sum() > 50
    assert not photo.article_ids[chest][hand].any() and ARTICLE_ID["top"] in photo.article_ids[chest]
    assert np.mean(photo.cloth.article[chest][hand] == 0) > 0.97


def test_shares_are_read():
    assert parse_shares("") == {"full": 1.0}
    assert parse_shares("thigh=0.25, near=0.25") == {"full": 0.5, "thigh": 0.25, "near": 0.25}
    assert parse_shares("full=1") == {"full": 1.0} and set(FRAMINGS) > set(CROPS)


@pytest.mark.parametrize(
    ("text", "word"),
    [("thigh", "like"), ("thigh=much", "like"), ("knee=0.2", "knee"), ("hip=0.7,near=0.7", "sum"), ("hip=-1", "sum"),
     ("hip=nan", "sum")],
)  # fmt: skip
def test_shares_that_cannot_be(text, word):
    with pytest.raises(InputError, match=word):
        parse_shares(text)
