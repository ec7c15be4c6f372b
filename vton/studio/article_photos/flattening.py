"""A garment pressed flat: two sheets on top of each other that keep the lengths of their cloth as far as they can."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import splu

from vton.studio.garments.building import Garment
from vton.studio.geometry.mesh import adjacency, boundary_edges, directed_edges, edges, smooth

ROUNDS = 3
"""Of turning the triangles and putting them together again; more change the lengths by less than 1 %."""

NORMAL_ROUNDS = 24
FOLD_BAND, FOLD_ROUNDS = 0.35, 8
"""How far from a side fold, in ``facing``, its zigzag along the triangles is evened out."""

ANCHOR = 1e-6
"""Holds the mean place, which lengths alone leave open."""


@dataclass(frozen=True)
class FlatCloth:
    """A flattened garment: xy [V, 2] f32 metres, x to the right and y up as seen from the front.

    facing [V] f32: 1 in the middle of the front sheet, 0 on the fold at a side, -1 in the middle of the back sheet.
    squeeze [V] f32: 0 .. 0.5, by how much the cloth had to be shortened there; real cloth wrinkles instead.
    """

    xy: np.ndarray
    facing: np.ndarray
    squeeze: np.ndarray


def flatten(garment: Garment) -> FlatCloth:
    """Presses a garment flat from its rest pose: what faces forwards becomes the upper sheet, the rest the lower.

    As rigid as possible: every triangle is laid into the plane as it is, those of the lower sheet upside down, and the
    places that fit all of them best are the solution of one linear system, ``ROUNDS`` times.
    """
    vertices, triangles = garment.mesh.vertices.astype(np.float64), garment.mesh.triangles
    normals = smooth(garment.mesh.normals(), triangles, NORMAL_ROUNDS, 0.6)
    facing = normals[:, 2] / (np.linalg.norm(normals, axis=1) + 1e-9)
    sides = _sides_in_plane(vertices, triangles, np.where(facing[triangles].mean(1) >= 0, 1.0, -1.0))
    weights = _cotangents(vertices, triangles)
    ends = directed_edges(triangles)
    count = len(ends)
    rows = np.arange(count)
    step = sparse.csr_matrix(
        (np.repeat([1.0, -1.0], count), (np.tile(rows, 2), np.concatenate([ends[:, 1], ends[:, 0]]))),
        shape=(count, len(vertices)),
    )
    pull = step.T @ sparse.diags(weights)
    system = (pull @ step + ANCHOR * sparse.identity(len(vertices))).tocsc()
    solver = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.01, options={"SymmetricMode": True})
    turned = sides
    for number in range(ROUNDS):
        right = pull @ turned
        place = solver.solve(np.stack([right.real, right.imag], 1))
        if number + 1 < ROUNDS:
            found = step @ (place[:, 0] + 1j * place[:, 1])
            turn = (weights * found * sides.conj()).reshape(3, -1).sum(0)
            turned = sides * np.tile(turn / (np.abs(turn) + 1e-12), 3)
    place += (vertices[:, :2] - place).mean(0)
    xy = _evened(place.astype(np.float32), triangles, np.abs(facing) < FOLD_BAND)
    return FlatCloth(xy, facing.astype(np.float32), _squeeze(garment.mesh.vertices, xy, triangles))


def _sides_in_plane(vertices: np.ndarray, triangles: np.ndarray, sheet: np.ndarray) -> np.ndarray:
    """The directed edges of all triangles, each tipped into the plane by the shortest turn: [3T] complex x + iy."""
    corners = vertices[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    target = np.zeros_like(normal)
    target[:, 2] = sheet
    axis, cosine = np.cross(normal, target), (normal * target).sum(1)
    share = 1 / (1 + np.maximum(cosine, -0.98))
    sides = []
    for first, second in ((0, 1), (1, 2), (2, 0)):
        side = corners[:, second] - corners[:, first]
        tipped = side * cosine[:, None] + np.cross(axis, side) + axis * ((axis * side).sum(1) * share)[:, None]
        sides.append(tipped[:, 0] + 1j * tipped[:, 1])
    return np.concatenate(sides)


def _cotangents(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Of the corner opposite to each directed edge, [3T]; bounded, for slivers."""
    corners = vertices[triangles]
    weights = []
    for opposite in (2, 0, 1):
        u = corners[:, (opposite + 1) % 3] - corners[:, opposite]
        v = corners[:, (opposite + 2) % 3] - corners[:, opposite]
        weights.append((u * v).sum(1) / (np.linalg.norm(np.cross(u, v), axis=1) + 1e-9))
    return np.clip(np.concatenate(weights), 0.02, 5.0) / 2


def _evened(xy: np.ndarray, triangles: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Smooths the folds at the sides without narrowing the cloth; their ends at hems and necks only go along."""
    border = np.zeros(len(xy), bool)
    border[boundary_edges(triangles).ravel()] = True
    neighbours = adjacency(triangles, len(xy))
    degree = np.maximum(np.asarray(neighbours.sum(1)), 1).astype(np.float32)
    moves = (chosen & ~border)[:, None]
    even = xy.copy()
    for strength in (0.5, -0.52) * FOLD_ROUNDS:
        even += strength * moves * (neighbours @ even / degree - even)
    return xy + smooth(even - xy, triangles, 4, 0.8, fixed=~border | ~chosen)


def _squeeze(vertices: np.ndarray, xy: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    pairs = edges(triangles)
    before = np.linalg.norm(vertices[pairs[:, 0]] - vertices[pairs[:, 1]], axis=1)
    after = np.linalg.norm(xy[pairs[:, 0]] - xy[pairs[:, 1]], axis=1)
    short = np.clip(1 - after / (before + 1e-9), 0, 0.5)
    total = np.bincount(pairs.ravel(), np.repeat(short, 2), len(vertices))
    degree = np.bincount(pairs.ravel(), minlength=len(vertices))
    return smooth((total / np.maximum(degree, 1)).astype(np.float32), triangles, 4)
