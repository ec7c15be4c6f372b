"""Patterns and weaves: all of them there, all different, in the colours asked for."""

import cv2
import numpy as np
import pytest

from vton.studio.fabrics.patterns import PATTERNS, canvas_of, noise
from vton.studio.fabrics.weaves import WEAVES, weave_maps

COLOURS = np.array([[0.5, 0.05, 0.05], [0.05, 0.5, 0.05], [0.05, 0.05, 0.5]], np.float32)
CANVAS = canvas_of(128, 2.56)


def painted(name, seed=3, scale=1.0):
    return PATTERNS[name](CANVAS, np.random.default_rng(seed), COLOURS, scale)


def test_there_are_eighteen_patterns_and_fifteen_weaves():
    assert len(PATTERNS) == 18 and len(WEAVES) == 15


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_fills_its_canvas_the_same_way_each_time(name):
    albedo = painted(name)
    assert albedo.shape == (128, 128, 3) and albedo.dtype == np.float32
    assert np.isfinite(albedo).all() and albedo.min() >= 0 and albedo.max() <= 1.001
    np.testing.assert_array_equal(albedo, painted(name))
    assert (albedo.std((0, 1)).max() > 0.01) == (name != "solid")


def test_no_two_patterns_look_alike():
    pictures = [painted(name) for name in PATTERNS]
    for i, one in enumerate(pictures):
        for other in pictures[i + 1 :]:
            assert np.abs(one - other).mean() > 0.005


@pytest.mark.parametrize("name", ["hstripe", "gingham", "plaid", "zigzag", "houndstooth"])
def test_both_colours_show(name):
    albedo = PATTERNS[name](canvas_of(512, 2.56), np.random.default_rng(0), COLOURS, 1.0)
    red, green = (np.abs(albedo - c).sum(-1) < 0.12 for c in COLOURS[:2])
    assert red.mean() > 0.1 and (green.mean() > 0.04 or name == "plaid")


def test_stripes_run_the_way_they_say():
    across, along = painted("hstripe"), painted("vstripe")
    assert across.std(1).max() < 1e-6 < across.std(0).max()
    assert along.std(0).max() < 1e-6 < along.std(1).max()


@pytest.mark.parametrize("name", sorted(set(PATTERNS) - {"melange"}))
def test_a_pattern_is_the_same_at_any_size(name):
    small, large = (PATTERNS[name](canvas_of(s, 2.56), np.random.default_rng(4), COLOURS, 1.3) for s in (512, 1024))
    shrunk = large.reshape(512, 2, 512, 2, 3).mean((1, 3))
    soft, other, turned = (cv2.blur(a, (5, 5)) for a in (small, shrunk, small[::-1]))
    same, different = np.abs(soft - other).mean(), np.abs(soft - turned).mean()
    assert same < 0.02 and (same < 0.6 * different or different < 0.02)


def test_noise_tiles_and_has_unit_variance():
    field = noise(np.random.default_rng(1), 128, 8, 2)
    assert field.std() == pytest.approx(1.0, abs=1e-3)
    seam = np.abs(field[:, 0] - field[:, -1]).mean()
    assert seam < 2 * np.abs(np.diff(field, axis=1)).mean()


@pytest.mark.parametrize("name", WEAVES)
def test_a_weave_keeps_the_colour_and_its_relief_is_thin(name):
    factor, height = weave_maps(name, 128, 2.56, 5)
    assert factor.shape == height.shape == (128, 128)
    assert 0.7 < factor.mean() < 1.1 and factor.min() > 0
    assert np.ptp(height) < 0.012


@pytest.mark.parametrize("name", ["leather", "nylon", "fleece"])
def test_relief_has_the_same_height_and_slope_on_a_bag_as_on_a_coat(name):
    slopes = []
    for side in (2.56, 1.28):
        height = weave_maps(name, 512, side, 5)[1]
        slopes.append(
            np.abs(np.diff(cv2.GaussianBlur(height, (0, 0), 0.02 / side * 512), axis=1)).mean() / (side / 512)
        )
    assert slopes[0] == pytest.approx(slopes[1], rel=0.35)
