"""A lookbook: which outfits it shows, that its pictures are the pipeline's, and that it can be read back."""

import io
import zipfile

import numpy as np
import pytest

from vton.generation.lookbook import MOST_PICTURES, draw_lookbook, exchanged
from vton.provenance import read_recipe
from vton.schema import InputError, Outfit

POSES = ["stand", "walk-left", "hip-left"]


@pytest.fixture
def outfit(make_article):
    return Outfit.of(make_article("top"), make_article("shoes", (20, 20, 20)))


def test_each_article_takes_its_slot_in_turn(outfit, make_article):
    skirts = [make_article("bottom", (0, 80 * i, 90)) for i in range(3)]
    outfits = exchanged(outfit, skirts)
    assert [o["bottom"] for o in outfits] == skirts
    assert all(o["top"] == outfit["top"] and o["shoes"] == outfit["shoes"] for o in outfits)
    assert exchanged(outfit, []) == [outfit]


def test_a_dress_and_what_it_replaces(outfit, make_article):
    dress, bottom = make_article("dress"), make_article("bottom")
    dressed, both = exchanged(outfit, [dress, bottom])
    assert [slot for slot, _ in dressed.items()] == ["dress", "shoes"]
    assert [slot for slot, _ in both.items()] == ["top", "bottom", "shoes"]
    (back,) = exchanged(dressed, [bottom])
    assert [slot for slot, _ in back.items()] == ["bottom", "shoes"]


def test_pictures_sheet_and_archive(load, outfit, make_article):
    pipeline, told = load("outfit-gan"), []
    outfits = exchanged(outfit, [make_article("bottom", (30, 60, 200)), make_article("bottom", (200, 200, 30))])
    book = draw_lookbook(pipeline, outfits, POSES, seed=4, callback=lambda *done: told.append(done))
    assert told == [(i, 6) for i in range(1, 7)]
    (_, first), (_, second) = book.looks
    assert [picture.recipe.pose_name for picture in first] == POSES
    assert np.array_equal(second[1].image_u8, pipeline(outfits[1], "walk-left", seed=4)[0].image_u8)
    sheet = book.sheet
    assert sheet.shape == (2 * 128 + 3 * 384 + 5 * 12, 2 * 288 + 3 * 12, 3)
    left, right = sheet[:, 12:300], sheet[:, 312:600]
    for rows in (slice(12, 268), slice(-396, -12)):
        assert not np.array_equal(left[rows], right[rows])
    with zipfile.ZipFile(io.BytesIO(book.archive())) as archive:
        names = archive.namelist()
        assert len(names) == 7 and "look02-walk-left-seed4.png" in names
        recipe = read_recipe(archive.read("look02-walk-left-seed4.png"))
    assert recipe == second[1].recipe and np.array_equal(pipeline.generate_from(recipe).image_u8, second[1].image_u8)


def test_nothing_and_too_much_are_refused(load, outfit):
    pipeline = load("outfit-gan")
    for outfits, poses in (([], POSES), ([outfit], [])):
        with pytest.raises(InputError, match="needs an outfit and a pose"):
            draw_lookbook(pipeline, outfits, poses)
    with pytest.raises(InputError, match=f"at most {MOST_PICTURES}"):
        draw_lookbook(pipeline, [outfit] * 13, POSES)
