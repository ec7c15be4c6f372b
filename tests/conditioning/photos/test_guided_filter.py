"""The guided filter: exact where its model holds, and a mask that finds the photo's edges."""

import numpy as np
import pytest

from vton.conditioning.photos.guided_filter import guided_filter


def photo(rng, size_hw=(96, 72)):
    """A disc on a backdrop of another colour, both a little noisy, and where the disc is."""
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    disc = (y - size_hw[0] / 2) ** 2 + (x - size_hw[1] / 2) ** 2 < (min(size_hw) / 3) ** 2
    colours = np.where(disc[..., None], (40, 90, 160), (190, 170, 150)) + rng.normal(0, 4, (*size_hw, 3))
    return colours.clip(0, 255).astype(np.uint8), disc


def test_a_plane_that_follows_the_colours_stays():
    guide = np.random.default_rng(0).integers(0, 256, (64, 48, 3), np.uint8)
    plane = (guide @ np.array([0.2, -0.1, 0.3]) / 255 + 0.4).astype(np.float32)
    assert np.abs(guided_filter(guide, plane, 0.1, 1e-6) - plane).max() < 0.02


def test_a_constant_stays_whatever_the_photo_shows():
    guide, _ = photo(np.random.default_rng(1))
    assert np.allclose(guided_filter(guide, np.full((96, 72), 0.7, np.float32), 0.07, 1e-4), 0.7, atol=1e-3)


@pytest.mark.parametrize("enlarged", [1, 4])
def test_a_coarse_mask_takes_on_the_outline(enlarged):
    guide, disc = photo(np.random.default_rng(2))
    guide, disc = (np.repeat(np.repeat(a, enlarged, 0), enlarged, 1) for a in (guide, disc))
    cell = 12 * enlarged
    coarse = disc.reshape(8, cell, 6, cell).mean((1, 3)) > 0.5
    rough = np.repeat(np.repeat(coarse, cell, 0), cell, 1)
    found = guided_filter(guide, rough.astype(np.float32), 0.12, 1e-4) > 0.5
    assert found.shape == disc.shape and found.dtype == bool
    assert (rough != disc).mean() > 0.03 and (found != disc).mean() < 0.005


def test_in_a_flat_photo_it_only_smooths():
    plane = np.zeros((60, 60), np.float32)
    plane[:, 30:] = 1
    smooth = guided_filter(np.full((60, 60, 3), 128, np.uint8), plane, 0.1, 1e-4)
    assert (smooth[:, 1:] - smooth[:, :-1]).min() > -1e-4 and 0.4 < smooth[30, 29:31].mean() < 0.6


def test_what_the_photo_is_turned_by_turns_the_result():
    rng = np.random.default_rng(3)
    guide, disc = photo(rng, (72, 72))
    plane = rng.random((72, 72), np.float32)
    turned = guided_filter(np.rot90(guide).copy(), np.rot90(plane).copy(), 0.07, 1e-4)
    assert np.allclose(turned, np.rot90(guided_filter(guide, plane, 0.07, 1e-4)), atol=1e-3)


def test_black_and_white_checks_keep_their_mask():
    """Grey and full of contrast: in single precision the system of the three colours is singular, the mask was NaN."""
    rng = np.random.default_rng(0)
    checks = rng.choice((0, 255), (64, 48, 1)).repeat(4, 0).repeat(4, 1) + rng.integers(-1, 2, (256, 192, 3))
    mask = np.zeros((256, 192), np.float32)
    mask[60:200, 40:150] = 1
    found = guided_filter(checks.clip(0, 255).astype(np.uint8), mask, 0.04, 2e-5)
    assert np.isfinite(found).all() and found.min() > -0.1 and found.max() < 1.1
