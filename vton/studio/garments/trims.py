"""Collars, lapels and hoods: strips raised from the edge of a draped garment's neck."""

from dataclasses import dataclass

import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.garments.atlas import ATLAS_M, COLLAR_U, COLLAR_V
from vton.studio.garments.building import Garment
from vton.studio.garments.field import smooth_step
from vton.studio.geometry.closest import PointGrid, PointShell
from vton.studio.geometry.mesh import Mesh, boundary_loops, resample, sweep, vertex_normals

NECK_POINTS = 96
LAPEL_POINTS = 120
RING_M, LAPEL_M, BEHIND_M = 0.45, 0.5, 0.25
"""Lengths in the atlas: around a neck; of each lapel, and of the collar between them."""

WIDTH_M = {"turtle": 0.12, "stand": 0.08, "rib": 0.05, "shirt": 0.07, "hood": 0.22, "lapel": 0.09}
"""Widths in the atlas, from the garment's edge outwards."""

UP_AT_REST, FRONT_AT_REST = np.array([0, 0.96, 0.28]), np.array([0, -0.28, 0.96])
"""Along the neck and out of the throat, in the rest pose."""


@dataclass(frozen=True)
class _NeckEdge:
    """The edge of a neckline in a pose: points [N, 3], outward directions [N, 3], angle from the throat [N] radians.

    closed: a ring; else the part around the back of the neck, between the edges of an open front; turn [N]: the angle
    at rest, from the throat to the left all the way around.
    """

    points: np.ndarray
    outward: np.ndarray
    angle: np.ndarray
    closed: bool
    centre: np.ndarray
    up: np.ndarray
    side: np.ndarray
    turn: np.ndarray


def make_trims(garment: Garment, posed: PosedBody, vertices: np.ndarray) -> list[Mesh]:
    """The collar of a garment whose draped vertices are [V, 3]; empty without one."""
    kind = garment.pattern.collar
    loop = _neck_loop(garment, posed)
    if kind == "none" or loop is None:
        return []
    edge = None if kind == "lapel" else _neck_edge(garment, posed, vertices, loop)
    if kind == "lapel":
        found = _lapel(garment, posed, vertices, loop)
    else:
        found = None if edge is None else (_COLLARS[kind](edge), RING_M / (2 * np.pi) * edge.turn)
    if found is None:
        return []
    rows, u = found
    closed = edge is not None and edge.closed
    collar = sweep(rows, closed)
    triangles = collar.triangles
    if kind == "shirt" and edge is not None and edge.closed:
        triangles = triangles[~(edge.angle[triangles % len(edge.angle)] < 0.14).all(1)]
    uv = _uv(u, WIDTH_M[kind], len(rows), triangles)
    return [_facing_out(Mesh(collar.vertices, triangles, *uv), garment, vertices)]


def _uv(u: np.ndarray, width: float, rows: int, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The collar's corner of the atlas, one uv per corner of the triangles.

    Args:
        u: [N] metres along the strip, from 0; closed collars begin anew at `RING_M`.
        width: metres across, from the first to the last row.
    """
    along = u[triangles % len(u)]
    along = along + RING_M * np.round((along[:, :1] - along) / RING_M)
    across = triangles // len(u) * (width / (rows - 1))
    uv = np.stack([COLLAR_U + along, COLLAR_V + across], -1).reshape(-1, 2) / ATLAS_M
    return uv.astype(np.float32), np.arange(3 * len(triangles), dtype=np.int32).reshape(-1, 3)


def _facing_out(mesh: Mesh, garment: Garment, vertices: np.ndarray) -> Mesh:
    """The side that shows on a folded collar is the side away from the garment's inside."""
    normals = mesh.normals()
    if garment.pattern.collar == "lapel":
        cloth = vertex_normals(vertices, garment.mesh.triangles)
        nearest = PointGrid(vertices).nearest(mesh.vertices, 0.1)
        out = cloth[nearest] * (nearest >= 0)[:, None]
    else:
        out = mesh.vertices - mesh.vertices.mean(0)
    return mesh if (normals * out).sum() >= 0 else mesh.flipped()


def _neck_loop(garment: Garment, posed: PosedBody) -> np.ndarray | None:
    """Vertices of the border that goes around the neck."""
    rest, neck_y = garment.mesh.vertices, posed.shape.measures.neck[1]
    loops = [loop for loop in boundary_loops(garment.mesh.triangles) if abs(rest[loop, 0].mean()) < 0.03]
    loops = [loop for loop in loops if rest[loop, 1].max() > neck_y - 0.06]
    return max(loops, key=lambda loop: rest[loop, 1].max(), default=None)


def _longest_run(keep: np.ndarray) -> np.ndarray | None:
    """Numbers of the longest run of True in a ring."""
    if keep.all() or not keep.any():
        return None
    shift = int(np.flatnonzero(keep & ~np.roll(keep, 1))[0])
    turned = np.roll(keep, -shift)
    starts = np.flatnonzero(turned & ~np.concatenate([[False], turned[:-1]]))
    ends = np.flatnonzero(turned & ~np.concatenate([turned[1:], [False]]))
    best = int(np.argmax(ends - starts))
    return (np.arange(starts[best], ends[best] + 1) + shift) % len(keep)


def _even(curve: np.ndarray, rounds: int, closed: bool) -> np.ndarray:
    curve = curve.copy()
    for _ in range(rounds):
        if closed:
            curve = 0.5 * curve + 0.25 * (np.roll(curve, 1, 0) + np.roll(curve, -1, 0))
        else:
            curve[1:-1] = 0.5 * curve[1:-1] + 0.25 * (curve[2:] + curve[:-2])
    return curve


def _neck_edge(garment: Garment, posed: PosedBody, vertices: np.ndarray, loop: np.ndarray) -> _NeckEdge | None:
    measures = posed.shape.measures
    closed = garment.pattern.open == 0
    rest = garment.mesh.vertices[loop]
    high = rest[:, 1] > measures.neck[1] - 0.035
    around = np.arctan2(rest[:, 0], rest[:, 2] - rest[high, 2].mean())
    path = np.column_stack([vertices[loop], np.cos(around), np.sin(around)])
    if not closed:
        run = _longest_run(high)
        if run is None or len(run) < 8:
            return None
        path = path[run]
    path = resample(path, NECK_POINTS, closed)
    points = _even(path[:, :3], 6, closed)
    rotation = posed.transform("neck01")[:3, :3]
    up, front = rotation @ UP_AT_REST, rotation @ FRONT_AT_REST
    centre = posed.point("neck01", measures.neck + np.array([0, 0.03, 0]))
    outward = points - centre
    outward -= np.outer(outward @ up, up)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    side = np.cross(up, front)
    angle = np.arctan2(outward @ side, outward @ front)
    turn = np.arctan2(path[:, 4], path[:, 3]) % (2 * np.pi)
    return _NeckEdge(points, outward, np.abs(angle), closed, centre, up, np.sign(angle)[:, None] * side, turn)


def _turtle(e: _NeckEdge) -> list[np.ndarray]:
    """Up along the neck, and folded down over itself."""
    top = e.centre + e.outward * 0.070 + e.up * 0.06
    rows = [e.points * (1 - t) + top * t for t in np.linspace(0, 1, 5)]
    for t in np.linspace(0.1, 1, 6):
        fold = 0.004 + 0.006 * np.sin(t * np.pi * 0.9)
        rows.append(top * (1 - 0.72 * t) + e.points * 0.72 * t + e.outward * fold)
    return rows


def _stand(e: _NeckEdge, height: float = 0.055) -> list[np.ndarray]:
    rows = [e.points]
    for t in (0.33, 0.66, 1.0):
        rows.append(e.points + e.up * height * t + e.outward * (0.006 * np.sin(3.1 * t) - 0.008 * t))
    return [
        *rows,
        e.points + e.up * 0.9 * height - e.outward * 0.012,
        e.points + e.up * 0.3 * height - e.outward * 0.010,
    ]


def _rib(e: _NeckEdge) -> list[np.ndarray]:
    return _stand(e, 0.03)


def _shirt(e: _NeckEdge) -> list[np.ndarray]:
    """A stand that is open at the throat, and a leaf with points that falls over it."""
    points, out = e.points, e.outward
    gap = np.clip((e.angle - 0.10) / 0.12, 0, 1)[:, None]
    drop = (0.040 + 0.022 * np.exp(-(((e.angle - 0.25) / 0.5) ** 2)))[:, None]
    flare = (0.018 + 0.004 * np.exp(-(((e.angle - 0.25) / 0.4) ** 2)))[:, None]
    spread = 0.014 * np.exp(-(((e.angle - 0.2) / 0.3) ** 2))[:, None] * gap
    stand = 0.026
    return [
        points - e.up * 0.004,
        points + e.up * stand * gap - out * 0.004,
        points + e.up * (stand + 0.004) * gap + out * 0.003,
        points + e.up * 0.3 * stand * gap + out * 0.013,
        points + e.up * ((stand - drop) * gap - 0.002 * (1 - gap)) + out * flare + e.side * spread,
    ]


HOOD_PROFILE = np.array(
    [(0, 0), (0.028, -0.003), (0.046, 0.012), (0.040, 0.040), (-0.010, 0.064), (-0.070, 0.062), (-0.115, 0.045),
     (-0.130, 0.018)]
)  # fmt: skip
"""Behind the neck: metres up and out, from the seam over the roll and down the back."""


def _hood(e: _NeckEdge) -> list[np.ndarray]:
    """A hood that lies on the back: hangs down behind the neck, and is a flat fold at the throat."""
    back = smooth_step((e.angle - 0.3) / 2.4)[:, None]
    rows = []
    for number, (up, out) in enumerate(HOOD_PROFILE):
        in_front = 0.012 * np.sin(np.pi * number / (len(HOOD_PROFILE) - 1))
        lift = up * (0.5 + 0.5 * back) if up > 0 else up * back**2
        rows.append(e.points + e.up * (lift * (0.35 + 0.65 * back)) + e.outward * (out * back + in_front * (1 - back)))
    return rows


_COLLARS = {"turtle": _turtle, "stand": _stand, "rib": _rib, "shirt": _shirt, "hood": _hood}


def _lapel(
    garment: Garment, posed: PosedBody, vertices: np.ndarray, loop: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray] | None:
    """The front edges from the top button up and around the neck, turned outwards: rows, and u along them."""
    m, p = posed.shape.measures, garment.pattern
    rest = garment.mesh.vertices[loop]
    turned = (rest[:, 1] > p.button_y) & (rest[:, 2] > m.neck[2] - 0.2) & (np.abs(rest[:, 0]) < 0.2)
    run = _longest_run(turned)
    if run is None or len(run) < 8:
        return None
    cloth_normals = vertex_normals(vertices, garment.mesh.triangles)
    path = np.concatenate([vertices[loop[run]], cloth_normals[loop[run]], rest[run]], 1)
    path = resample(path.astype(np.float64), LAPEL_POINTS)
    points, normals, rest = _even(path[:, :3], 8, False), _even(path[:, 3:6], 12, False), path[:, 6:]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    outward = np.cross(np.gradient(points, axis=0), normals)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True) + 1e-9
    chest = np.abs(rest[:, 1] - m.shoulder[1]) > 0.05
    outward *= np.sign(((points[:, 0] - points[:, 0].mean()) * outward[:, 0])[chest].sum() + 1e-9)
    outward = _even(outward, 10, False)
    in_front = rest[:, 2] > m.neck[2] + 0.01
    width = _lapel_width(rest[:, 1], in_front, p.button_y, m.neck[1] + 0.03, p.lapel_width)[:, None]
    behind = ~in_front[:, None]
    up = posed.transform("spine01")[:3, :3] @ UP_AT_REST
    cloth = PointShell(vertices, cloth_normals)
    rows = [points + normals * 0.002]
    for t in np.linspace(0.15, 1, 6):
        lift = 0.010 * np.sin(min(1, 1.6 * t) * np.pi * 0.75) + 0.005
        row = points + outward * width * t * (1 - 0.5 * behind) + normals * lift
        row += behind * up * (0.03 * np.sin(t * np.pi))
        rows.append(row if t < 0.2 else _even(_above(row, cloth), 1, False))
    return rows, _along_lapel(rest, in_front)


def _along_lapel(rest: np.ndarray, in_front: np.ndarray) -> np.ndarray:
    """u [N] of points along a lapel at rest [N, 3]: each of its three stretches has the same length on every body."""
    along = np.concatenate([[0], np.linalg.norm(np.diff(rest, axis=0), axis=1).cumsum()])
    behind = np.flatnonzero(~in_front)
    if not len(behind):
        return along / along[-1] * (2 * LAPEL_M + BEHIND_M)
    at = [0, along[behind[0]], along[behind[-1]], along[-1]]
    u = np.interp(along, at, np.cumsum([0, LAPEL_M, BEHIND_M, LAPEL_M]))
    return u if rest[0, 0] > rest[-1, 0] else u[-1] - u


def _lapel_width(y: np.ndarray, in_front: np.ndarray, low: float, high: float, widest: float) -> np.ndarray:
    """Width along the edge: from nothing at the button to the notch, then the collar's."""
    notch = 0.62
    up = np.clip((y - low) / (high - low), 0, 1)
    width = np.where(in_front & (up < notch), widest * np.minimum(up / notch, 1) ** 0.75, widest * 0.62)
    in_notch = in_front & (np.abs(up - notch) < 0.03)
    return np.maximum(np.where(in_notch, 0.5 * width, width), 0.002)


def _above(row: np.ndarray, cloth: PointShell, distance: float = 0.006) -> np.ndarray:
    height, nearest = cloth.heights(row, 0.05)
    depth = distance - height
    under = (nearest >= 0) & (depth > 0)
    row[under] += depth[under, None] * cloth.normals[nearest[under]]
    return row
