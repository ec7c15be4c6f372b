"""`ClothBuffers` from the samples of the z-buffer: what of the cloth each pixel of a rendered picture shows."""

import numba
import numpy as np

from vton.studio.correspondence import NO_ISLAND, SAME_SHEET_M, ClothBuffers
from vton.studio.points import Geometry

ISLANDS = 8
"""More than any article has."""


def cloth_buffers(
    geometry: Geometry,
    buffers: tuple[np.ndarray, np.ndarray, np.ndarray],
    back: np.ndarray,
    supersampling: int,
    articles: np.ndarray,
) -> ClothBuffers:
    """The cloth in every pixel of a rasterised scene.

    Args:
        geometry: the scene.
        buffers: what ``raster.rasterize`` returned.
        back: [T] bool, triangles that show their back.
        supersampling: samples per pixel and axis.
        articles: [H, W] u8 number of the slot in each pixel.
    """
    island = np.full(articles.shape, NO_ISLAND, np.int8)
    place = np.zeros((*articles.shape, 3), np.float32)
    inside = np.zeros(articles.shape, np.bool_)
    _, triangle, weights = buffers
    _gather(
        triangle, weights, supersampling, geometry.article, geometry.island, back, geometry.uv_triangles,
        geometry.place, articles, np.float32(SAME_SHEET_M), island, place, inside,
    )  # fmt: skip
    return ClothBuffers(articles, island, place, inside)


@numba.njit(cache=True, fastmath=True)
def _place_of(t, w0, w1, corners, place, out):
    w2 = np.float32(1.0) - w0 - w1
    for n in range(3):
        out[n] = w0 * place[corners[t, 0], n] + w1 * place[corners[t, 1], n] + w2 * place[corners[t, 2], n]


@numba.njit(cache=True, fastmath=True)
def _gather(
    triangle, weights, step, article_of, island_of, back_of, corners, places, articles, reach, island, place, inside
):  # fmt: skip
    """Per pixel: the sheet of its article with the most samples, and the mean place of those on it."""
    height, width = articles.shape
    counts = np.zeros(2 * ISLANDS, np.int32)
    reference, here = np.zeros(3, np.float32), np.zeros(3, np.float32)
    middle = 0.5 * (step - 1)
    for pixel in range(height * width):
        row, column = pixel // width, pixel % width
        article = articles[row, column]
        if article == 0:
            continue
        counts[:] = 0
        for s in range(step * step):
            t = triangle[row * step + s // step, column * step + s % step]
            if t >= 0 and article_of[t] == article:
                counts[2 * island_of[t] + back_of[t]] += 1
        sheet = np.argmax(counts)
        nearest, best = -1, 1e9
        for s in range(step * step):
            t = triangle[row * step + s // step, column * step + s % step]
            if t < 0 or article_of[t] != article or 2 * island_of[t] + back_of[t] != sheet:
                continue
            away = (s // step - middle) ** 2 + (s % step - middle) ** 2
            if away < best:
                nearest, best = s, away
        y, x = row * step + nearest // step, column * step + nearest % step
        _place_of(triangle[y, x], weights[y, x, 0], weights[y, x, 1], corners, places, reference)
        used = 0
        for s in range(step * step):
            y, x = row * step + s // step, column * step + s % step
            t = triangle[y, x]
            if t < 0 or article_of[t] != article or 2 * island_of[t] + back_of[t] != sheet:
                continue
            _place_of(t, weights[y, x, 0], weights[y, x, 1], corners, places, here)
            away = 0.0
            for n in range(3):
                away += (here[n] - reference[n]) ** 2
            if away > reach * reach:
                continue
            used += 1
            for n in range(3):
                place[row, column, n] += here[n]
        for n in range(3):
            place[row, column, n] /= used
        island[row, column] = sheet // 2
        inside[row, column] = sheet % 2 == 1
