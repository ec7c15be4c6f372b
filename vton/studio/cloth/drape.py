"""Garments on a posed body, layer by layer: tucked tops, then bottoms or dresses, loose tops and outers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.body.skinning import skin
from vton.studio.cloth.contact import BodyContact, Obstacle, Split
from vton.studio.cloth.elbows import raised_elbows
from vton.studio.cloth.over_shoulders import hung
from vton.studio.cloth.rolls import Roll, make_rolls
from vton.studio.cloth.solver import make_cloth, settle
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.garments.building import Garment
from vton.studio.garments.trims import make_trims
from vton.studio.garments.wear import tucked
from vton.studio.geometry.closest import PointGrid, PointShell
from vton.studio.geometry.mesh import Mesh, adjacency, boundary_edges, boundary_loops, smooth, vertex_normals

CLOTH_REACH_M, SHOE_REACH_M, TRIM_REACH_M, SEAT_REACH_M = 0.035, 0.03, 0.02, 0.03
SKIN_GAP_M, LAYER_GAP_M = 0.0035, 0.001
STEPS, OUTER_STEPS, MANNEQUIN_STEPS = 96, 80, 56
SLACK, CLOSE_SLACK, THIN_FACTOR = 0.022, 0.006, 1.4
CLOSE_TYPES = (
    "skinny", "legging", "crop", "cami", "sheath", "knitdress", "puffer", "gilet", "sweatshirt", "hoodie", "bomber",
)  # fmt: skip
WRINKLE_M = 0.005
TUCK_DEPTH_M = 0.035
WAIST_ROLL_M = 0.012
"""Above a waistband what is tucked in comes out of it."""

COVER_M = 0.020
PRESS_M, FIT_M = 0.04, 0.08
OVERLAP_M = 0.007
"""Of a fastened front's edges."""

BELOW_ARMPIT_M = 0.16
"""Along the arm."""

HELD_MORE = 4.0
"""How much closer an outer that hangs from the shoulders keeps to them there: no sleeves hold it."""

BEND: dict[str, float] = {
    "cotton": 0.03, "denim": 0.12, "knit": 0.05, "rib": 0.04, "cable": 0.08, "linen": 0.06, "tweed": 0.15,
    "corduroy": 0.12, "leather": 0.2, "fleece": 0.15, "satin": 0.012, "twill": 0.07, "wool": 0.12, "nylon": 0.06,
    "chiffon": 0.01,
}  # fmt: skip
"""How strongly a weave resists bending, per step of the solver."""


@dataclass
class DrapedGarment:
    """A garment as worn in a pose.

    slot, kind, type: of the article; mesh: what to draw (what is tucked in is left out; vertices may be unused), uv in
    0..1 of the atlas; normals [V, 3] f32; cavity [V] f32: 0.72 in folds .. 1.08 on ridges, a factor for ambient light;
    trims: collars, lapels, hoods, with uv into the same atlas (draw with the garment's material, both sides); island:
    of each triangle of the mesh, [T] i8; rolls: of sleeves or legs that are rolled up, drawn like trims.
    """

    slot: str
    kind: str
    type: str
    mesh: Mesh
    normals: np.ndarray
    cavity: np.ndarray
    trims: list[Mesh] = field(default_factory=list)
    island: np.ndarray | int = 0
    rolls: list[Roll] = field(default_factory=list)


def drape_outfit(
    posed: PosedBody,
    garments: Sequence[Garment],
    shoes: tuple[np.ndarray, np.ndarray] | None = None,
    seat: tuple[np.ndarray, np.ndarray] | None = None,
) -> list[DrapedGarment]:
    """Drape garments over a posed body, and over each other.

    Args:
        posed: of the same shape as the garments were built for.
        shoes: vertices and normals [N, 3] of both shoes, where long garments end on them.
        seat: points and normals [N, 3] of what the body sits on.

    Returns:
        One per garment, from the innermost to the outermost.
    """
    body = BodyContact(posed)
    layers: list[Obstacle] = [] if seat is None else [Obstacle.of(*seat, SEAT_REACH_M)]
    waist_y = next((g.pattern.top_y for g in garments if g.kind in ("pants", "skirt")), None)
    worn = []
    for garment in sorted(garments, key=_layer):
        tuck_y = waist_y if garment.pattern.tuck and garment.kind == "top" else None
        skin_near = [body.whole] if garment.over_shoulders else body.layers(garment.kind, garment.limb)
        near = [*skin_near, *_beneath(garment, layers, posed)]
        if shoes is not None and (garment.kind == "pants" or garment.pattern.hem_y < 0.25):
            near.append(Obstacle.of(*shoes, SHOE_REACH_M))
        steps = OUTER_STEPS if garment.kind == "outer" else STEPS
        draped = _drape(garment, posed, near, steps, SKIN_GAP_M + LAYER_GAP_M * len(worn), tuck_y)
        layers.append(Obstacle.of(draped.mesh.vertices, draped.normals, CLOTH_REACH_M))
        strips = [*draped.trims, *(roll.mesh.flipped() for roll in draped.rolls)]
        layers.extend(Obstacle.of(strip.vertices, strip.normals(), TRIM_REACH_M) for strip in strips)
        worn.append(draped)
    return worn


def drape_alone(posed: PosedBody, garment: Garment) -> DrapedGarment:
    """One garment on a mannequin, hanging smoothly, as on a packshot."""
    body = BodyContact(posed).layers(garment.kind, garment.limb)
    return _drape(garment, posed, body, MANNEQUIN_STEPS, SKIN_GAP_M, None, calm=True)


def covered_skin(posed: PosedBody, worn: Sequence[DrapedGarment]) -> np.ndarray:
    """How far to draw each vertex of ``posed.surface`` in along its normal, [S] f32 metres, so cloth stays in front."""
    vertices = posed.surface.vertices
    depth = np.zeros(len(vertices), np.float32)
    for garment in worn:
        out, nearest = PointShell(garment.mesh.vertices, garment.normals).heights(vertices, COVER_M)
        along = (posed.surface.normals * garment.normals[nearest]).sum(1) > 0.2
        # At a hem the gap would show; the skin there is far enough inside.
        inner = np.ones(len(garment.normals), bool)
        inner[boundary_edges(garment.mesh.triangles).ravel()] = False
        covered = (nearest >= 0) & (out < 0.012) & along & inner[nearest]
        depth[covered] = np.maximum(depth[covered], np.clip(out[covered] + 0.006, 0.004, 0.014))
    return depth


def _beneath(garment: Garment, layers: list[Obstacle], posed: PosedBody) -> Sequence[Obstacle | Split]:
    """The layers under a garment; what is in the waistband of a half tucked top does not lie on them."""
    rest, worn = garment.mesh.vertices, garment.worn
    if worn.tuck_y is None:
        return layers
    within = (tucked(rest, posed.shape.measures, worn) > 0.5) & (rest[:, 1] < worn.tuck_y + WAIST_ROLL_M)
    return [Split([(layer, np.flatnonzero(~within))]) for layer in layers]


def _layer(garment: Garment) -> int:
    if garment.kind == "top":
        return 0 if garment.pattern.tuck else 2
    return 3 if garment.kind == "outer" else 1


def _drape(
    garment: Garment,
    posed: PosedBody,
    obstacles: Sequence[Obstacle | Split],
    steps: int,
    gap_m: float,
    tuck_y: float | None,
    calm: bool = False,
) -> DrapedGarment:
    mesh = garment.mesh
    if garment.over_shoulders:
        start, attach = hung(garment, posed), np.minimum(HELD_MORE * garment.attach, 0.5)
    else:
        start = skin(garment.start, garment.weights, garment.bones, posed.transforms)
        start, attach = _fitted(garment, posed, start, garment.attach, tuck_y)
    if not calm:
        noise = wrinkle_noise(mesh.vertices, np.random.default_rng([garment.article.seed, 7])) * WRINKLE_M
        start = start + vertex_normals(start, mesh.triangles) * (noise * (attach < 0.1))[:, None]
    bend = BEND.get(garment.article.fabric.weave, BEND["cotton"])
    slack = 1 + (0.004 if calm else _slack(garment, bend))
    room, hold = raised_elbows(garment, posed, start)
    stretch, attach = garment.stretch * room, np.maximum(attach, hold)
    cloth = make_cloth(
        mesh.vertices, mesh.triangles, garment.limb, stretch, attach, bend, slack, gap_m, garment.fastened
    )
    vertices = _puffed(garment, _overlapped(garment, settle(cloth, start, obstacles, steps)))
    normals = vertex_normals(vertices, mesh.triangles)
    shown = slice(None) if tuck_y is None else _over_waist(mesh, tuck_y)
    drawn = Mesh(vertices, mesh.triangles[shown], mesh.uv, mesh.uv_triangles[shown])
    trims = make_trims(garment, posed, vertices)
    article = garment.article
    return DrapedGarment(
        article.slot, garment.kind, article.type, drawn, normals, _cavity(vertices, mesh.triangles, normals), trims,
        garment.atlas.island[shown], make_rolls(garment, posed, vertices, normals),
    )  # fmt: skip


def _slack(garment: Garment, bend: float) -> float:
    slack = CLOSE_SLACK if garment.article.type in CLOSE_TYPES else SLACK
    return slack * (THIN_FACTOR if bend < 0.04 else 1)


def _fitted(
    garment: Garment, posed: PosedBody, start: np.ndarray, attach: np.ndarray, tuck_y: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Start [V, 3] and attachment [V] with straps, necklines and what is tucked in laid onto the torso."""
    y = garment.mesh.vertices[:, 1]
    shoulder_y = float(posed.shape.measures.shoulder[1])
    share = _near_bindings(garment, shoulder_y) if garment.kind in ("top", "dress") else np.zeros(len(y))
    attach = np.maximum(attach, 0.1 * share)
    if tuck_y is not None:
        share = np.maximum(share, np.clip((tuck_y + WAIST_ROLL_M - y) / 0.02, 0, 1))
        attach = np.where(y < tuck_y + 0.004, 0.7, attach)
    if garment.worn.tuck_y is not None:
        within = tucked(garment.mesh.vertices, posed.shape.measures, garment.worn)
        share = np.maximum(share, within * np.clip((garment.worn.tuck_y + WAIST_ROLL_M - y) / 0.02, 0, 1))
        attach = np.where((within > 0.5) & (y < garment.worn.tuck_y + 0.004), 0.7, attach)
    if garment.pattern.strap:
        share = np.maximum(share, np.clip((y - posed.shape.measures.bust_y - 0.05) / 0.03, 0, 1))
    if garment.kind != "pants":
        share = np.maximum(share, _under_arms(garment, posed, start))
    moved = np.flatnonzero(share)
    if not len(moved):
        return start, attach
    torso = posed.shape.model.regions.torso
    shell = PointShell(posed.vertices[torso], posed.normals[torso], 0.03)
    # To the tangent plane only: the nearest vertex itself would bunch the cloth up.
    height, nearest = shell.heights(start[moved], FIT_M)
    found = nearest >= 0
    moved, height, nearest = moved[found], height[found] - 0.003, nearest[found]
    fitted = start.copy()
    fitted[moved] -= (share[moved] * height)[:, None] * shell.normals[nearest]
    return fitted, attach.astype(np.float32)


def _under_arms(garment: Garment, posed: PosedBody, start: np.ndarray) -> np.ndarray:
    """1 where an arm presses the cloth of the torso down .. 0 four centimetres from it, [V]."""
    shape = posed.shape
    along, _ = shape.measures.along_arm(shape.vertices)
    grid = PointGrid(posed.vertices[shape.model.regions.arm & (along > BELOW_ARMPIT_M)], 0.03)
    nearest = grid.nearest(start, PRESS_M)
    distance = np.linalg.norm(start - grid.points[nearest], axis=1)
    pressed = (nearest >= 0) & (garment.limb == 0)
    return np.where(pressed, np.clip(1.5 * (1 - distance / PRESS_M), 0, 1), 0).astype(np.float32)


def _near_bindings(garment: Garment, shoulder_y: float) -> np.ndarray:
    """1 at the borders around the neck and, without sleeves, the arms .. 0 three centimetres away, [V]."""
    vertices, corners, pattern = garment.mesh.vertices, garment.mesh.triangles, garment.pattern
    edges_ = []
    for loop in boundary_loops(corners):
        x, y, _ = vertices[loop].mean(0)
        neck = abs(x) < 0.03 and y > shoulder_y
        armhole = pattern.sleeve == 0 and abs(x) > 0.03 and y > shoulder_y - 0.15
        if neck or armhole:
            edges_.append(vertices[loop])
    if not edges_ or pattern.strap:
        return np.zeros(len(vertices), np.float32)
    edge = np.concatenate(edges_)
    nearest = PointGrid(edge).nearest(vertices, 0.03)
    distance = np.linalg.norm(vertices - edge[nearest], axis=1)
    return np.where(nearest >= 0, 1 - distance / 0.03, 0).astype(np.float32)


def _over_waist(mesh: Mesh, waist_y: float) -> np.ndarray:
    return np.any(mesh.vertices[mesh.triangles, 1] > waist_y - TUCK_DEPTH_M, axis=1)


def wrinkle_noise(points: np.ndarray, rng: np.random.Generator, waves: int = 28) -> np.ndarray:
    """Noise [N] of about unit deviation at points [N, 3] with features of 5 to 10 cm, longer upwards than across."""
    directions = rng.normal(0, 1, (waves, 3)) * [1, 0.45, 1]
    directions *= (rng.uniform(60, 130, waves) / np.linalg.norm(directions, axis=1))[:, None]
    phases = rng.uniform(0, 2 * np.pi, waves)
    waves_at = np.sin(points @ directions.T.astype(np.float32) + phases.astype(np.float32))
    return waves_at.sum(1) / np.sqrt(waves / 2)


def _overlapped(garment: Garment, vertices: np.ndarray) -> np.ndarray:
    """The left edge of a fastened front laid over the right one, so that nothing shows between them."""
    if not len(garment.fastened):
        return vertices
    triangles, left = garment.mesh.triangles, garment.fastened[:, 0]
    neighbours = adjacency(triangles, len(vertices))[left]
    inwards = neighbours @ vertices / np.asarray(neighbours.sum(1)) - vertices[left]
    inwards /= np.linalg.norm(inwards, axis=1, keepdims=True) + 1e-9
    laid = vertices.copy()
    laid[left] += OVERLAP_M * (vertex_normals(vertices, triangles)[left] * 0.3 - inwards)
    return laid


def _puffed(garment: Garment, vertices: np.ndarray) -> np.ndarray:
    """Quilted garments swell between the seams, which run around at equal steps of the atlas' v."""
    if not garment.pattern.puff:
        return vertices
    mesh = garment.mesh
    v = np.zeros(len(vertices), np.float32)
    v[mesh.triangles.ravel()] = mesh.uv[mesh.uv_triangles.ravel(), 1] * ATLAS_M
    swell = np.sqrt(np.clip(np.sin(np.pi * (v / garment.pattern.quilt % 1)), 0, 1)) * garment.pattern.puff
    return vertices + vertex_normals(vertices, mesh.triangles) * swell[:, None]


def _cavity(vertices: np.ndarray, triangles: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """From the mean curvature."""
    hollow = ((smooth(vertices, triangles, 2) - vertices) * normals).sum(1)
    return np.clip(1 - 70 * hollow, 0.72, 1.08).astype(np.float32)
