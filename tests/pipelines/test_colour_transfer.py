"""Colours move, masks and patterns stay."""

import numpy as np
import pytest

from vton.pipelines.colour_transfer import recolour_outfit, transfer_colour
from vton.schema import Outfit


def colour_of(article):
    return np.median(article.image_u8[article.mask_u8 > 0], axis=0)


def test_full_strength_takes_the_colour_and_zero_keeps_it(make_article):
    red, blue = make_article("top", (200, 40, 40)), make_article("top", (40, 60, 180))
    assert np.abs(colour_of(transfer_colour(red, blue, 1)) - (40, 60, 180)).max() <= 2
    assert transfer_colour(red, blue, 0) == red
    half = colour_of(transfer_colour(red, blue, 0.5))
    assert np.abs(half - (120, 50, 110)).max() <= 2


def test_the_pattern_keeps_its_place(make_article):
    striped, plain = make_article("top", (200, 40, 40), stripes=8), make_article("top", (40, 60, 180))
    moved = transfer_colour(striped, plain, 1)
    assert np.array_equal(moved.mask_u8, striped.mask_u8)
    before, after = (a.image_u8[:, 96].astype(float).mean(1) for a in (striped, moved))
    inside = striped.mask_u8[:, 96] > 0
    assert np.corrcoef(before[inside], after[inside])[0, 1] > 0.95


@pytest.mark.parametrize(
    ("target", "source", "moved"),
    [
        (("top", "bottom"), ("top",), {"top"}),
        (("top", "bottom"), ("dress",), {"top", "bottom"}),
        (("dress",), ("top", "bottom"), {"dress"}),
        (("dress",), ("bottom",), {"dress"}),
        (("shoes",), ("top",), set()),
    ],
)
def test_which_slots_take_colours_from_which(make_article, target, source, moved):
    red = Outfit.of(*(make_article(slot, (200, 40, 40)) for slot in target))
    blue = Outfit.of(*(make_article(slot, (40, 60, 180)) for slot in source))
    result = recolour_outfit(red, blue, 1)
    assert np.array_equal(result.presence, red.presence)
    assert {slot for slot, article in result.items() if article != red[slot]} == moved
