"""Relaxed hands: fingers that curl the more the nearer they are to the little one, and lie together."""

from collections.abc import Callable, Mapping

import numpy as np

from vton.studio.rotations import axis_angle, signed_angle, unit

SHARES = {2: 0.85, 3: 1.0, 4: 1.15, 5: 1.3}
"""How much fingers 2 (index) to 5 (little) curl, relative to the middle one."""

FIRST_JOINT, LAST_JOINT = 0.8, 0.75
"""How much the knuckles and the outermost joints bend, relative to the joints between."""

GATHERING = 0.85
"""By how much of the angle at rest the fingers are brought together with the middle one."""

THUMB_DEG = 13.0
"""By which each of the thumb's two outer joints is turned towards the index finger."""

LEAST_DEG, SPREAD_DEG = 4.0, 4.0
"""What every finger bends at least, and the deviation of what each bends more."""


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
    for finger, share in SHARES.items():
        curl = share * degrees + LEAST_DEG + abs(float(noise(SPREAD_DEG)[0]))
        together = axis_angle(palm, GATHERING * signed_angle(along[finger], along[3], palm))
        rotations[f"finger{finger}-1.{side}"] = axis_angle(across, FIRST_JOINT * curl) @ together
        rotations[f"finger{finger}-2.{side}"] = axis_angle(across, curl)
        rotations[f"finger{finger}-3.{side}"] = axis_angle(across, LAST_JOINT * curl)
    thumb = axis_angle(np.cross(along[1], along[2]), THUMB_DEG)
    rotations[f"finger1-2.{side}"] = rotations[f"finger1-3.{side}"] = thumb
    return rotations
