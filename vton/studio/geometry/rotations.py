"""Rotations [3, 3] that act on column vectors, angles in degrees, and the two-bone reach of arms and legs."""

import math

import numpy as np
from numpy.typing import ArrayLike


def unit(vector: np.ndarray) -> np.ndarray:
    """A vector [3] scaled to length 1."""
    return vector / np.linalg.norm(vector)


def axis_angle(axis: ArrayLike, degrees: float) -> np.ndarray:
    """The turn by ``degrees`` about ``axis`` [3], which need not be a unit vector."""
    angle = math.radians(degrees)
    cross = _cross_matrix(unit(np.asarray(axis, np.float64)))
    return np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross


def euler(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> np.ndarray:
    """A turn about the fixed x axis, then y, then z."""
    return axis_angle([0, 0, 1], z) @ axis_angle([0, 1, 0], y) @ axis_angle([1, 0, 0], x)


def between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The smallest turn that takes one direction [3] to another."""
    start, end = unit(start), unit(end)
    cosine = float(start @ end)
    if cosine < -0.9999:
        across = np.cross(start, [1, 0, 0] if abs(start[0]) < 0.9 else [0, 1, 0])
        return axis_angle(across, 180)
    cross = _cross_matrix(np.cross(start, end))
    return np.eye(3) + cross + cross @ cross / (1 + cosine)


def frame(along: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """Orthonormal columns: ``along``, what of ``towards`` is square to it, and their cross product."""
    first = unit(along)
    second = unit(towards - first * (towards @ first))
    return np.stack([first, second, np.cross(first, second)], 1)


def signed_angle(start: np.ndarray, end: np.ndarray, axis: np.ndarray) -> float:
    """Degrees about the unit vector ``axis`` from ``start`` to ``end``, both seen along the axis."""
    start, end = start - axis * (start @ axis), end - axis * (end @ axis)
    return math.degrees(math.atan2(float(np.cross(start, end) @ axis), float(start @ end)))


def limited(rotation: np.ndarray, degrees: float) -> np.ndarray:
    """A rotation about the same axis by at most ``degrees``."""
    angle = math.degrees(math.acos(float(np.clip((np.trace(rotation) - 1) / 2, -1, 1))))
    if angle <= degrees:
        return rotation
    axis = [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
    return axis_angle(axis, degrees)


def reach(
    root: np.ndarray, target: np.ndarray, upper: float, lower: float, pole: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where the middle and the end of a two-bone limb come to lie.

    Args:
        root: [3] metres, where the limb begins.
        target: [3] metres, where its end should be; brought into reach if it is not.
        upper, lower: lengths of the bones, metres.
        pole: [3] direction in which the middle joint points.

    Returns:
        Middle joint and end, [3] metres.
    """
    span = target - root
    distance = float(np.clip(np.linalg.norm(span), abs(upper - lower) * 1.05, (upper + lower) * 0.999))
    direction = unit(span)
    cosine = (upper**2 + distance**2 - lower**2) / (2 * upper * distance)
    sideways = unit(pole - direction * (pole @ direction))
    middle = root + direction * (upper * cosine) + sideways * (upper * math.sqrt(max(0.0, 1 - cosine**2)))
    return middle, root + direction * distance


def _cross_matrix(v: np.ndarray) -> np.ndarray:
    return np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
