import os

import numpy as np
import pytest
from PIL import Image

from vton.conditioning.photos.image_io import png_bytes
from vton.provenance import made_png, read_recipe, watermarked, write_made
from vton.schema import InputError


def test_a_recipe_travels_in_the_png(picture, recipe, tmp_path):
    path = write_made(tmp_path / "new" / "a.png", picture, recipe)
    assert read_recipe(path) == read_recipe(path.read_bytes()) == read_recipe(Image.open(path)) == recipe
    assert set(Image.open(path).text) == {"vton", "DigitalSourceType", "XML:com.adobe.xmp"}
    assert os.listdir(path.parent) == ["a.png"]


def test_files_and_bytes_are_the_same(picture, recipe, tmp_path):
    assert write_made(tmp_path / "a.png", picture, recipe).read_bytes() == made_png(picture, recipe)


def test_pictures_without_a_recipe(picture, tmp_path):
    for source in (png_bytes(picture), Image.fromarray(picture), picture):
        with pytest.raises(InputError, match="no recipe"):
            read_recipe(source)
    for source in (tmp_path / "missing.png", b"text"):
        with pytest.raises(InputError):
            read_recipe(source)


def test_a_tryon_is_no_outfit_to_bring_back(picture, tryon_recipe):
    with pytest.raises(InputError, match="try-on"):
        read_recipe(made_png(picture, tryon_recipe))


def test_pictures_of_different_recipes_differ_only_by_their_watermarks(picture, recipe, tryon_recipe):
    one, other = (watermarked(picture, origin).astype(int) for origin in (recipe, tryon_recipe))
    assert (one != other).any() and np.abs(one - other).mean() < 3
