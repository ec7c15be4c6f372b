"""vton.studio.dataset.sheets: specs are read and recombined, tiles are laid out, joints are drawn."""

import dataclasses
import json

import numpy as np
import pytest
from drawn.cloth import no_cloth, sheet

from vton.data.cloth import NOT_SHOWN
from vton.schema import InputError
from vton.studio.dataset.sheets import (
    NOT_SHOWN_COLOUR,
    arrange,
    draw_joints,
    read_spec,
    recombined,
    warped,
    write_picture,
)
from vton.studio.photos.records import Packshot, Photo
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import ARTICLE_ID


def test_specs_are_read_alone_and_in_a_look(tmp_path):
    look = sample_looks(0, 1, 2, 1)[0]
    for values in (look.to_dict(), {"specs": look.to_dict(), "seed": 0}):
        (tmp_path / "a.json").write_text(json.dumps(values))
        assert read_spec(tmp_path / "a.json") == look
    for bad in ("{", "[1]", '{"specs": {"person": {}}}'):
        (tmp_path / "b.json").write_text(bad)
        with pytest.raises(InputError):
            read_spec(tmp_path / "b.json")
    with pytest.raises(InputError, match="Cannot read"):
        read_spec(tmp_path / "none.json")


def test_pairs_are_recombined_specs():
    one, other = sample_looks(0, 1, 2, 1)[0], sample_looks(0, 2, 2, 1)[0]
    posed = recombined(one, pose="stand")
    assert {p.name for p in posed.poses} == {"stand"}
    assert dataclasses.replace(posed, poses=one.poses) == one
    dressed, worn = recombined(one, outfit=other), recombined(one, person=other)
    assert dressed.person == one.person and dressed.outfit == other.outfit
    assert worn.person == other.person and worn.outfit == one.outfit


def test_tiles_of_a_row_stay_together():
    tiles = [[np.full((64, 48, 3), 10 * i, np.uint8)] * (2 - i % 2) for i in range(5)]
    sheet = arrange(tiles)
    assert sheet.shape[1] <= 1600 and sheet.shape[1] % 96 == 0 and sheet[5, 5, 0] == 0 and sheet[5, 100, 0] == 10
    assert sheet[5, 150, 0] == 255, "a short row is filled up with white"


def test_joints_are_drawn_where_they_are():
    joints = np.zeros((18, 3), np.float32)
    joints[0], joints[1] = (20, 30, 2), (40, 60, 1)
    flat = np.zeros((256, 192), np.uint8)
    white = np.full((256, 192, 3), 255, np.uint8)
    photo = Photo(white, flat, flat, flat, joints, joints[:16], no_cloth((256, 192)), {})
    image = draw_joints(photo)
    assert tuple(image[30, 20]) == (30, 200, 30) and tuple(image[60, 40]) == (230, 30, 30)
    assert (photo.image_u8 == 255).all() and (image[100:] == 255).all()


def test_packshots_are_warped_to_where_their_cloth_is_worn():
    flat, joints = np.zeros((64, 48), np.uint8), np.zeros((18, 3), np.float32)
    places = np.full((64, 48, 2), np.nan, np.float32)
    places[10:30, 10:20] = (5.5, 7.5)
    places[20:30, 10:20] = NOT_SHOWN
    worn = sheet((64, 48), (10, 30, 10, 20), article=ARTICLE_ID["top"])
    photo = Photo(np.zeros((64, 48, 3), np.uint8), flat, flat, flat, joints, joints[:16], worn, {"body": places})
    image = np.zeros((256, 192, 3), np.uint8)
    image[7, 5] = (10, 200, 30)
    picture = warped(photo, {"top": Packshot(image, image[..., 0], no_cloth((256, 192)))})
    assert (picture[10:20, 10:20] == (10, 200, 30)).all() and (picture[20:30, 10:20] == NOT_SHOWN_COLOUR).all()
    assert (picture[:10] == 235).all() and (picture[:, 20:] == 235).all()


def test_pictures_need_a_known_ending(tmp_path):
    write_picture(tmp_path / "deep" / "a.png", np.zeros((8, 8, 3), np.uint8))
    assert (tmp_path / "deep" / "a.png").stat().st_size > 0
    with pytest.raises(InputError, match=".png"):
        write_picture(tmp_path / "a.tiffany", np.zeros((8, 8, 3), np.uint8))
