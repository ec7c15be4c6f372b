"""Article, Outfit and Parsing."""

import numpy as np
import pytest

from vton.schema import (
    ARTICLE_HW,
    EMPTY_GREY,
    REGIONS,
    SLOTS,
    Article,
    InputError,
    Outfit,
    Parsing,
    check_slots,
)


def article(slot="top", colour=(200, 30, 60)):
    mask = np.zeros(ARTICLE_HW, np.uint8)
    mask[40:200, 30:150] = 255
    image = np.random.default_rng(2).integers(0, 30, (*ARTICLE_HW, 3)).astype(np.uint8)
    return Article(slot, image + np.array(colour, np.uint8), mask)


def test_outside_of_the_mask_is_grey():
    one = article()
    assert (one.image_u8[one.mask_u8 == 0] == EMPTY_GREY).all()
    assert (one.image_u8[one.mask_u8 > 0] != EMPTY_GREY).any()


def test_canonical_article_is_what_its_stored_form_gives():
    stored = article().canonical()
    again = Article.from_webp("top", stored.to_webp())
    assert again == stored and again.digest == stored.digest
    assert again.to_webp() == stored.to_webp()
    assert stored.canonical() is stored
    np.testing.assert_array_equal(stored.mask_u8, article().mask_u8)
    inside = stored.mask_u8 > 0
    error = stored.image_u8[inside].astype(int) - article().image_u8[inside]
    assert abs(error.mean(axis=0)).max() < 4


def test_digest_tells_articles_apart():
    assert article().digest == article().digest
    assert len({article(), article("outer"), article(colour=(200, 30, 61))}) == 3


@pytest.mark.parametrize("data", [b"", b"RIFF0000WEBP", b"no picture at all", None])
def test_damaged_webp(data):
    data = article().to_webp()[:300] if data is None else data
    with pytest.raises(InputError):
        Article.from_webp("top", data)


def test_unknown_slot_and_empty_mask():
    image = np.zeros((*ARTICLE_HW, 3), np.uint8)
    with pytest.raises(InputError, match="accessory"):
        Article("socks", image, np.full(ARTICLE_HW, 255, np.uint8))
    with pytest.raises(InputError, match="empty"):
        Article("top", image, np.zeros(ARTICLE_HW, np.uint8))
    with pytest.raises(ValueError):
        Article("top", image, np.full(ARTICLE_HW, 7, np.uint8))


def test_outfit_keeps_the_order_of_slots():
    outfit = Outfit.of(article("shoes"), bottom=article("bottom"))
    assert outfit.presence.tolist() == [0, 0, 1, 0, 1, 0] and outfit.presence.dtype == np.uint8
    assert [a.slot if a else None for a in outfit] == [None, None, "bottom", None, "shoes", None]
    assert [slot for slot, _ in outfit.items()] == ["bottom", "shoes"]
    assert outfit["bottom"].slot == "bottom" and outfit["top"] is None
    assert outfit.describe() == "2 of 6 articles"


@pytest.mark.parametrize("others", [("top",), ("bottom",), ("top", "bottom")])
def test_a_dress_excludes_top_and_bottom(others):
    with pytest.raises(InputError, match="dress"):
        Outfit.of(article("dress"), *(article(slot) for slot in others))
    with pytest.raises(InputError, match=" and the ".join(others)):
        check_slots({"dress", *others})


def test_a_dress_goes_with_the_rest():
    outfit = Outfit.of(*(article(slot) for slot in ("dress", "outer", "shoes")))
    assert outfit.describe() == "3 of 6 articles; a dress replaces top and bottom"


def test_no_article_at_all():
    with pytest.raises(InputError, match="top"):
        Outfit.empty().require_any()
    full = Outfit.of(article())
    assert full.require_any() is full


def test_outfit_refuses_wrong_places():
    with pytest.raises(ValueError):
        Outfit((article("outer"), None, None, None, None, None))
    with pytest.raises(ValueError):
        Outfit((article(),))
    with pytest.raises(InputError):
        Outfit.of(socks=article())
    with pytest.raises(InputError):
        Outfit.of(article(), article())
    assert len(SLOTS) == 6


def test_parsing():
    labels = np.zeros((4, 3), np.uint8)
    labels[1, 0] = REGIONS.index("top")
    parsing = Parsing(labels)
    assert parsing.mask("top").sum() == 1 and parsing.silhouette().sum() == 1
    assert parsing.flip().mask("top")[1, 2] and parsing.flip().flip().labels.tolist() == labels.tolist()
    assert parsing.colours().shape == (4, 3, 3) and (parsing.colours()[1, 0] != parsing.colours()[0, 0]).any()
    assert parsing.size_hw == (4, 3)
    with pytest.raises(KeyError):
        parsing.mask("socks")
    with pytest.raises(ValueError):
        Parsing(np.full((2, 2), 10, np.uint8))
    with pytest.raises(ValueError):
        Parsing(np.zeros((2, 2)))
