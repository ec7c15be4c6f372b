"""Left and right arms and legs of a parsing, by the nearest limb of the pose."""

from __future__ import annotations

import numpy as np

from vton.schema import PARSER_LABELS, SIDED_LABELS, Parsing, Pose

_BEYOND = 0.4  # hands and feet reach this part of the lower arm or leg beyond wrist or ankle
_LIMBS = {
    "arms": {"right": (2, 3, 4), "left": (5, 6, 7)},
    "legs": {"right": (8, 9, 10), "left": (11, 12, 13)},
}


def sided(parsing: Parsing, pose: Pose) -> Parsing:
    """Splits arms and legs into left and right by the nearest limb of the pose.

    Args:
        parsing: in ``PARSER_LABELS``.
        pose: in the same pixels. A side without joints gets nothing, as long as the other has some.

    Returns:
        The parsing in ``SIDED_LABELS``.
    """
    table = [SIDED_LABELS.index(name if name not in _LIMBS else f"left_{name[:-1]}") for name in PARSER_LABELS]
    labels = np.array(table, np.uint8)[parsing.labels]
    for part, joints in _LIMBS.items():
        ys, xs = np.nonzero(parsing.mask(part))
        xy = np.stack([xs, ys], axis=1).astype(np.float32) + 0.5
        distance = {side: _to_limb(xy, _chain(pose, numbers)) for side, numbers in joints.items()}
        if not (np.isfinite(distance["left"]).any() or np.isfinite(distance["right"]).any()):
            distance = {side: np.abs(xy[:, 0] - x) for side, x in _sides(pose).items()}
        right = distance["right"] < distance["left"]
        labels[ys[right], xs[right]] = SIDED_LABELS.index(f"right_{part[:-1]}")
    return Parsing(labels, SIDED_LABELS)


def _chain(pose: Pose, numbers: tuple[int, ...]) -> list[np.ndarray]:
    """The joints of a limb that are there, and where its hand or foot ends."""
    points = [pose.keypoints_xy[n] for n in numbers if pose.present[n]]
    if len(points) == len(numbers):
        points.append(points[-1] + _BEYOND * (points[-1] - points[-2]))
    return points


def _to_limb(xy: np.ndarray, points: list[np.ndarray]) -> np.ndarray:
    """Distance of each of [N, 2] to the chain of points: [N]; infinite for an empty chain."""
    nearest = np.full(len(xy), np.inf, np.float32)
    for a, b in zip(points, points[1:] or points, strict=False):
        along = b - a
        t = np.clip((xy - a) @ along / max(float(along @ along), 1e-6), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(xy - a - t[:, None] * along, axis=1))
    return nearest


def _sides(pose: Pose) -> dict[str, float]:
    """Where left and right are when no limb tells: from the joints that have a side, else as seen from the front."""
    middle = float(pose.keypoints_xy[pose.present, 0].mean())
    reach = max(float(np.ptp(pose.keypoints_xy[pose.present, 0])), 1.0)
    right = [pose.keypoints_xy[n, 0] for n in (2, 8, 14, 16) if pose.present[n]]
    left = [pose.keypoints_xy[n, 0] for n in (5, 11, 15, 17) if pose.present[n]]
    if left and right and np.mean(left) != np.mean(right):
        return {"right": float(np.mean(right)), "left": float(np.mean(left))}
    return {"right": middle - reach / 2, "left": middle + reach / 2}
