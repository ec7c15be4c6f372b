"""A z-buffer in numba, and mip-mapped textures for it."""

import math
from collections.abc import Sequence

import numba
import numpy as np

CHANNELS = 5
"""Of a packed texture: red, green, blue and the slopes of the bump, metres per unit of u and of v."""

SMALLEST_MIP = 4
EMPTY_DEPTH = np.float32(1e9)


def rasterize(
    screen: np.ndarray,
    triangles: np.ndarray,
    size_hw: tuple[int, int],
    cutouts: "Cutouts | None" = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The nearest triangle at the centre of every sample.

    Args:
        screen: [V, 3] f32 x, y in samples and depth.
        triangles: [T, 3] i32; both sides are drawn.
        size_hw: (h, w) in samples.
        cutouts: holes of some triangles.

    Returns:
        depth [h, w] f32 (EMPTY_DEPTH where nothing is), triangle [h, w] i32 (-1), first two barycentrics [h, w, 2] f32.
    """
    height, width = size_hw
    depth = np.full((height, width), EMPTY_DEPTH, np.float32)
    triangle = np.full((height, width), -1, np.int32)
    weights = np.zeros((height, width, 2), np.float32)
    cut = cutouts or Cutouts.none(len(triangles))
    _rasterize(screen, triangles, depth, triangle, weights, cut.of_triangle, cut.masks, cut.table, cut.corner_uv)
    return depth, triangle, weights


class Cutouts:
    """Alpha masks of triangles, packed for numba.

    Attributes:
        of_triangle: [T] i32, -1 for solid triangles.
        masks: [n] f32, all masks one after the other.
        table: [K, 3] i64 offset, height, width.
        corner_uv: [T, 3, 2] f32, or [0, 3, 2] if every triangle is solid.
    """

    def __init__(self, of_triangle: np.ndarray, masks: Sequence[np.ndarray], corner_uv: np.ndarray) -> None:
        sizes = [mask.size for mask in masks]
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if masks else np.zeros(0)
        self.of_triangle = of_triangle.astype(np.int32)
        self.masks = np.concatenate([np.asarray(m, np.float32).ravel() for m in masks] or [np.zeros(1, np.float32)])
        self.table = np.array([(o, *m.shape) for o, m in zip(offsets, masks, strict=True)] or [(0, 1, 1)], np.int64)
        self.corner_uv = corner_uv.astype(np.float32)

    @classmethod
    def none(cls, count: int) -> "Cutouts":
        """Solid triangles only."""
        return cls(np.full(count, -1), [], np.zeros((0, 3, 2)))


@numba.njit(cache=True, fastmath=True)
def triangle_box(screen, a, b, c, height, width):
    """First and last column and row of the samples inside a triangle's box; empty if first > last."""
    x0 = max(0, math.ceil(min(screen[a, 0], screen[b, 0], screen[c, 0]) - 0.5))
    x1 = min(width - 1, math.floor(max(screen[a, 0], screen[b, 0], screen[c, 0]) - 0.5))
    y0 = max(0, math.ceil(min(screen[a, 1], screen[b, 1], screen[c, 1]) - 0.5))
    y1 = min(height - 1, math.floor(max(screen[a, 1], screen[b, 1], screen[c, 1]) - 0.5))
    return x0, x1, y0, y1


@numba.njit(cache=True, fastmath=True)
def twice_area(screen, a, b, c):
    """Signed, in samples."""
    return (screen[b, 0] - screen[a, 0]) * (screen[c, 1] - screen[a, 1]) - (screen[c, 0] - screen[a, 0]) * (
        screen[b, 1] - screen[a, 1]
    )


@numba.njit(cache=True, fastmath=True)
def _solid(t, column, row, w0, w1, of_triangle, masks, table, corner_uv):
    """Whether a cut-out keeps a sample; partly open texels keep a fixed random share of the samples."""
    k = of_triangle[t]
    if k < 0:
        return True
    w2 = 1.0 - w0 - w1
    u = w0 * corner_uv[t, 0, 0] + w1 * corner_uv[t, 1, 0] + w2 * corner_uv[t, 2, 0]
    v = w0 * corner_uv[t, 0, 1] + w1 * corner_uv[t, 1, 1] + w2 * corner_uv[t, 2, 1]
    offset, height, width = table[k]
    alpha = masks[offset + (int((1.0 - v) * height) % height) * width + int(u * width) % width]
    dice = ((column * 73856093) ^ (row * 19349663) ^ (t * 83492791)) & 1023
    return alpha * 1024.0 > dice


@numba.njit(cache=True, fastmath=True)
def _rasterize(screen, triangles, depth, triangle, weights, of_triangle, masks, table, corner_uv):
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, x1, y0, y1 = triangle_box(screen, a, b, c, height, width)
        area = twice_area(screen, a, b, c)
        if x0 > x1 or y0 > y1 or abs(area) < 1e-12:
            continue
        inverse = 1.0 / area
        bx, by, cx, cy = screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
        ax, ay = screen[a, 0], screen[a, 1]
        for row in range(y0, y1 + 1):
            py = row + 0.5
            for column in range(x0, x1 + 1):
                px = column + 0.5
                w0 = ((bx - px) * (cy - py) - (cx - px) * (by - py)) * inverse
                w1 = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) * inverse
                w2 = 1.0 - w0 - w1
                if w0 < -1e-7 or w1 < -1e-7 or w2 < -1e-7:
                    continue
                z = w0 * screen[a, 2] + w1 * screen[b, 2] + w2 * screen[c, 2]
                if z < depth[row, column] and _solid(t, column, row, w0, w1, of_triangle, masks, table, corner_uv):
                    depth[row, column] = z
                    triangle[row, column] = t
                    weights[row, column, 0] = w0
                    weights[row, column, 1] = w1


@numba.njit(cache=True, fastmath=True)
def fill_depth(screen, triangles, depth):
    """Lowers ``depth`` [h, w] to the nearest triangle: the z-buffer without anything else."""
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, x1, y0, y1 = triangle_box(screen, a, b, c, height, width)
        if x0 > x1 or y0 > y1:
            continue
        area = twice_area(screen, a, b, c)
        if abs(area) < 1e-12:
            continue
        inverse = 1.0 / area
        bx, by, cx, cy = screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
        ax, ay, az = screen[a, 0], screen[a, 1], screen[a, 2]
        dz1, dz2 = screen[b, 2] - az, screen[c, 2] - az
        for row in range(y0, y1 + 1):
            py = row + 0.5
            for column in range(x0, x1 + 1):
                px = column + 0.5
                w0 = ((bx - px) * (cy - py) - (cx - px) * (by - py)) * inverse
                w1 = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) * inverse
                w2 = 1.0 - w0 - w1
                if w0 < 0.0 or w1 < 0.0 or w2 < 0.0:
                    continue
                z = az + w1 * dz1 + w2 * dz2
                if z < depth[row, column]:
                    depth[row, column] = z


def pack_textures(
    textures: Sequence[tuple[np.ndarray | None, np.ndarray | None]],
) -> tuple[np.ndarray, np.ndarray]:
    """Textures with their mip chains in one array.

    Args:
        textures: (albedo [S, S, 3] or None, bump [S, S] in metres or None) each; S a power of two.

    Returns:
        values [n] f32, table [K, 2] i64 of (offset, S); S is 0 where there is no texture.
    """
    sizes = [len(a) if a is not None else len(b) if b is not None else 0 for a, b in textures]
    if any(size and (size & (size - 1) or size < SMALLEST_MIP) for size in sizes):
        raise ValueError("Sides of textures are powers of two, 4 or more.")
    counts = [CHANNELS * sum(s * s for s in _mip_sizes(size)) for size in sizes]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    values = np.empty(max(1, int(offsets[-1])), np.float32)
    for (albedo, bump), offset, size in zip(textures, offsets, sizes, strict=False):
        if size:
            white = np.ones((1, 1, 3), np.float32) if albedo is None else np.ascontiguousarray(albedo, np.float32)
            flat = np.zeros((1, 1), np.float32) if bump is None else np.ascontiguousarray(bump, np.float32)
            _write_mips(white, flat, size, values, offset)
    return values, np.stack([offsets[:-1], np.array(sizes, np.int64)], 1)


def _mip_sizes(size: int) -> list[int]:
    return [] if size < SMALLEST_MIP else [size, *_mip_sizes(size // 2)]


@numba.njit(cache=True, fastmath=True)
def _write_mips(albedo, bump, size, values, offset):
    last, steps = size - 1, np.float32(0.5 * size)
    has_albedo, has_bump = albedo.shape[0] > 1, bump.shape[0] > 1
    for y in range(size):
        for x in range(size):
            at = offset + (y * size + x) * CHANNELS
            for k in range(3):
                values[at + k] = albedo[y, x, k] if has_albedo else albedo[0, 0, k]
            values[at + 3] = 0.0
            values[at + 4] = 0.0
            if has_bump:
                values[at + 3] = (bump[y, min(x + 1, last)] - bump[y, max(x - 1, 0)]) * steps
                values[at + 4] = (bump[max(y - 1, 0), x] - bump[min(y + 1, last), x]) * steps
    source = offset
    while size // 2 >= SMALLEST_MIP:
        target, half, row = source + size * size * CHANNELS, size // 2, size * CHANNELS
        for y in range(half):
            for x in range(half):
                at = source + (2 * y * size + 2 * x) * CHANNELS
                to = target + (y * half + x) * CHANNELS
                for k in range(CHANNELS):
                    sums = values[at + k] + values[at + CHANNELS + k]
                    sums += values[at + row + k] + values[at + row + CHANNELS + k]
                    values[to + k] = np.float32(0.25) * sums
        source, size = target, half


@numba.njit(cache=True, fastmath=True)
def _bilinear(values, offset, size, u, v, weight, out):
    x = (u - math.floor(u)) * size - 0.5
    y = (1.0 - (v - math.floor(v))) * size - 0.5
    column, row = int(math.floor(x)), int(math.floor(y))
    fx, fy = np.float32(x - column), np.float32(y - row)
    left, right = column % size, (column + 1) % size
    top, bottom = row % size, (row + 1) % size
    a, b = offset + (top * size + left) * CHANNELS, offset + (top * size + right) * CHANNELS
    c, d = offset + (bottom * size + left) * CHANNELS, offset + (bottom * size + right) * CHANNELS
    wa, wb = weight * (1 - fx) * (1 - fy), weight * fx * (1 - fy)
    wc, wd = weight * (1 - fx) * fy, weight * fx * fy
    for k in range(CHANNELS):
        out[k] += wa * values[a + k] + wb * values[b + k] + wc * values[c + k] + wd * values[d + k]


@numba.njit(cache=True, fastmath=True)
def sample_texture(values, offset, size, u, v, lod, out):
    """Trilinear, repeating: sets out [CHANNELS]. lod: log2 of texels per sample."""
    for k in range(CHANNELS):
        out[k] = 0.0
    level = max(np.float32(0.0), np.float32(lod))
    whole = int(level)
    part = np.float32(level - whole)
    while whole > 0 and size // 2 >= SMALLEST_MIP:
        offset += size * size * CHANNELS
        size //= 2
        whole -= 1
    if whole > 0 or size // 2 < SMALLEST_MIP or part < 0.02:
        _bilinear(values, offset, size, u, v, np.float32(1.0), out)
        return
    _bilinear(values, offset, size, u, v, np.float32(1.0) - part, out)
    _bilinear(values, offset + size * size * CHANNELS, size // 2, u, v, part, out)
