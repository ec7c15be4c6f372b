"""Triangle meshes: the type that flows through the studio, normals, topology, smoothing, subdivision and strips.

``isosurface.py`` makes meshes of fields and cuts them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numba
import numpy as np
import scipy.sparse as sparse


@dataclass
class Mesh:
    """A triangle mesh with texture coordinates of its own topology.

    vertices [V, 3] f32 metres; triangles [T, 3] i32, counter-clockwise seen from outside; uv [U, 2] f32, 0..1 with v
    upwards; uv_triangles [T, 3] i32 into uv. Without uv all corners share one point of the texture.
    """

    vertices: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray = field(default_factory=lambda: np.zeros((1, 2), np.float32))
    uv_triangles: np.ndarray = field(default_factory=lambda: np.zeros((0, 3), np.int32))

    def __post_init__(self) -> None:
        self.vertices = np.ascontiguousarray(self.vertices, np.float32)
        self.triangles = np.ascontiguousarray(self.triangles, np.int32)
        if not len(self.uv_triangles):
            self.uv_triangles = np.zeros_like(self.triangles)

    def normals(self) -> np.ndarray:
        """Unit vertex normals [V, 3] f32."""
        return vertex_normals(self.vertices, self.triangles)

    def flipped(self) -> "Mesh":
        """The same surface seen from the other side."""
        return Mesh(self.vertices, self.triangles[:, ::-1], self.uv, np.ascontiguousarray(self.uv_triangles[:, ::-1]))

    def mirrored(self) -> "Mesh":
        """The mirror image in x, its outside still outside."""
        mirrored = Mesh(self.vertices * np.array([-1, 1, 1], np.float32), self.triangles, self.uv, self.uv_triangles)
        return mirrored.flipped()


def join(meshes: Sequence[Mesh]) -> Mesh:
    """Several meshes as one, in order."""
    vertex_base = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
    uv_base = np.cumsum([0] + [len(m.uv) for m in meshes[:-1]])
    return Mesh(
        np.concatenate([m.vertices for m in meshes]),
        np.concatenate([m.triangles + b for m, b in zip(meshes, vertex_base, strict=True)]),
        np.concatenate([m.uv for m in meshes]).astype(np.float32),
        np.concatenate([m.uv_triangles + b for m, b in zip(meshes, uv_base, strict=True)]).astype(np.int32),
    )


@numba.njit(cache=True)
def _accumulate_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    normals = np.zeros((vertices.shape[0], 3), np.float32)
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        u, v = vertices[b] - vertices[a], vertices[c] - vertices[a]
        nx, ny, nz = u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
        for corner in (a, b, c):
            normals[corner, 0] += nx
            normals[corner, 1] += ny
            normals[corner, 2] += nz
    for p in range(vertices.shape[0]):
        length = np.sqrt(normals[p, 0] ** 2 + normals[p, 1] ** 2 + normals[p, 2] ** 2) + np.float32(1e-20)
        for i in range(3):
            normals[p, i] /= length
    return normals


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals [V, 3] f32 of vertices [V, 3] and triangles [T, 3]; zero where no triangle is."""
    return _accumulate_normals(np.ascontiguousarray(vertices, np.float32), np.ascontiguousarray(triangles, np.int32))


def directed_edges(triangles: np.ndarray) -> np.ndarray:
    """All sides of all triangles [3T, 2], in the triangles' sense: first sides, then second, then third."""
    return np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])


def edge_keys(edges_: np.ndarray) -> np.ndarray:
    """One int64 per edge [E, 2], the same for both senses."""
    low, high = edges_.min(1).astype(np.int64), edges_.max(1).astype(np.int64)
    return low << 32 | high


def edges(triangles: np.ndarray) -> np.ndarray:
    """Undirected edges [E, 2] i32, each once, sorted."""
    keys = np.sort(edge_keys(directed_edges(triangles)))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    return np.stack([keys >> 32, keys & 0xFFFFFFFF], 1).astype(np.int32)


def boundary_edges(triangles: np.ndarray) -> np.ndarray:
    """Directed edges [B, 2] that belong to one triangle only."""
    sides = directed_edges(triangles)
    keys = edge_keys(sides)
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    alone = ~(np.concatenate([[False], same]) | np.concatenate([same, [False]]))
    return sides[np.sort(order[alone])]


def boundary_loops(triangles: np.ndarray) -> list[np.ndarray]:
    """Open borders as loops of vertex numbers, in the triangles' sense."""
    following: dict[int, list[int]] = {}
    for start, end in boundary_edges(triangles).tolist():
        following.setdefault(start, []).append(end)
    loops = []
    while following:
        start = next(iter(following))
        loop, current = [start], start
        while current in following:
            after = following[current].pop()
            if not following[current]:
                del following[current]
            if after == start:
                break
            loop.append(after)
            current = after
        loops.append(np.array(loop, np.int32))
    return loops


def bend_pairs(triangles: np.ndarray) -> np.ndarray:
    """Vertices [P, 2] i32 opposite each other across an inner edge."""
    opposite = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    keys = edge_keys(directed_edges(triangles))
    order = np.argsort(keys, kind="stable")
    keys, opposite = keys[order], opposite[order]
    inner = np.flatnonzero(keys[1:] == keys[:-1])
    return np.stack([opposite[inner], opposite[inner + 1]], 1).astype(np.int32)


def compact(vertices: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices and triangles without the unused vertices, and the old numbers [V'] of the kept."""
    used = np.zeros(len(vertices), bool)
    used[triangles.ravel()] = True
    renumbered = np.cumsum(used, dtype=np.int32) - 1
    return vertices[used], renumbered[triangles], np.flatnonzero(used)


def adjacency(triangles: np.ndarray, count: int) -> sparse.csr_matrix:
    """Symmetric matrix [count, count] f32 with 1 at neighbours."""
    pairs = edges(triangles)
    rows, columns = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(count, count))


def smooth(
    values: np.ndarray,
    triangles: np.ndarray,
    rounds: int = 1,
    strength: float = 0.5,
    fixed: np.ndarray | None = None,
) -> np.ndarray:
    """Values [V] or [V, C] drawn towards their neighbours' mean ``rounds`` times, except at ``fixed`` [V] bool."""
    neighbours = adjacency(triangles, len(values))
    degree = np.maximum(np.asarray(neighbours.sum(1)).ravel(), 1).astype(np.float32)
    current = np.asarray(values, np.float32).copy()
    degree = degree if current.ndim == 1 else degree[:, None]
    for _ in range(rounds):
        step = strength * (neighbours @ current / degree - current)
        if fixed is not None:
            step[fixed] = 0
        current += step
    return current


def subdivision_operator(triangles: np.ndarray, count: int) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Loop subdivision as a matrix that works for any values on the vertices.

    Borders become smooth curves; edges of more than two triangles stay sharp.

    Args:
        triangles: [T, 3].
        count: number of vertices; unused ones stay where they are.

    Returns:
        The operator [count + E, count] f32, and the new triangles [4T, 3] i32: the three corners' blocks of T, then
        the middle's, so that ``np.tile(per_triangle, 4)`` fits them.
    """
    sides = directed_edges(triangles)
    keys, inverse, uses = np.unique(edge_keys(sides), return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    ends = np.stack([keys >> 32, keys & 0xFFFFFFFF], 1)
    middle = (inverse + count).reshape(3, -1)
    ab, bc, ca = middle
    a, b, c = triangles.T
    finer = [np.stack(corners, 1) for corners in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
    operator = sparse.vstack([_old_vertices(ends, uses, count), _new_vertices(triangles, ends, uses, inverse, count)])
    return sparse.csr_matrix(operator, dtype=np.float32), np.concatenate(finer).astype(np.int32)


def _new_vertices(
    triangles: np.ndarray, ends: np.ndarray, uses: np.ndarray, inverse: np.ndarray, count: int
) -> sparse.csr_matrix:
    smooth_edge = uses == 2
    row = np.arange(len(ends))
    near = np.where(smooth_edge, 0.375, 0.5)
    opposite = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    use = smooth_edge[inverse]
    rows = np.concatenate([row, row, inverse[use]])
    columns = np.concatenate([ends[:, 0], ends[:, 1], opposite[use]])
    weights = np.concatenate([near, near, np.full(int(use.sum()), 0.125)])
    return sparse.csr_matrix((weights, (rows, columns)), shape=(len(ends), count))


def _old_vertices(ends: np.ndarray, uses: np.ndarray, count: int) -> sparse.csr_matrix:
    def neighbours(chosen: np.ndarray) -> sparse.csr_matrix:
        pairs = np.concatenate([chosen, chosen[:, ::-1]])
        return sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))

    border = neighbours(ends[uses == 1])
    border_degree = np.asarray(border.sum(1)).ravel()
    inside = np.ones(count, bool)
    inside[ends[uses != 2].ravel()] = False
    every = neighbours(ends)
    degree = np.asarray(every.sum(1)).ravel()
    beta = np.where(inside & (degree > 0), 0.375 / np.maximum(degree, 3), 0)
    on_curve = ~inside & (border_degree == 2)
    own = np.where(on_curve, 0.75, 1 - degree * beta)
    return sparse.diags(own) + sparse.diags(beta) @ every + sparse.diags(np.where(on_curve, 0.125, 0)) @ border


def strip_triangles(rows: int, columns: int, closed: bool) -> np.ndarray:
    """Triangles [T, 3] i32 of a grid of ``rows`` x ``columns`` vertices; ``closed`` joins last and first column."""
    row, column = np.mgrid[0 : rows - 1, 0 : columns if closed else columns - 1]
    after = (column + 1) % columns
    a, b = row * columns + column, row * columns + after
    c, d = b + columns, a + columns
    return np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))]).astype(np.int32)


def sweep(rows: Iterable[np.ndarray], closed: bool) -> Mesh:
    """The surface through curves [N, 3] of equal length, the first to the last; u runs along them, v across."""
    stacked = np.stack(list(rows)).astype(np.float32)
    count, columns = stacked.shape[:2]
    v, u = np.mgrid[0:count, 0:columns] / np.array([max(count - 1, 1), max(columns - 1, 1)])[:, None, None]
    triangles = strip_triangles(count, columns, closed)
    return Mesh(stacked.reshape(-1, 3), triangles, np.stack([u, v], -1).reshape(-1, 2).astype(np.float32), triangles)


def resample(curve: np.ndarray, count: int, closed: bool = False) -> np.ndarray:
    """``count`` points at equal steps along a curve [N, C]; a closed one does not repeat its first."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    steps = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    at = np.linspace(0, along[-1], count, endpoint=not closed)
    return np.stack([np.interp(at, along, column) for column in points.T], 1)
