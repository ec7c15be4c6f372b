"""Bones carry vertices: forward kinematics, linear blend skinning, and the sum of blend shapes."""

from collections.abc import Mapping, Sequence

import numba
import numpy as np


def forward_kinematics(
    bones: Sequence[str],
    parents: np.ndarray,
    joints: Mapping[str, np.ndarray],
    rotations: Mapping[str, np.ndarray],
) -> np.ndarray:
    """Transforms [B, 4, 4] f64 from rest to pose; the root's joint stays where it is.

    Args:
        bones: names, parents before children.
        parents: [B] number of each bone's parent, -1 for the root.
        joints: head of each bone at rest, [3] by name.
        rotations: [3, 3] by bone, in the axes of the world at rest, relative to the parent.
    """
    transforms = np.empty((len(bones), 4, 4))
    for i, bone in enumerate(bones):
        local = np.eye(4)
        if bone in rotations:
            local[:3, :3] = rotations[bone]
            local[:3, 3] = joints[bone] - rotations[bone] @ joints[bone]
        transforms[i] = local if parents[i] < 0 else transforms[parents[i]] @ local
    return transforms


def transform_point(transform: np.ndarray, point: np.ndarray) -> np.ndarray:
    """A point [3] under a transform [4, 4]."""
    return transform[:3, :3] @ point + transform[:3, 3]


def skin(vertices: np.ndarray, weights: np.ndarray, bones: np.ndarray, transforms: np.ndarray) -> np.ndarray:
    """Linear blend skinning.

    Args:
        vertices: [N, 3] at rest.
        weights: [N, K] f32, rows sum to 1.
        bones: [N, K] i32 numbers of the bones.
        transforms: [B, 4, 4].

    Returns:
        [N, 3] f32.
    """
    return _skin(
        np.ascontiguousarray(vertices, np.float32),
        np.ascontiguousarray(weights, np.float32),
        np.ascontiguousarray(bones, np.int32),
        np.ascontiguousarray(transforms[:, :3], np.float32),
    )


@numba.njit(cache=True)
def _skin(vertices: np.ndarray, weights: np.ndarray, bones: np.ndarray, transforms: np.ndarray) -> np.ndarray:
    posed = np.zeros_like(vertices)
    for v in range(vertices.shape[0]):
        x, y, z = vertices[v, 0], vertices[v, 1], vertices[v, 2]
        for k in range(weights.shape[1]):
            weight = weights[v, k]
            if weight == 0:
                continue
            matrix = transforms[bones[v, k]]
            for i in range(3):
                posed[v, i] += weight * (matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] * z + matrix[i, 3])
    return posed


@numba.njit(cache=True)
def add_shapes(vertices: np.ndarray, basis: np.ndarray, coefficients: np.ndarray) -> None:
    """Adds shapes [R, V, 3] i16, each times its coefficient [R] f32, to vertices [V, 3] f32 in place."""
    for r in range(basis.shape[0]):
        c = coefficients[r]
        if c == 0:
            continue
        for v in range(vertices.shape[0]):
            for i in range(3):
                vertices[v, i] += c * basis[r, v, i]
