"""What a point sees of the lights: a dome, a soft key and a soft fill, by shadow maps."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import ArrayLike

from vton.studio.raster.zbuffer import EMPTY_DEPTH, fill_depth

Direction = tuple[float, float, float]

Radiance = Callable[[np.ndarray], np.ndarray]
"""Unit directions [K, 3] -> light from there, [K] f32; only shares count."""

LIGHT_DIRECTIONS: tuple[Direction, ...] = (
    (-0.55, 0.75, 0.95),
    (0.55, 0.75, 0.95),
    (-0.95, 0.70, 0.65),
    (0.95, 0.70, 0.65),
    (-0.20, 0.95, 0.85),
    (0.20, 0.95, 0.85),
)
"""Directions towards the key light that specs choose from (not normalised)."""

DOME_COUNT = 40
CONE_COUNT = 10
FILL_COUNT = 6
CONE_DEG = 24.0
FILL_CONE_DEG = 22.0
HARD_DEG, SOFT_DEG = 12.0, 24.0
BIAS_TEXELS, LEAST_BIAS_M = np.float32(0.95), np.float32(0.004)
"""How far off its surface a point looks for light: a texel of the shadow map, or the surface would shade itself."""

FLOOR_HALF_WIDTH_M, FLOOR_BACK_M, FLOOR_FRONT_M, FLOOR_STEP_M = 1.4, -1.3, 1.3, 0.025


@dataclass(frozen=True)
class Occluders:
    """The mesh that blocks light: vertices [V, 3] f32, triangles [T, 3] i32."""

    vertices: np.ndarray
    triangles: np.ndarray


@dataclass(frozen=True)
class Receivers:
    """Points that are lit: positions and unit normals [N, 3] f32; hair [N] bool is lit from all sides."""

    points: np.ndarray
    normals: np.ndarray
    hair: np.ndarray


def unit(vector: ArrayLike) -> np.ndarray:
    """[3] f32 of length 1."""
    v = np.asarray(vector, np.float64)
    return (v / np.linalg.norm(v)).astype(np.float32)


def fill_direction(key: Sequence[float]) -> np.ndarray:
    """[3] f32: the fill light stands on the other side of the key light."""
    return unit((-0.9 if key[0] > 0 else 0.9, 0.45, 0.8))


def dome_directions(count: int = DOME_COUNT) -> np.ndarray:
    """[K, 3] f32: an even spiral over the sphere, without what shines through the floor."""
    i = np.arange(count) + 0.5
    polar, turn = np.arccos(1 - 2 * i / count), math.pi * (1 + math.sqrt(5)) * i
    d = np.stack([np.cos(turn) * np.sin(polar), np.cos(polar), np.sin(turn) * np.sin(polar)], 1)
    return d[d[:, 1] > -0.55].astype(np.float32)


def dome_radiance(directions: np.ndarray) -> np.ndarray:
    """[K] f32: brighter above and behind the camera; a little comes back from the floor."""
    return np.maximum(0.55 + 0.45 * directions[:, 1] + 0.35 * directions[:, 2], 0.12).astype(np.float32)


def cone_directions(axis: ArrayLike, half_angle_deg: float, count: int) -> np.ndarray:
    """[count, 3] f32 around an axis, sorted from the middle outwards."""
    middle = unit(axis).astype(np.float64)
    side = np.cross((0.0, 1.0, 0.0), middle)
    side /= np.linalg.norm(side)
    up = np.cross(middle, side)
    i = np.arange(count) + 0.5
    radius, turn = np.sqrt(i / count) * math.tan(math.radians(half_angle_deg)), i * 2.39996
    d = middle + np.outer(radius * np.cos(turn), side) + np.outer(radius * np.sin(turn), up)
    return (d / np.linalg.norm(d, axis=1, keepdims=True)).astype(np.float32)


def dome_light(
    receivers: Receivers, occluders: Occluders, resolution: int, radiance: Radiance = dome_radiance
) -> np.ndarray:
    """[N] f32 irradiance of the dome; 1 for an unoccluded wall that faces the camera."""
    directions = dome_directions()
    light = radiance(directions)
    weights = light / float((np.maximum(directions[:, 2], 0) * light).sum())
    return _gather(receivers, occluders, directions, weights.astype(np.float32), True, resolution)


def open_floor_dome(radiance: Radiance = dome_radiance) -> float:
    """Irradiance of the dome on a floor without anything on it."""
    directions = dome_directions()
    light = radiance(directions)
    up, front = (float((np.maximum(directions[:, k], 0) * light).sum()) for k in (1, 2))
    return up / front


def key_light(receivers: Receivers, occluders: Occluders, key: Sequence[float], resolution: int) -> np.ndarray:
    """[N, 3] f32 visible share of the key light if hard and if soft, and of its fill light."""
    directions = cone_directions(key, CONE_DEG, CONE_COUNT)
    half = CONE_COUNT // 2
    even = np.full(CONE_COUNT, 1.0 / half, np.float32)
    inner = _gather(receivers, occluders, directions[:half], even[:half], False, resolution)
    outer = _gather(receivers, occluders, directions[half:], even[half:], False, resolution)
    fills = cone_directions(fill_direction(key), FILL_CONE_DEG, FILL_COUNT)
    fill = _gather(receivers, occluders, fills, np.full(FILL_COUNT, 1.0 / FILL_COUNT, np.float32), False, resolution)
    return np.stack([inner, (inner + outer) / 2, fill], 1)


def key_visibility(light: np.ndarray, softness_deg: float) -> np.ndarray:
    """[N, 2] f32 share of key and fill for a softness: blends the hard and the soft key of ``key_light``."""
    softness = min(max((softness_deg - HARD_DEG) / (SOFT_DEG - HARD_DEG), 0.0), 1.0)
    blend = (1 - softness) * light[:, 0] + softness * light[:, 1]  # in a form that cannot fall below 0
    return np.stack([blend, light[:, 2]], 1)


def floor_grid() -> tuple[np.ndarray, tuple[int, int]]:
    """Points of the floor that take shadows, [N, 3] f32 (rows run to the front), and (rows, columns)."""
    x = np.arange(-FLOOR_HALF_WIDTH_M, FLOOR_HALF_WIDTH_M + 1e-6, FLOOR_STEP_M)
    z = np.arange(FLOOR_BACK_M, FLOOR_FRONT_M + 1e-6, FLOOR_STEP_M)
    xs, zs = np.meshgrid(x, z)
    return np.stack([xs.ravel(), np.full(xs.size, 1e-3), zs.ravel()], 1).astype(np.float32), xs.shape


def _gather(
    receivers: Receivers,
    occluders: Occluders,
    directions: np.ndarray,
    weights: np.ndarray,
    cosine: bool,
    resolution: int,
) -> np.ndarray:
    out = np.zeros(len(receivers.points), np.float32)
    _gather_visible(
        receivers.points,
        receivers.normals,
        receivers.hair,
        occluders.vertices,
        occluders.triangles,
        directions,
        weights,
        cosine,
        resolution,
        out,
    )
    return out


@numba.njit(cache=True, fastmath=True)
def _frame(d):
    """Two axes across a direction, as a [2, 3] array."""
    axes = np.empty((2, 3), np.float32)
    hx, hy = (0.0, 1.0) if abs(d[1]) < 0.9 else (1.0, 0.0)
    rx, ry, rz = hy * d[2], -hx * d[2], hx * d[1] - hy * d[0]
    length = math.sqrt(rx * rx + ry * ry + rz * rz)
    axes[0, 0], axes[0, 1], axes[0, 2] = rx / length, ry / length, rz / length
    axes[1, 0] = d[1] * axes[0, 2] - d[2] * axes[0, 1]
    axes[1, 1] = d[2] * axes[0, 0] - d[0] * axes[0, 2]
    axes[1, 2] = d[0] * axes[0, 1] - d[1] * axes[0, 0]
    return axes


@numba.njit(cache=True, fastmath=True)
def _project(vertices, axes, d, screen, resolution):
    """Fills screen with the vertices seen from the light; returns left, bottom and samples per metre."""
    big = np.float32(1e9)
    left, bottom, right, top = big, big, -big, -big
    for i in range(vertices.shape[0]):
        x, y, z = vertices[i, 0], vertices[i, 1], vertices[i, 2]
        sx = x * axes[0, 0] + y * axes[0, 1] + z * axes[0, 2]
        sy = x * axes[1, 0] + y * axes[1, 1] + z * axes[1, 2]
        screen[i, 0], screen[i, 1] = sx, sy
        screen[i, 2] = -(x * d[0] + y * d[1] + z * d[2])
        left, right = min(left, sx), max(right, sx)
        bottom, top = min(bottom, sy), max(top, sy)
    scale = (resolution - 4) / max(right - left, top - bottom, np.float32(1e-6))
    for i in range(vertices.shape[0]):
        screen[i, 0] = (screen[i, 0] - left) * scale + 2
        screen[i, 1] = (screen[i, 1] - bottom) * scale + 2
    return left, bottom, scale


@numba.njit(cache=True, fastmath=True)
def _unshadowed(depth, x, y, z):
    """0..1: share of the four nearest samples of a depth map that let light through to depth z."""
    size = depth.shape[0]
    x, y = x - 0.5, y - 0.5
    column, row = int(math.floor(x)), int(math.floor(y))
    if column < 0 or row < 0 or column + 1 >= size or row + 1 >= size:
        return 1.0
    fx, fy = x - column, y - row
    share = 0.0
    if depth[row, column] > z:
        share += (1 - fx) * (1 - fy)
    if depth[row, column + 1] > z:
        share += fx * (1 - fy)
    if depth[row + 1, column] > z:
        share += (1 - fx) * fy
    if depth[row + 1, column + 1] > z:
        share += fx * fy
    return share


@numba.njit(cache=True, fastmath=True)
def _gather_visible(points, normals, hair, vertices, triangles, directions, weights, cosine, resolution, out):
    screen = np.empty((vertices.shape[0], 3), np.float32)
    depth = np.empty((resolution, resolution), np.float32)
    for k in range(directions.shape[0]):
        d = directions[k]
        axes = _frame(d)
        left, bottom, scale = _project(vertices, axes, d, screen, resolution)
        bias = max(LEAST_BIAS_M, BIAS_TEXELS / scale)
        depth[:] = EMPTY_DEPTH
        fill_depth(screen, triangles, depth)
        for i in range(points.shape[0]):
            facing = normals[i, 0] * d[0] + normals[i, 1] * d[1] + normals[i, 2] * d[2]
            gain = weights[k]
            if cosine:
                gain *= max(facing, np.float32(0.0))
                if hair[i]:
                    gain = weights[k] * (np.float32(0.25) + np.float32(0.35) * max(facing, np.float32(0.0)))
            if gain <= 0.0:
                continue
            x = points[i, 0] + normals[i, 0] * bias
            y = points[i, 1] + normals[i, 1] * bias
            z = points[i, 2] + normals[i, 2] * bias
            sx = (x * axes[0, 0] + y * axes[0, 1] + z * axes[0, 2] - left) * scale + 2
            sy = (x * axes[1, 0] + y * axes[1, 1] + z * axes[1, 2] - bottom) * scale + 2
            sz = -(x * d[0] + y * d[1] + z * d[2]) - bias * np.float32(0.6)
            out[i] += gain * _unshadowed(depth, sx, sy, sz)
