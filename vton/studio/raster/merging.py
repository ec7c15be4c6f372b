"""Samples of the z-buffer merged into shading points and cells, and the votes of each pixel's labels."""

import numba
import numpy as np

CELL_DEPTH_M = np.float32(0.012)
"""Samples of one surface that lie further apart are lit separately: a sleeve before its own torso, a mouth."""


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
def merge_samples(
    depth, triangle, step, block, surface_of, key_of, back_of, is_hair, ints, weight,
    labels, articles, near, alpha, dressed, backs,
):  # fmt: skip
    """Fills ints rows (pixel, sample, cell, point of the cell, -) and the maps; returns the numbers of points, cells.

    Samples of one surface merge into a point within a block of block x block samples, and into a cell within a pixel.
    """
    height, width = labels.shape
    points, cells, columns, most = 0, 0, triangle.shape[1], step * step
    keys, counts = np.empty(most + 1, np.int32), np.empty(most + 1, np.int32)
    cell_surface, cell_z, cell_back = np.empty(most, np.int32), np.empty(most, np.float32), np.empty(most, np.bool_)
    ids = np.empty(most, np.int32)
    own_surface, own_z, own_back = np.empty(most, np.int32), np.empty(most, np.float32), np.empty(most, np.bool_)
    own_id = np.empty(most, np.int32)
    for pixel in range(height * width):
        row, column = pixel // width, pixel % width
        top, left = row * step, column * step
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
                    near[row, column] = min(near[row, column], z)
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
        labels[row, column], articles[row, column] = key % 32, key // 32
        alpha[row, column], dressed[row, column] = covered / most, labelled / most
        backs[row, column] = turned / most
    return points, cells
