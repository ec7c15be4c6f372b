"""Results back in the photo: prints stay sharp, what did not change stays the photo's own."""

import cv2
import numpy as np
import pytest
import torch
from drawn.tryon import COLOURS, drawn_garment, drawn_person

from vton.compositing.put_back import put_back
from vton.compositing.scene import Scene
from vton.conditioning.canvas import resize_u8
from vton.conditioning.person.agnostic import represent
from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.value_range import image_tensor
from vton.networks.thin_plate_spline import pixel_lattice, warp
from vton.networks.tryon_output import TryOnOutput, compose
from vton.readers.garment.garment_photo import GarmentPhoto
from vton.schema import Article, Person


def pasted(canvas, garment, rendered=None, grid=None):
    """The garment laid over the erased region, or instead ``rendered`` in all of it."""
    inputs = represent([canvas], [garment])
    photo = image_tensor(canvas.image_u8[None])
    grid = pixel_lattice((256, 192))[None] if grid is None else grid
    warped, mask = warp(inputs.garment, inputs.garment_mask, grid)
    mask = mask * inputs.erased * (rendered is None)
    result = compose(inputs, warped, mask, photo if rendered is None else rendered)
    return TryOnOutput(result=result, warped=warped, warped_mask=mask, composition_mask=mask, worn=mask, grid=grid)


def large(size_hw=(768, 576), **options):
    person = drawn_person(size_hw, rng=np.random.default_rng(0), **options)
    frame = PersonFrame((0, 0, size_hw[1], size_hw[0]), (0, 0, 192, 256))
    return person, frame, frame.person(person.image_u8, person)


def put_in(person, frame, found, canvas, output, garment, cut=None):
    """The photo, or its cut-out, after `put_back`, and what that returned."""
    photo, slot = np.array(person.image_u8 if cut is None else cut), garment.article.slot
    scene = Scene(canvas, Wearer.of(canvas, slot), output)
    return photo, put_back(photo, frame, Wearer.of(found, slot), scene, garment.article, garment.sharp_u8)


def test_unchanged_background_and_skin_stay_the_photos_own():
    person, frame, canvas = large()
    garment = drawn_garment("top")
    output = pasted(canvas, garment)
    output.worn = output.warped_mask = torch.zeros_like(output.worn)
    output.result = represent([canvas], [garment], [np.zeros((256, 192), bool)]).kept
    image, new = put_in(person, frame, person, canvas, output, GarmentPhoto.of(garment))
    moved = (image != person.image_u8).any(axis=2)
    away = person.parsing.mask("background") | person.parsing.mask("left_arm")
    clothes = ~person.parsing.silhouette()
    assert Wearer.of(person, "top").erased[away].any()
    near = cv2.dilate((~away).astype(np.uint8), np.ones((27, 27))) > 0
    assert not moved[clothes & ~near].any()
    assert moved[person.parsing.mask("top")].any() and new[0, 0] == 0


def test_near_the_old_garment_the_background_is_the_photos_whatever_the_network_drew():
    person, frame, canvas = large()
    garment = drawn_garment("top")
    dark = torch.full((1, 3, 256, 192), -1.0)
    image, _ = put_in(person, frame, person, canvas, pasted(canvas, garment, dark), GarmentPhoto.of(garment))
    background = Wearer.of(person, "top").erased & person.parsing.mask("background")
    assert (np.abs(image[background].astype(int) - COLOURS["background"]).max(axis=1) < 12).mean() > 0.9
    reached = Wearer.of(person, "top").taken_off.astype(np.uint8)
    away = background & (cv2.dilate(reached, np.ones((25, 25))) == 0)
    moved = (image != person.image_u8).any(axis=2)
    assert away.any() and not moved[away].any() and moved[background].any()


def test_trousers_below_a_long_coat_stay_where_it_does_not_reach():
    person, frame, canvas = large()
    garment = drawn_garment("outer")
    output = pasted(canvas, garment, torch.full((1, 3, 256, 192), -1.0))
    output.worn = torch.zeros_like(output.worn)
    output.worn[:, :, :150] = 1
    image, _ = put_in(person, frame, person, canvas, output, GarmentPhoto.of(garment))
    trousers = Wearer.of(person, "outer").erased & person.parsing.mask("bottom")
    moved = (image != person.image_u8).any(axis=2)
    assert moved[:440][trousers[:440]].mean() > 0.9
    assert trousers[480:].any() and not moved[480:].any()


def test_a_jacket_goes_over_the_top_and_a_top_over_bare_arms():
    person, frame, canvas = large()
    dark = torch.full((1, 3, 256, 192), -1.0)
    for slot, stays in (("outer", "top"), ("top", "left_arm")):
        garment = drawn_garment(slot)
        output = pasted(canvas, garment, dark)
        image, _ = put_in(person, frame, person, canvas, output, GarmentPhoto.of(garment))
        moved = (image != person.image_u8).any(axis=2)
        away = cv2.dilate(Wearer.of(person, slot).taken_off.astype(np.uint8), np.ones((25, 25))) == 0
        seen = person.parsing.mask(stays) & away
        assert seen.any() and not moved[seen].any()


@pytest.mark.parametrize("larger", [False, True])
def test_prints_are_as_sharp_as_the_largest_picture_of_the_garment(larger):
    person, frame, canvas = large()
    fine = np.full((768, 576, 3), 240, np.uint8)
    fine[np.arange(768) // 2 % 2 == 1] = 20
    plain = drawn_garment("top")
    garment = Article("top", resize_u8(fine, (256, 192)), plain.mask_u8)
    shown = GarmentPhoto(garment, fine) if larger else GarmentPhoto.of(garment)
    image, _ = put_in(person, frame, person, canvas, pasted(canvas, garment), shown)
    middle = image[300:360, 270:300].astype(float).mean(axis=(1, 2))
    truth = fine[300:360, 280].astype(float).mean(axis=1)
    assert (np.abs(middle - truth).mean() < 25) == larger
    assert (np.ptp(middle) > 180) == larger


def test_a_garment_shown_smaller_does_not_flicker():
    person, frame, canvas = large()
    fine = np.full((768, 576, 3), 240, np.uint8)
    fine[1::2] = 20
    garment = Article("top", resize_u8(fine, (256, 192)), drawn_garment("top").mask_u8)
    output = pasted(canvas, garment, grid=pixel_lattice((256, 192))[None] * 2.7)
    image, _ = put_in(person, frame, person, canvas, output, GarmentPhoto(garment, fine))
    shown = output.composition_mask[0, 0].numpy() > 0.9
    inside = cv2.erode(np.kron(shown, np.ones((3, 3))), np.ones((15, 15))) > 0  # away from the soft edge
    assert inside.sum() > 500 and np.ptp(image[inside].astype(int), axis=0).max() < 75


def test_a_cut_out_person_keeps_the_alpha_channel_and_gets_the_garments():
    person, frame, canvas = large()
    garment = drawn_garment("dress")
    output = pasted(canvas, garment, torch.full((1, 3, 256, 192), -1.0))
    alpha = np.where(person.parsing.silhouette(), 255, 0).astype(np.uint8)
    alpha[:, :40] = 90
    cut = np.dstack([person.image_u8, alpha])
    made, _ = put_in(person, frame, person, canvas, output, GarmentPhoto.of(garment), cut=cut)
    plain, _ = put_in(person, frame, person, canvas, output, GarmentPhoto.of(garment))
    assert made.shape == cut.shape and (made[..., 3] >= alpha).all()
    same = (plain == person.image_u8).all(axis=2)
    beyond = same & (cv2.erode(same.astype(np.uint8), np.ones((3, 3))) > 0)
    assert np.array_equal(made[beyond], cut[beyond])
    assert (made[..., 3] > alpha).any()  # where the dress is broader than what was worn
    assert np.array_equal(made[..., :3][alpha == 255], plain[alpha == 255])


def test_hands_and_head_of_a_small_copy_protect_the_large_photo():
    person, frame, canvas = large((768, 576))
    small = drawn_person((384, 288))
    found = Person(resize_u8(person.image_u8, (384, 288)), small.parsing, small.pose)
    garment = drawn_garment("top")
    dark = torch.full((1, 3, 256, 192), -1.0)
    image, _ = put_in(person, frame, found, canvas, pasted(canvas, garment, dark), GarmentPhoto.of(garment))
    moved = (image != person.image_u8).any(axis=2)
    sure = [np.kron(small.parsing.mask(n), np.ones((2, 2), bool)) & person.parsing.mask(n) for n in ("hair", "shoes")]
    assert not moved[sure[0] | sure[1]].any() and moved.any()
