"""Poses of any body: stances with jitter as rotations of bones, found by reaching for floor, hips and pockets."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from vton.schema import InputError
from vton.studio.body.model import BodyModel, BodyShape
from vton.studio.body.skinning import transform_point
from vton.studio.geometry.closest import PointShell
from vton.studio.geometry.rotations import axis_angle, between, euler, frame, limited, reach, signed_angle, unit
from vton.studio.poses.hands import RELAXED_DEG, relaxed_fingers
from vton.studio.poses.places import CUFF, PLACES, goal
from vton.studio.poses.stance_table import STANCES
from vton.studio.poses.stances import Arm, Foot, Stance
from vton.studio.specs.looks import PoseSpec

POSES: tuple[str, ...] = tuple(STANCES)

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03", "head")
FOOT_LENGTH, SHOE_LENGTH = 0.125, 0.17
"""Metres from the ankle to the ball of the foot, and to where a shoe touches the floor when its heel is up."""

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

FOREARM_GAP, TRUNK_REACH_M = 0.022, 0.1
"""Metres between the chest and the axis of a forearm on it (it gives way), and how far off the skin is looked for."""

LIFTING_M, LIFTING_STEPS = 0.01, 7
BEFORE_TRUNK = "spine03"
"""What a forearm on its way to the other arm lies on."""

REACH_JITTER = 0.5
"""Metres that a hand reaches higher or lower, per unit of the jitter of an upper arm's direction."""


def pose_rotations(
    model: BodyModel, shape: BodyShape, spec: PoseSpec, heel_m: float = 0.0, clearance_m: float = 0.0
) -> dict[str, np.ndarray]:
    """The rotations that `BodyModel.pose` takes.

    Args:
        model: the body model.
        shape: the body.
        spec: name, mirror, yaw and seed of the jitter.
        heel_m: height of the shoes' heels, metres; the feet are pitched by it.
        clearance_m: how far clothes stand off the body, metres; arms and feet keep further out.

    Raises:
        InputError: there is no pose of that name.
    """
    if spec.name not in STANCES:
        raise InputError(f"No pose {spec.name!r}; poses are {', '.join(POSES)}.")
    stance = STANCES[spec.name]
    solver = _Solver(model, shape, heel_m, clearance_m, np.random.default_rng([spec.seed, 401]))
    solver.trunk(stance, -spec.yaw_deg if spec.mirror else spec.yaw_deg)
    solver.legs(stance)
    arms = sorted((("L", stance.left), ("R", stance.right)), key=lambda each: each[1].reach == CUFF)
    for side, arm in arms:
        solver.arm(side, arm)
    return _mirrored(solver.rotations) if spec.mirror else solver.rotations


def lead_hand(
    model: BodyModel,
    shape: BodyShape,
    rotations: Mapping[str, np.ndarray],
    side: str,
    wrist: np.ndarray,
    pole: np.ndarray,
    along: np.ndarray,
    across: np.ndarray,
) -> dict[str, np.ndarray]:
    """The rotations of a pose with one arm elsewhere.

    Args:
        side: of the arm, "L" or "R".
        wrist: [3] where the wrist goes, metres from where the root's joint lies at rest; brought into reach.
        pole: [3] where the elbow points.
        along, across: [3] where the hand points, and from its index to its little finger.
    """
    solver = _Solver(model, shape, 0.0, 0.0, np.random.default_rng(0))
    solver.rotations = dict(rotations)
    bones = tuple(f"{bone}.{side}" for bone in ("upperarm01", "lowerarm01", "wrist"))
    shoulder = solver.posed(bones[0])
    elbow, wrist = reach(shoulder, wrist, *solver._lengths(*bones), pole)
    solver._turn_arm(bones, side, elbow - shoulder, wrist - elbow)
    solver._lay_hand(side, shape.joints[bones[2]] - shape.joints[bones[1]], along, across)
    return solver.rotations


def _mirrored(rotations: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The mirror image: left and right bones exchanged, turns reflected."""
    other = {".L": ".R", ".R": ".L"}
    flip = np.diag([-1.0, 1.0, 1.0])
    return {
        bone[:-2] + other[bone[-2:]] if bone[-2:] in other else bone: flip @ r @ flip for bone, r in rotations.items()
    }


class _Solver:
    """Builds up the rotations from the root outwards; ``offset`` is where the root has been moved meanwhile."""

    def __init__(
        self, model: BodyModel, shape: BodyShape, heel: float, clearance: float, rng: np.random.Generator
    ) -> None:
        self.model, self.joints, self.measures = model, shape.joints, shape.measures
        trunk = model.regions.torso & ~model.regions.leg
        self.trunk_skin = PointShell(shape.vertices[trunk], shape.normals[trunk], TRUNK_REACH_M)
        self.heel, self.clearance = heel, clearance
        self.rng = rng
        self.rotations: dict[str, np.ndarray] = {}
        self.offset = np.zeros(3)
        self.facing = np.eye(3)

    def noise(self, *deviations: float) -> np.ndarray:
        """Normal numbers with these standard deviations, cut at two of them."""
        return np.clip(self.rng.normal(0, 1, len(deviations)), -2, 2) * deviations

    def transform(self, bone: str) -> np.ndarray:
        """[4, 4] from rest to pose, as far as the rotations are known."""
        matrix, index = np.eye(4), self.model.bone_index[bone]
        while index >= 0:
            name = self.model.bones[index]
            if name in self.rotations:
                turn = np.eye(4)
                turn[:3, :3] = self.rotations[name]
                turn[:3, 3] = self.joints[name] - self.rotations[name] @ self.joints[name]
                matrix = turn @ matrix
            index = self.model.parents[index]
        matrix[:3, 3] += self.offset
        return matrix

    def posed(self, bone: str) -> np.ndarray:
        """Where a bone's head has gone, [3]."""
        return transform_point(self.transform(bone), self.joints[bone])

    def trunk(self, stance: Stance, yaw_deg: float) -> None:
        """Root, spine, neck and head."""
        yaw = stance.yaw + yaw_deg + self.noise(7)[0]
        tilt = stance.tilt + self.noise(0.8)[0]
        self.facing = euler(y=yaw)
        self.rotations["root"] = euler(y=yaw + stance.pelvis_yaw) @ euler(z=tilt) @ euler(x=stance.pelvis_nod)
        spine = np.array(stance.spine) - [stance.pelvis_nod, stance.pelvis_yaw, stance.tilt] + self.noise(1.5, 2, 1)
        head = np.array(stance.head) - [2, 0, 0] + self.noise(2.5, 6, 2.5)
        for bones, angles in ((SPINE, spine), (NECK, head)):
            for bone in bones:
                self.rotations[bone] = euler(*(angles / len(bones)))

    def legs(self, stance: Stance) -> None:
        """Hips on the seat, or over the feet as high as both legs reach; knees outwards, soles level with the heel."""
        feet = {
            "L": self._placed(stance.left_foot, self.clearance),
            "R": self._placed(stance.right_foot, -self.clearance),
        }
        upper, lower = self._lengths("upperleg01.L", "lowerleg01.L", "foot.L")
        shift = self.facing @ np.array([stance.shift, 0, 0])
        drops = []
        for side, (ankle, _) in feet.items():
            hip = self.posed(f"upperleg01.{side}") + shift
            level = math.hypot(hip[0] - ankle[0], hip[2] - ankle[2])
            drops.append(ankle[1] + math.sqrt(max(0.01, (0.997 * (upper + lower)) ** 2 - level**2)) - hip[1])
        self.offset = shift + [0, min(drops), 0]
        if stance.seat:
            hip_y = self.joints["upperleg01.L"][1]
            self.offset = shift + [0, (stance.seat + self.noise(0.01)[0] - 1) * hip_y + self.heel, 0]
        for side, (ankle, foot) in feet.items():
            self._leg(side, ankle, foot, upper, lower, bool(stance.seat))

    def _placed(self, foot: Foot, clearance: float) -> tuple[np.ndarray, Foot]:
        """The ankle's place [3], and the foot with its jitter."""
        dx, dz, turn = self.noise(0.008, 0.01, 3)
        rest = self.joints["foot.L"]
        raised = math.radians(foot.heel_up)
        ankle = self.facing @ np.array(
            [foot.x + dx + clearance, 0, foot.z + dz + rest[2] + SHOE_LENGTH * (1 - math.cos(raised))]
        )
        ankle[1] = rest[1] + self.heel + 0.9 * SHOE_LENGTH * math.sin(max(0.0, raised)) + foot.up
        return ankle, Foot(foot.x, foot.z, foot.splay + turn, foot.heel_up)

    def _leg(self, side: str, ankle: np.ndarray, foot: Foot, upper: float, lower: float, seated: bool) -> None:
        sign = 1 if side == "L" else -1
        thigh, shin, sole, toe = (f"{bone}.{side}" for bone in ("upperleg01", "lowerleg01", "foot", "toe3-1"))
        hip = self.posed(thigh)
        pole = self.facing @ np.array([0.8 * sign * math.sin(math.radians(foot.splay)), float(seated), 1.0])
        knee, ankle = reach(hip, ankle, upper, lower, pole)
        at_rest = frame(self.joints[shin] - self.joints[thigh], np.array([0.12 * sign, 0, 1.0]))
        thigh_turn = frame(knee - hip, pole) @ at_rest.T
        shin_rest = self.joints[sole] - self.joints[shin]
        shin_turn = between(thigh_turn @ shin_rest, ankle - knee) @ thigh_turn
        self.rotations[thigh] = self.transform(f"pelvis.{side}")[:3, :3].T @ thigh_turn
        self.rotations[shin] = thigh_turn.T @ shin_turn
        ahead = self.joints[toe] - self.joints[sole]
        rest_splay = math.degrees(math.atan2(ahead[0], ahead[2]))
        pitch = math.degrees(math.asin(min(0.85, self.heel / FOOT_LENGTH))) + foot.heel_up
        sole_turn = self.facing @ euler(y=sign * foot.splay) @ euler(x=pitch) @ euler(y=-rest_splay)
        self.rotations[sole] = shin_turn.T @ sole_turn
        if pitch:
            across = euler(y=rest_splay) @ np.array([1.0, 0, 0])
            for number in range(1, 6):
                self.rotations[f"toe{number}-1.{side}"] = axis_angle(across, -0.9 * pitch)

    def arm(self, side: str, arm: Arm) -> None:
        """Shoulder to fingers of one side."""
        sign = 1 if side == "L" else -1
        raised = max(0.0, arm.upper[1]) if not arm.reach else RAISED.get(arm.reach, 0.0)
        self.rotations[f"clavicle.{side}"] = euler(z=(SHRUG_DEG * raised - 3.0) * sign)
        bones = tuple(f"{bone}.{side}" for bone in ("upperarm01", "lowerarm01", "wrist"))
        upper, lower = self._lengths(*bones)
        shoulder = self.posed(bones[0])
        jitter = self.noise(0.02, 0.03, 0.03, 0.05)
        if arm.reach:
            moved = replace(arm, lift=arm.lift + REACH_JITTER * jitter[0])
            elbow, wrist = self._reaching(side, moved, shoulder, upper, lower)
            first, second = elbow - shoulder, wrist - elbow
        else:
            first, second = self._hanging(side, arm, jitter, shoulder, upper, lower)
        self._turn_arm(bones, side, first, second)
        forearm = self.joints[bones[2]] - self.joints[bones[1]]
        place = PLACES.get(arm.reach)
        if place is None:
            hips = self.transform("root")[:3, :3]
            self._lay_hand(side, forearm, second, hips @ (np.array(arm.palm or HANGING_PALM) * [sign, 1, 1]))
        elif place.palm is None:
            half = axis_angle(forearm, 0.5 * sign * place.twist)
            self.rotations[f"lowerarm02.{side}"] = self.rotations[f"wrist.{side}"] = half
        else:
            bone, *directions = place.palm
            axes = self.transform(f"{bone}.{side}" if bone == "upperleg01" else bone)[:3, :3]
            self._lay_hand(side, forearm, *(axes @ (np.array(d) * [sign, 1, 1]) for d in directions))
        curl = (place.curl if place else RELAXED_DEG) + arm.curl
        self.rotations |= relaxed_fingers(self.joints, side, curl, self.noise)

    def _reaching(
        self, side: str, arm: Arm, shoulder: np.ndarray, upper: float, lower: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Elbow and wrist [3], moved off until the forearm lies on the chest and not in it."""
        for _ in range(LIFTING_STEPS):
            target, pole = goal(self, side, arm)
            elbow, wrist = reach(shoulder, target, upper, lower, pole)
            bone = PLACES[arm.reach].bone or BEFORE_TRUNK
            if not bone.startswith("spine") or self._over_trunk(bone, elbow, wrist) > FOREARM_GAP + self.clearance:
                break
            arm = replace(arm, over=arm.over + LIFTING_M)
        return elbow, wrist

    def _over_trunk(self, bone: str, elbow: np.ndarray, wrist: np.ndarray) -> float:
        """Metres between the forearm's axis and the skin of the trunk, which moves with ``bone``."""
        to_rest = np.linalg.inv(self.transform(bone))
        axis = [transform_point(to_rest, elbow + share * (wrist - elbow)) for share in (0.3, 0.5, 0.7, 0.9)]
        height, nearest = self.trunk_skin.heights(np.array(axis, np.float32), TRUNK_REACH_M)
        return float(np.where(nearest < 0, TRUNK_REACH_M, height).min())

    def _hanging(
        self, side: str, arm: Arm, jitter: np.ndarray, shoulder: np.ndarray, upper: float, lower: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Directions of upper and lower arm, spread until both are clear of the torso."""
        sign = 1 if side == "L" else -1
        chest = self.transform("spine01")[:3, :3]
        first = unit(np.array(arm.upper) + [jitter[0], 0, jitter[1]])
        second = unit(np.array(arm.fore) + [jitter[2], 0, jitter[3]])
        for _ in range(WIDENING_STEPS):
            elbow = shoulder + chest @ first * upper
            along = [elbow + chest @ second * lower * share for share in (0.0, 0.5, 1.0, 1.35)]
            if arm.fore[0] * sign < 0 or min(self._gap(np.array(along))) > ARM_GAP + self.clearance:
                break
            outwards = euler(z=WIDENING_DEG * sign)
            first, second = outwards @ first, outwards @ second
        return chest @ first, chest @ second

    def _gap(self, points: np.ndarray) -> np.ndarray:
        """Metres, roughly, between an arm's surface about points [N, 3] and the torso or the hips."""
        hips = self.transform("root")
        local = (points - hips[:3, 3]) @ hips[:3, :3]
        m, y = self.measures, local[:, 1]
        front, back = m.front(y), m.back(y)
        sideways = np.abs(local[:, 0]) / m.half_width(y)
        depth = (local[:, 2] - (front + back) / 2) / ((front - back) / 2)
        radius = m.radius_of_arm(np.array([0.5, 0.75, 1.0, 1.0]) * m.arm_lengths[2])
        return (np.hypot(sideways, depth) - 1) * m.half_width(y) - radius

    def _turn_arm(self, bones: tuple[str, ...], side: str, first: np.ndarray, second: np.ndarray) -> None:
        before = self.transform(f"shoulder01.{side}")[:3, :3]
        upper_rest = self.joints[bones[1]] - self.joints[bones[0]]
        lower_rest = self.joints[bones[2]] - self.joints[bones[1]]
        turn = between(before @ upper_rest, first) @ before
        hinge = np.cross(unit(first), unit(second))
        if np.linalg.norm(hinge) > 0.12:  # a bent elbow turns the upper arm; the rest of the twist is the shoulder's
            axis = unit(first)
            twist = signed_angle(turn @ np.cross(upper_rest, lower_rest), hinge, axis)
            turn = axis_angle(axis, 0.55 * float(np.clip(twist, -100, 100))) @ turn
        self.rotations[bones[0]] = before.T @ turn
        self.rotations[bones[1]] = turn.T @ between(turn @ lower_rest, second) @ turn

    def _lay_hand(self, side: str, forearm: np.ndarray, along: np.ndarray, across: np.ndarray) -> None:
        """Points a hand ``along`` and turns its palm; the forearm takes most of the twist, the wrist what it can."""
        before = self.transform(f"lowerarm01.{side}")[:3, :3]
        wrist, index, middle, little = (
            self.joints[f"{bone}.{side}"] for bone in ("wrist", "finger2-1", "finger3-1", "finger5-1")
        )
        wanted = before.T @ frame(along, across) @ frame(middle - wrist, little - index).T
        axis = unit(forearm)
        twist = signed_angle(little - index, wanted @ (little - index), axis)
        half = axis_angle(axis, 0.6 * float(np.clip(twist, -100, 100)))
        self.rotations[f"lowerarm02.{side}"] = half
        self.rotations[f"wrist.{side}"] = limited(half.T @ wanted, WRIST_BEND_DEG)

    def _lengths(self, *bones: str) -> list[float]:
        """Lengths of the bones between these joints, metres."""
        points = [self.joints[bone] for bone in bones]
        return [float(np.linalg.norm(b - a)) for a, b in zip(points, points[1:], strict=False)]
