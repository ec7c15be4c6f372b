"""Nearest points by a uniform grid: many queries within a small radius, faster than a tree for the studio's clouds."""

import numba
import numpy as np
from scipy.spatial import KDTree

LEAF = 16  # points; where two are equally near, the tree's shape decides: another number draws other pictures


def tree_of(points: np.ndarray) -> KDTree:
    """A tree of points [N, D], for few queries, or for more than the nearest one."""
    return KDTree(points, leafsize=LEAF)


@numba.njit(cache=True)
def _fill(points: np.ndarray, low: np.ndarray, cell: np.float32, shape: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Points sorted by cell: start of each cell in ``order``, and the order."""
    count = points.shape[0]
    cells = np.empty(count, np.int64)
    starts = np.zeros(shape[0] * shape[1] * shape[2] + 1, np.int64)
    for p in range(count):
        i, j, k = (
            int((points[p, 0] - low[0]) / cell),
            int((points[p, 1] - low[1]) / cell),
            int((points[p, 2] - low[2]) / cell),
        )
        cells[p] = (i * shape[1] + j) * shape[2] + k
        starts[cells[p] + 1] += 1
    for c in range(starts.shape[0] - 1):
        starts[c + 1] += starts[c]
    place = starts[:-1].copy()
    order = np.empty(count, np.int64)
    for p in range(count):
        order[place[cells[p]]] = p
        place[cells[p]] += 1
    return starts, order


@numba.njit(cache=True)
def _nearest(
    queries: np.ndarray,
    points: np.ndarray,
    low: np.ndarray,
    cell: np.float32,
    shape: tuple,
    starts: np.ndarray,
    order: np.ndarray,
    radius: np.float32,
) -> np.ndarray:
    found = np.full(queries.shape[0], -1, np.int64)
    here = np.zeros(3, np.int64)
    for q in range(queries.shape[0]):
        for d in range(3):
            here[d] = int(np.floor((queries[q, d] - low[d]) / cell))
        # Most queries are close to a point: look next door first, then only as far as a better one can be.
        best, number = _search(queries[q], here, 1, points, shape, starts, order, radius * radius, -1)
        reach = int(np.ceil(np.sqrt(best) / cell))
        if reach > 1:
            best, number = _search(queries[q], here, reach, points, shape, starts, order, best, number)
        found[q] = number
    return found


@numba.njit(cache=True)
def _search(
    query: np.ndarray,
    here: np.ndarray,
    reach: int,
    points: np.ndarray,
    shape: tuple,
    starts: np.ndarray,
    order: np.ndarray,
    best: np.floating | float,
    number: int,
) -> tuple[np.floating | float, int]:
    """Squared distance and number of the nearest point within ``reach`` cells, if nearer than ``best``."""
    k0, k1 = max(here[2] - reach, 0), min(here[2] + reach, shape[2] - 1)
    if k0 > k1:
        return best, number
    for i in range(max(here[0] - reach, 0), min(here[0] + reach, shape[0] - 1) + 1):
        for j in range(max(here[1] - reach, 0), min(here[1] + reach, shape[1] - 1) + 1):
            row = (i * shape[1] + j) * shape[2]
            for s in range(starts[row + k0], starts[row + k1 + 1]):
                p = order[s]
                x, y, z = query[0] - points[p, 0], query[1] - points[p, 1], query[2] - points[p, 2]
                distance = x * x + y * y + z * z
                if distance < best:
                    best, number = distance, p
    return best, number


class PointGrid:
    """Points [N, 3] prepared for ``nearest``."""

    def __init__(self, points: np.ndarray, cell_m: float = 0.02) -> None:
        self.points = np.ascontiguousarray(points, np.float32)
        self._low = self.points.min(0) - 1e-4
        self._cell = np.float32(cell_m)
        self._shape = tuple(int(n) for n in (self.points.max(0) - self._low) / cell_m + 1)
        self._starts, self._order = _fill(self.points, self._low, self._cell, self._shape)

    def nearest(self, queries: np.ndarray, radius_m: float) -> np.ndarray:
        """For each query [Q, 3] the number of the nearest point within the radius, or -1."""
        queries = np.ascontiguousarray(queries, np.float32)
        return _nearest(
            queries, self.points, self._low, self._cell, self._shape, self._starts, self._order, np.float32(radius_m)
        )


class PointShell:
    """Points of a surface with unit normals [N, 3], prepared to say how far outside of it others lie."""

    def __init__(self, points: np.ndarray, normals: np.ndarray, cell_m: float = 0.02) -> None:
        self.points, self.normals = points, normals
        self._grid = PointGrid(points, cell_m)

    def heights(self, queries: np.ndarray, radius_m: float) -> tuple[np.ndarray, np.ndarray]:
        """Height of queries [Q, 3] over the plane of the nearest point within the radius, and that point's number.

        Where there is none the number is -1, and the height means nothing.
        """
        nearest = self._grid.nearest(queries, radius_m)
        return ((queries - self.points[nearest]) * self.normals[nearest]).sum(1), nearest
