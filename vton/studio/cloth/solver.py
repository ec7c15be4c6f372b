"""Cloth as points and constraints, relaxed by extended position-based dynamics (XPBD) against planes of contact."""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse as sparse

from vton.studio.cloth.contact import Obstacle, Split
from vton.studio.geometry.closest import PointGrid
from vton.studio.geometry.mesh import adjacency, bend_pairs, boundary_edges, edges, vertex_normals

STEP_S = 1 / 90
GRAVITY = 0.8
DAMPING = 0.95
MAX_SPEED = 1.5
FRICTION = 0.35
EDGE_PASSES = 3
COMPRESSION = 0.9
"""Stiffness against being pushed together, relative to being pulled apart: cloth buckles."""

FASTENED_M = 0.001
"""Between points that a button or a zip holds together."""

CONTACT_EVERY = 8
"""Steps between two searches for contacts."""

MAX_PUSH_M = 0.01
CRUMPLE_M = 0.0025
"""A point this far from its neighbours' mean begins to be smoothed; folds stay below."""

OWN_REACH_M = 0.03
OWN_NEIGHBOURHOOD_M = 0.07
"""Points of one garment this close at rest are neighbours, not obstacles."""


@dataclass(frozen=True)
class Cloth:
    """A garment's constraints.

    rest [V, 3]; triangles [T, 3]; limb [V] i8; edges [E, 2], lengths [E]; bends [P, 2], bend_lengths [P], bend
    stiffness [P] 0..1; attach [V] 0..1: pull to the start per step; thickness_m: distance kept from obstacles.
    """

    rest: np.ndarray
    triangles: np.ndarray
    limb: np.ndarray
    edges: np.ndarray
    lengths: np.ndarray
    bends: np.ndarray
    bend_lengths: np.ndarray
    bend_stiffness: np.ndarray
    attach: np.ndarray
    thickness_m: float


def make_cloth(
    rest: np.ndarray,
    triangles: np.ndarray,
    limb: np.ndarray,
    stretch: np.ndarray,
    attach: np.ndarray,
    bend: float,
    slack: float,
    thickness_m: float,
    fastened: np.ndarray | None = None,
) -> Cloth:
    """Constraints of a mesh; ``stretch`` [E] per edge; bend 0..1; slack: rest length over length, 1.02 falls in folds.

    fastened: pairs [P, 2] of points that are held together.


    Borders are hems, sewn double: they bend less and have no slack, so they neither curl nor flutter.
    """
    pairs, opposite = edges(triangles), bend_pairs(triangles)
    border = np.zeros(len(rest), bool)
    border[boundary_edges(triangles).ravel()] = True
    hem = border.copy()
    for _ in range(2):
        hem[pairs[hem[pairs].any(1)].ravel()] = True
    slacks = np.where(hem[pairs].all(1), 1 + 0.3 * (slack - 1), slack)
    lengths = np.linalg.norm(rest[pairs[:, 0]] - rest[pairs[:, 1]], axis=1) * stretch * slacks
    bend_lengths = np.linalg.norm(rest[opposite[:, 0]] - rest[opposite[:, 1]], axis=1) * slack
    if fastened is not None and len(fastened):
        pairs = np.concatenate([pairs, fastened])
        lengths = np.concatenate([lengths, np.full(len(fastened), FASTENED_M)])
    stiffness = np.where(hem[opposite].any(1), min(4 * bend + 0.1, 0.6), bend)
    return Cloth(
        rest.astype(np.float32), triangles, limb, pairs, lengths.astype(np.float32), opposite,
        bend_lengths.astype(np.float32), stiffness.astype(np.float32), attach.astype(np.float32), thickness_m,
    )  # fmt: skip


def settle(cloth: Cloth, start: np.ndarray, obstacles: Sequence[Obstacle | Split], steps: int) -> np.ndarray:
    """Where the cloth's points [V, 3] come to rest, from ``start`` [V, 3], among obstacles and its own other limbs."""
    start = np.ascontiguousarray(start, np.float32)
    points, velocity = start.copy(), np.zeros_like(start)
    limbs = [number for number in range(3) if (cloth.limb == number).any()]
    planes = len(obstacles) + (len(limbs) > 1)
    places = np.zeros((len(points), planes, 3), np.float32)
    normals = np.zeros((len(points), planes, 3), np.float32)
    done = 0
    while done < steps:
        for number, obstacle in enumerate(obstacles):
            places[:, number], normals[:, number] = obstacle.contacts(points)
        if len(limbs) > 1 and done % (2 * CONTACT_EVERY) == 0:
            places[:, -1], normals[:, -1] = _own_contacts(cloth, points, limbs)
        now = min(CONTACT_EVERY, steps - done)
        _relax(
            points, velocity, cloth.edges, cloth.lengths, cloth.bends, cloth.bend_lengths, cloth.bend_stiffness,
            start, cloth.attach, places, normals, np.float32(cloth.thickness_m), now, done,
        )  # fmt: skip
        done += now
    calm = _Calm(cloth.triangles, len(points))
    points = calm(points, 6)
    for _ in range(2):
        for obstacle in obstacles:
            _push_out(points, obstacle, cloth.thickness_m)
    return calm(points, 3)


class _Calm:
    """Smooths points only where they are crumpled, as between two limbs that press against each other."""

    def __init__(self, triangles: np.ndarray, count: int) -> None:
        border = boundary_edges(triangles)
        on_border = np.zeros(count, bool)
        on_border[border.ravel()] = True
        inner = sparse.diags((~on_border).astype(np.float32)) @ adjacency(triangles, count)
        ends = np.concatenate([border, border[:, ::-1]])
        along = sparse.csr_matrix((np.ones(len(ends), np.float32), ends.T), shape=(count, count))
        self._neighbours = (inner + along).tocsr()
        self._degree = np.maximum(np.asarray(self._neighbours.sum(1)), 1).astype(np.float32)

    def __call__(self, points: np.ndarray, rounds: int) -> np.ndarray:
        for _ in range(rounds):
            step = self._neighbours @ points / self._degree - points
            rough = np.clip(np.linalg.norm(step, axis=1, keepdims=True) / CRUMPLE_M - 1, 0, 1)
            share = np.maximum(rough, self._neighbours @ rough / self._degree)
            points = points + 0.8 * np.minimum(share * 1.5, 1) * step
        return points


def _own_contacts(cloth: Cloth, points: np.ndarray, limbs: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Contacts of each limb with the rest of the garment that was far from it at rest."""
    normals = vertex_normals(points, cloth.triangles)
    places, planes = np.zeros_like(points), np.zeros_like(points)
    for limb in limbs:
        own, others = np.flatnonzero(cloth.limb == limb), np.flatnonzero(cloth.limb != limb)
        low, high = points[own].min(0) - OWN_REACH_M, points[own].max(0) + OWN_REACH_M
        others = others[((points[others] > low) & (points[others] < high)).all(1)]
        if not len(others):
            continue
        nearest = PointGrid(points[others]).nearest(points[own], OWN_REACH_M)
        own, touched = own[nearest >= 0], others[nearest[nearest >= 0]]
        apart = np.linalg.norm(cloth.rest[own] - cloth.rest[touched], axis=1) > OWN_NEIGHBOURHOOD_M
        facing = (normals[own] * normals[touched]).sum(1) < 0.3
        own, touched = own[apart & facing], touched[apart & facing]
        places[own], planes[own] = points[touched], normals[touched]
    return places, planes


def _push_out(points: np.ndarray, obstacle: Obstacle | Split, thickness_m: float) -> None:
    places, normals = obstacle.contacts(points)
    depth = thickness_m - ((points - places) * normals).sum(1)
    inside = (depth > 0) & (normals != 0).any(1)
    points[inside] += np.minimum(depth[inside], 0.02)[:, None] * normals[inside]


@numba.njit(cache=True, fastmath=True)
def _pull_pair(
    points: np.ndarray, a: int, b: int, length: float, stiffness: np.float32, compression: np.float32
) -> None:
    dx = points[a, 0] - points[b, 0]
    dy = points[a, 1] - points[b, 1]
    dz = points[a, 2] - points[b, 2]
    distance = np.sqrt(dx * dx + dy * dy + dz * dz) + np.float32(1e-9)
    if distance < length:
        stiffness *= compression
    share = np.float32(0.5) * stiffness * (distance - length) / distance
    points[a, 0] -= dx * share
    points[a, 1] -= dy * share
    points[a, 2] -= dz * share
    points[b, 0] += dx * share
    points[b, 1] += dy * share
    points[b, 2] += dz * share


@numba.njit(cache=True, fastmath=True)
def _collide(
    points: np.ndarray, before: np.ndarray, v: int, places: np.ndarray, normals: np.ndarray, thickness: np.float32
) -> None:
    # The skin comes first in the list and last here: it has the last word.
    for plane in range(places.shape[1] - 1, -1, -1):
        nx, ny, nz = normals[v, plane, 0], normals[v, plane, 1], normals[v, plane, 2]
        if nx == 0 and ny == 0 and nz == 0:
            continue
        depth = thickness - (
            (points[v, 0] - places[v, plane, 0]) * nx
            + (points[v, 1] - places[v, plane, 1]) * ny
            + (points[v, 2] - places[v, plane, 2]) * nz
        )
        if depth <= 0:
            continue
        push = min(depth, np.float32(MAX_PUSH_M))
        points[v, 0] += push * nx
        points[v, 1] += push * ny
        points[v, 2] += push * nz
        mx, my, mz = points[v, 0] - before[v, 0], points[v, 1] - before[v, 1], points[v, 2] - before[v, 2]
        along = mx * nx + my * ny + mz * nz
        points[v, 0] -= np.float32(FRICTION) * (mx - along * nx)
        points[v, 1] -= np.float32(FRICTION) * (my - along * ny)
        points[v, 2] -= np.float32(FRICTION) * (mz - along * nz)


@numba.njit(cache=True, fastmath=True)
def _relax(
    points: np.ndarray,
    velocity: np.ndarray,
    pairs: np.ndarray,
    lengths: np.ndarray,
    bends: np.ndarray,
    bend_lengths: np.ndarray,
    bend_stiffness: np.ndarray,
    start: np.ndarray,
    attach: np.ndarray,
    places: np.ndarray,
    normals: np.ndarray,
    thickness: np.float32,
    steps: int,
    done: int,
) -> None:
    """Move points in place by ``steps`` time steps; edges are walked forth and back in turns."""
    count, pair_count = points.shape[0], pairs.shape[0]
    step, one = np.float32(STEP_S), np.float32(1)
    compression, limit = np.float32(COMPRESSION), np.float32(MAX_SPEED)
    for s in range(done, done + steps):
        before = points.copy()
        for v in range(count):
            velocity[v, 1] -= np.float32(GRAVITY) * step
            for i in range(3):
                points[v, i] += velocity[v, i] * step
        for turn in range(EDGE_PASSES):
            backwards = (turn + s) & 1
            for e in range(pair_count):
                edge = pair_count - 1 - e if backwards else e
                _pull_pair(points, pairs[edge, 0], pairs[edge, 1], lengths[edge], one, compression)
        for b in range(bends.shape[0]):
            _pull_pair(points, bends[b, 0], bends[b, 1], bend_lengths[b], bend_stiffness[b], one)
        for v in range(count):
            if attach[v] > 0:
                for i in range(3):
                    points[v, i] += attach[v] * (start[v, i] - points[v, i])
            _collide(points, before, v, places, normals, thickness)
            for i in range(3):
                speed = (points[v, i] - before[v, i]) / step
                velocity[v, i] = min(max(speed, -limit), limit) * np.float32(DAMPING)
