"""Collars, lapels and hoods of garments that lie or hang: carried along by the edge of the neck; hoods laid open."""

import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.garments.building import Garment
from vton.studio.garments.field import smooth_step
from vton.studio.garments.trims import HOOD_PROFILE, LAPEL_POINTS, NECK_POINTS, make_trims
from vton.studio.geometry.closest import PointGrid
from vton.studio.geometry.mesh import Mesh

DEPTH_SHARE = 0.22
"""Of a collar's depth towards the viewer that is left when it is pressed flat."""

SIDE_SHARE = 0.7
"""How much of the width of a collar beside the neck goes when it is pressed flat."""

IN_FRONT = 1.9
"""A collar's leaf lies on the garment's front up to this angle around the neck, radians."""

HOOD_WIDTH_M, HOOD_HEIGHT_M, FACE_WIDTH_M, FACE_HEIGHT_M = 0.135, 0.30, 0.075, 0.225
"""Half width and height of a hood laid open, and of the face's opening in it."""


def flat_trims(garment: Garment, resting: PosedBody, vertices: np.ndarray, facing: np.ndarray) -> list[Mesh]:
    """The trims of a garment whose vertices [V, 3] lie flat.

    Args:
        facing: [V] above 0 on the upper sheet.
        resting: the body that the garment was cut for, in its rest pose.
    """
    return [_carried(garment, trim, vertices, facing) for trim in make_trims(garment, resting, garment.mesh.vertices)]


def _carried(garment: Garment, trim: Mesh, vertices: np.ndarray, facing: np.ndarray) -> Mesh:
    """Every column of a strip moves with the point of the neck's edge that it begins at."""
    columns = LAPEL_POINTS if garment.pattern.collar == "lapel" else NECK_POINTS
    rest = trim.vertices.reshape(-1, columns, 3)
    nearest = PointGrid(garment.mesh.vertices).nearest(rest[0], 0.1)
    base = _evened(vertices[nearest] + (rest[0] - garment.mesh.vertices[nearest]) * [1, 1, 0])
    if garment.pattern.collar == "hood":
        rows = _open_hood(rest[0], base)
    else:
        offset = (rest - rest[0]) * [1, 1, DEPTH_SHARE]
        around = _around(rest[0])
        if garment.pattern.collar in ("shirt", "stand"):
            beside = np.sin(around)
            offset[..., 0] *= 1 - SIDE_SHARE * beside
            offset[..., 1] *= np.where(offset[..., 1] > 0, 1 - 0.5 * SIDE_SHARE * beside, 1)
        rows = base + offset
        if garment.pattern.collar in ("shirt", "lapel"):
            _over_cloth(rows, around < IN_FRONT, vertices, facing)
    return Mesh(rows.reshape(-1, 3).astype(np.float32), trim.triangles, trim.uv, trim.uv_triangles)


def _around(edge: np.ndarray) -> np.ndarray:
    """0 at the throat .. pi behind the neck, of points [N, 3] of the neck's edge at rest."""
    middle = (edge[:, 2].max() + edge[:, 2].min()) / 2
    return np.abs(np.arctan2(edge[:, 0], edge[:, 2] - middle))


def _over_cloth(rows: np.ndarray, in_front: np.ndarray, vertices: np.ndarray, facing: np.ndarray) -> None:
    """Lays the leaf of a collar, rows [R, N, 3], upon the upper sheet, each row a little over the one before."""
    sheet = vertices[facing > 0]
    level = sheet * [1, 1, 0]
    nearest = PointGrid(level.astype(np.float32)).nearest((rows * [1, 1, 0]).reshape(-1, 3).astype(np.float32), 0.025)
    floor = np.where(nearest >= 0, sheet[nearest, 2], -np.inf).reshape(rows.shape[:2])
    floor = floor + 0.0015 + 0.0006 * np.arange(len(rows))[:, None]
    rows[..., 2] = np.where(in_front, np.maximum(rows[..., 2], floor), rows[..., 2])


def _evened(points: np.ndarray) -> np.ndarray:
    for _ in range(3):
        points[1:-1] = 0.5 * points[1:-1] + 0.25 * (points[2:] + points[:-2])
    return points


def _open_hood(rest: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Rows [8, N, 3] of a hood above the neck: up behind its opening to the outline, and over it to the opening."""
    around = _around(rest)
    side = np.sign(rest[:, 0])
    rise = smooth_step((around - 0.5) / (np.pi - 0.5)) * np.pi / 2
    floor, low = base[:, 1].mean(), base[:, 2].min()
    outline = np.stack(
        [side * HOOD_WIDTH_M * np.cos(rise) ** 0.55, floor + HOOD_HEIGHT_M * np.sin(rise), np.full(len(base), low)], 1
    )
    opening = np.stack(
        [side * FACE_WIDTH_M * np.cos(rise) ** 0.6, floor - 0.015 + FACE_HEIGHT_M * np.sin(rise), base[:, 2] + 0.006], 1
    )
    throat = smooth_step((0.5 - around) / 0.3)[:, None]
    opening = (1 - throat) * opening + throat * (base + [0, 0.012, 0.006])
    outline = (1 - throat) * outline + throat * (base + [0, 0.006, 0.004])
    last = len(HOOD_PROFILE) - 1
    rows = []
    for number in range(len(HOOD_PROFILE)):
        share = number / last
        if share <= 0.6:
            behind = smooth_step(share / 0.6)
            rows.append((1 - behind) * base + behind * outline)
        else:
            over = smooth_step((share - 0.6) / 0.4)
            rows.append((1 - over) * outline + over * opening + np.array([0, 0, 0.006 * np.sin(np.pi * over)]))
    return np.stack(rows)
