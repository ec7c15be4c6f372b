"""Grading: where a point of a garment cut for one body lies on the same garment cut for the standard body.

Tailors call it grading when they change a pattern from one size to another. The atlas of every garment is laid out in
the sizes of the standard body, so that hem, waist, cuff, neckline, side seam ... have the same coordinates on
everybody, and one article is one cloth whoever wears it.
"""

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.garments.cutting import Pattern
from vton.studio.garments.tailoring import STRAP_X, armpit_line, before_shoulders, opening_width

NECK_M = 0.13
"""From the base of the neck down, necklines are cut in metres that are the same on every body."""

ARMHOLE_M = 0.15
"""From the shoulder down, armholes are."""

COLLARBONE_M = 0.10
"""From the middle to here the neck's heights and widths count, beyond those of the arms."""

OPENING_CLEARANCE_M = 0.004

YOKE_M = 0.10
"""From the shoulder down, the cloth of front and back begins to be flat, as pieces that are sewn together above."""

SHOULDER_M = 0.06
"""Before and behind the shoulders' seam, where the cloth turns over."""

NEAR_M = 0.03
"""An edge this near takes the place of a line of the body."""


def smooth_share(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below ``low``, 1 above ``high``, and an S between."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


class Grading:
    """From one body to the standard body.

    Args:
        own, pattern: the body, and the article's pattern on it.
        standard, standard_pattern: the same of the standard body.
    """

    def __init__(self, own: Measures, pattern: Pattern, standard: Measures, standard_pattern: Pattern) -> None:
        self.own, self.pattern, self.standard, self.standard_pattern = own, pattern, standard, standard_pattern
        both = ((own, pattern), (standard, standard_pattern))
        self._at_neck = _pairs(*(_edges(m, p) for m, p in both), *(_neck_lines(m, p) for m, p in both))
        self._at_arms = _pairs(*(_edges(m, p) for m, p in both), *(_arm_lines(m, p) for m, p in both))

    def height(self, y: np.ndarray) -> np.ndarray:
        """Heights over the floor in the middle of the body; in steps between its lines and the garment's edges."""
        return _interpolated(y, self._at_neck)

    def torso(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Angle from the front's middle towards the left on the standard chest, and height, of points [..., 3]."""
        own, standard = self.own, self.standard
        x, y, z = np.moveaxis(points, -1, 0)
        beside = smooth_share(np.abs(x), COLLARBONE_M, COLLARBONE_M + 0.05)
        height = self.height(y) + beside * (_interpolated(y, self._at_arms) - self.height(y))
        above_crotch = np.maximum(y, own.crotch_y)
        away = z - (own.front(above_crotch) + own.back(above_crotch)) / 2
        across = self._across(np.abs(x), y, height, z) * np.sign(x)
        angle = np.arctan2(across / standard.half_width(standard.bust_y), away / _half_depth(own) + 1e-6)
        return angle, height

    def yoke(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The cloth on the shoulders, at points [..., 3].

        Returns:
            0 on the chest .. 1 on the shoulders, metres from the middle of front or back on the standard body, and how
            much higher than the points their cloth lies, which on the shoulders runs to the seam and not upwards.
        """
        own, standard = self.own, float(self.standard.shoulder[1])
        x, y, z = np.moveaxis(points, -1, 0)
        height = self.torso(points)[1]
        rise = np.maximum(SHOULDER_M - np.abs(before_shoulders(points, own)), 0) ** 2 / (2 * SHOULDER_M)
        share = smooth_share(height, standard - YOKE_M, standard + 0.01)
        return share, self._across(np.abs(x), y, height, z) * np.sign(x), rise

    def _across(self, x: np.ndarray, y: np.ndarray, height: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Distances from the middle: shares of the chest, but in metres at the neck, at straps and at a front's gap."""
        own, standard, pattern = self.own, self.standard, self.pattern
        wide, standard_wide = (float(m.half_width(m.bust_y)) for m in (own, standard))
        shares = x * (standard_wide / wide)
        if pattern.open > 0:
            gap = opening_width(y, own, pattern) + OPENING_CLEARANCE_M
            standard_gap = opening_width(height, standard, self.standard_pattern) + OPENING_CLEARANCE_M
            beside = standard_gap + (x - gap) * (standard_wide - standard_gap) / (wide - gap)
            in_front = smooth_share(z - own.neck[2], -0.06, -0.02)
            shares += in_front * (np.where(x < gap, x * standard_gap / gap, beside) - shares)
        shoulder, standard_shoulder = float(own.shoulder[0]), float(standard.shoulder[0])
        near = max(COLLARBONE_M, STRAP_X + pattern.strap if pattern.strap else 0)
        beyond = near + (x - near) * (standard_shoulder - near) / (shoulder - near)
        metric = np.where(x < near, x, beyond)
        low, high = (0.0, 0.04) if pattern.strap else (0.05, float(own.neck[1]) - own.bust_y - NECK_M / 2)
        return shares + smooth_share(y - own.bust_y, low, high) * (metric - shares)

    def leg(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Angle around the leg of points [..., 3] of the left leg (front 0, outwards +), and height."""
        own, standard = self.own, self.standard
        height = self.height(points[..., 1])
        around_own = _angle_around_leg(points, own)
        x, y, z = np.moveaxis(points, -1, 0)
        torso_y, standard_y = np.maximum(y, own.crotch_y), np.maximum(height, standard.crotch_y)
        wide = standard.half_width(standard_y) / own.half_width(torso_y)
        deep = (standard.front(standard_y) - standard.back(standard_y)) / (own.front(torso_y) - own.back(torso_y))
        middle, standard_middle = (
            (m.front(h) + m.back(h)) / 2 for m, h in ((own, torso_y), (standard, standard_y))
        )
        moved = np.stack([x * wide, height, standard_middle + (z - middle) * deep], -1)
        around_standard = _angle_around_leg(moved, standard)
        turned = around_own + (around_standard - around_own + np.pi) % (2 * np.pi) - np.pi
        share = smooth_share(y, own.crotch_y - 0.12, own.crotch_y + 0.02)
        return around_own + share * (turned - around_own), height

    def sleeve(self, along: np.ndarray) -> np.ndarray:
        """Metres along the arm; negative ones, inside of the shoulder, as they are."""
        return np.where(along > 0, along * (self.standard_pattern.sleeve / self.pattern.sleeve), along)


def _half_depth(m: Measures) -> float:
    return float(m.front(m.bust_y) - m.back(m.bust_y)) / 2


def _angle_around_leg(points: np.ndarray, m: Measures) -> np.ndarray:
    at = [m.ankle[1], m.knee[1], m.hip[1], m.waist_y + 0.1]
    x = np.interp(points[..., 1], at, [m.ankle[0], m.knee[0], m.hip[0], 0.8 * m.hip[0]])
    z = np.interp(points[..., 1], at, [m.ankle[2], m.knee[2], m.hip[2], m.hip[2]])
    return np.arctan2(points[..., 0] - x, points[..., 2] - z + 1e-6)


def _edges(m: Measures, p: Pattern) -> list[float]:
    """Heights of what is sewn at its own place: edges, the lapels' button, a belt."""
    edges = [p.hem_y]
    if p.kind in ("pants", "skirt"):
        edges.append(p.top_y)
    if p.collar == "lapel":
        edges.append(p.button_y)
    if p.kind == "dress" and p.belt:
        edges.append(m.waist_y)
    return edges


def _neck_lines(m: Measures, p: Pattern) -> list[float]:
    """Heights of the body that the cloth follows. Where none is, it is stretched evenly, as stripes should be."""
    if p.kind == "skirt":
        return []
    if p.kind == "pants":
        return [float(m.knee[1]), m.crotch_y]
    above = [m.bust_y] if p.strap else []
    return [*above, float(m.neck[1]) - NECK_M, float(m.neck[1])]


def _arm_lines(m: Measures, p: Pattern) -> list[float]:
    """As above, under the arms and over the shoulders."""
    if p.kind in ("pants", "skirt"):
        return _neck_lines(m, p)
    below = armpit_line(m) if p.strap else float(m.shoulder[1]) - ARMHOLE_M
    return [below, float(m.shoulder[1]), float(m.neck[1])]


def _pairs(
    edges: list[float], standard_edges: list[float], lines: list[float], standard_lines: list[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Heights on a body and on the standard body, ascending on both; no line where an edge is near or in the way."""
    sewn = list(zip(edges, standard_edges, strict=True))
    pairs = zip(lines, standard_lines, strict=True)
    kept = [(a, b) for a, b in pairs if all((a - c) * (b - d) > 0 and abs(a - c) > NEAR_M for c, d in sewn)]
    at, to = np.array(sorted([*sewn, *kept])).T
    return at, to


def _interpolated(y: np.ndarray, pairs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Between the pairs in proportion, beyond them in metres."""
    at, to = pairs
    return np.interp(y, at, to) + np.minimum(y - at[0], 0) + np.maximum(y - at[-1], 0)
