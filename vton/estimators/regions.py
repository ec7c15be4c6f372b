"""Label maps made whole: islands go to their surroundings, one person stays, arms and legs get their side."""

from __future__ import annotations

import cv2
import numpy as np

from vton.schema import PARSER_LABELS, SIDED_LABELS, Parsing, Pose

_ISLAND = 0.0015  # of the person's area
_OTHER_PERSON = 0.25  # of the main one's area: a separate piece that is larger is somebody else
_NEARBY = 0.1  # of the main one's longer side
_BEYOND = 0.4  # hands and feet reach this part of the lower arm or leg beyond wrist or ankle
_LIMBS = {
    "arms": {"right": (2, 3, 4), "left": (5, 6, 7)},
    "legs": {"right": (8, 9, 10), "left": (11, 12, 13)},
}


def settled(logits: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Takes from each label the say where it would make an island, or where another person stands.

    Args:
        logits: [C, h, w], float32; the first label is the background.
        person: [h, w], bool, where the person is.

    Returns:
        [C, h, w], float32.
    """
    lowest = logits.min() - 1
    out = logits.copy()
    # Plain background keeps its logits: the outline of the person lies between cells.
    out[1:, (logits.argmax(axis=0) > 0) & ~person] = lowest
    least = max(2, round(_ISLAND * int(person.sum())))
    labels = out.argmax(axis=0)
    for label in np.unique(labels):
        count, pieces, stats, _ = cv2.connectedComponentsWithStats((labels == label).astype(np.uint8), connectivity=8)
        small = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < least)
        out[label, np.isin(pieces, small[small > 0])] = lowest
    return out


def main_piece(foreground: np.ndarray, pose_xy: np.ndarray | None = None) -> np.ndarray | None:
    """Chooses the main person among the connected pieces of a foreground.

    It is the piece with the most of the given joints, or the largest one, central ones before others. Smaller pieces
    nearby (a foot behind a bag) stay; pieces far away or as large as another person go.

    Args:
        foreground: [h, w], bool.
        pose_xy: [K, 2], joints in cells, if known.

    Returns:
        [h, w], bool; None when nothing is there.
    """
    h, w = foreground.shape
    count, pieces, stats, centres = cv2.connectedComponentsWithStats(foreground.astype(np.uint8), connectivity=8)
    if count < 2:
        return None
    areas = stats[:, cv2.CC_STAT_AREA].astype(float)
    areas[0] = 0
    score = areas * (1 - 0.5 * np.abs(2 * centres[:, 0] / w - 1))
    if pose_xy is not None and len(pose_xy):
        columns, rows = np.clip(pose_xy.astype(int), 0, (w - 1, h - 1)).T
        joints = np.bincount(pieces[rows, columns], minlength=count)
        joints[0] = 0
        score = score + joints * foreground.size
    main = int(score.argmax())
    kept = (areas <= _OTHER_PERSON * areas[main]) & _near(stats, main)
    kept[0], kept[main] = False, True
    return kept[pieces]


def _near(stats: np.ndarray, main: int) -> np.ndarray:
    """Which pieces reach into the surroundings of the main one: [K], bool."""
    low, extent = stats[:, :2], stats[:, 2:4]
    room = _NEARBY * extent[main].max()
    return ((low <= low[main] + extent[main] + room) & (low + extent >= low[main] - room)).all(axis=1)


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
