"""The scissors: hems, sleeves, necklines, straps, openings and slits cut into the closed surface of a garment."""

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.garments.cutting import Pattern
from vton.studio.garments.field import smooth_step
from vton.studio.geometry.isosurface import clip, drop_specks, split
from vton.studio.geometry.mesh import boundary_edges, smooth

RawMesh = tuple[np.ndarray, np.ndarray]
KEEP = -0.05
STRAP_X, SLIT_X = 0.088, 0.09
"""Of the straps of a cami or slip, and of a skirt's slit: metres from the middle."""


def tailor(surface: RawMesh, measures: Measures, pattern: Pattern) -> RawMesh:
    """Cut vertices [V, 3] and triangles [T, 3] of a garment's surface; seams between islands become edges."""
    if pattern.kind == "pants":
        surface = _cut_pants(surface, measures, pattern)
    elif pattern.kind == "skirt":
        surface = _cut_skirt(surface, pattern)
    else:
        surface = _cut_torso(surface, measures, pattern)
    vertices, triangles = drop_specks(*surface)
    border = np.zeros(len(vertices), bool)
    border[boundary_edges(triangles).ravel()] = True
    return smooth(vertices, triangles, 1, 0.3, fixed=border), triangles


def sleeve_seam(points: np.ndarray, measures: Measures, pattern: Pattern) -> np.ndarray:
    """Positive on the sleeve's side of the armhole's seam, for points [N, 3]."""
    axis = measures.elbow - measures.shoulder
    axis = axis / np.linalg.norm(axis) + np.array([0.9, 0, 0])
    axis /= np.linalg.norm(axis)
    folded = points * np.array([1, 1, 1])
    folded[:, 0] = np.abs(folded[:, 0])
    along, away = measures.along_arm(points)
    limit = measures.radius_of_arm(along) + max(pattern.sleeve_ease, pattern.cuff_ease, 0.02) + 0.055
    return np.minimum((folded - measures.shoulder) @ axis, limit - away).astype(np.float32)


def before_shoulders(points: np.ndarray, measures: Measures) -> np.ndarray:
    """Metres before the middle between front and back, of points [..., 3]: 0 on the shoulders' seams."""
    y = points[..., 1]
    return points[..., 2] - (measures.front(y) + measures.back(y)) / 2


def shoulder_seam(points: np.ndarray, measures: Measures) -> np.ndarray:
    """Positive in front of the shoulders' seams, for points [N, 3]; they run from the neck to the armholes.

    Past their ends, where nothing is sewn, the line turns to the back.
    """
    x, y, _ = np.abs(points).T
    ends = np.maximum(measures.shoulder[1] - 0.02 - y, 0) + np.maximum(x - measures.shoulder[0] - 0.03, 0)
    return before_shoulders(points, measures) + 3 * ends


def _cut_pants(surface: RawMesh, m: Measures, p: Pattern) -> RawMesh:
    def waist(v: np.ndarray) -> np.ndarray:
        return v[:, 1] - p.top_y + 0.012 * np.clip(v[:, 2] / 0.1, -1, 1)

    surface = _cut(surface, waist(surface[0]))
    surface = _cut(surface, p.hem_y - surface[0][:, 1])
    return split(*surface, surface[0][:, 0])


def _cut_skirt(surface: RawMesh, p: Pattern) -> RawMesh:
    surface = _cut(surface, surface[0][:, 1] - p.top_y + 0.01 * np.clip(surface[0][:, 2] / 0.1, -1, 1))
    surface = _cut(surface, p.hem_y - surface[0][:, 1])
    if p.slit > 0:
        surface = split(*surface, surface[0][:, 0] - SLIT_X)
        v = surface[0]
        in_slit = (v[:, 2] > 0) & (v[:, 1] < p.hem_y + p.slit)
        surface = clip(*surface, np.where(in_slit, 0.006 - np.abs(v[:, 0] - SLIT_X), KEEP), snap=0.1)
    return surface


def _cut_torso(surface: RawMesh, m: Measures, p: Pattern) -> RawMesh:
    surface = _cut(surface, _above_hem(surface[0], m, p))
    ends = past_cuff if p.sleeve > 0.02 else _past_armhole if p.strap == 0 else _past_armpit
    surface = _cut(surface, ends(surface[0], m, p))
    surface = _cut(surface, _in_neck(surface[0], m, p))
    if p.strap > 0:
        # A strap, like the gap of an outer, is narrower than a cell: give it a middle line to hold on to.
        surface = split(*surface, np.abs(surface[0][:, 0]) - STRAP_X)
        surface = clip(*surface, _above_bust(surface[0], m, p), snap=0.1)
    if p.open > 0:
        surface = split(*surface, surface[0][:, 0])
        surface = clip(*surface, _in_opening(surface[0], m, p), snap=0.1)
    surface = split(*surface, shoulder_seam(surface[0], m))
    if p.sleeve > 0.02:
        surface = split(*surface, sleeve_seam(surface[0], m, p))
    return surface


def _cut(surface: RawMesh, level: np.ndarray) -> RawMesh:
    return clip(*surface, level)


def _above_hem(v: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    level = p.hem_y - v[:, 1] + p.hem_curve * np.clip(np.abs(v[:, 0]) / 0.2, 0, 1) ** 2
    along, away = m.along_arm(v)
    beside = np.abs(v[:, 0]) > m.half_width(np.maximum(v[:, 1], m.crotch_y)) + 0.05
    return np.where((away < 0.11) & (along > 0.05) & beside, -1, level)


def past_cuff(v: np.ndarray, m: Measures, p: Pattern, at: float | None = None) -> np.ndarray:
    """Metres of points [V, 3] beyond ``at`` on the arm, the sleeve's end if None; negative elsewhere."""
    along, away = m.along_arm(v)
    near = (away < m.radius_of_arm(along) + 0.08) & (np.abs(v[:, 0]) > m.shoulder[0] - 0.03)
    return np.where(near, along - (p.sleeve if at is None else at), -0.5)


def _past_armhole(v: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    height = v[:, 1] - (m.shoulder[1] - (0.135 if p.kind == "outer" else 0.10))
    curve = 0.012 * np.sin(np.clip(height / 0.13, 0, 1) * np.pi)
    level = np.abs(v[:, 0]) - (m.shoulder[0] - 0.012 + p.armhole - curve)
    return np.where(height < 0, np.minimum(level, 0.02) + height, level)


def _in_neck(v: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    top = m.neck[1] + 0.035
    in_front = smooth_step((v[:, 2] - (m.neck[2] - 0.01) + 0.03) / 0.07)
    bottom = top - 0.03 - (p.neck_depth_back * (1 - in_front) + p.neck_depth * in_front)
    rise = (v[:, 1] - bottom) / np.maximum(top - bottom, 1e-3)
    up = np.clip(rise, 0, 1)
    if p.neck_shape == "v":
        width = up**0.9
    elif p.neck_shape == "square":
        width = np.clip(6 * up, 0, 1)
    else:
        width = np.sqrt(1 - (1 - up) ** 2)
    width = np.where(rise < 0, 2 * rise, width)
    level = p.neck_width * width - np.abs(v[:, 0]) - 0.02 * (rise <= 0)
    level = np.where(np.abs(v[:, 0]) < 0.17, level, KEEP)
    return np.maximum(level, np.maximum(v[:, 1] - (m.neck[1] + 0.045), -0.5))


def _past_armpit(v: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    beside = np.abs(v[:, 0]) - (m.half_width(np.minimum(v[:, 1], m.bust_y)) + p.ease + p.chest_ease + 0.03)
    return np.where(v[:, 1] > m.waist_y, beside, KEEP)


def armpit_line(m: Measures) -> float:
    """Height of the upper edge of a strapped garment under the arms."""
    return float(min(m.bust_y + 0.015, m.shoulder[1] - 0.13))


def _above_bust(v: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    """Above a line that dips between the breasts and falls towards armpits and back, except for the straps."""
    across = np.clip(np.abs(v[:, 0]) / 0.13, 0, 1)
    front = m.bust_y + 0.045 - 0.01 * np.cos(across * np.pi)
    side = armpit_line(m)
    middle = (m.front(v[:, 1]) + m.back(v[:, 1])) / 2
    line = side + (front - side) * smooth_step((v[:, 2] - middle + 0.02) / 0.07)
    return np.minimum(v[:, 1] - line, np.abs(np.abs(v[:, 0]) - STRAP_X) - p.strap)


def opening_width(y: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    """Half of the gap of an outer's front at heights ``y``."""
    if p.collar == "lapel":
        up = np.clip((y - p.button_y) / (m.neck[1] + 0.01 - p.button_y), 0, 1)
        return 0.6 * p.open + (p.neck_width - 0.6 * p.open - 0.004) * up**0.85
    return p.open * np.clip((m.neck[1] - y) / 0.25 + 0.25, 0.25, 1)


def _in_opening(v: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    width = opening_width(v[:, 1], m, p)
    return np.where(v[:, 2] > m.neck[2] - 0.02, width - np.abs(v[:, 0]), KEEP)
