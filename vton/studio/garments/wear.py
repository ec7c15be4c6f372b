"""How garments are worn: half tucked in, rolled up, closed or open. Cloth, atlas and borders stay as they are cut.

What is tucked in or rolled up is cloth beyond a line: the mesh gets an edge there, and what is beyond is not drawn. The
edges of a front that is closed or open are elsewhere when draping begins.
"""

from dataclasses import dataclass, replace

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.garments.cutting import KIND, Pattern, arm_profile
from vton.studio.garments.field import smooth_step
from vton.studio.garments.tailoring import RawMesh, opening_width, past_cuff
from vton.studio.geometry.isosurface import split
from vton.studio.geometry.mesh import boundary_edges
from vton.studio.specs.outfit import SHOULDERS, ArticleSpec, WearSpec

CUFF_M, SHORT_CUFF_M = 0.05, 0.022
"""Height of the roll of a long sleeve or of trousers, and of a short sleeve, at most."""

SNUG_M, DRAWN_IN_M = 0.008, 0.10
"""Between a rolled up long sleeve and the arm at the roll, and from where on towards it the sleeve grows closer."""

SHORT_SLEEVE = 0.6
"""Share of the arm from which a sleeve is a long one."""

TUCKED_RAD, CROSSING_RAD, LOOSE_RAD = 0.20, 0.32, 0.60
"""From the middle of a half tuck: up to the first the cloth is in the waistband, from the second it hangs over it, and
from the third down to its hem. Between these two it is folded under along a slant."""

IN_WAISTBAND_M = 0.03
"""From a waistband's edge down to where cloth in it is cut off; the waistband dips that far in front."""

LEAST_TUCK_M = 0.06
"""A top must hang this far over the waistband to be half tucked."""

FASTENED_M = 0.025
"""Above and below a single button the front is closed."""

ZIPPED_SHARE, ZIP_SPREAD_M = 0.45, 0.03
"""Of the way from waist to bust that a half closed zip goes, and half of how much wider the front is above it."""

SKIRT_SPREAD_M, OPEN_SPREAD_M = 0.05, 0.06
"""Half the gap at the hem below a single button, and by how much each edge of an open front is drawn aside."""


@dataclass(frozen=True)
class Worn:
    """How one garment is worn on one body; the defaults are as it is cut.

    tuck_y: height of the waistband that the front's middle is in, metres, or None; tuck_rad: angle from the front to
    that middle; front: "", one of `outfit.FRONTS` or `outfit.SHOULDERS`; roll: metres of sleeves or legs that are
    rolled up.
    """

    tuck_y: float | None = None
    tuck_rad: float = 0.0
    front: str = ""
    roll: float = 0.0

    def cuff(self, pattern: Pattern, measures: Measures) -> float:
        """Height of the roll, metres."""
        short = 0 < pattern.sleeve < SHORT_SLEEVE * measures.arm_lengths[2]
        return min(self.roll, SHORT_CUFF_M if short else CUFF_M)


def worn_pattern(pattern: Pattern, wear: WearSpec | None) -> Pattern:
    """The pattern of a top that is tucked in, or not, as it is worn; any other as it is."""
    if wear is None or pattern.kind != "top" or not wear.tuck:
        return pattern
    return replace(pattern, tuck=wear.tuck == "in")


def worn_as(article: ArticleSpec, wear: WearSpec | None, pattern: Pattern, waist_y: float | None) -> Worn:
    """How an article is worn in an outfit; ``waist_y``: upper edge of trousers or skirt, metres, None without any."""
    if wear is None:
        return Worn()
    kind = KIND[article.type]
    tuck = kind == "top" and wear.tuck == "half" and waist_y is not None and pattern.hem_y < waist_y - LEAST_TUCK_M
    roll = wear.turn_up if kind == "pants" else 0.0
    if article.slot == wear.rolled and pattern.sleeve:
        roll = wear.sleeves * pattern.sleeve
    return Worn(
        tuck_y=waist_y if tuck else None,
        tuck_rad=float(np.radians(wear.tuck_deg)),
        front=wear.front if kind == "outer" else "",
        roll=roll,
    )


def fold(surface: RawMesh, measures: Measures, pattern: Pattern, worn: Worn) -> tuple[RawMesh, np.ndarray]:
    """The surface with an edge along each line that it is folded at, and which triangles [T] lie beyond one."""
    levels = [past_roll] * bool(worn.roll) + [_past_tuck] * (worn.tuck_y is not None)
    for level in levels:
        surface = split(*surface, level(surface[0], measures, pattern, worn))
    away = np.zeros(len(surface[1]), bool)
    centres = surface[0][surface[1]].mean(1)
    for level in levels:
        away |= level(centres, measures, pattern, worn) > 0
    return surface, away


def past_roll(v: np.ndarray, m: Measures, p: Pattern, worn: Worn) -> np.ndarray:
    """Metres of points [V, 3] beyond the line that sleeves or legs are rolled up to."""
    return p.hem_y + worn.roll - v[:, 1] if p.kind == "pants" else past_cuff(v, m, p, p.sleeve - worn.roll)


def _past_tuck(v: np.ndarray, m: Measures, p: Pattern, worn: Worn) -> np.ndarray:
    """Metres of points [V, 3] below the line that a half tucked top ends at."""
    assert worn.tuck_y is not None, "the top is tucked in"
    top, low = worn.tuck_y - IN_WAISTBAND_M, p.hem_y - 0.02
    slant = smooth_step((_off_tuck(v, m, worn) - CROSSING_RAD) / (LOOSE_RAD - CROSSING_RAD))
    along, away = m.along_arm(v)
    beside = np.abs(v[:, 0]) > m.half_width(np.maximum(v[:, 1], m.crotch_y)) + 0.05
    return np.where((away < 0.11) & (along > 0.05) & beside, -1.0, top + (low - top) * slant - v[:, 1])


def _off_tuck(v: np.ndarray, m: Measures, worn: Worn) -> np.ndarray:
    """Angles [V] around the trunk between points [V, 3] and the middle of a half tuck."""
    y = np.maximum(v[:, 1], m.crotch_y)
    middle, deep = (m.front(y) + m.back(y)) / 2, (m.front(y) - m.back(y)) / 2
    around = np.arctan2(v[:, 0] / m.half_width(y), (v[:, 2] - middle) / deep)
    return np.abs((around - worn.tuck_rad + np.pi) % (2 * np.pi) - np.pi)


def tucked(v: np.ndarray, m: Measures, worn: Worn) -> np.ndarray:
    """1 where a half tucked top is in the waistband or straight above it .. 0 where it hangs over it, [V]."""
    if worn.tuck_y is None:
        return np.zeros(len(v), np.float32)
    return 1 - smooth_step((_off_tuck(v, m, worn) - TUCKED_RAD) / (CROSSING_RAD - TUCKED_RAD))


def worn_front(v: np.ndarray, m: Measures, p: Pattern, worn: Worn) -> np.ndarray:
    """Rest vertices [V, 3] with the front's edges where they are worn."""
    if worn.front in ("", SHOULDERS):
        return v
    x, y = np.abs(v[:, 0]), v[:, 1]
    gap, wide = opening_width(y, m, p), float(m.half_width(m.bust_y))
    middle = (m.front(np.maximum(y, m.crotch_y)) + m.back(np.maximum(y, m.crotch_y))) / 2
    share = np.clip((wide - x) / (wide - gap), 0, 1) * smooth_step((v[:, 2] - middle) / 0.05)
    moved = v.copy()
    moved[:, 0] += np.sign(v[:, 0]) * share * (_wanted_gap(y, gap, m, p, worn.front) - gap)
    return moved


def drawn_in(v: np.ndarray, m: Measures, p: Pattern, worn: Worn) -> np.ndarray:
    """How much shorter cloth is at points [V, 3] than it is cut: long sleeves are rolled up to where they are snug."""
    if not worn.roll or p.sleeve < SHORT_SLEEVE * m.arm_lengths[2]:
        return np.ones(len(v), np.float32)
    along, _ = m.along_arm(v)
    arm, ease = m.radius_of_arm(along), arm_profile(p, along)
    snug = (arm + np.minimum(ease, SNUG_M)) / (arm + ease)
    near = smooth_step((past_roll(v, m, p, worn) + DRAWN_IN_M) / DRAWN_IN_M)
    return (1 + near * (snug - 1)).astype(np.float32)


def fastened(v: np.ndarray, triangles: np.ndarray, m: Measures, p: Pattern, worn: Worn) -> np.ndarray:
    """Pairs [P, 2] i32 of vertices on the two edges of a front that buttons or a zip hold together."""
    if worn.front in ("", SHOULDERS):
        return np.zeros((0, 2), np.int32)
    low, high = _closed_between(m, p, worn.front)
    edge = np.unique(boundary_edges(triangles))
    edge = edge[(v[edge, 2] > m.neck[2] - 0.02) & (v[edge, 1] > max(low, p.hem_y + 0.004)) & (v[edge, 1] < high)]
    edge = edge[np.abs(v[edge, 0]) < opening_width(v[edge, 1], m, p) + 0.006]
    left, right = edge[v[edge, 0] > 0], edge[v[edge, 0] < 0]
    if not len(left) or not len(right):
        return np.zeros((0, 2), np.int32)
    opposite = right[np.abs(v[left, 1][:, None] - v[right, 1]).argmin(1)]
    return np.stack([left, opposite], 1).astype(np.int32)


def _closed_between(m: Measures, p: Pattern, front: str) -> tuple[float, float]:
    """Between which heights a front is closed; nowhere if the first is above the second."""
    if front not in ("closed", "half"):
        return np.inf, -np.inf
    button = p.button_y if p.collar == "lapel" else m.waist_y + 0.03
    if front == "half" and not _zipped(p):
        return button - FASTENED_M, button + FASTENED_M
    if front == "half":
        return -np.inf, m.waist_y + ZIPPED_SHARE * (m.bust_y - m.waist_y)
    if p.collar == "lapel":
        return -np.inf, p.button_y
    return -np.inf, float(m.neck[1]) - (p.neck_depth + 0.02 if p.collar == "none" else 0.03)


def _zipped(p: Pattern) -> bool:
    return p.collar in ("stand", "rib")


def _wanted_gap(y: np.ndarray, gap: np.ndarray, m: Measures, p: Pattern, front: str) -> np.ndarray:
    """Half of the gap of a worn front at heights ``y``; ``gap``: as it is cut."""
    low, high = _closed_between(m, p, front)
    if front == "open":
        return gap + OPEN_SPREAD_M * np.clip((m.neck[1] - y) / 0.3, 0, 1)
    above = gap + (ZIP_SPREAD_M * smooth_step((y - high) / 0.12) if front == "half" and _zipped(p) else 0.0)
    below = SKIRT_SPREAD_M * np.clip((low - y) / 0.25, 0, 1) if np.isfinite(low) else 0.0
    return np.where(y < low, below, above * smooth_step((y - high) / 0.06))
