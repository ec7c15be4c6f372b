"""From samples of the z-buffer to shading points: what of a photo does not depend on colours and lights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from vton.studio.raster.zbuffer import twice_area

U, V, LOD, NORMAL, SLOPE_U, SLOPE_V, VIEW, TANGENT, CAVITY, SHADE = 0, 1, 2, 3, 6, 9, 12, 15, 18, 19
COLUMNS = 20
"""Of ``Points.geometry``; LOD is log2 of uv units per point, SLOPE_* turn a slope of the bump into a tilt in metres."""

CELL_DEPTH_M = np.float32(0.012)
"""Samples of one surface that lie further apart are lit separately: a sleeve before its own torso, a mouth."""


@dataclass
class Geometry:
    """All drawn meshes as one.

    vertices, normals, tangents [V, 3], cavity, shade [V] f32; uv [U, 2], place [U, 3] f32 (see ``surface.Surface``);
    triangles, uv_triangles [T, 3] i32; surface, part, label, article, island [T] i32; is_hair [S] bool per surface.
    """

    vertices: np.ndarray
    normals: np.ndarray
    tangents: np.ndarray
    cavity: np.ndarray
    shade: np.ndarray
    uv: np.ndarray
    triangles: np.ndarray
    uv_triangles: np.ndarray
    surface: np.ndarray
    part: np.ndarray
    label: np.ndarray
    article: np.ndarray
    island: np.ndarray
    place: np.ndarray
    is_hair: np.ndarray


@dataclass
class Points:
    """Shading points: up to four per pixel and surface, each standing for ``weight`` samples (hair: one each).

    pixel, surface, part, cell [M] i32; weight [M] f32; back [M] bool; geometry [M, COLUMNS] f32.
    cell: the pixel's piece of a surface, for which light is gathered once; cell_point [C] i32: a point of each.
    positions [M, 3] f32 metres.
    """

    pixel: np.ndarray
    surface: np.ndarray
    part: np.ndarray
    cell: np.ndarray
    weight: np.ndarray
    back: np.ndarray
    geometry: np.ndarray
    cell_point: np.ndarray
    positions: np.ndarray


@dataclass
class PixelMaps:
    """labels, articles [H, W] u8; depth, alpha, dressed, backs [H, W] f32 (see ``scene.Prepared``)."""

    labels: np.ndarray
    articles: np.ndarray
    depth: np.ndarray
    alpha: np.ndarray
    dressed: np.ndarray
    backs: np.ndarray


def resolve(
    geometry: Geometry,
    screen: np.ndarray,
    buffers: tuple[np.ndarray, np.ndarray, np.ndarray],
    supersampling: int,
    eye: Sequence[float],
    axis: np.ndarray | None,
) -> tuple[Points, PixelMaps]:
    """Shading points and label maps of a rasterised scene.

    Args:
        geometry: the scene.
        screen: [V, 3] f32 in samples.
        buffers: what ``raster.rasterize`` returned.
        supersampling: samples per pixel and axis.
        eye: position of the camera, metres.
        axis: [3] viewing direction of an orthographic camera, None for a pinhole.
    """
    depth, triangle, weights = buffers
    block = 2 if supersampling % 2 == 0 and supersampling > 2 else 1
    area = _signed_areas(screen, geometry.triangles)
    back = _backs(geometry, area)
    size = tuple(n // supersampling for n in depth.shape)
    maps = PixelMaps(
        np.zeros(size, np.uint8),
        np.zeros(size, np.uint8),
        np.full(size, np.inf, np.float32),
        np.zeros(size, np.float32),
        np.zeros(size, np.float32),
        np.zeros(size, np.float32),
    )
    count = int(np.count_nonzero(triangle >= 0))
    ints = np.zeros((5, max(count, 1)), np.int32)
    point_weight = np.zeros(max(count, 1), np.float32)
    keys = (geometry.label + 32 * geometry.article).astype(np.int32)
    points, cells = _merge_samples(
        depth, triangle, supersampling, block, geometry.surface, keys, back, geometry.is_hair, ints, point_weight,
        maps.labels, maps.articles, maps.depth, maps.alpha, maps.dressed, maps.backs,
    )  # fmt: skip
    pixel, sample, cell, cell_point = ints[0, :points], ints[1, :points], ints[2, :points], ints[3, :cells]
    of = triangle.ravel()[sample]
    values = np.empty((points, COLUMNS), np.float32)
    positions = np.empty((points, 3), np.float32)
    step = np.where(geometry.is_hair, 0.0, np.log2(block)).astype(np.float32)[geometry.surface[of]]
    _interpolate(
        of, weights.reshape(-1, 2)[sample], back, geometry.triangles, geometry.uv_triangles, geometry.vertices,
        geometry.normals, geometry.tangents, geometry.cavity, geometry.shade, geometry.uv, area, step,
        np.asarray(eye, np.float32), np.zeros(3, np.float32) if axis is None else -axis.astype(np.float32),
        values, positions,
    )  # fmt: skip
    _frontmost_points(values, cell, cell_point)
    return (
        Points(
            pixel.copy(),
            geometry.surface[of],
            geometry.part[of],
            cell.copy(),
            point_weight[:points].copy(),
            back[of],
            values,
            cell_point.copy(),
            positions,
        ),  # fmt: skip
        maps,
    )


def shows_back(geometry: Geometry, screen: np.ndarray) -> np.ndarray:
    """[T] bool, triangles whose back is towards the camera; ``screen`` as in ``resolve``."""
    return _backs(geometry, _signed_areas(screen, geometry.triangles))


def _backs(geometry: Geometry, area: np.ndarray) -> np.ndarray:
    return (area > 0) & ~geometry.is_hair[geometry.surface]  # y runs down on the screen


@numba.njit(cache=True, fastmath=True)
def _signed_areas(screen, triangles):
    """[T] f32 twice the area of each triangle in samples; negative for those that face the camera."""
    areas = np.empty(triangles.shape[0], np.float32)
    for t in range(triangles.shape[0]):
        areas[t] = twice_area(screen, triangles[t, 0], triangles[t, 1], triangles[t, 2])
    return areas


@numba.njit(cache=True, fastmath=True)
def _frontmost_points(values, cell, cell_point):
    """Makes the point that faces the camera most stand for its cell: light is not to come from a hidden edge."""
    best = np.full(cell_point.shape[0], np.float32(-2.0))
    for m in range(values.shape[0]):
        g = values[m]
        facing = g[NORMAL] * g[VIEW] + g[NORMAL + 1] * g[VIEW + 1] + g[NORMAL + 2] * g[VIEW + 2]
        if facing > best[cell[m]]:
            best[cell[m]] = facing
            cell_point[cell[m]] = m


@numba.njit(cache=True)
def _vote(keys, counts, used):
    """The key with the most samples; nothing wins only against nothing else of the same size."""
    best = 0
    for i in range(1, used):
        if counts[i] > counts[best] or (counts[i] == counts[best] and keys[best] == 0):
            best = i
    return keys[best]


@numba.njit(cache=True)
def _find(surfaces, depths, backs, used, surface, z, back):
    for i in range(used):
        if surfaces[i] == surface and backs[i] == back and abs(depths[i] - z) < CELL_DEPTH_M:
            return i
    return -1


@numba.njit(cache=True)
def _merge_samples(
    depth, triangle, step, block, surface_of, key_of, back_of, is_hair, ints, weight,
    labels, articles, near, alpha, dressed, backs,
):  # fmt: skip
    """Fills ints rows (pixel, sample, cell, point of the cell, -) and the maps; returns the numbers of points, cells.

    Samples of one surface merge into a point within a block of block x block samples, and into a cell within a pixel.
    """
    height, width = labels.shape
    most = step * step
    keys, counts = np.empty(most + 1, np.int32), np.empty(most + 1, np.int32)
    cell_surface, cell_z, cell_back = np.empty(most, np.int32), np.empty(most, np.float32), np.empty(most, np.bool_)
    ids = np.empty(most, np.int32)
    own_surface, own_z, own_back = np.empty(most, np.int32), np.empty(most, np.float32), np.empty(most, np.bool_)
    own_id = np.empty(most, np.int32)
    points, cells, columns = 0, 0, triangle.shape[1]
    for pixel in range(height * width):
        top, left = pixel // width * step, pixel % width * step
        used_keys, used_cells, covered, labelled, turned = 0, 0, 0, 0, 0
        for by in range(0, step, block):
            for bx in range(0, step, block):
                own = 0
                for inner in range(block * block):
                    y, x = top + by + inner // block, left + bx + inner % block
                    t = triangle[y, x]
                    key = 0 if t < 0 else key_of[t]
                    k = 0
                    while k < used_keys and keys[k] != key:
                        k += 1
                    if k == used_keys:
                        keys[k], counts[k] = key, 0
                        used_keys += 1
                    counts[k] += 1
                    if t < 0:
                        continue
                    covered += 1
                    labelled += key != 0
                    s, z, back = surface_of[t], depth[y, x], back_of[t]
                    turned += back
                    near[pixel // width, pixel % width] = min(near[pixel // width, pixel % width], z)
                    match = -1 if is_hair[s] else _find(own_surface, own_z, own_back, own, s, z, back)
                    if match >= 0:
                        weight[own_id[match]] += 1
                        continue
                    cell = _find(cell_surface, cell_z, cell_back, used_cells, s, z, back)
                    if cell < 0:
                        cell = used_cells
                        cell_surface[cell], cell_z[cell], cell_back[cell], ids[cell] = s, z, back, cells
                        ints[3, cells] = points
                        used_cells, cells = used_cells + 1, cells + 1
                    own_surface[own], own_z[own], own_back[own], own_id[own] = s, z, back, points
                    own += 1
                    ints[0, points], ints[1, points], ints[2, points] = pixel, y * columns + x, ids[cell]
                    weight[points] = 1
                    points += 1
        key = _vote(keys, counts, used_keys)
        row, column = pixel // width, pixel % width
        labels[row, column], articles[row, column] = key % 32, key // 32
        alpha[row, column], dressed[row, column] = covered / most, labelled / most
        backs[row, column] = turned / most
    return points, cells


@numba.njit(cache=True, fastmath=True)
def _blend(values, i, j, k, w0, w1, w2, out, at):
    for n in range(3):
        out[at + n] = w0 * values[i, n] + w1 * values[j, n] + w2 * values[k, n]


@numba.njit(cache=True, fastmath=True)
def _normalise(out, at, sign):
    length = np.sqrt(out[at] ** 2 + out[at + 1] ** 2 + out[at + 2] ** 2) + np.float32(1e-9)
    for n in range(3):
        out[at + n] *= sign / length


@numba.njit(cache=True, fastmath=True)
def _slopes(vertices, i, j, k, uv, a, b, c, out):
    """Sets the vectors that a slope of the bump along u and along v tilts the normal by; returns twice the uv area."""
    u1, v1 = uv[b, 0] - uv[a, 0], uv[b, 1] - uv[a, 1]
    u2, v2 = uv[c, 0] - uv[a, 0], uv[c, 1] - uv[a, 1]
    size = u1 * v2 - u2 * v1
    for n in range(6):
        out[SLOPE_U + n] = 0.0
    if abs(size) < 1e-14:
        return np.float32(0.0)
    along_u, along_v = np.float32(1e-12), np.float32(1e-12)
    for n in range(3):
        e1, e2 = vertices[j, n] - vertices[i, n], vertices[k, n] - vertices[i, n]
        out[SLOPE_U + n] = (e1 * v2 - e2 * v1) / size
        out[SLOPE_V + n] = (e2 * u1 - e1 * u2) / size
        along_u += out[SLOPE_U + n] ** 2
        along_v += out[SLOPE_V + n] ** 2
    for n in range(3):
        out[SLOPE_U + n] /= along_u
        out[SLOPE_V + n] /= along_v
    return abs(size)


@numba.njit(cache=True, fastmath=True)
def _interpolate(
    of, weights, back, triangles, uv_triangles, vertices, normals, tangents, cavity, shade, uv, area, step, eye, axis,
    values, positions,
):  # fmt: skip
    parallel = axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2 > 0.5
    for m in range(of.shape[0]):
        t, out = of[m], values[m]
        w0, w1 = weights[m, 0], weights[m, 1]
        w2 = np.float32(1.0) - w0 - w1
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        a, b, c = uv_triangles[t, 0], uv_triangles[t, 1], uv_triangles[t, 2]
        out[U] = w0 * uv[a, 0] + w1 * uv[b, 0] + w2 * uv[c, 0]
        out[V] = w0 * uv[a, 1] + w1 * uv[b, 1] + w2 * uv[c, 1]
        _blend(normals, i, j, k, w0, w1, w2, out, NORMAL)
        _normalise(out, NORMAL, np.float32(-1.0 if back[t] else 1.0))
        uv_area = _slopes(vertices, i, j, k, uv, a, b, c, out)
        out[LOD] = step[m] + 0.5 * np.log2((uv_area + np.float32(1e-16)) / (abs(area[t]) + np.float32(1e-6)))
        _blend(vertices, i, j, k, w0, w1, w2, positions[m], 0)
        for n in range(3):
            out[VIEW + n] = axis[n] if parallel else eye[n] - positions[m, n]
        _normalise(out, VIEW, np.float32(1.0))
        _blend(tangents, i, j, k, w0, w1, w2, out, TANGENT)
        _normalise(out, TANGENT, np.float32(1.0))
        out[CAVITY] = w0 * cavity[i] + w1 * cavity[j] + w2 * cavity[k]
        out[SHADE] = w0 * shade[i] + w1 * shade[j] + w2 * shade[k]
