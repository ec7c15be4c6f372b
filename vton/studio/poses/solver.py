"""Poses of any body: stances with jitter as rotations of bones, found by reaching for floor, hips and pockets."""

from collections.abc import Mapping

import numpy as np

from vton.schema import InputError
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import BodyShape
from vton.studio.geometry.rotations import reach
from vton.studio.poses.arms import lay_hand, place_arm, turn_arm
from vton.studio.poses.hand_places import CUFF
from vton.studio.poses.skeleton import Skeleton
from vton.studio.poses.stance_table import STANCES
from vton.studio.poses.standing import stand, turn_trunk
from vton.studio.specs.photo import PoseSpec

POSES: tuple[str, ...] = tuple(STANCES)


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
    skeleton = Skeleton(model, shape, heel_m, clearance_m, np.random.default_rng([spec.seed, 401]))
    turn_trunk(skeleton, stance, -spec.yaw_deg if spec.mirror else spec.yaw_deg)
    stand(skeleton, stance)
    arms = sorted((("L", stance.left), ("R", stance.right)), key=lambda each: each[1].reach == CUFF)
    for side, arm in arms:
        place_arm(skeleton, side, arm)
    return _mirrored(skeleton.rotations) if spec.mirror else skeleton.rotations


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
    skeleton = Skeleton(model, shape, 0.0, 0.0, np.random.default_rng(0))
    skeleton.rotations = dict(rotations)
    bones = tuple(f"{bone}.{side}" for bone in ("upperarm01", "lowerarm01", "wrist"))
    shoulder = skeleton.posed(bones[0])
    upper, lower = skeleton.lengths(*bones)
    elbow, wrist = reach(shoulder, wrist, upper, lower, pole)
    turn_arm(skeleton, bones, side, elbow - shoulder, wrist - elbow)
    lay_hand(skeleton, side, shape.joints[bones[2]] - shape.joints[bones[1]], along, across)
    return skeleton.rotations


def _mirrored(rotations: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The mirror image: left and right bones exchanged, turns reflected."""
    other = {".L": ".R", ".R": ".L"}
    flip = np.diag([-1.0, 1.0, 1.0])
    return {
        bone[:-2] + other[bone[-2:]] if bone[-2:] in other else bone: flip @ r @ flip for bone, r in rotations.items()
    }
