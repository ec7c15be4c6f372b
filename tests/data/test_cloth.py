"""vton.data.cloth: labels of the cloth survive their PNGs."""

import cv2
import numpy as np
import pytest
from drawn.cloth import no_cloth, sheet

from vton.data.cloth import NO_ISLAND, NOT_SHOWN, decode_cloth, decode_field, encode_cloth, encode_field

SIZE = (30, 20)


@pytest.mark.parametrize("cloth", [
    sheet(SIZE, (3, 20, 2, 19), article=6, island=3, origin=(0.2, 2.4)),
    sheet(SIZE, (0, 30, 0, 20), article=1, inside=True, origin=(-0.3, 1.0)),
    no_cloth(SIZE),
])  # fmt: skip
def test_cloth_comes_back(cloth):
    again = decode_cloth(encode_cloth(cloth))
    for name in ("article", "island", "inside"):
        found, expected = getattr(again, name), getattr(cloth, name)
        assert np.array_equal(found, expected) and found.dtype == expected.dtype, name
    np.testing.assert_allclose(again.place, cloth.place, atol=2.6e-4)
    assert again.place.dtype == np.float32 and not again.place[again.island == NO_ISLAND].any()


def test_fields_come_back():
    field = np.random.default_rng(0).uniform(0, 256, (*SIZE, 2)).astype(np.float32)
    field[:5], field[5:9] = np.nan, NOT_SHOWN
    field[9, 0] = (0.0, 0.02)
    again = decode_field(encode_field(field))
    np.testing.assert_allclose(again, field, atol=1 / 32)
    assert np.array_equal(again == NOT_SHOWN, field == NOT_SHOWN) and again.dtype == np.float32


def test_other_pictures_are_no_labels():
    photo = cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    for data in (photo, b"", encode_field(np.zeros((3, 4, 2), np.float32))[:40]):
        with pytest.raises(ValueError, match="cloth"):
            decode_field(data)
