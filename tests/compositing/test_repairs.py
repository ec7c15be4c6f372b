"""The list of repairs: each can be left out and then is missed, in the picture and in the command's words."""

import numpy as np
import pytest
import torch
from drawn.tryon import COLOURS, drawn_garment, drawn_person

from vton.compositing import REPAIRS, parse_repairs
from vton.compositing.put_back import put_back
from vton.compositing.repairs import GARMENT, UNCOVERED
from vton.compositing.scene import Scene
from vton.conditioning.masks import shrunk, square
from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.networks.thin_plate_spline import pixel_lattice
from vton.networks.tryon_output import TryOnOutput
from vton.schema import InputError

GREEN = torch.tensor([-1.0, 1.0, -1.0]).view(1, 3, 1, 1)


def tried_on(slot, without=frozenset()):
    """A photo of three times the canvas after a try-on of a smaller garment, by a network that draws noise."""
    person = drawn_person((768, 576))
    frame = PersonFrame((0, 0, 576, 768), (0, 0, 192, 256))
    canvas = frame.person(person.image_u8, person)
    wearer = Wearer.of(canvas, slot)
    noise = torch.from_numpy(np.random.default_rng(0).uniform(-1, 1, (1, 3, 256, 192)).astype(np.float32))
    warped = shrunk(wearer.mask("top"), square(2)) & (wearer.rows < wearer.waist + 8)
    worn = warped & (wearer.rows < wearer.waist - 2)
    plane = lambda mask: torch.from_numpy(mask.astype(np.float32))[None, None]  # noqa: E731
    result = torch.where(plane(worn) > 0, GREEN + 0.2 * noise, noise)
    green, grid = GREEN.expand_as(noise), pixel_lattice((256, 192))[None]
    output = TryOnOutput(result, green, plane(warped), plane(worn), plane(worn), grid)
    garment, stripes = drawn_garment(slot), np.zeros((768, 576, 3), np.uint8)
    stripes[::2] = 255
    photo = np.array(person.image_u8)
    put_back(photo, frame, Wearer.of(person, slot), Scene(canvas, wearer, output, without), garment, stripes)
    return photo


@pytest.fixture(scope="module")
def whole():
    """With every repair."""
    return tried_on("top")


@pytest.mark.parametrize("name", REPAIRS)
def test_each_is_missed(whole, name):
    moved = (tried_on("top", frozenset([name])) != whole).any(axis=2)
    assert 20 < moved.sum() < 0.3 * moved.size


def test_skin_that_is_left_out_is_as_the_network_drew_it(whole):
    arms = drawn_person((768, 576), ("bottom",)).parsing.mask("left_arm", "right_arm")
    skin = arms & (np.abs(whole - np.array(COLOURS["left_arm"])).max(axis=2) < 45)
    without = tried_on("top", frozenset(["skin"]))
    assert (without[skin] != whole[skin]).any() and np.std(without[skin]) > np.std(whole[skin])


def test_the_list_names_what_there_is_in_its_order():
    assert list(REPAIRS) == [*GARMENT, *UNCOVERED, "print"]


def test_names_are_read_with_commas_between_them():
    assert parse_repairs("hem, skin,hem,,") == {"hem", "skin"} and parse_repairs(" ") == frozenset()
    with pytest.raises(InputError, match="'garment' is no repair: choose from hem, border"):
        parse_repairs("hem,garment")
