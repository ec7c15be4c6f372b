"""The new garment as a layer: its own colours up to its border, whole hems."""

import cv2
import numpy as np
import pytest
import torch
from drawn.tryon import drawn_person

from vton.compositing.layer import Layer, lay
from vton.compositing.repairs import garment_of
from vton.compositing.scene import Scene
from vton.conditioning.masks import soft
from vton.conditioning.person.wearer import Wearer
from vton.networks.tryon_output import TryOnOutput

RED, GREEN = ((1.0, -1.0, -1.0), (-1.0, 1.0, -1.0))


@pytest.fixture(scope="module")
def canvas():
    return drawn_person()


def output_of(worn, warped=None, drawn=None):
    """A green garment where it is worn, red elsewhere; ``drawn`` [H, W, 3], uint8, is the result instead."""
    plane = lambda mask: torch.from_numpy(mask.astype(np.float32))[None, None]  # noqa: E731
    green = torch.tensor(GREEN).view(1, 3, 1, 1).expand(1, 3, *worn.shape)
    result = torch.where(plane(worn) > 0, green, torch.tensor(RED).view(1, 3, 1, 1))
    if drawn is not None:
        result = torch.from_numpy(drawn.transpose(2, 0, 1)[None] / 127.5 - 1).float()
    warped = plane(worn if warped is None else warped)
    return TryOnOutput(result=result, warped=green, warped_mask=warped, composition_mask=plane(worn), worn=plane(worn))


def garment_layer(canvas, output, slot):
    """The garment's layer, and where its own pixels are shown."""
    scene = Scene(canvas, Wearer.of(canvas, slot), output)
    garment = garment_of(scene)
    return garment.layer(scene), garment.own_pixels(scene)


def body(canvas):
    """Of whom the lines and parts of the body are asked."""
    return Wearer.of(canvas, "top")


def grown(mask, by):
    side = 2 * by + 1
    return cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def test_it_covers_what_is_worn_and_nothing_that_is_not_erased(canvas):
    everywhere = np.ones(canvas.size_hw, bool)
    layer, _ = garment_layer(canvas, output_of(everywhere), "top")
    erased = Wearer.of(canvas, "top").erased
    assert (layer.cover[erased] > 0.99).all() and not layer.cover[~erased].any()
    nothing, inside = garment_layer(canvas, output_of(~everywhere), "top")
    assert not nothing.cover.any() and not inside.any()


def test_at_its_border_it_has_its_own_colours_and_not_those_beside(canvas):
    worn = canvas.parsing.mask("top")
    drawn = np.where(worn[..., None], (0, 255, 0), (255, 0, 0)).astype(np.uint8)
    mixed = cv2.blur(drawn, (3, 3))
    layer, inside = garment_layer(canvas, output_of(worn, drawn=mixed), "top")
    shown = layer.cover > 0.1
    assert (mixed[shown, 0] > 60).any() and (layer.colours[shown] == (0, 255, 0)).all()
    assert not (inside > 0)[~worn].any() and (inside == 1).any()


def test_specks_away_from_the_garment_are_left_out(canvas):
    worn = canvas.parsing.mask("top")
    y, x = np.argwhere(Wearer.of(canvas, "top").erased & ~grown(worn, 6))[0]
    specked = worn.copy()
    specked[y : y + 3, x : x + 3] = True
    with_speck, without = (garment_layer(canvas, output_of(mask, worn), "top")[0] for mask in (specked, worn))
    assert np.array_equal(with_speck.cover, without.cover) and without.cover.any()


@pytest.mark.parametrize("slot", ["dress", "bottom", "top", "outer"])
def test_a_hem_is_not_notched_between_the_legs(canvas, slot):
    h, w = canvas.size_hw
    hips = int(canvas.pose.keypoints_xy[8, 1])
    warped = np.zeros(canvas.size_hw, bool)
    warped[hips - 20 : hips + 45, w // 2 - 25 : w // 2 + 25] = True
    worn = warped.copy()
    worn[hips + 10 : hips + 45, w // 2 - 5 : w // 2 + 5] = False
    layer, _ = garment_layer(canvas, output_of(worn, warped), slot)
    notch = np.s_[hips + 26 : hips + 40, w // 2 - 3 : w // 2 + 3]
    assert (layer.cover[notch] > 0.99).all() and (layer.colours[notch] == (0, 255, 0)).all()


def test_a_top_is_as_long_as_its_warp_and_its_sleeves_as_long_as_the_network_says(canvas):
    line = int(body(canvas).waist) + 1
    hem = line + 12
    rows = np.arange(canvas.size_hw[0])[:, None]
    erased = Wearer.of(canvas, "top").erased
    arms = body(canvas).arms
    torso = body(canvas).torso
    warped = erased & (rows < hem)
    layer, _ = garment_layer(canvas, output_of(warped & (rows < line), warped), "top")
    skirt = torso & ~grown(arms, 4) & warped & (rows > line) & (rows < hem - 2)
    sleeves = arms & ~grown(torso, 4) & (rows > line + 2) & (rows < hem)
    assert skirt.sum() > 100 and (layer.cover[skirt] > 0.99).all()
    assert sleeves.any() and not layer.cover[sleeves].any()
    assert not layer.cover[hem + 2 :].any()


def test_an_open_jacket_does_not_show_its_lining(canvas):
    h, w = canvas.size_hw
    hips = int(canvas.pose.keypoints_xy[8, 1])
    warped = np.zeros(canvas.size_hw, bool)
    warped[hips - 60 : hips + 20, w // 2 - 25 : w // 2 + 25] = True
    worn = warped.copy()
    worn[:, w // 2 - 4 : w // 2 + 4] = worn[hips - 5 :] = False
    layer, _ = garment_layer(canvas, output_of(worn, warped), "outer")
    lengthened = layer.cover[hips : hips + 18]
    assert not lengthened[:, w // 2 - 2 : w // 2 + 2].any()
    assert (lengthened[:, w // 2 + 8 : w // 2 + 12] > 0.99).all()


def test_layers_lie_over_each_other_and_what_is_protected_does_not_change():
    picture = np.full((6, 6, 3), 100.0, np.float32)
    within = np.zeros((6, 6), np.float32)
    within[:, 1:] = 1
    half, full = np.full((6, 6), 0.5, np.float32), np.zeros((6, 6), np.float32)
    full[3:] = 1
    colours = [np.full((6, 6, 3), value, np.float32) for value in (200, 50)]
    changed = lay(picture, [Layer(colours[0], half), Layer(colours[1], full)], within)
    assert (picture[:, 0] == 100).all() and (picture[:3, 1:] == 150).all() and (picture[3:, 1:] == 50).all()
    assert (changed[:3, 1:] == 0.5).all() and (changed[3:, 1:] == 1).all() and not changed[:, 0].any()


def test_an_enlarged_border_is_narrower_in_pixels_of_the_canvas_and_where_it_was():
    mask = np.zeros((12, 12), bool)
    mask[:, 6:] = True
    layer = Layer(np.zeros((12, 12, 3), np.float32), soft(mask))
    large = layer.enlarged(4)
    assert large.colours.shape == (48, 48, 3) and layer.enlarged(1) is layer
    for cover, times in ((layer.cover, 1), (large.cover, 4)):
        assert (cover[:, : 4 * times] == 0).all() and (cover[:, 8 * times :] == 1).all()
        assert abs(cover[0].sum() / times - 6) < 0.1
    between = lambda cover: ((cover[0] > 0.02) & (cover[0] < 0.98)).sum()  # noqa: E731
    assert between(large.cover) / 4 < between(layer.cover)
