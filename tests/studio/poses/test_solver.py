"""Poses: feet on the floor, hands where they belong, poses as they are named, mirror images, rotations by seed."""

import dataclasses

import numpy as np
import pytest

from vton.conditioning.pose.presets import preset_poses
from vton.schema import InputError
from vton.studio.body.baking import load_body_model
from vton.studio.body.skinning import forward_kinematics, transform_point
from vton.studio.body.standards import MANNEQUINS
from vton.studio.poses.solver import POSES, pose_rotations
from vton.studio.poses.stance_table import STANCES
from vton.studio.specs.photo import PoseSpec

TOUCHING = ("pocket", "cross", "waist", "front", "belly", "back", "lap", "cuff")
"""Places where hands lie so close that a point or two of them is in the body or in the other hand."""


@pytest.fixture(scope="module")
def model():
    return load_body_model()


@pytest.fixture(scope="module", params=["slim", "plus"])
def shape(model, request):
    weight, muscle = {"slim": (0.3, 0.5), "plus": (1.0, 0.35)}[request.param]
    return model.shape(dataclasses.replace(MANNEQUINS["female"], weight=weight, muscle=muscle, height=0.5))


def _posed(model, shape, name, yaw_deg=0.0, mirror=False, seed=5, **keywords):
    spec = PoseSpec(name, mirror=mirror, yaw_deg=yaw_deg, seed=seed)
    return model.pose(shape, pose_rotations(model, shape, spec, **keywords))


@pytest.mark.parametrize("name", POSES)
def test_both_feet_carry_the_body_and_rotations_are_proper(model, shape, name):
    rotations = pose_rotations(model, shape, PoseSpec(name, seed=5))
    turns = np.stack(list(rotations.values()))
    assert turns @ turns.transpose(0, 2, 1) == pytest.approx(np.broadcast_to(np.eye(3), turns.shape), abs=1e-6)
    assert np.linalg.det(turns) == pytest.approx(1)
    posed = model.pose(shape, rotations)
    left = shape.vertices[:, 0] > 0
    stance = STANCES[name]
    for side, foot in ((left, stance.left_foot), (~left, stance.right_foot)):
        lowest = posed.vertices[model.regions.foot & side, 1].min()
        assert lowest < foot.up + (0.06 if stance.left_foot.heel_up or stance.right_foot.heel_up else 0.03)
    assert posed.joint("head")[1] > (0.5 if stance.seat else 0.75) * shape.measures.height


@pytest.mark.parametrize("name", [n for n, s in STANCES.items() if not {s.left.reach, s.right.reach} & {*TOUCHING}])
def test_hands_are_outside_of_trunk_and_thighs(model, shape, name):
    posed = _posed(model, shape, name)
    arms = np.char.find(np.array(model.bones), "finger") >= 0
    main = model.weight_bones[np.arange(len(model.weights)), model.weights.argmax(1)]
    fingers = posed.vertices[model.regions.body & arms[main]]
    others = np.flatnonzero(model.regions.body & ~model.regions.arm)
    distance = np.linalg.norm(fingers[::5, None] - posed.vertices[others][None, ::2], axis=2)
    nearest = others[::2][distance.argmin(1)]
    depth = ((fingers[::5] - posed.vertices[nearest]) * posed.normals[nearest]).sum(1)
    in_hair = [STANCES[name].left.reach, STANCES[name].right.reach].count("hair")
    assert (depth < -0.015).mean() < (0.18 if in_hair == 2 else 0.12)


def _depth(posed, points):
    """Metres of points [N, 3] beneath the skin of trunk and legs."""
    regions = posed.shape.model.regions
    others = np.flatnonzero(regions.body & ~regions.arm)
    nearest = others[np.linalg.norm(points[:, None] - posed.vertices[others][None], axis=2).argmin(1)]
    return ((posed.vertices[nearest] - points) * posed.normals[nearest]).sum(1)


def test_every_preset_of_the_app_is_a_pose_of_the_studio():
    assert set(preset_poses()) <= set(POSES) and len(POSES) >= 18 + 30


def test_presets_are_what_they_are_called(model, shape):
    crossed = _posed(model, shape, "arms-crossed")
    assert crossed.joint("wrist.L")[0] < crossed.joint("wrist.R")[0] - 0.05
    legs = _posed(model, shape, "legs-crossed")
    assert legs.joint("foot.L")[0] < legs.joint("foot.R")[0] - 0.05
    for name, sign in (("turn-left", 1), ("turn-right", -1)):
        chest, face = (_posed(model, shape, name).transform(bone)[:3, 2] for bone in ("spine01", "head"))
        assert 30 < sign * np.degrees(np.arctan2(chest[0], chest[2])) < 58, name
        assert 5 < sign * np.degrees(np.arctan2(face[0], face[2])) < 48, name
    hips = _posed(model, shape, "hips-both")
    for side, sign in (("L", 1), ("R", -1)):
        wrist, waist = hips.joint(f"wrist.{side}"), hips.joint("spine04")
        assert abs(wrist[1] - waist[1]) < 0.15 and sign * (wrist[0] - waist[0]) > 0.1


@pytest.mark.parametrize("name", ["arms-crossed", "turn-arms-crossed", "perch-crossed-arms"])
def test_crossed_forearms_lie_on_the_chest(model, shape, name):
    posed = _posed(model, shape, name)
    for side in "LR":
        elbow, wrist = posed.joint(f"lowerarm01.{side}"), posed.joint(f"wrist.{side}")
        axis = elbow + np.linspace(0.2, 1, 6)[:, None] * (wrist - elbow)
        assert _depth(posed, axis).max() < -0.015, side  # the axis; the skin of the forearm is 3 to 4 cm around it


def test_hands_are_in_the_pockets(model, shape):
    posed = _posed(model, shape, "pockets-both")
    for side in "LR":
        tips = np.array([posed.joint(f"finger{finger}-3.{side}") for finger in range(2, 6)])
        assert (_depth(posed, tips) > 0.01).all(), side
        assert _depth(posed, posed.joint(f"lowerarm01.{side}")[None]) < -0.05


@pytest.mark.parametrize("name", POSES)
def test_fingers_lie_together(model, shape, name):
    rotations = pose_rotations(model, shape, PoseSpec(name, seed=5))
    transforms = forward_kinematics(model.bones, model.parents, shape.joints, rotations)

    def joint(bone):
        return transform_point(transforms[model.bone_index[bone]], shape.joints[bone])

    for side in "LR":
        first, last = (joint(f"finger{f}-2.{side}") - joint(f"finger{f}-1.{side}") for f in (2, 5))
        cosine = first @ last / np.linalg.norm(first) / np.linalg.norm(last)
        assert np.degrees(np.arccos(cosine)) < 22, side


@pytest.mark.parametrize("name", ["hip-left", "walk-right", "turn-left"])
def test_a_mirrored_pose_is_the_mirror_image(model, shape, name):
    plain, mirrored = _posed(model, shape, name, yaw_deg=20), _posed(model, shape, name, yaw_deg=-20, mirror=True)
    for bone, other in {"wrist.L": "wrist.R", "wrist.R": "wrist.L", "toe1-1.L": "toe1-1.R", "head": "head"}.items():
        assert mirrored.joint(other) == pytest.approx(plain.joint(bone) * [-1, 1, 1], abs=0.004)


def test_hanging_hands_show_their_backs_to_the_sides_and_thumbs_forwards(model, shape):
    for name in ("stand", "walk-left", "walk-right", "stride"):
        posed = _posed(model, shape, name)
        for side in "LR":
            thumb = posed.joint(f"finger1-2.{side}") - posed.joint(f"finger5-1.{side}")
            assert thumb @ posed.transform("root")[:3, 2] > 0.02, (name, side)


def test_yaw_turns_the_person_and_180_shows_the_back(model, shape):
    front, back = (_posed(model, shape, "stand", yaw_deg=yaw) for yaw in (0, 180))
    facing = [p.transform("head")[:3, 2] for p in (front, back)]
    assert facing[0][2] > 0.8 and facing[1][2] < -0.8


def test_heels_lift_the_ankles_and_clearance_moves_the_hands_out(model, shape):
    flat, heeled = (_posed(model, shape, "stand", heel_m=h) for h in (0.0, 0.08))
    lift = [p.joint("foot.L")[1] - p.vertices[model.regions.foot, 1].min() for p in (flat, heeled)]
    assert lift[1] > lift[0] + 0.04
    near, far = (_posed(model, shape, "stand", clearance_m=c) for c in (0.0, 0.04))
    spread = [p.joint("wrist.L")[0] - p.joint("wrist.R")[0] for p in (near, far)]
    assert spread[1] > spread[0] + 0.03


def test_the_seed_decides_the_jitter(model, shape):
    def turns(seed):
        return np.stack(list(pose_rotations(model, shape, PoseSpec("contrapposto", seed=seed)).values()))

    assert np.array_equal(turns(3), turns(3)) and not np.array_equal(turns(3), turns(4))


def test_unknown_poses_are_refused_with_the_list(model, shape):
    with pytest.raises(InputError, match="walk-left"):
        pose_rotations(model, shape, PoseSpec("handstand"))
