"""Garments that somebody wears in the photo, on colour-reading estimators."""

import numpy as np
import pytest
from drawn.dressed_photo import draw_dressed
from tiny.colour_networks import figure, garment_checkpoint
from tiny.tryon import as_bundled, save_networks

from vton.readers.garment.article_reader import article_from_photo, cut_out, find_article, slot_scores
from vton.readers.garment.bundled import BundledGarmentSegmenter
from vton.readers.garment.worn_garment import worn_garments
from vton.schema import SLOTS, InputError

POSE = figure(420, 110, 40, (512, 400))


@pytest.fixture(scope="module", autouse=True)
def networks(tmp_path_factory):
    with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "shoes", ())):
        yield


@pytest.fixture(scope="module")
def sceptic(tmp_path_factory):
    """A segmenter that takes nothing for a garment alone."""
    return BundledGarmentSegmenter(garment_checkpoint(tmp_path_factory.mktemp("n") / "g", garment=False))


@pytest.fixture(scope="module")
def photo():
    """Somebody in a top and trousers, before something that is no plain backdrop."""
    image = draw_dressed(POSE)
    edge = np.ones(image.shape[:2], bool)
    edge[10:-10, 10:-10] = False
    image[edge] = np.random.default_rng(1).integers(60, 200, (int(edge.sum()), 1))
    return image


def test_what_is_worn_is_cut_out_by_the_parser(photo, sceptic):
    cutout = cut_out(photo, segmenter=sceptic)
    assert (cutout.method, cutout.slot) == ("worn", "top")
    trunk = POSE.keypoints_xy[[2, 5, 8, 11]]
    x, y = trunk.mean(axis=0).astype(int)
    assert cutout.alpha_u8[y, x] == 255 and not cutout.alpha_u8[int(trunk[:, 1].max()) + 60 :].any()
    scores = slot_scores(photo, sceptic)
    assert set(scores) == set(SLOTS) and scores["dress"] == 0 and sum(scores.values()) == pytest.approx(1)
    assert article_from_photo(photo, "bottom", segmenter=sceptic).slot == "bottom"
    assert not find_article(photo, "bottom", segmenter=sceptic).snapshot, "it is as broad as it is worn"


def test_what_is_not_worn_there_is_said(photo, sceptic):
    with pytest.raises(InputError, match="does not wear a dress: take top, bottom"):
        article_from_photo(photo, "dress", segmenter=sceptic)


def test_a_photo_of_nobody_shows_no_garment(photo):
    assert {"top", "bottom"} <= set(worn_garments(photo))
    assert worn_garments(np.full((200, 150, 3), 128, np.uint8)) == {}
