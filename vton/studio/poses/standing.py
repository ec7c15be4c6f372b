"""Trunk and legs of a pose: the spine turned, the hips over the feet or on a seat, the soles level."""

import math

import numpy as np

from vton.studio.geometry.rotations import axis_angle, between, euler, frame, reach
from vton.studio.poses.skeleton import Skeleton
from vton.studio.poses.stances import Foot, Stance

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03", "head")
FOOT_LENGTH, SHOE_LENGTH = 0.125, 0.17
"""Metres from the ankle to the ball of the foot, and to where a shoe touches the floor when its heel is up."""


def turn_trunk(skeleton: Skeleton, stance: Stance, yaw_deg: float) -> None:
    """Root, spine, neck and head."""
    yaw = stance.yaw + yaw_deg + skeleton.noise(7)[0]
    tilt = stance.tilt + skeleton.noise(0.8)[0]
    skeleton.facing = euler(y=yaw)
    skeleton.rotations["root"] = euler(y=yaw + stance.pelvis_yaw) @ euler(z=tilt) @ euler(x=stance.pelvis_nod)
    spine = np.array(stance.spine) - [stance.pelvis_nod, stance.pelvis_yaw, stance.tilt] + skeleton.noise(1.5, 2, 1)
    head = np.array(stance.head) - [2, 0, 0] + skeleton.noise(2.5, 6, 2.5)
    for bones, angles in ((SPINE, spine), (NECK, head)):
        for bone in bones:
            skeleton.rotations[bone] = euler(*(angles / len(bones)))


def stand(skeleton: Skeleton, stance: Stance) -> None:
    """Hips on the seat, or over the feet as high as both legs reach; knees outwards, soles level with the heel."""
    feet = {
        "L": _placed(skeleton, stance.left_foot, skeleton.clearance),
        "R": _placed(skeleton, stance.right_foot, -skeleton.clearance),
    }
    upper, lower = skeleton.lengths("upperleg01.L", "lowerleg01.L", "foot.L")
    shift = skeleton.facing @ np.array([stance.shift, 0, 0])
    drops = []
    for side, (ankle, _) in feet.items():
        hip = skeleton.posed(f"upperleg01.{side}") + shift
        level = math.hypot(hip[0] - ankle[0], hip[2] - ankle[2])
        drops.append(ankle[1] + math.sqrt(max(0.01, (0.997 * (upper + lower)) ** 2 - level**2)) - hip[1])
    skeleton.offset = shift + [0, min(drops), 0]
    if stance.seat:
        hip_y = skeleton.joints["upperleg01.L"][1]
        skeleton.offset = shift + [0, (stance.seat + skeleton.noise(0.01)[0] - 1) * hip_y + skeleton.heel, 0]
    for side, (ankle, foot) in feet.items():
        _leg(skeleton, side, ankle, foot, upper, lower, bool(stance.seat))


def _placed(skeleton: Skeleton, foot: Foot, clearance: float) -> tuple[np.ndarray, Foot]:
    """The ankle's place [3], and the foot with its jitter."""
    dx, dz, turn = skeleton.noise(0.008, 0.01, 3)
    rest = skeleton.joints["foot.L"]
    raised = math.radians(foot.heel_up)
    ankle = skeleton.facing @ np.array(
        [foot.x + dx + clearance, 0, foot.z + dz + rest[2] + SHOE_LENGTH * (1 - math.cos(raised))]
    )
    ankle[1] = rest[1] + skeleton.heel + 0.9 * SHOE_LENGTH * math.sin(max(0.0, raised)) + foot.up
    return ankle, Foot(foot.x, foot.z, foot.splay + turn, foot.heel_up)


def _leg(
    skeleton: Skeleton, side: str, ankle: np.ndarray, foot: Foot, upper: float, lower: float, seated: bool
) -> None:
    sign = 1 if side == "L" else -1
    thigh, shin, sole, toe = (f"{bone}.{side}" for bone in ("upperleg01", "lowerleg01", "foot", "toe3-1"))
    hip = skeleton.posed(thigh)
    pole = skeleton.facing @ np.array([0.8 * sign * math.sin(math.radians(foot.splay)), float(seated), 1.0])
    knee, ankle = reach(hip, ankle, upper, lower, pole)
    at_rest = frame(skeleton.joints[shin] - skeleton.joints[thigh], np.array([0.12 * sign, 0, 1.0]))
    thigh_turn = frame(knee - hip, pole) @ at_rest.T
    shin_rest = skeleton.joints[sole] - skeleton.joints[shin]
    shin_turn = between(thigh_turn @ shin_rest, ankle - knee) @ thigh_turn
    skeleton.rotations[thigh] = skeleton.transform(f"pelvis.{side}")[:3, :3].T @ thigh_turn
    skeleton.rotations[shin] = thigh_turn.T @ shin_turn
    ahead = skeleton.joints[toe] - skeleton.joints[sole]
    rest_splay = math.degrees(math.atan2(ahead[0], ahead[2]))
    pitch = math.degrees(math.asin(min(0.85, skeleton.heel / FOOT_LENGTH))) + foot.heel_up
    sole_turn = skeleton.facing @ euler(y=sign * foot.splay) @ euler(x=pitch) @ euler(y=-rest_splay)
    skeleton.rotations[sole] = shin_turn.T @ sole_turn
    if pitch:
        across = euler(y=rest_splay) @ np.array([1.0, 0, 0])
        for number in range(1, 6):
            skeleton.rotations[f"toe{number}-1.{side}"] = axis_angle(across, -0.9 * pitch)
