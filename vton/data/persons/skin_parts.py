"""Splits a parsing's "skin" into face, torso, arms and legs by the nearest limb of the pose."""

import numpy as np

from vton.conditioning.pose.body_envelope import ARMS, LEGS
from vton.schema.label_sets import PARSER_LABELS, SKIN_LABELS

UNKNOWN_SKIN = 254
"""Number in a pack of skin whose part is not known."""

# How clearly the nearest part must win, and how far from it skin may lie, as a share of shoulder to hip.
CLEARLY, REACH = 0.6, 0.35
_HAND = 0.4  # a hand reaches this share of the forearm beyond the wrist, a foot of the shin beyond the ankle
_NOSE, _NECK, _FACE = 0, 1, (0, 14, 15, 16, 17)


def split_skin(labels: np.ndarray, joints: np.ndarray, sure_only: bool = True) -> np.ndarray:
    """Gives pixels of `UNKNOWN_SKIN` the part whose limb is clearly the nearest; the others stay unknown.

    Args:
        labels: [H, W], uint8, numbers of `PARSER_LABELS`.
        joints: [18, 3], x and y in pixels, confidence; joints at 0.4 and below are not used.
        sure_only: False gives every pixel the part of the nearest limb, as long as shoulders and hips are seen.
    """
    y, x = np.nonzero(labels == UNKNOWN_SKIN)
    seen = joints[:, 2] > 0.4
    if not len(y) or not seen[[2, 5]].any() or not seen[[8, 11]].any():
        return labels
    points = np.stack([x, y], 1) + 0.5
    xy = joints[:, :2].astype(np.float64)
    size = np.linalg.norm(xy[[2, 5]][seen[[2, 5]]].mean(0) - xy[[8, 11]][seen[[8, 11]]].mean(0)) + 1e-6
    distance = np.stack([_nearest(points, segments) for segments in _segments(xy, seen)]) / size
    order = np.argsort(distance, 0)
    best, second = np.take_along_axis(distance, order[:2], 0)
    sure = (best < REACH) & (best < CLEARLY * second) if sure_only else np.isfinite(best)
    numbers = np.array([PARSER_LABELS.index(name) for name in SKIN_LABELS], np.uint8)
    result = labels.copy()
    result[y[sure], x[sure]] = numbers[order[0][sure]]
    return result


def _segments(xy: np.ndarray, seen: np.ndarray) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """Line segments of each part, in the order of `SKIN_LABELS`."""
    face = [(xy[_NOSE], xy[j]) for j in _FACE if seen[_NOSE] and seen[j]]
    if seen[_NOSE] and seen[_NECK]:
        face.append((xy[_NOSE], xy[_NECK] + 0.35 * (xy[_NOSE] - xy[_NECK])))
    torso = []
    if seen[[2, 5, 8, 11]].all():
        middle_up, middle_down = xy[[2, 5]].mean(0), xy[[8, 11]].mean(0)
        torso = [(middle_up + 0.15 * (middle_down - middle_up), middle_down)]
    parts = [face, torso]
    for limbs in (ARMS, LEGS):
        found = []
        for root, middle, end in limbs:
            if seen[root] and seen[middle]:
                found.append((xy[root], xy[middle]))
            if seen[middle] and seen[end]:
                found.append((xy[middle], xy[end] + _HAND * (xy[end] - xy[middle])))
        parts.append(found)
    return parts


def _nearest(points: np.ndarray, segments: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Distance of each of ``points [n, 2]`` from the nearest segment; infinite without segments."""
    nearest = np.full(len(points), np.inf)
    for start, end in segments:
        along = end - start
        share = ((points - start) @ along / max(along @ along, 1e-6)).clip(0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(points - start - share[:, None] * along, axis=1))
    return nearest
