"""vton.studio.photos.worn: articles cut from the photo of another wearer; nothing else changes."""

import dataclasses

import numpy as np
import pytest

from vton.data.cloth import NOT_SHOWN
from vton.studio.photos.photographer import Photographer
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import ARTICLE_ID

HW = (256, 192)
OUTFIT = 25
"""A blouse, a short skirt and pumps, none of which hides the others."""


@pytest.fixture(scope="module")
def pair(model):
    """An outfit without and with another wearer, in plain colours."""
    look = sample_looks(0, OUTFIT, 1, 1, worn=1.0)[0]
    articles = [
        dataclasses.replace(a, fabric=dataclasses.replace(a.fabric, pattern="solid", graphic=False))
        for a in look.outfit.articles
    ]
    look = dataclasses.replace(look, outfit=dataclasses.replace(look.outfit, articles=tuple(articles)))
    studio = Photographer()
    return [studio.shoot([each], HW)[0] for each in (dataclasses.replace(look, wearer=None), look)]


def test_a_worn_picture_shows_the_article_alone_in_its_colour(pair):
    look = pair[1]
    for slot, kinds in look.article_photos.items():
        worn, packshot = kinds["worn"], look.packshots[slot]
        solid = worn.mask_u8 > 250
        assert worn.image_u8.shape == (*HW, 3) and 0.02 < solid.mean() < 0.8, slot
        assert worn.image_u8[worn.mask_u8 == 0].std() < 6 and worn.image_u8[worn.mask_u8 == 0].min() > 190, slot
        assert set(np.unique(worn.cloth.article)) == {0, ARTICLE_ID[slot]}
        assert (worn.mask_u8[worn.cloth.article > 0] > 0).all()
        colours = [np.median(p.image_u8[p.mask_u8 > 250], 0) for p in (worn, packshot)]
        assert np.abs(colours[0] - colours[1]).mean() < 40, slot


def test_photos_know_where_their_cloth_is_on_the_other_wearer(pair):
    photo, kinds = pair[1].photos[0], pair[1].article_photos
    field = photo.places["worn"]
    for slot in kinds:
        mine = photo.cloth.of(ARTICLE_ID[slot])
        shown = mine & (field[..., 0] != NOT_SHOWN)
        assert shown.sum() > 0.3 * mine.sum(), slot
        x, y = field[shown].astype(int).T
        assert (kinds[slot]["worn"].cloth.article[y, x] == ARTICLE_ID[slot]).all(), slot


def test_another_wearer_changes_nothing_else(pair):
    without, look = pair
    assert np.array_equal(without.photos[0].image_u8, look.photos[0].image_u8)
    assert set(look.photos[0].places) == {*without.photos[0].places, "worn"}
    for slot, kinds in without.article_photos.items():
        assert "worn" not in kinds and set(look.article_photos[slot]) == {*kinds, "worn"}
        assert all(np.array_equal(kinds[kind].image_u8, look.article_photos[slot][kind].image_u8) for kind in kinds)


def test_wearers_are_drawn_from_their_own_stream_and_lit_anew():
    for index in range(12):
        plain, dressed = (sample_looks(0, index, 2, 3, worn=share) for share in (0.0, 1.0))
        assert [dataclasses.replace(look, wearer=None) for look in dressed] == plain
        first, second = (look.wearer for look in dressed[:2])
        assert first.person == second.person != plain[0].person and first.pose == second.pose
        assert first.person.body.gender == plain[0].person.body.gender
        assert first.view.key_direction == second.view.key_direction and first.view != second.view
    assert 3 < sum(sample_looks(0, i, 1, 1, worn=0.5)[0].wearer is not None for i in range(20)) < 17
