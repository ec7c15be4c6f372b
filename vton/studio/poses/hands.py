"""Relaxed hands: fingers that curl the more the nearer they are to the little one, and lie together."""

from collections.abc import Callable, Mapping

import numpy as np

from vton.studio.geometry.rotations import axis_angle, signed_angle, unit

RELAXED_DEG = 16.0
"""How far the middle finger's middle joint is bent in a hand that hangs."""

SHARES = {2: 0.85, 3: 1.0, 4: 1.12, 5: 1.22}
"""How much fingers 2 (index) to 5 (little) curl in a relaxed hand, relative to the middle one."""

FIST_DEG = 25.0
"""Beyond this all fingers curl alike."""

FIRST_JOINT, LAST_JOINT = 0.8, 0.75
"""How much the knuckles and the outermost joints bend, relative to the joints between."""

GATHERING = 1.0
"""By how much of the angle at rest the fingers are brought together with the middle one."""

THUMB_DEG, THUMB_ROOT_DEG = 13.0, 14.0
"""By which each of the thumb's two outer joints, and its root, is turned towards the index finger."""

HAND_DEG, FINGER_DEG = 3.0, 1.5
"""Deviations of how far all fingers of a hand bend, and of each by itself."""

LEAST_DEG = 4.0
"""What every finger bends at least."""


def relaxed_fingers(
    joints: Mapping[str, np.ndarray], side: str, degrees: float, noise: Callable[[float], np.ndarray]
) -> dict[str, np.ndarray]:
    """Rotations [3, 3] of a hand's finger bones, in the axes of the world at rest.

    Args:
        joints: heads of the bones at rest, metres.
        side: "L" or "R".
        degrees: how far the middle finger's middle joint is bent.
        noise: draws normal numbers of a standard deviation.
    """
    sign = 1 if side == "L" else -1
    along = {f: joints[f"finger{f}-2.{side}"] - joints[f"finger{f}-1.{side}"] for f in range(1, 6)}
    across = sign * (joints[f"finger5-1.{side}"] - joints[f"finger2-1.{side}"])
    palm = unit(np.cross(across, along[3]))
    rotations = {}
    degrees += LEAST_DEG + abs(float(noise(HAND_DEG)[0]))
    for finger, share in SHARES.items():
        curl = degrees + (share - 1) * min(degrees, FIST_DEG) + float(noise(FINGER_DEG)[0])
        together = axis_angle(palm, GATHERING * signed_angle(along[finger], along[3], palm))
        rotations[f"finger{finger}-1.{side}"] = axis_angle(across, FIRST_JOINT * curl) @ together
        rotations[f"finger{finger}-2.{side}"] = axis_angle(across, curl)
        rotations[f"finger{finger}-3.{side}"] = axis_angle(across, LAST_JOINT * curl)
    inwards = np.cross(along[1], along[2])
    rotations[f"finger1-1.{side}"] = axis_angle(inwards, THUMB_ROOT_DEG)
    rotations[f"finger1-2.{side}"] = rotations[f"finger1-3.{side}"] = axis_angle(inwards, THUMB_DEG)
    return rotations
