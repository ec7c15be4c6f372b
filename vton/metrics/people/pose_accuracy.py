"""PCK: the share of joints placed within a tolerance of the given ones (Yang & Ramanan 2013)."""

import numpy as np

from vton.schema import COCO18

VISIBLE_FROM = 0.4  # confidence of a given joint, from which on it is judged
HIP_ALLOWANCE = 0.02  # of the person's height: a photo does not show where hips are under clothes
HIPS = tuple(COCO18.index(name) for name in ("right_hip", "left_hip"))


def joint_errors(estimated_xy: np.ndarray, given: np.ndarray, box_height: float) -> np.ndarray:
    """Distance of each joint from the given one, as a share of the person's height; NaN where none is given.

    Args:
        estimated_xy: [18, 2], pixels; NaN for a joint that was not found (its error is infinite).
        given: [18, 3], x, y, confidence; joints at `VISIBLE_FROM` and below are not judged.
        box_height: height of the person's box in pixels.
    """
    errors = np.linalg.norm(estimated_xy - given[:, :2], axis=1) / box_height
    errors[np.isnan(errors)] = np.inf
    errors[given[:, 2] <= VISIBLE_FROM] = np.nan
    return errors


def pck(errors: np.ndarray, tolerance: float, hip_allowance: float = 0.0) -> float:
    """Share of the judged joints within ``tolerance``; hips may lie ``hip_allowance`` further off.

    Args:
        errors: [n, 18], from `joint_errors`.

    Returns:
        0..1; NaN when no joint is judged.
    """
    allowed = np.full(len(COCO18), tolerance)
    allowed[list(HIPS)] += hip_allowance
    judged = ~np.isnan(errors)
    if not judged.any():
        return float("nan")
    return float((errors <= allowed)[judged].mean())


def pck_per_joint(errors: np.ndarray, tolerance: float, hip_allowance: float = 0.0) -> dict[str, float]:
    """`pck` of each joint by its name, for errors [n, 18]: 0..1, NaN where the joint is never judged."""
    result = {}
    for i, name in enumerate(COCO18):
        single = np.full_like(errors, np.nan)
        single[:, i] = errors[:, i]
        result[name] = pck(single, tolerance, hip_allowance)
    return result
