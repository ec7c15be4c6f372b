"""Deformed pictures of garments: laid out like uploads, of the same cloth, no longer copies."""

import numpy as np
import pytest

from vton.conditioning.photos.article_photo import FILL
from vton.schema import EMPTY_GREY
from vton.tryon.training.garment_deformation import CUT_OUT, PACKSHOT, Deformation, deform

RED, BLUE = (190, 40, 40), (40, 60, 190)


@pytest.fixture
def garment():
    """A shirt of two colours with sleeves, as large as uploads are."""
    rgba = np.full((256, 192, 4), (EMPTY_GREY,) * 3 + (0,), np.uint8)
    rgba[58:198, 54:138] = (*RED, 255)
    rgba[58:108, 12:180] = (*RED, 255)
    rgba[128:198, 54:138, :3] = BLUE
    return rgba


def moved(one, other):
    return ((one[..., 3] > 0) != (other[..., 3] > 0)).mean()


@pytest.mark.parametrize("deformation", [PACKSHOT, CUT_OUT])
def test_laid_out_like_uploads(garment, deformation):
    for seed in range(20):
        result = deform(np.random.default_rng(seed), garment, deformation)
        inside = result[..., 3] > 0
        assert result.shape == garment.shape and set(np.unique(result[..., 3])) == {0, 255}
        assert (result[~inside][:, :3] == EMPTY_GREY).all()
        rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        fill = max(np.ptp(rows) / 256, np.ptp(columns) / 192)
        assert abs(fill - FILL) < 0.07
        assert abs(rows[[0, -1]].mean() - 127.5) < 6 and abs(columns[[0, -1]].mean() - 95.5) < 6
        red = (result[inside][:, 0] > result[inside][:, 2]).mean()
        assert 0.4 < red < 0.8, "both colours are there as before"


def test_cut_outs_change_more_than_packshots(garment):
    shares = {kind: np.mean([moved(deform(np.random.default_rng(s), garment, kind), garment) for s in range(30)])
              for kind in (PACKSHOT, CUT_OUT)}  # fmt: skip
    assert 0.005 < shares[PACKSHOT] < 0.1 and shares[CUT_OUT] > 1.2 * shares[PACKSHOT]


def test_nothing_to_do_changes_next_to_nothing(garment):
    still = Deformation(turn=0.0, stretch=0.0, light=0.0, refit=False)
    result = deform(np.random.default_rng(0), garment, still)
    rows, columns = (np.flatnonzero((result[..., 3] > 0).any(axis)) for axis in (1, 0))
    assert np.ptp(rows) == 139 and np.ptp(columns) == 167, "only its place has changed"
    assert moved(deform(np.random.default_rng(0), garment, Deformation(turn=0, stretch=0, light=0)), garment) < 0.02


def test_the_light_changes_and_the_input_does_not(garment):
    before = garment.copy()
    results = [deform(np.random.default_rng(s), garment, Deformation(turn=0, stretch=0, light=0.4)) for s in range(10)]
    reds = [np.median(r[r[..., 3] > 0][:, 0]) for r in results]
    assert np.ptp(reds) > 8 and np.array_equal(garment, before)


def test_a_speck_stays_a_garment():
    rgba = np.full((256, 192, 4), (EMPTY_GREY,) * 3 + (0,), np.uint8)
    rgba[100:101, 90:91] = (*RED, 255)
    assert (deform(np.random.default_rng(0), rgba, CUT_OUT)[..., 3] > 0).any()
