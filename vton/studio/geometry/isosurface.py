"""Meshes of scalar fields on a grid (surface nets), and cuts of meshes along the zero line of a value per vertex."""

import numba
import numpy as np
import scipy.sparse as sparse
from scipy.sparse.csgraph import connected_components

from vton.studio.geometry.mesh import compact, edge_keys, edges


@numba.njit(cache=True)
def _cell_vertices(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per cell with a change of sign the mean of the crossings of its edges, and the vertex number per cell or -1."""
    nx, ny, nz = values.shape
    number = np.full((nx - 1, ny - 1, nz - 1), -1, np.int32)
    total = 0
    for i in range(nx - 1):
        for j in range(ny - 1):
            for k in range(nz - 1):
                inside = 0
                for a in range(2):
                    for b in range(2):
                        for c in range(2):
                            inside += values[i + a, j + b, k + c] < 0
                if 0 < inside < 8:
                    number[i, j, k] = total
                    total += 1
    places = np.zeros((total, 3), np.float32)
    for i in range(nx - 1):
        for j in range(ny - 1):
            for k in range(nz - 1):
                if number[i, j, k] >= 0:
                    _mean_crossing(values, i, j, k, places[number[i, j, k]])
    return places, number


@numba.njit(cache=True)
def _mean_crossing(values: np.ndarray, i: int, j: int, k: int, place: np.ndarray) -> None:
    count = 0
    start = np.zeros(3, np.int64)
    for axis in range(3):
        for a in range(2):
            for b in range(2):
                start[axis] = 0
                start[(axis + 1) % 3] = a
                start[(axis + 2) % 3] = b
                x, y, z = i + start[0], j + start[1], k + start[2]
                first = values[x, y, z]
                second = values[x + (axis == 0), y + (axis == 1), z + (axis == 2)]
                if (first < 0) != (second < 0):
                    for d in range(3):
                        place[d] += start[d]
                    place[axis] += first / (first - second)
                    count += 1
    place[0] = i + place[0] / count
    place[1] = j + place[1] / count
    place[2] = k + place[2] / count


@numba.njit(cache=True)
def _quads(values: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Corners [Q, 4] of one quad per grid edge that crosses the surface."""
    nx, ny, nz = values.shape
    found = np.empty((3 * number.max() + 3, 4), np.int32)
    count = 0
    for i in range(1, nx - 1):
        for j in range(1, ny - 1):
            for k in range(1, nz - 1):
                inside = values[i, j, k] < 0
                for axis in range(3):
                    if (values[i + (axis == 0), j + (axis == 1), k + (axis == 2)] < 0) == inside:
                        continue
                    bx, by, bz = axis == 1, axis == 2, axis == 0
                    cx, cy, cz = axis == 2, axis == 0, axis == 1
                    around = (
                        number[i - bx - cx, j - by - cy, k - bz - cz],
                        number[i - cx, j - cy, k - cz],
                        number[i, j, k],
                        number[i - bx, j - by, k - bz],
                    )
                    for corner in range(4):
                        found[count, corner] = around[3 - corner if inside else corner]
                    count += 1
    return found[:count]


def surface_nets(values: np.ndarray, origin: np.ndarray, cell_m: float) -> tuple[np.ndarray, np.ndarray]:
    """The zero surface of a field, its outside towards positive values.

    Args:
        values: [X, Y, Z] f32 at the grid's points; the surface must not touch the grid's faces.
        origin: [3] of the first point; cell_m: grid step, metres.

    Returns:
        vertices [V, 3] f32 metres, triangles [T, 3] i32.
    """
    values = np.ascontiguousarray(values, np.float32)
    places, number = _cell_vertices(values)
    vertices = (np.asarray(origin) + places * cell_m).astype(np.float32)
    quads = _quads(values, number)
    diagonals = [np.linalg.norm(vertices[quads[:, a]] - vertices[quads[:, a + 2]], axis=1) for a in (0, 1)]
    first = (diagonals[0] <= diagonals[1])[:, None]
    halves = [np.where(first, quads[:, a], quads[:, b]) for a, b in (([0, 1, 2], [0, 1, 3]), ([0, 2, 3], [1, 2, 3]))]
    return vertices, np.concatenate(halves).astype(np.int32)


def clip(
    vertices: np.ndarray, triangles: np.ndarray, level: np.ndarray, snap: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    """What of a mesh has ``level`` [V] <= 0, with a border on the zero line.

    Vertices nearer to the line than ``snap`` of an edge are moved onto it first, so that no slivers are left.
    """
    level = np.asarray(level, np.float32).copy()
    negative = (level[triangles] < 0).sum(1)
    pairs = edges(triangles[(negative > 0) & (negative < 3)])
    vertices, level = _snap(vertices, level, pairs, snap)
    pairs = pairs[level[pairs[:, 0]] * level[pairs[:, 1]] < 0]
    share = (level[pairs[:, 0]] / (level[pairs[:, 0]] - level[pairs[:, 1]]))[:, None]
    cuts = vertices[pairs[:, 0]] * (1 - share) + vertices[pairs[:, 1]] * share
    inside = level <= 0
    count = inside[triangles].sum(1)
    whole = triangles[(count == 3) & ~(level[triangles] == 0).all(1)]
    pieces = _cut_triangles(triangles, inside, count, edge_keys(pairs), len(vertices))
    pieces = pieces[(pieces >= 0).all(1)]
    joined = np.concatenate([vertices, cuts]).astype(np.float32)
    return compact(joined, np.concatenate([whole, pieces]).astype(np.int32))[:2]


def _snap(vertices: np.ndarray, level: np.ndarray, pairs: np.ndarray, snap: float) -> tuple[np.ndarray, np.ndarray]:
    pairs = pairs[(level[pairs[:, 0]] < 0) != (level[pairs[:, 1]] < 0)]
    first, second = pairs.T
    share = level[first] / (level[first] - level[second])
    mover = np.concatenate([first, second])
    target = np.concatenate([second, first])
    way = np.concatenate([share, 1 - share])
    order = np.argsort(-way)
    order = order[way[order] < snap]
    moved = vertices.copy()
    step = way[order, None]
    moved[mover[order]] = vertices[mover[order]] * (1 - step) + vertices[target[order]] * step
    level[mover[order]] = 0
    return moved, level


def _cut_triangles(
    triangles: np.ndarray, inside: np.ndarray, count: np.ndarray, cut_keys: np.ndarray, base: int
) -> np.ndarray:
    """Pieces of the triangles on the line; corners are vertices or ``base`` + cut; -1 marks a piece without area."""

    def between(p: np.ndarray, q: np.ndarray) -> np.ndarray:
        keys = edge_keys(np.stack([p, q], 1))
        at = np.minimum(np.searchsorted(cut_keys, keys), max(len(cut_keys) - 1, 0))
        found = cut_keys[at] == keys if len(cut_keys) else np.zeros(len(keys), bool)
        return np.where(found, at + base, -1)

    def turned(chosen: np.ndarray, odd_one_inside: bool) -> np.ndarray:
        rotation = np.argmax(inside[chosen] == odd_one_inside, axis=1)
        return np.take_along_axis(chosen, (rotation[:, None] + np.arange(3)) % 3, 1).T

    tip, second, third = turned(triangles[count == 1], True)
    pieces = [np.stack([tip, between(tip, second), between(tip, third)], 1)]
    outer, p, q = turned(triangles[count == 2], False)
    from_p, from_q = between(p, outer), between(q, outer)
    near = np.where(from_q >= 0, from_q, q)
    pieces.append(np.stack([p, q, near], 1)[from_q >= 0])
    pieces.append(np.stack([p, near, from_p], 1)[from_p >= 0])
    return np.concatenate(pieces)


def split(vertices: np.ndarray, triangles: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same surface with the zero line of ``level`` [V] along its edges."""
    below = clip(vertices, triangles, level)
    above = clip(vertices, triangles, -np.asarray(level))
    points = np.concatenate([below[0], above[0]])
    corners = np.concatenate([below[1], above[1] + len(below[0])])
    grid = np.round(points.astype(np.float64) * 1e5).astype(np.int64) + (1 << 20)
    keys = grid[:, 0] << 42 | grid[:, 1] << 21 | grid[:, 2]
    _, first, same = np.unique(keys, return_index=True, return_inverse=True)
    corners = same.ravel()[corners]
    area = (corners != np.roll(corners, 1, axis=1)).all(1)
    return points[first], corners[area].astype(np.int32)


def drop_specks(vertices: np.ndarray, triangles: np.ndarray, share: float = 0.12) -> tuple[np.ndarray, np.ndarray]:
    """The mesh without components that have fewer vertices than ``share`` of the largest's."""
    pairs = edges(triangles)
    graph = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(vertices),) * 2)
    _, component = connected_components(graph, directed=False)
    sizes = np.bincount(component)
    large = sizes > max(60, share * sizes.max())
    return compact(vertices, triangles[large[component[triangles[:, 0]]]])[:2]
