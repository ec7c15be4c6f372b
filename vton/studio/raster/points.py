"""From samples of the z-buffer to shading points: what of a photo does not depend on colours and lights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from vton.studio.raster.interpolation import COLUMNS, NORMAL, VIEW, interpolate
from vton.studio.raster.merging import merge_samples
from vton.studio.raster.zbuffer import twice_area


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
    """labels, articles [H, W] u8; depth, alpha, dressed, backs [H, W] f32 (see ``picture.Prepared``)."""

    labels: np.ndarray
    articles: np.ndarray
    depth: np.ndarray
    alpha: np.ndarray
    dressed: np.ndarray
    backs: np.ndarray

    @classmethod
    def empty(cls, size_hw: tuple[int, int]) -> "PixelMaps":
        """Maps of a picture that shows nothing."""
        labels, articles = np.zeros(size_hw, np.uint8), np.zeros(size_hw, np.uint8)
        alpha, dressed, backs = (np.zeros(size_hw, np.float32) for _ in range(3))
        return cls(labels, articles, np.full(size_hw, np.inf, np.float32), alpha, dressed, backs)


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
        buffers: what ``zbuffer.rasterize`` returned.
        supersampling: samples per pixel and axis.
        eye: position of the camera, metres.
        axis: [3] viewing direction of an orthographic camera, None for a pinhole.
    """
    depth, triangle, weights = buffers
    block = 2 if supersampling % 2 == 0 and supersampling > 2 else 1
    area = _signed_areas(screen, geometry.triangles)
    back = _backs(geometry, area)
    maps = PixelMaps.empty((depth.shape[0] // supersampling, depth.shape[1] // supersampling))
    count = int(np.count_nonzero(triangle >= 0))
    ints = np.zeros((5, max(count, 1)), np.int32)
    point_weight = np.zeros(max(count, 1), np.float32)
    keys = (geometry.label + 32 * geometry.article).astype(np.int32)
    points, cells = merge_samples(
        depth, triangle, supersampling, block, geometry.surface, keys, back, geometry.is_hair, ints, point_weight,
        maps.labels, maps.articles, maps.depth, maps.alpha, maps.dressed, maps.backs,
    )  # fmt: skip
    pixel, sample, cell, cell_point = ints[0, :points], ints[1, :points], ints[2, :points], ints[3, :cells]
    of = triangle.ravel()[sample]
    values = np.empty((points, COLUMNS), np.float32)
    positions = np.empty((points, 3), np.float32)
    step = np.where(geometry.is_hair, 0.0, np.log2(block)).astype(np.float32)[geometry.surface[of]]
    interpolate(
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
