"""vton.studio.raster.correspondence on flat sheets, where the right place is known."""

import numpy as np
import pytest
from drawn.cloth import no_cloth, sheet

from vton.data.cloth import NOT_SHOWN
from vton.studio.raster.correspondence import correspondence, correspondences
from vton.studio.specs.labels import ARTICLE_ID

PHOTO, PICTURE = (60, 50), (40, 30)


def test_places_are_exact_between_pixels():
    """The picture shows the same sheet larger, turned and moved."""
    photo = sheet(PHOTO, (20, 40, 15, 35), step_m=0.007)
    picture = sheet(PICTURE, (0, 40, 0, 30), origin=(1.02, 0.99), turned=0.4)
    field = correspondence(photo, picture, 1)
    for row, column in ((25, 20), (30, 25), (38, 33)):
        u, v, _ = photo.place[row, column] - (1.02, 0.99, 0)
        right, up = u * np.cos(0.4) + v * np.sin(0.4), v * np.cos(0.4) - u * np.sin(0.4)
        assert field[row, column] == pytest.approx((15 + right / 0.01, 20 - up / 0.01), abs=0.01)
    assert np.isnan(field[:20]).all() and not np.isnan(field[20:40, 15:35]).any()


def test_cloth_beyond_the_picture_is_not_shown():
    photo = sheet(PHOTO, (0, 60, 0, 50))
    picture = sheet(PICTURE, (10, 30, 5, 25))
    shown = correspondence(photo, picture, 1)[..., 0] != NOT_SHOWN
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (19, 40, 14, 35), "one pixel of tolerance"
    assert shown[20:40, 15:35].all()


@pytest.mark.parametrize("other", [{"island": 1}, {"inside": True}, {"article": 2}])
def test_other_sheets_are_not_taken_for_it(other):
    photo, picture = sheet(PHOTO, (0, 60, 0, 50)), sheet(PICTURE, (0, 40, 0, 30), **other)
    assert (correspondence(photo, picture, 1) == NOT_SHOWN).all()


def test_a_fold_is_not_interpolated_over():
    """Left and right half of the picture show cloth half a metre apart."""
    left = sheet(PICTURE, (0, 40, 0, 15))
    right = sheet(PICTURE, (0, 40, 15, 30), origin=(1.5, 1.0))
    picture = left
    picture.article[:, 15:], picture.island[:, 15:] = right.article[:, 15:], right.island[:, 15:]
    picture.place[:, 15:] = right.place[:, 15:]
    field = correspondence(sheet(PHOTO, (25, 35, 11, 24)), picture, 1)
    assert field[30, 23] == pytest.approx((13.5, 20.5), abs=0.01)
    assert field[30, 11] == pytest.approx((1.5, 20.5), abs=0.01)


def test_a_shoe_is_looked_for_on_its_twin():
    shoes = ARTICLE_ID["shoes"]
    photo = sheet(PHOTO, (20, 40, 15, 35), article=shoes, origin=(0.15, 0.1))
    twin = sheet(PICTURE, (0, 40, 0, 30), article=shoes, origin=(-0.15, 0.1))
    field = correspondence(photo, twin, shoes)
    assert field[30, 20] == pytest.approx((15 - (20.5 - 25), 20.5), abs=0.01)
    tops = (sheet(PHOTO, (20, 40, 15, 35), origin=(0.15, 0.1)), sheet(PICTURE, (0, 40, 0, 30), origin=(-0.15, 0.1)))
    assert (correspondence(*tops, 1)[20:40, 15:35] == NOT_SHOWN).all(), "nothing else has a twin"


def test_every_pixel_is_looked_up_in_its_own_article():
    photo, bottom = sheet(PHOTO, (0, 30, 0, 50)), sheet(PHOTO, (30, 60, 0, 50), article=3)
    photo.article[30:], photo.island[30:], photo.place[30:] = 3, 0, bottom.place[30:]
    pictures = {1: sheet(PICTURE, (0, 40, 0, 30), origin=(1.0, 1.1)), 3: sheet(PICTURE, (0, 40, 0, 30), article=3)}
    field = correspondences(photo, pictures)
    assert field[25, 25] == pytest.approx((15.5, 25.5), abs=0.01)
    assert field[35, 25] == pytest.approx((15.5, 25.5), abs=0.01)
    assert np.isnan(correspondences(no_cloth(PHOTO), pictures)).all()
