"""Keypoints: on the right side, in the right place, and hidden exactly when something stands before them."""

import dataclasses

import numpy as np
import pytest

from vton.schema.pose import COCO18, MPII16
from vton.studio.body.baking import load_body_model
from vton.studio.body.standards import MANNEQUINS
from vton.studio.photos import keypoints
from vton.studio.poses.solver import pose_rotations
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import BAG, SKIRT, TOP
from vton.studio.specs.photo import PoseSpec

EYE = (0.0, 1.1, 6.5)


@pytest.fixture(scope="module")
def model():
    return load_body_model()


@pytest.fixture(scope="module")
def shape(model):
    return model.shape(dataclasses.replace(MANNEQUINS["female"], height=0.45))


def _posed(model, shape, name, yaw=0.0):
    return model.pose(shape, pose_rotations(model, shape, PoseSpec(name, yaw_deg=yaw, seed=2)))


def _skin(posed):
    s = posed.surface
    return Surface(s.vertices, s.normals, s.triangles, label=s.labels, material="skin")


def _seen(posed, extra=(), names=COCO18):
    places = keypoints.coco18(posed) if names is COCO18 else keypoints.mpii16(posed)
    seen = keypoints.visibility(names, places, posed, [_skin(posed), *extra], EYE)
    return dict(zip(names, (seen == keypoints.VISIBLE).tolist(), strict=True))


def _board(centre, half, label):
    x, y, z = centre
    corners = np.array(
        [[x - half, y - half, z], [x + half, y - half, z], [x + half, y + half, z], [x - half, y + half, z]]
    )
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    return Surface(corners.astype(np.float32), np.tile([0, 0, 1.0], (4, 1)), triangles, label=label)


def test_joints_are_at_the_bones_they_are_named_after(model, shape):
    posed = _posed(model, shape, "walk-left")
    coco = dict(zip(COCO18, keypoints.coco18(posed), strict=True))
    mpii = dict(zip(MPII16, keypoints.mpii16(posed), strict=True))
    bones = {"shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist", "knee": "lowerleg01", "ankle": "foot"}
    for name, bone in bones.items():
        for side, letter in (("left", "L"), ("right", "R")):
            joint = f"{side}_{name}"
            assert np.linalg.norm(coco[joint] - posed.joint(f"{bone}.{letter}")) < 0.06, joint
            assert np.array_equal(coco[joint], mpii[joint])
    assert mpii["head_top"][1] > mpii["upper_neck"][1] + 0.15 > mpii["thorax"][1] > mpii["pelvis"][1]
    assert coco["left_eye"][0] > coco["right_eye"][0] and coco["nose"][2] > coco["left_ear"][2]


def test_a_bare_person_from_the_front_hides_nothing(model, shape):
    for names in (COCO18, MPII16):
        assert all(_seen(_posed(model, shape, "wide"), names=names).values())


def test_from_behind_only_the_face_is_hidden(model, shape):
    seen = _seen(_posed(model, shape, "wide", yaw=180))
    assert {name for name, visible in seen.items() if not visible} >= {"nose", "left_eye", "right_eye"}
    assert all(seen[f"{s}_{j}"] for s in ("left", "right") for j in ("shoulder", "elbow", "hip", "knee", "ankle"))


def test_in_profile_the_far_side_is_hidden(model, shape):
    seen = _seen(_posed(model, shape, "stand", yaw=90))  # turned to its left: the right side faces the camera
    assert seen["right_shoulder"] and seen["right_knee"] and seen["right_ear"] and seen["right_elbow"]
    assert not (seen["left_shoulder"] or seen["left_hip"] or seen["left_ear"] or seen["left_elbow"])


def test_arms_behind_the_back_lose_their_wrists(model, shape):
    seen = _seen(_posed(model, shape, "arms-behind"))
    assert not (seen["left_wrist"] and seen["right_wrist"]) and seen["left_shoulder"] and seen["right_hip"]


def test_a_sleeve_shows_its_elbow_and_a_bag_does_not(model, shape):
    posed = _posed(model, shape, "wide")
    elbow = posed.joint("lowerarm01.L")
    sleeve, bag = (_board(elbow + [0, 0, 0.06], 0.05, label) for label in (TOP, BAG))
    assert _seen(posed, [sleeve])["left_elbow"] and not _seen(posed, [bag])["left_elbow"]
    assert _seen(posed, [bag])["right_elbow"]
    undrawn = dataclasses.replace(bag, drawn=False)
    assert _seen(posed, [undrawn])["left_elbow"]


def test_a_bag_behind_the_person_hides_nothing(model, shape):
    posed = _posed(model, shape, "wide")
    assert all(_seen(posed, [_board(posed.joint("spine03") - [0, 0, 0.6], 1.5, BAG)]).values())


def test_a_skirt_shows_the_knees_under_it(model, shape):
    posed = _posed(model, shape, "stand")
    front = posed.joint("lowerleg01.L") + [-0.05, 0, 0.12]
    assert _seen(posed, [_board(front, 0.25, SKIRT)])["left_knee"]
