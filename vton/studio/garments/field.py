"""The field whose zero surface is a garment before it is cut: the body, let out, joined with tubes and bells.

Fields are positive outside. Bodies are symmetric, so only the half with x >= 0 is computed, and mirrored.
"""

from dataclasses import dataclass

import numba
import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from vton.studio.body.measures import Measures
from vton.studio.garments.cutting import Pattern, arm_profile

CELL_M = 0.012
NEAR_M = 0.045
"""Distances to the body are exact up to here and constant beyond."""

FAR = 0.3
PAST_MIDDLE = 2
"""Columns of the half grid with x < 0, so that the mirror image fits on."""


@dataclass(frozen=True)
class HalfGrid:
    """Points of the half with x >= 0 (and a little more).

    origin [3]; x [X, 1, 1], y [1, Y, 1], z [1, 1, Z] metres; along_arm, from_arm [X, Y, Z]: arm coordinates; body
    [X, Y, Z]: signed distance to the skin.
    """

    origin: np.ndarray
    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    along_arm: np.ndarray
    from_arm: np.ndarray
    body: np.ndarray


def garment_field(
    vertices: np.ndarray, normals: np.ndarray, measures: Measures, pattern: Pattern
) -> tuple[np.ndarray, np.ndarray]:
    """The field of an uncut garment around a rest body's vertices [V, 3] with normals [V, 3].

    Returns:
        values [X, Y, Z] f32 on a grid of ``CELL_M``, and its first point [3].
    """
    grid = _half_grid(vertices, normals, measures, pattern)
    build = {"pants": _pants, "skirt": _skirt}.get(pattern.kind, _torso)
    half = np.broadcast_to(build(grid, measures, pattern), grid.body.shape)
    values = np.concatenate([half[PAST_MIDDLE + 1 :][::-1], half[PAST_MIDDLE:]])
    values = gaussian_filter(values.astype(np.float32), 0.7)
    for face in (0, -1):
        values[face] = 0.1
        values[:, :, face] = 0.1
    origin = grid.origin.copy()
    origin[0] = -(half.shape[0] - PAST_MIDDLE - 1) * CELL_M
    return values, origin


def smooth_min(a: np.ndarray, b: np.ndarray, width: float) -> np.ndarray:
    """The lower of two fields, rounded where they are closer than ``width``."""
    share = np.clip(0.5 + 0.5 * (b - a) / width, 0, 1)
    return b * (1 - share) + a * share - width * share * (1 - share)


def smooth_step(share: np.ndarray | float) -> np.ndarray:
    """0 below 0, 1 above 1, and level at both."""
    t = np.clip(share, 0, 1)
    return t * t * (3 - 2 * t)


def _half_grid(vertices: np.ndarray, normals: np.ndarray, m: Measures, p: Pattern) -> HalfGrid:
    low_y, high_y = p.hem_y - 0.07 - p.hem_curve, (p.top_y + 0.06 if p.kind in ("pants", "skirt") else m.neck[1] + 0.14)
    wide, front, back = garment_outline(np.linspace(low_y, high_y, 40), m, p)
    high_x = float(wide.max()) + 0.05
    if p.kind == "pants":
        high_x = max(m.ankle[0] + p.hem_radius, m.knee[0] + p.knee_radius, high_x) + 0.05
    elif p.sleeve > 0.02:
        high_x = max(high_x, float(np.interp(p.sleeve, m.arm_lengths, m.arm_points[:, 0])) + 0.11)
    reach = max(p.knee_radius, p.hem_radius) + 0.04 if p.kind == "pants" else 0.0
    low_z = min(float(back.min()), m.ankle[2] - reach, m.wrist[2] - 0.1 * (p.sleeve > 0.3)) - 0.05
    high_z = max(float(front.max()), m.ankle[2] + reach, m.wrist[2] + 0.1 * (p.sleeve > 0.3)) + 0.05
    origin = np.array([-PAST_MIDDLE * CELL_M, low_y, low_z])
    count = np.ceil((np.array([high_x, high_y, high_z]) - origin) / CELL_M).astype(int) + 1
    axes = [origin[i] + CELL_M * np.arange(count[i]) for i in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).astype(np.float32)
    along, away = m.along_arm(points)
    body = _body_distance(vertices, normals, origin, tuple(count))
    x, y, z = axes
    shaped = x[:, None, None], y[None, :, None], z[None, None, :]
    return HalfGrid(origin, *shaped, along, away, gaussian_filter(body, 0.8))


@numba.njit(cache=True)
def _splat(
    vertices: np.ndarray, normals: np.ndarray, origin: np.ndarray, shape: tuple, cell: float, near: float
) -> np.ndarray:
    """Per grid point the signed distance to the nearest vertex' plane (close) or the vertex; NaN beyond ``near``."""
    best = np.full(shape, near * near, np.float32)
    signed = np.full(shape, np.nan, np.float32)
    low, high = np.zeros(3, np.int64), np.zeros(3, np.int64)
    for v in range(vertices.shape[0]):
        for d in range(3):
            low[d] = max(int(np.ceil((vertices[v, d] - near - origin[d]) / cell)), 0)
            high[d] = min(int(np.floor((vertices[v, d] + near - origin[d]) / cell)), shape[d] - 1)
        for i in range(low[0], high[0] + 1):
            x = origin[0] + i * cell - vertices[v, 0]
            for j in range(low[1], high[1] + 1):
                y = origin[1] + j * cell - vertices[v, 1]
                for k in range(low[2], high[2] + 1):
                    z = origin[2] + k * cell - vertices[v, 2]
                    square = x * x + y * y + z * z
                    if square < best[i, j, k]:
                        best[i, j, k] = square
                        plane = x * normals[v, 0] + y * normals[v, 1] + z * normals[v, 2]
                        distance = np.sqrt(square)
                        if distance < 0.02:
                            signed[i, j, k] = plane
                        else:
                            signed[i, j, k] = distance if plane > 0 else -distance
    return signed


@numba.njit(cache=True)
def _fill_far(signed: np.ndarray, near: np.float32) -> None:
    """Give what is far from the skin the sign of what comes before it along z."""
    for i in range(signed.shape[0]):
        for j in range(signed.shape[1]):
            current = near
            for k in range(signed.shape[2]):
                if np.isnan(signed[i, j, k]):
                    signed[i, j, k] = current
                else:
                    current = near if signed[i, j, k] > 0 else -near


def _body_distance(vertices: np.ndarray, normals: np.ndarray, origin: np.ndarray, count: tuple) -> np.ndarray:
    low, high = origin - NEAR_M, origin + CELL_M * np.array(count) + NEAR_M
    inside = ((vertices > low) & (vertices < high)).all(1)
    signed = _splat(vertices[inside], normals[inside], origin, count, CELL_M, NEAR_M)
    _fill_far(signed, np.float32(NEAR_M))
    return signed


def _bell(x: np.ndarray, z: np.ndarray, outline: tuple[np.ndarray, np.ndarray, np.ndarray], power: float) -> np.ndarray:
    """Distance, roughly, to a bell with superelliptic sections; ``outline``: half width, front and back by height."""
    wide, front, back = outline
    deep = (front - back) / 2
    radius = (np.abs(x / wide) ** power + np.abs((z - (front + back) / 2) / deep) ** power) ** (1 / power)
    return (radius - 1) * np.minimum(wide, deep)


def garment_outline(y: np.ndarray, m: Measures, p: Pattern) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Half width, front and back [same as y] of the garment around torso and hips."""
    if p.kind == "pants":
        return np.asarray(m.half_width(y)), np.asarray(m.front(y)), np.asarray(m.back(y))
    return _skirt_outline(y, m, p) if p.kind == "skirt" else _torso_outline(y, m, p)


def _torso_outline(y: np.ndarray, m: Measures, p: Pattern) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    wide, front, back = m.half_width(y), m.front(y), m.back(y)
    below_bust = y < m.bust_y
    straight = np.where(below_bust, p.straight, 0.0)
    wide = wide + straight * np.maximum(m.half_width(m.bust_y) - wide, 0)
    front = front + straight * np.maximum(m.front(m.bust_y) - 0.01 - front, 0)
    back = back + 0.6 * straight * np.minimum(m.back(m.bust_y) + 0.02 - back, 0)
    if p.flare > 0 or p.kind == "dress" or p.hem_y < m.crotch_y:
        hip, under = m.high_hip_y, y < m.high_hip_y
        below = np.maximum(0, m.waist_y - y)
        narrowed = np.maximum(p.taper ** np.clip((hip - y) / 0.4, 0, 2), 0.75)
        wide = np.where(under, m.half_width(hip) * narrowed, wide) + p.flare * below
        front = np.where(under, m.front(hip) - 0.02, front) + 0.75 * p.flare * below
        back = np.where(under, m.back(hip) + 0.02, back) - 0.75 * p.flare * below
    # Corners of the outline (bust, hip) would show as edges in the cloth.
    low = np.clip((m.shoulder[1] - 0.10 - y) / 0.05, 0, 1)
    sigma = 0.033 / abs(float(y.ravel()[1] - y.ravel()[0]))

    def soft(values: np.ndarray) -> np.ndarray:
        return values * (1 - low) + gaussian_filter1d(values, sigma, axis=int(np.argmax(y.shape)), mode="nearest") * low

    ease_at = [m.high_hip_y, m.waist_y, m.bust_y, m.shoulder[1] - 0.02, m.shoulder[1] + 0.1]
    ease = p.ease + np.interp(y, ease_at, [p.hem_ease, p.waist_ease, p.chest_ease, 0.35 * p.chest_ease, 0])
    return soft(wide) + ease, soft(front) + 0.9 * ease, soft(back) - 0.9 * ease


def _torso(grid: HalfGrid, m: Measures, p: Pattern) -> np.ndarray:
    x, y = grid.x, grid.y
    field = grid.body - p.ease
    field = np.where(y < m.crotch_y - 0.01, np.maximum(field, 0.05), field)
    above_shoulder = np.clip((y - (m.shoulder[1] - 0.02)) / 0.06, 0, 1)
    torso = _bell(x, grid.z, _torso_outline(y, m, p), 2.3) + 0.12 * above_shoulder
    field = smooth_min(field, torso, 0.02)
    if p.sleeve > 0.02:
        along = grid.along_arm
        radius = m.radius_of_arm(np.minimum(along, m.arm_lengths[2] - 0.015)) + arm_profile(p, along)
        in_sleeve = (along > 0.015) & (along < m.arm_lengths[2] + 0.06)
        field = smooth_min(field, np.where(in_sleeve, grid.from_arm - radius, FAR), 0.016)
    else:
        past_side = np.abs(x) > m.half_width(m.bust_y) + p.ease + p.chest_ease + 0.012
        field = np.where(past_side & (y > m.waist_y), np.maximum(field, 0.05), field)
    in_hand = (grid.along_arm > m.arm_lengths[2] + 0.03) & (grid.from_arm < 0.12)
    return np.where(in_hand, np.maximum(field, 0.05), field)


def _pants(grid: HalfGrid, m: Measures, p: Pattern) -> np.ndarray:
    x, y, z = grid.x, grid.y, grid.z
    radius = np.interp(
        y,
        [p.hem_y - 0.1, p.hem_y, max(m.knee[1], p.hem_y + 0.01), m.crotch_y - 0.06, m.crotch_y + 0.06],
        [p.hem_radius, p.hem_radius, p.knee_radius, _thigh_radius(p), 0.02],
    )
    line_y = [m.ankle[1], m.knee[1], m.hip[1]]
    middle_x = np.interp(y, line_y, [m.ankle[0], m.knee[0], 0.98 * m.hip[0]])
    middle_z = np.interp(y, line_y, [m.ankle[2] + 0.012, m.knee[2] - 0.005, m.hip[2] + 0.012])
    # Wide legs must not melt together between the knees: move them apart by what they lack.
    crossing = 0.03 * np.clip((y - m.crotch_y + 0.05) / 0.05, 0, 1)
    middle_x = np.maximum(middle_x, radius + 0.005 * (y < m.crotch_y - 0.02) - crossing)
    leg = np.hypot(np.abs(x) - middle_x, (z - middle_z) * 0.95) - radius
    leg = np.where(y > m.crotch_y + 0.05, FAR, leg)
    seat = grid.body - p.ease
    if p.hip_ease > 0:
        seat = smooth_min(seat, _seat_bell(grid, m, p), 0.02)
    field = smooth_min(seat, leg, 0.02)
    field = np.where(y < m.ankle[1] + 0.03, np.minimum(leg, np.maximum(field, 0.04)), field)
    arm = (grid.from_arm < m.radius_of_arm(grid.along_arm) + p.ease + 0.012) & (
        np.abs(x) > m.half_width(np.maximum(y, m.crotch_y)) + 0.03
    )
    return np.where(arm, np.maximum(field, 0.03), field)


def _thigh_radius(p: Pattern) -> float:
    return p.hem_radius if p.type == "shorts" else 0.6 * p.knee_radius + 0.035


def _seat_bell(grid: HalfGrid, m: Measures, p: Pattern) -> np.ndarray:
    y = grid.y
    levels = sorted([(m.crotch_y - 0.1, 0.6 * p.hip_ease), (m.high_hip_y, p.hip_ease), (p.top_y, 0.004)])
    heights, eases = zip(*levels, strict=True)
    ease = np.interp(y, heights, eases)
    outline = m.half_width(y) + ease, m.front(y) + 0.8 * ease, m.back(y) - 0.8 * ease
    return _bell(grid.x, grid.z, outline, 2.3) + 0.3 * np.clip((m.crotch_y + 0.05 - y) / 0.05, 0, 1)


def _skirt_outline(y: np.ndarray, m: Measures, p: Pattern) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    hip, under = m.high_hip_y, y < m.high_hip_y
    below = np.maximum(0, p.top_y - y)
    narrowed = p.taper ** np.clip((hip - y) / 0.4, 0, 2)
    ease = p.ease + p.hip_ease * np.clip(below / 0.15, 0, 1)
    wide = np.where(under, m.half_width(hip) * narrowed, m.half_width(y)) + ease + p.flare * below
    front = np.where(under, m.front(hip) * narrowed, m.front(y)) + ease + 0.8 * p.flare * below
    back = np.where(under, m.back(hip), m.back(y)) - ease - 0.8 * p.flare * below
    return wide, front, back


def _skirt(grid: HalfGrid, m: Measures, p: Pattern) -> np.ndarray:
    x, y = grid.x, grid.y
    bell = _bell(x, grid.z, _skirt_outline(y, m, p), 2.2)
    arm = (np.abs(x) > m.half_width(np.maximum(y, m.crotch_y)) + 0.03) & (y > m.crotch_y - 0.1) & (grid.from_arm < 0.09)
    skin = np.where(arm, 0.05, grid.body - p.ease)
    return np.where(y > m.high_hip_y - 0.25, smooth_min(bell, skin, 0.01), bell)
