"""The outline of a generated person: no glow, no mixed colours, and nothing else changes."""

import cv2
import numpy as np
import pytest

from vton.pipelines.outline import with_clean_outline

BACKDROP, COAT = (225, 226, 230), (40, 60, 140)


def drawn(scale, coat=COAT, thinner=0):
    """A blurred coat before a backdrop with a glow around it; ``thinner`` is how much it is drawn within its parsing.

    Returns:
        The picture, and the parsing's share of the person.
    """
    h, w = 96 * scale, 72 * scale
    person, worn = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    y, x, by = 24 * scale, 20 * scale, thinner * scale
    person[y:-y, x:-x] = 1
    worn[y + by : h - y - by, x + by : w - x - by] = 1
    soft = cv2.GaussianBlur(worn, (0, 0), float(scale))[..., None]
    picture = np.array(BACKDROP) + soft * (np.array(coat) - BACKDROP)
    glow = (cv2.dilate(worn, np.ones((4 * scale + 1, 4 * scale + 1))) > 0) & (worn == 0)
    picture[glow] += 20
    noise = np.random.default_rng(0).integers(-2, 3, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8), person


@pytest.mark.parametrize("scale", [1, 2])
def test_glow_and_mixed_colours_go_and_all_else_stays(scale):
    picture, person = drawn(scale)
    result = with_clean_outline(picture, person, scale)
    around = cv2.dilate(person, np.ones((2 * 9 * scale + 1,) * 2)) > 0
    within = cv2.erode(person, np.ones((2 * 6 * scale + 1,) * 2)) > 0
    assert np.array_equal(result[~around], picture[~around]) and np.array_equal(result[within], picture[within])
    outside = (person == 0) & (cv2.dilate(person, np.ones((4 * scale + 1,) * 2)) > 0)
    inside = (person > 0) & (cv2.erode(person, np.ones((2 * scale + 1,) * 2)) == 0)
    for colour, part, most in ((BACKDROP, outside, 0.35), (COAT, inside, 0.7)):
        before, after = (np.abs(image - np.array(colour)).max(axis=2)[part].mean() for image in (picture, result))
        assert before > 8 and after < most * before


@pytest.mark.parametrize("scale", [1, 2])
def test_what_is_drawn_thinner_than_its_parsing_has_background_beside_it(scale):
    picture, person = drawn(scale, thinner=2)
    result = with_clean_outline(picture, person, scale)
    rim = (person > 0) & (cv2.erode(person, np.ones((2 * scale + 1,) * 2)) == 0)
    assert np.abs(result - np.array(BACKDROP)).max(axis=2)[rim].mean() < 25
    white, _ = drawn(scale, coat=(238, 238, 238), thinner=2)
    kept = with_clean_outline(white, person, scale)
    assert np.abs(kept - white.astype(int)).max(axis=2)[rim].mean() < 6  # too alike to tell


def test_without_a_person_or_without_background_the_picture_is_as_it_was():
    picture, person = drawn(1)
    for share in (np.zeros_like(person), np.ones_like(person)):
        assert np.array_equal(with_clean_outline(picture, share, 1), picture)
