"""`ClothBuffers` from the samples of the z-buffer: what of the cloth each pixel of a rendered picture shows."""

import numba
import numpy as np

from vton.data.cloth import NO_ISLAND, ClothBuffers
from vton.studio.raster.correspondence import SAME_SHEET_M
from vton.studio.raster.points import Geometry

SHEETS = 8
"""Twice the number of islands: each has an outside and an inside."""

ARTICLES = 7
"""Numbers of slots, with 0."""


def cloth_buffers(
    geometry: Geometry,
    buffers: tuple[np.ndarray, np.ndarray, np.ndarray],
    back: np.ndarray,
    step: int,
) -> ClothBuffers:
    """The cloth in a rasterised scene.

    Args:
        geometry: the scene.
        buffers: what ``zbuffer.rasterize`` returned, of [h, w] samples.
        back: [T] bool, triangles that show their back.
        step: samples per pixel of the result and axis.
    """
    _, triangle, weights = buffers
    size_hw = (triangle.shape[0] // step, triangle.shape[1] // step)
    sheets = geometry.article * SHEETS + 2 * geometry.island + back
    sheet, place = np.zeros(size_hw, np.int32), np.zeros((*size_hw, 3), np.float32)
    _gather(
        triangle, weights, step, np.where(geometry.article > 0, sheets, 0).astype(np.int32), geometry.uv_triangles,
        geometry.place, np.float32(SAME_SHEET_M), sheet, place,
    )  # fmt: skip
    island = np.where(sheet > 0, sheet % SHEETS // 2, NO_ISLAND).astype(np.int8)
    return ClothBuffers((sheet // SHEETS).astype(np.uint8), island, place, sheet % 2 == 1)


@numba.njit(cache=True, fastmath=True)
def _place_of(t, w0, w1, corners, place, out):
    w2 = np.float32(1.0) - w0 - w1
    for n in range(3):
        out[n] = w0 * place[corners[t, 0], n] + w1 * place[corners[t, 1], n] + w2 * place[corners[t, 2], n]


@numba.njit(cache=True)
def _most_common(triangle, sheets, top, left, step, counts):
    """The sheet with the most samples of a pixel; 0 is what belongs to no article."""
    counts[:] = 0
    for s in range(step * step):
        t = triangle[top + s // step, left + s % step]
        counts[0 if t < 0 else sheets[t]] += 1
    return np.argmax(counts)


@numba.njit(cache=True, fastmath=True)
def _gather(triangle, weights, step, sheets, corners, places, reach, sheet, place):
    """Per pixel: the most common sheet, and the mean place of its samples around the one nearest to the middle."""
    height, width = sheet.shape
    counts = np.zeros(ARTICLES * SHEETS, np.int32)
    found = np.zeros((step * step, 3), np.float32)
    middle = 0.5 * (step - 1)
    for pixel in range(height * width):
        row, column = pixel // width, pixel % width
        top, left = row * step, column * step
        best = _most_common(triangle, sheets, top, left, step, counts)
        sheet[row, column] = best
        if best == 0:
            continue
        used, central, least = 0, 0, 1e9
        for s in range(step * step):
            y, x = top + s // step, left + s % step
            t = triangle[y, x]
            if t < 0 or sheets[t] != best:
                continue
            _place_of(t, weights[y, x, 0], weights[y, x, 1], corners, places, found[used])
            away = (s // step - middle) ** 2 + (s % step - middle) ** 2
            if away < least:
                central, least = used, away
            used += 1
        near = 0
        for k in range(used):
            away = 0.0
            for n in range(3):
                away += (found[k, n] - found[central, n]) ** 2
            if away <= reach * reach:
                near += 1
                for n in range(3):
                    place[row, column, n] += found[k, n]
        for n in range(3):
            place[row, column, n] /= near
