"""Flattened garments arranged as a view asks for: sleeves and legs turned or folded over, wrinkles, a thickness."""

from dataclasses import dataclass

import numpy as np

from vton.studio.article_photos.flattening import FlatCloth, flatten
from vton.studio.article_photos.wrinkles import creases, waves
from vton.studio.body.shape import PosedBody
from vton.studio.cloth.drape import BEND
from vton.studio.garments.building import Garment
from vton.studio.garments.field import smooth_step
from vton.studio.geometry.mesh import smooth
from vton.studio.specs.photo import ArticleViewSpec

BLEND_ROUNDS = 14
"""Of smoothing on the mesh: a sleeve turns within some 5 cm around its seam."""

SEAM_END_M = 0.03
"""How much of a seam counts as its upper and its lower end."""

DROPPED = 0.3
"""How far down its seam the point lies about which a sleeve sinks: the shoulder's cloth rounds outwards."""

STRAIGHT_FROM_M = 0.14
"""Along a limb: nearer to its seam it keeps its shape."""

SHORTEST_LEG_M = 0.3
"""Of legs that are turned."""

THICK_M, PUFF_SHARE, BULKY_M = 0.006, 0.35, 0.006
"""Height of the upper sheet, what quilting adds of its swell, and what the stiffest cloth adds."""

NECK_SHARE, COLLARED_SHARE = 0.65, 0.4
"""What is left of the height of a neckline's sides over its back, without and with a collar."""

OVERLAP_M = 0.012
"""How far each front edge of a closed outer reaches over the middle."""

LOWER_SHARE = 0.15
"""How far the lower sheet and the folds at the sides lie under it."""

FOLD_RADIUS_M = 0.006
BROAD_M, FINE_M, EDGE_M = (0.10, 0.30), (0.035, 0.08), (0.08, 0.2)
"""Wavelengths of broad and of fine wrinkles and of what bends an outline."""


@dataclass
class Sheets:
    """A garment while it is arranged: xy [V, 2] metres; lift [V]: of what lies under it; over [V]: 1 as pressed, -1
    turned over; thickness: of both sheets, metres."""

    xy: np.ndarray
    lift: np.ndarray
    over: np.ndarray
    thickness: float


@dataclass(frozen=True)
class Limb:
    """A sleeve or leg of flat cloth: side 1 left as worn (picture's right) or -1; top, bottom [2]: ends of its seam
    (shoulder and armpit; of legs both are the hip); axis [2] unit, from the seam to its end; share [V] 0..1 how far a
    vertex belongs to it; along [V] metres from the seam; bow [V, 2]: how far its middle is off the axis."""

    side: int
    top: np.ndarray
    bottom: np.ndarray
    axis: np.ndarray
    share: np.ndarray
    along: np.ndarray
    bow: np.ndarray

    @property
    def angle_deg(self) -> float:
        """Away from straight down, positive outwards."""
        return float(np.degrees(np.arctan2(self.axis[0] * self.side, -self.axis[1])))


@dataclass
class FlatGarment:
    """A garment pressed flat once for all its photos; resting: the body that it was cut for, in its rest pose."""

    garment: Garment
    resting: PosedBody
    flat: FlatCloth
    limbs: list[Limb]

    @classmethod
    def of(cls, garment: Garment, resting: PosedBody) -> "FlatGarment":
        """Presses a garment flat and finds its sleeves or legs."""
        flat = flatten(garment)
        limbs = (_limb(garment, resting, flat, number) for number in (1, 2))
        return cls(garment, resting, flat, [limb for limb in limbs if limb is not None])


def sheets_of(item: FlatGarment) -> Sheets:
    """The garment as pressed, its middle at x = 0."""
    garment, flat = item.garment, item.flat
    stiff = BEND.get(garment.article.fabric.weave, BEND["cotton"]) / max(BEND.values())
    thickness = THICK_M + PUFF_SHARE * garment.pattern.puff + BULKY_M * stiff
    count = len(flat.xy)
    return Sheets(_settled_neck(garment, flat), np.zeros(count, np.float32), np.ones(count, np.float32), thickness)


def _settled_neck(garment: Garment, flat: FlatCloth) -> np.ndarray:
    """xy [V, 2] with the cloth that climbs up beside the neck sunk to its back edge: nothing holds it up any more."""
    xy = flat.xy.copy()
    middle = (np.abs(xy[:, 0]) < 0.02) & (flat.facing < 0) & (garment.limb == 0)
    if garment.kind in ("pants", "skirt") or garment.pattern.strap or not middle.any():
        return xy
    share = NECK_SHARE if garment.pattern.collar == "none" else COLLARED_SHARE
    over = np.maximum(xy[:, 1] - xy[middle, 1].max(), 0)
    xy[:, 1] -= ((1 - share) * over * (garment.limb == 0)).astype(np.float32)
    return xy


def _limb(garment: Garment, resting: PosedBody, flat: FlatCloth, number: int) -> Limb | None:
    """Sleeve or leg ``number``; None if there is none, or it is too short to be turned."""
    triangles, island, own = garment.mesh.triangles, garment.atlas.island, garment.limb == number
    if not own.any():
        return None
    side = 1 if number == 1 else -1
    if garment.kind == "pants":
        crotch, y = resting.shape.measures.crotch_y, garment.mesh.vertices[:, 1]
        if crotch - y.min() < SHORTEST_LEG_M:
            return None
        share = own * smooth_step((crotch + 0.06 - y) / 0.18)
        near = own & (np.abs(y - crotch) < 0.03)
        own = own & (y < crotch)
    else:
        share = smooth(own.astype(np.float32), triangles, BLEND_ROUNDS)
        on_torso = np.zeros(len(own), bool)
        on_torso[triangles[island == 0].ravel()] = True
        near = own & on_torso
    if not near.any():
        return None
    seam = flat.xy[near]
    middle = seam.mean(0)
    high, low = seam[:, 1].max() - SEAM_END_M, seam[:, 1].min() + SEAM_END_M
    top, bottom = seam[seam[:, 1] > high].mean(0), seam[seam[:, 1] < low].mean(0)
    away = flat.xy - middle
    axis = away[own].mean(0)
    axis /= np.linalg.norm(axis) + 1e-9
    along = away @ axis
    across = np.array([-axis[1], axis[0]])
    return Limb(side, top, bottom, axis, share.astype(np.float32), along, _bow(along, away @ across, own, across))


def _bow(along: np.ndarray, aside: np.ndarray, own: np.ndarray, across: np.ndarray) -> np.ndarray:
    """How far [V, 2] the middle line of a limb is off its axis: the body's arms are bent, sleeves are cut straight."""
    steps = np.arange(STRAIGHT_FROM_M, max(float(along[own].max()), STRAIGHT_FROM_M + 0.01), 0.03)
    middles = np.zeros(len(steps))
    for number, step in enumerate(steps):
        near = own & (np.abs(along - step) < 0.02)
        if near.any():
            middles[number] = (aside[near].max() + aside[near].min()) / 2
    line = np.interp(along, steps, middles - middles[0])
    return np.outer(line, across).astype(np.float32)


def swing(sheets: Sheets, limb: Limb, target_deg: float) -> None:
    """Turns a limb until it is ``target_deg`` away from hanging straight down.

    Downwards it turns about a point near the shoulder, so that the armpit folds, and upwards about the armpit.
    """
    pivot = limb.top + DROPPED * (limb.bottom - limb.top) if target_deg < limb.angle_deg else limb.bottom
    turn = np.radians(target_deg - limb.angle_deg) * limb.side * limb.share
    away = sheets.xy - limb.share[:, None] * limb.bow - pivot
    cosine, sine = np.cos(turn), np.sin(turn)
    turned = np.stack([cosine * away[:, 0] - sine * away[:, 1], sine * away[:, 0] + cosine * away[:, 1]], 1)
    sheets.xy = (pivot + turned).astype(np.float32)


def bend(sheets: Sheets, limb: Limb, elbow_m: float, inwards_deg: float, target_deg: float) -> None:
    """Bends a sleeve that ``swing`` turned to ``target_deg`` at ``elbow_m`` along it, the forearm towards the body."""
    angle = np.radians(target_deg) * limb.side
    elbow = (limb.top + limb.bottom) / 2 + elbow_m * np.array([np.sin(angle), -np.cos(angle)])
    turn = -np.radians(inwards_deg) * limb.side * smooth_step((limb.along - elbow_m + 0.05) / 0.1) * (limb.share > 0.5)
    away = sheets.xy - elbow
    cosine, sine = np.cos(turn), np.sin(turn)
    turned = np.stack([cosine * away[:, 0] - sine * away[:, 1], sine * away[:, 0] + cosine * away[:, 1]], 1)
    sheets.xy = (elbow + turned).astype(np.float32)


def fold_over(sheets: Sheets, chosen: np.ndarray, point: np.ndarray, out: np.ndarray) -> None:
    """Folds the chosen [V] bool vertices that lie beyond a line back over what is on this side of it.

    Args:
        point, out: [2] a point of the line, and the unit vector across it to the side that is folded.
    """
    beyond = (sheets.xy - point) @ out
    moved = chosen & (beyond > 0)
    arc = np.clip(beyond / FOLD_RADIUS_M, 0, np.pi)
    back = FOLD_RADIUS_M * np.sin(arc) - np.maximum(beyond - np.pi * FOLD_RADIUS_M, 0)
    sheets.xy[moved] += (out * (back - beyond)[:, None])[moved].astype(np.float32)
    rise = (FOLD_RADIUS_M + 0.5 * sheets.thickness) * (1 - np.cos(arc))
    sheets.lift = np.where(moved, rise - sheets.lift, sheets.lift).astype(np.float32)
    sheets.over = np.where(moved & (arc > np.pi / 2), -sheets.over, sheets.over)


def open_front(item: FlatGarment, sheets: Sheets, gap_m: float) -> None:
    """Moves the front edges of an outer so that ``gap_m`` lies between them where it is buttoned; 0 closes it."""
    garment, flat = item.garment, item.flat
    x = flat.xy[:, 0]
    side, reach = np.sign(x), np.abs(x)
    edge = garment.pattern.open * (0.6 if garment.pattern.collar == "lapel" else 1.0)
    panel = (flat.facing > 0) & (garment.limb == 0)
    yield_share = np.clip(1 - reach / reach[panel].max(), 0, 1) * smooth_step(flat.facing / 0.3) * panel
    # Closed, the left panel reaches a little over the right one.
    target = gap_m / 2 - (OVERLAP_M if gap_m == 0 else 0.0)
    sheets.xy[:, 0] += (side * (target - edge) * yield_share).astype(np.float32)
    sheets.lift += (0.5 * sheets.thickness * ((x > 0) & panel) * smooth_step(1 - reach / 0.08)).astype(np.float32)


def lay(item: FlatGarment, view: ArticleViewSpec) -> np.ndarray:
    """Lays a garment on the plane z = 0: vertices [V, 3] f32."""
    garment, sheets = item.garment, sheets_of(item)
    if garment.kind == "outer":
        open_front(item, sheets, view.gap)
    for limb in item.limbs:
        target = view.limb_deg[0 if limb.side == 1 else 1]
        swing(sheets, limb, target)
        if garment.kind == "pants":
            sheets.lift += sheets.thickness * limb.share * (limb.side == 1)
        else:
            _lay_sleeve(item, sheets, limb, view, target)
    if garment.kind == "pants" and view.arrangement == "folded":
        fold_over(sheets, np.ones(len(sheets.xy), bool), np.zeros(2), np.array([1.0, 0.0]))
    return raise_sheets(item, sheets, view)


def _lay_sleeve(item: FlatGarment, sheets: Sheets, limb: Limb, view: ArticleViewSpec, target_deg: float) -> None:
    elbow_m = float(item.resting.shape.measures.arm_lengths[1])
    if view.elbow_deg and item.garment.pattern.sleeve > elbow_m + 0.1:
        bend(sheets, limb, elbow_m, view.elbow_deg, target_deg)
    sheets.lift += 1.2 * sheets.thickness * limb.share * smooth_step(limb.along / 0.12)
    if view.arrangement == "across":
        out = np.array([limb.top[1] - limb.bottom[1], limb.bottom[0] - limb.top[0]]) * limb.side
        out /= np.linalg.norm(out) + 1e-9
        fold_over(sheets, limb.share > 0.02, limb.top + SEAM_END_M * out, out)


def raise_sheets(item: FlatGarment, sheets: Sheets, view: ArticleViewSpec) -> np.ndarray:
    """Vertices [V, 3] f32 of arranged sheets on z = 0, with wrinkles and a wavy outline."""
    garment, flat = item.garment, item.flat
    rng = np.random.default_rng([view.seed, 1])
    facing = flat.facing * sheets.over
    upper = np.clip(facing, 0, 1)
    z = sheets.thickness * (LOWER_SHARE * (1 + np.minimum(facing, 0)) + upper) + sheets.lift + 0.001
    soft = 1 - BEND.get(garment.article.fabric.weave, BEND["cotton"]) / max(BEND.values())
    xy = sheets.xy
    heights = 0.0035 * (0.6 + 0.4 * soft) * waves(xy, rng, BROAD_M)
    heights += (0.0008 + 0.0016 * soft) * waves(xy, rng, FINE_M)
    heights += 0.0045 * creases(xy, rng, (0.06, 0.14)) + 0.05 * flat.squeeze * np.abs(waves(xy, rng, (0.04, 0.09)))
    heights = view.wrinkles * heights + _pleats(garment)
    # Never through the other sheet.
    below = np.minimum(0.25 * heights, 0.4 * sheets.thickness)
    z += upper * np.maximum(heights, -0.4 * sheets.thickness) + (1 - upper) * np.maximum(below, 0)
    wobble = np.stack([waves(xy, rng, EDGE_M), waves(xy, rng, EDGE_M)], 1)
    xy = xy + 0.0022 * min(view.wrinkles, 1.5) * wobble
    return np.column_stack([xy, z]).astype(np.float32)


def _pleats(garment: Garment) -> np.ndarray | float:
    """Height of pressed pleats, [V] metres: they lie over each other like tiles."""
    count = garment.pattern.pleats
    if not count:
        return 0.0
    vertices = garment.mesh.vertices
    turn = np.arctan2(vertices[:, 0], vertices[:, 2]) / (2 * np.pi)
    below = smooth_step((garment.pattern.top_y - 0.03 - vertices[:, 1]) / 0.12)
    return 0.007 * ((turn * count) % 1) * below
