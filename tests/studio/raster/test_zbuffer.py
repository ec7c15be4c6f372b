"""The z-buffer and the textures against brute force."""

import numpy as np
import pytest

from vton.studio.raster.zbuffer import (
    CHANNELS,
    EMPTY_DEPTH,
    Cutouts,
    fill_depth,
    pack_textures,
    rasterize,
    sample_texture,
)


def scene(rng, count=40, size=64):
    screen = rng.uniform(-8, size + 8, (count * 3, 3)).astype(np.float32)
    screen[:, 2] = rng.uniform(1, 9, count * 3)
    return screen, np.arange(count * 3, dtype=np.int32).reshape(-1, 3)


def nearest(screen, triangles, x, y):
    """Depth and number of the nearest triangle over a point, by solving for its weights."""
    best = (EMPTY_DEPTH, -1)
    for t, corners in enumerate(triangles):
        p = screen[corners].astype(np.float64)
        matrix = np.stack([p[:, 0], p[:, 1], np.ones(3)])
        if abs(np.linalg.det(matrix)) < 1e-9:
            continue
        weights = np.linalg.solve(matrix, [x, y, 1.0])
        if (weights > 0).all() and weights @ p[:, 2] < best[0]:
            best = (weights @ p[:, 2], t)
    return best


def test_every_sample_sees_the_nearest_triangle():
    rng = np.random.default_rng(5)
    screen, triangles = scene(rng)
    depth, triangle, weights = rasterize(screen, triangles, (64, 64))
    for y, x in rng.integers(0, 64, (300, 2)):
        z, t = nearest(screen, triangles, x + 0.5, y + 0.5)
        assert triangle[y, x] == t
        assert depth[y, x] == pytest.approx(z, rel=1e-4)
        if t >= 0:
            w = np.append(weights[y, x], 1 - weights[y, x].sum())
            np.testing.assert_allclose(w @ screen[triangles[t], :2], [x + 0.5, y + 0.5], atol=1e-2)


def test_a_depth_map_is_the_depth_of_the_raster():
    screen, triangles = scene(np.random.default_rng(6))
    depth, _, _ = rasterize(screen, triangles, (64, 64))
    only = np.full((64, 64), EMPTY_DEPTH, np.float32)
    fill_depth(screen, triangles, only)
    np.testing.assert_allclose(only, depth, rtol=1e-5)


def test_triangles_that_share_an_edge_leave_no_gap():
    screen = np.array([[3.3, 2.1, 1], [60.2, 7.7, 1], [55.1, 61.9, 1], [6.6, 50.2, 1]], np.float32)
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    _, triangle, _ = rasterize(screen, triangles, (64, 64))
    ys, xs = np.nonzero(triangle >= 0)
    for y in np.unique(ys):
        row = xs[ys == y]
        assert len(row) == row[-1] - row[0] + 1


def test_a_half_open_cut_out_keeps_half_of_the_samples():
    screen = np.array([[0, 0, 1], [64, 0, 1], [64, 64, 1], [0, 64, 1]], np.float32)
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    uv = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)[triangles]
    cut = Cutouts(np.zeros(2), [np.full((4, 4), 0.5, np.float32)], uv)
    _, triangle, _ = rasterize(screen, triangles, (64, 64), cut)
    assert 0.45 < (triangle >= 0).mean() < 0.55


def sample(values, entry, u, v, lod):
    out = np.empty(CHANNELS, np.float32)
    sample_texture(values, entry[0], entry[1], u, v, lod, out)
    return out


def test_textures_at_texel_centres_and_between_mips():
    rng = np.random.default_rng(7)
    albedo = rng.random((16, 16, 3)).astype(np.float32)
    values, table = pack_textures([(None, None), (albedo, None), (None, np.zeros((8, 8), np.float32))])
    assert table[0, 1] == 0 and table[1, 1] == 16 and table[2, 1] == 8
    got = sample(values, table[1], (3 + 0.5) / 16, 1 - (5 + 0.5) / 16, 0.0)
    np.testing.assert_allclose(got[:3], albedo[5, 3], atol=1e-5)
    coarse = albedo.reshape(8, 2, 8, 2, 3).mean((1, 3))
    one = sample(values, table[1], (3 + 0.5) / 8, 1 - (5 + 0.5) / 8, 1.0)
    np.testing.assert_allclose(one[:3], coarse[5, 3], atol=1e-5)
    zero, half = (sample(values, table[1], (3 + 0.5) / 8, 1 - (5 + 0.5) / 8, lod) for lod in (0.0, 0.5))
    np.testing.assert_allclose(half, (zero + one) / 2, atol=1e-5)
    np.testing.assert_allclose(sample(values, table[1], 0.3, 0.3, 99.0)[:3], albedo.mean((0, 1)), atol=0.15)


def test_slopes_of_the_bump_are_metres_per_unit_of_uv():
    u = (np.arange(32) + 0.5) / 32
    bump = (0.2 * u[None, :] + 0.5 * u[::-1, None]).astype(np.float32)
    values, table = pack_textures([(None, bump)])
    np.testing.assert_allclose(sample(values, table[0], 0.5, 0.5, 0.0)[3:], [0.2, 0.5], atol=1e-3)


def test_odd_sizes_are_refused():
    with pytest.raises(ValueError, match="powers of two"):
        pack_textures([(np.zeros((12, 12, 3), np.float32), None)])
