"""Rolled up sleeves and turned up trousers: a band around the fold, whose outside is the inside of the cloth."""

from dataclasses import dataclass

import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.garments.building import Garment
from vton.studio.garments.wear import past_roll
from vton.studio.geometry.closest import PointShell
from vton.studio.geometry.mesh import Mesh, sweep

RING_POINTS = 72
SECTION_M = 0.009
"""Half the width of the stretch of cloth that a section is taken from."""

LEAST_IN_SECTION = 12

THICKNESS_M, TURN_M, THICKEST_M = 0.003, 0.0012, 0.008
"""How far a roll stands off: one fold, what each further turn adds, and at most."""

BULGE_M = 0.004
"""By which the fold reaches beyond its line."""

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the band's height, from the fold: where its outside has rows."""


@dataclass(frozen=True)
class Roll:
    """A band of cloth that shows its inside; ``island``: of the sleeve or leg whose end it is."""

    mesh: Mesh
    island: int


def make_rolls(garment: Garment, posed: PosedBody, vertices: np.ndarray, normals: np.ndarray) -> list[Roll]:
    """The bands of a garment whose draped vertices and normals are [V, 3]; none where nothing is rolled up."""
    if not garment.worn.roll:
        return []
    return [_roll(_Limb(garment, posed, vertices, normals, island)) for island in (1, 2)]


class _Limb:
    """A draped sleeve or leg above its fold: numbers of its vertices, and where they are along it and around it.

    beyond [N]: metres from the fold, negative above it; turn [N]: angle around the limb in the atlas, radians.
    """

    def __init__(
        self, garment: Garment, posed: PosedBody, vertices: np.ndarray, normals: np.ndarray, island: int
    ) -> None:
        measures = posed.shape.measures
        self.garment, self.island = garment, island
        self.height = garment.worn.cuff(garment.pattern, measures)
        mesh, marks = garment.mesh, garment.atlas.marks
        drawn = garment.atlas.island == island
        corners, first = np.unique(mesh.triangles[drawn], return_index=True)
        uv = mesh.uv[mesh.uv_triangles[drawn].ravel()[first]] * ATLAS_M
        self.points, self.normals = vertices[corners], normals[corners]
        self.beyond = past_roll(mesh.vertices[corners], measures, garment.pattern, garment.worn)
        leg = garment.kind == "pants"
        self.centre_u = marks.leg_u[island - 1] if leg else marks.sleeve_u
        self.radius = marks.leg_radius if leg else marks.sleeve_radius
        self.turn = (uv[:, 0] - self.centre_u) / self.radius
        self.fold_v = float(np.median(uv[np.abs(self.beyond) < 1e-3, 1]))
        self.end_v = marks.hem_v if leg else marks.sleeve_v[island - 1] + marks.sleeve

    def section(self, beyond: float, turns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points and normals [R, 3] of the limb's surface at angles [R], ``beyond`` metres from the fold."""
        near = np.argsort(np.abs(self.beyond - beyond))
        near = near[: max(LEAST_IN_SECTION, int((np.abs(self.beyond - beyond) < SECTION_M).sum()))]
        table = np.column_stack([self.points[near], self.normals[near]])
        rows = np.stack([np.interp(turns, self.turn[near], column, period=2 * np.pi) for column in table.T], 1)
        rows = _even(rows)
        return rows[:, :3], rows[:, 3:] / (np.linalg.norm(rows[:, 3:], axis=1, keepdims=True) + 1e-9)


def _roll(limb: _Limb) -> Roll:
    turns = np.linspace(-np.pi, np.pi, RING_POINTS, endpoint=False)
    folds = np.ceil(limb.garment.worn.roll / limb.height - 1e-6)
    thick = min(THICKNESS_M + TURN_M * folds, THICKEST_M)
    shell = PointShell(limb.points, limb.normals)
    ring, out = limb.section(0.0, turns)
    inwards = limb.section(-limb.height, turns)[0] - ring
    beyond = -BULGE_M * inwards / (np.linalg.norm(inwards, axis=1, keepdims=True) + 1e-9)
    rows, shares = [ring, ring + beyond + 0.5 * thick * out], [0.0, 0.0]
    for share in SHARES:
        points, out = limb.section(-share * limb.height, turns)
        rows.append(_even(_off(points + thick * out, shell, thick)))
        shares.append(share)
    rows.append(points + 0.0005 * out)
    band = sweep(rows, True)
    outwards = (band.normals() * (band.vertices - band.vertices.mean(0))).sum() > 0
    triangles = band.triangles[:, ::-1] if outwards else band.triangles
    return Roll(Mesh(band.vertices, triangles, *_uv(limb, turns, [*shares, 1.0], triangles)), limb.island)


def _even(ring: np.ndarray) -> np.ndarray:
    """Rows [R, C] around a limb, each nearer to the mean of its neighbours."""
    for _ in range(2):
        ring = 0.5 * ring + 0.25 * (np.roll(ring, 1, 0) + np.roll(ring, -1, 0))
    return ring


def _off(points: np.ndarray, shell: PointShell, gap: float) -> np.ndarray:
    """Points [R, 3] at least ``gap`` metres off the cloth."""
    height, nearest = shell.heights(points.astype(np.float32), 0.03)
    short = np.where(nearest >= 0, np.clip(gap - height, 0, None), 0)
    return points + short[:, None] * shell.normals[nearest]


def _uv(limb: _Limb, turns: np.ndarray, shares: list[float], triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the cloth of the band is in the atlas: from the fold on towards the end of the sleeve or leg."""
    around = turns[triangles % len(turns)]
    around = around + 2 * np.pi * np.round((around[:, :1] - around) / (2 * np.pi))
    of_roll = np.array(shares)[triangles // len(turns)] * limb.height / limb.garment.worn.roll
    u, v = limb.centre_u + limb.radius * around, limb.fold_v + (limb.end_v - limb.fold_v) * of_roll
    uv = np.stack([u, v], -1).reshape(-1, 2) / ATLAS_M
    return uv.astype(np.float32), np.arange(3 * len(triangles), dtype=np.int32).reshape(-1, 3)
