"""Arms of a pose: hanging clear of the body or reaching for a place on it, hands laid as the place says."""

from dataclasses import replace

import numpy as np

from vton.studio.body.skinning import transform_point
from vton.studio.geometry.rotations import axis_angle, between, euler, frame, limited, reach, signed_angle, unit
from vton.studio.poses.hand_places import PLACES, goal
from vton.studio.poses.hands import RELAXED_DEG, relaxed_fingers
from vton.studio.poses.skeleton import TRUNK_REACH_M, Skeleton
from vton.studio.poses.stances import Arm

HANGING_PALM = (0.45, -0.40, -1.0)
"""Index to little finger of a hanging left hand, in the hips' axes: palms inwards, thumbs forwards."""

RAISED = {"hair": 0.7, "nape": 0.6}
"""How far the upper arm is raised above the shoulder where a hand reaches for these places, as a sine."""

SHRUG_DEG = 16.0
"""By which a collar bone rises with an arm straight up."""

WRIST_BEND_DEG = 65.0
ARM_GAP = 0.012
"""Metres of air between a hanging arm and the torso."""

WIDENING_DEG, WIDENING_STEPS = 2.0, 10

FOREARM_GAP = 0.022
"""Metres between the chest and the axis of a forearm on it (it gives way)."""

LIFTING_M, LIFTING_STEPS = 0.01, 7
BEFORE_TRUNK = "spine03"
"""What a forearm on its way to the other arm lies on."""

REACH_JITTER = 0.5
"""Metres that a hand reaches higher or lower, per unit of the jitter of an upper arm's direction."""


def place_arm(skeleton: Skeleton, side: str, arm: Arm) -> None:
    """Shoulder to fingers of one side."""
    sign = 1 if side == "L" else -1
    raised = max(0.0, arm.upper[1]) if not arm.reach else RAISED.get(arm.reach, 0.0)
    skeleton.rotations[f"clavicle.{side}"] = euler(z=(SHRUG_DEG * raised - 3.0) * sign)
    bones = tuple(f"{bone}.{side}" for bone in ("upperarm01", "lowerarm01", "wrist"))
    upper, lower = skeleton.lengths(*bones)
    shoulder = skeleton.posed(bones[0])
    jitter = skeleton.noise(0.02, 0.03, 0.03, 0.05)
    if arm.reach:
        moved = replace(arm, lift=arm.lift + REACH_JITTER * jitter[0])
        elbow, wrist = _reaching(skeleton, side, moved, shoulder, upper, lower)
        first, second = elbow - shoulder, wrist - elbow
    else:
        first, second = _hanging(skeleton, side, arm, jitter, shoulder, upper, lower)
    turn_arm(skeleton, bones, side, first, second)
    forearm = skeleton.joints[bones[2]] - skeleton.joints[bones[1]]
    place = PLACES.get(arm.reach)
    if place is None:
        hips = skeleton.transform("root")[:3, :3]
        lay_hand(skeleton, side, forearm, second, hips @ (np.array(arm.palm or HANGING_PALM) * [sign, 1, 1]))
    elif place.palm is None:
        half = axis_angle(forearm, 0.5 * sign * place.twist)
        skeleton.rotations[f"lowerarm02.{side}"] = skeleton.rotations[f"wrist.{side}"] = half
    else:
        bone, *directions = place.palm
        axes = skeleton.transform(f"{bone}.{side}" if bone == "upperleg01" else bone)[:3, :3]
        lay_hand(skeleton, side, forearm, *(axes @ (np.array(d) * [sign, 1, 1]) for d in directions))
    curl = (place.curl if place else RELAXED_DEG) + arm.curl
    skeleton.rotations |= relaxed_fingers(skeleton.joints, side, curl, skeleton.noise)


def _reaching(
    skeleton: Skeleton, side: str, arm: Arm, shoulder: np.ndarray, upper: float, lower: float
) -> tuple[np.ndarray, np.ndarray]:
    """Elbow and wrist [3], moved off until the forearm lies on the chest and not in it."""
    for _ in range(LIFTING_STEPS):
        target, pole = goal(skeleton, side, arm)
        elbow, wrist = reach(shoulder, target, upper, lower, pole)
        bone = PLACES[arm.reach].bone or BEFORE_TRUNK
        if not bone.startswith("spine") or _over_trunk(skeleton, bone, elbow, wrist) > FOREARM_GAP + skeleton.clearance:
            break
        arm = replace(arm, over=arm.over + LIFTING_M)
    return elbow, wrist


def _over_trunk(skeleton: Skeleton, bone: str, elbow: np.ndarray, wrist: np.ndarray) -> float:
    """Metres between the forearm's axis and the skin of the trunk, which moves with ``bone``."""
    to_rest = np.linalg.inv(skeleton.transform(bone))
    axis = [transform_point(to_rest, elbow + share * (wrist - elbow)) for share in (0.3, 0.5, 0.7, 0.9)]
    height, nearest = skeleton.trunk_skin.heights(np.array(axis, np.float32), TRUNK_REACH_M)
    return float(np.where(nearest < 0, TRUNK_REACH_M, height).min())


def _hanging(
    skeleton: Skeleton, side: str, arm: Arm, jitter: np.ndarray, shoulder: np.ndarray, upper: float, lower: float
) -> tuple[np.ndarray, np.ndarray]:
    """Directions of upper and lower arm, spread until both are clear of the torso."""
    sign = 1 if side == "L" else -1
    chest = skeleton.transform("spine01")[:3, :3]
    first = unit(np.array(arm.upper) + [jitter[0], 0, jitter[1]])
    second = unit(np.array(arm.fore) + [jitter[2], 0, jitter[3]])
    for _ in range(WIDENING_STEPS):
        elbow = shoulder + chest @ first * upper
        along = [elbow + chest @ second * lower * share for share in (0.0, 0.5, 1.0, 1.35)]
        if arm.fore[0] * sign < 0 or min(_gap(skeleton, np.array(along))) > ARM_GAP + skeleton.clearance:
            break
        outwards = euler(z=WIDENING_DEG * sign)
        first, second = outwards @ first, outwards @ second
    return chest @ first, chest @ second


def _gap(skeleton: Skeleton, points: np.ndarray) -> np.ndarray:
    """Metres, roughly, between an arm's surface about points [N, 3] and the torso or the hips."""
    hips = skeleton.transform("root")
    local = (points - hips[:3, 3]) @ hips[:3, :3]
    m, y = skeleton.measures, local[:, 1]
    front, back = m.front(y), m.back(y)
    sideways = np.abs(local[:, 0]) / m.half_width(y)
    depth = (local[:, 2] - (front + back) / 2) / ((front - back) / 2)
    radius = m.radius_of_arm(np.array([0.5, 0.75, 1.0, 1.0]) * m.arm_lengths[2])
    return (np.hypot(sideways, depth) - 1) * m.half_width(y) - radius


def turn_arm(skeleton: Skeleton, bones: tuple[str, ...], side: str, first: np.ndarray, second: np.ndarray) -> None:
    before = skeleton.transform(f"shoulder01.{side}")[:3, :3]
    upper_rest = skeleton.joints[bones[1]] - skeleton.joints[bones[0]]
    lower_rest = skeleton.joints[bones[2]] - skeleton.joints[bones[1]]
    turn = between(before @ upper_rest, first) @ before
    hinge = np.cross(unit(first), unit(second))
    if np.linalg.norm(hinge) > 0.12:  # a bent elbow turns the upper arm; the rest of the twist is the shoulder's
        axis = unit(first)
        twist = signed_angle(turn @ np.cross(upper_rest, lower_rest), hinge, axis)
        turn = axis_angle(axis, 0.55 * float(np.clip(twist, -100, 100))) @ turn
    skeleton.rotations[bones[0]] = before.T @ turn
    skeleton.rotations[bones[1]] = turn.T @ between(turn @ lower_rest, second) @ turn


def lay_hand(skeleton: Skeleton, side: str, forearm: np.ndarray, along: np.ndarray, across: np.ndarray) -> None:
    """Points a hand ``along`` and turns its palm; the forearm takes most of the twist, the wrist what it can."""
    before = skeleton.transform(f"lowerarm01.{side}")[:3, :3]
    wrist, index, middle, little = (
        skeleton.joints[f"{bone}.{side}"] for bone in ("wrist", "finger2-1", "finger3-1", "finger5-1")
    )
    wanted = before.T @ frame(along, across) @ frame(middle - wrist, little - index).T
    axis = unit(forearm)
    twist = signed_angle(little - index, wanted @ (little - index), axis)
    half = axis_angle(axis, 0.6 * float(np.clip(twist, -100, 100)))
    skeleton.rotations[f"lowerarm02.{side}"] = half
    skeleton.rotations[f"wrist.{side}"] = limited(half.T @ wanted, WRIST_BEND_DEG)
