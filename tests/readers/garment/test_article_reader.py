"""Garments out of photos: the segmenter's mask, when it is asked, and what is refused."""

import cv2
import numpy as np
import pytest
from PIL import Image
from tiny.colour_networks import garment_checkpoint

from vton.conditioning.photos.article_photo import load_article
from vton.conditioning.photos.cutout import remove_background
from vton.readers.garment.article_reader import (
    article_from_photo,
    cut_out,
    find_article,
    share_slots,
    slot_scores,
)
from vton.readers.garment.bundled import BundledGarmentSegmenter
from vton.readers.garment.garment_photo import read_garment
from vton.schema import InputError


@pytest.fixture(scope="module")
def sceptic(tmp_path_factory):
    """A segmenter that takes nothing for a garment."""
    return BundledGarmentSegmenter(garment_checkpoint(tmp_path_factory.mktemp("n") / "g", garment=False))


def snapshot(size_hw=(400, 300), seed=1):
    """A red box before a busy grey-blue background, and where it is."""
    rng = np.random.default_rng(seed)
    h, w = size_hw
    noise = cv2.resize(rng.uniform(0, 90, (h // 8 + 1, w // 8 + 1)).astype(np.float32), (w, h))
    image = np.dstack([noise * 0.6, 40 + noise, 60 + noise]).astype(np.uint8)
    mask = np.zeros(size_hw, np.uint8)
    mask[h // 4 : h - h // 5, w // 4 : w - w // 3] = 255
    image[mask > 0] = (235, 60, 60)
    return image, mask


def packshot():
    image, mask = snapshot()
    image[mask == 0] = 238
    return image, mask


def trousers_on_a_wall():
    """Red trousers, down to the photo's lower edge, before a blue wall, which lies in the shade between their legs."""
    rng = np.random.default_rng(2)
    wall = np.linspace(150, 210, 300)[None, :] + rng.normal(0, 1.5, (400, 300))
    gap = np.zeros((400, 300), bool)
    gap[200:, 120:180] = True
    mask = np.zeros((400, 300), bool)
    mask[60:, 70:230] = True
    wall[gap] -= 60
    image = (wall[..., None] * (0.4, 0.8, 1.0)).clip(0, 255).astype(np.uint8)
    image[mask & ~gap] = (235, 60, 60)
    return image, mask & ~gap, gap


def overlap(a, b):
    return ((a > 0) & (b > 0)).sum() / ((a > 0) | (b > 0)).sum()


@pytest.mark.parametrize("size_hw", [(400, 300), (301, 903), (1501, 701)])
def test_the_mask_lies_in_the_photos_pixels(segmenter, size_hw):
    image, truth = snapshot(size_hw)
    found = segmenter.segment(image)
    assert found.size_hw == size_hw and overlap(found.mask_u8, truth) > 0.99
    assert found.slot == "bottom" and found.garment > 0.9
    assert sum(found.slot_scores.values()) == pytest.approx(found.garment, abs=1e-5)
    assert ((found.alpha_u8 > 127) == (found.mask_u8 > 0)).all()
    soft = segmenter.segment(cv2.GaussianBlur(image, (0, 0), max(size_hw) / 60)).alpha_u8
    assert ((soft > 0) & (soft < 255)).mean() > 1e-3


def test_specks_go_small_holes_are_filled_and_pairs_stay(segmenter):
    image, _ = snapshot()
    image[:] = 60
    image[100:300, 40:130] = image[100:300, 170:260] = (235, 60, 60)  # a pair
    image[200:204, 80:84] = 60  # a hole
    image[20:36, 20:36] = (235, 60, 60)  # a speck
    mask = segmenter.segment(image).mask_u8
    assert mask[200, 60] and mask[200, 200] and mask[202, 82] and not mask[28, 28] and not mask[200, 150]


@pytest.mark.parametrize("size_hw", [(16, 16), (17, 401), (200, 4000), (33, 16)])
def test_odd_photos_get_a_mask_of_their_size(segmenter, size_hw):
    for photo in (np.full((*size_hw, 3), 250, np.uint8), np.zeros(size_hw, np.uint8)):
        assert segmenter.segment(photo).size_hw == size_hw


def test_a_mirrored_photo_gives_the_mirrored_mask(segmenter):
    """Of an even width, so that photo and canvas share their middle."""
    image, _ = snapshot((320, 240))
    image[:, :60] = np.roll(image[:, :60], 7, axis=1)
    found, mirrored = (segmenter.segment(np.ascontiguousarray(i)) for i in (image, image[:, ::-1]))
    assert np.abs(found.alpha_u8[:, ::-1].astype(int) - mirrored.alpha_u8).max() <= 1
    assert found.slot_scores == pytest.approx(mirrored.slot_scores, abs=1e-4)


def test_on_a_plain_backdrop_the_user_is_believed(sceptic):
    image, _ = packshot()
    assert article_from_photo(image, "top", segmenter=sceptic) == load_article(image, "top")


def test_elsewhere_the_segmenter_cuts(segmenter):
    image, _ = snapshot()
    article = article_from_photo(image, "dress", segmenter=segmenter)
    assert article.slot == "dress"
    inside = article.image_u8[article.mask_u8 > 0].astype(int)
    assert np.abs(inside - (235, 60, 60)).mean() < 6
    assert article_from_photo(image, segmenter=segmenter).slot == "bottom"


def test_alpha_needs_no_segmenter(sceptic):
    image, mask = snapshot()
    rgba = np.dstack([image, mask])
    assert article_from_photo(rgba, "shoes", segmenter=sceptic) == load_article(rgba, "shoes")


def test_a_background_may_be_kept(sceptic):
    image, _ = snapshot()
    kept = article_from_photo(image, "top", remove_bg=False, segmenter=sceptic)
    assert kept == load_article(image, "top", remove_bg=False)


def test_what_is_no_garment_is_refused(sceptic, segmenter):
    image, _ = snapshot()
    for job in (
        lambda: article_from_photo(image, "top", segmenter=sceptic),
        lambda: article_from_photo(packshot()[0], None, segmenter=sceptic),
        lambda: cut_out(image, segmenter=sceptic),
        lambda: cut_out(np.random.default_rng(0).integers(0, 90, (90, 70, 3), np.uint8), segmenter=segmenter),
    ):
        with pytest.raises(InputError, match="^This does not look like a garment[^\n]*$"):
            job()


def test_an_unknown_slot_is_refused_before_any_work(sceptic):
    with pytest.raises(InputError, match="hat"):
        article_from_photo(b"no picture", "hat", segmenter=sceptic)


def test_cutouts_keep_the_photos_size_and_say_how(segmenter):
    for (image, truth), method in ((packshot(), "backdrop"), (snapshot(), "bundled")):
        cutout = cut_out(Image.fromarray(image), segmenter=segmenter)
        assert cutout.method == method and cutout.slot == "bottom"
        assert cutout.rgba_u8.shape == (400, 300, 4) and overlap(cutout.rgba_u8[..., 3], truth) > 0.93
        inside = cv2.erode(cutout.alpha_u8, np.ones((7, 7), np.uint8)) == 255
        assert (cutout.rgba_u8[..., :3] == image)[inside].all()
        seen = cutout.rgba_u8[cutout.alpha_u8 > 60].astype(int)[:, :3]
        assert np.abs(seen - (235, 60, 60)).max() < 30  # nothing of the background at the rim
    assert cut_out(image, longest_side=200, segmenter=segmenter).image_u8.shape == (200, 150, 3)


def test_what_lies_flat_is_tried_on_as_broad_as_it_is_worn(segmenter):
    def height_per_width(image):
        read = read_garment(image, "dress", segmenter)
        larger = read.sharp_u8[1::3, 1::3]
        assert np.abs(larger[read.article.mask_u8 > 0].astype(int) - (235, 60, 60)).max() < 40
        rows, columns = (np.flatnonzero(read.article.mask_u8.any(axis)) for axis in (1, 0))
        return np.ptp(rows) / np.ptp(columns)

    (flat, truth), (shown, _) = snapshot(), packshot()
    wall = shown.copy()
    shade = np.broadcast_to(np.linspace(130, 190, wall.shape[1])[None, :, None], wall.shape)
    wall[truth == 0] = shade[truth == 0].astype(np.uint8)
    given = np.ptp(np.flatnonzero(truth.any(1))) / np.ptp(np.flatnonzero(truth.any(0)))
    assert height_per_width(shown) == pytest.approx(given, rel=0.03)
    assert height_per_width(np.dstack([flat, truth])) == pytest.approx(given, rel=0.03)
    for photo in (flat, wall):
        assert height_per_width(photo) == pytest.approx(4 / 3 * given, rel=0.05)


def test_photos_given_together_share_the_slots():
    shirt, dress = {"top": 0.9, "outer": 0.08}, {"top": 0.5, "dress": 0.45}
    hat, second_shirt = {"top": 0.6, "accessory": 0.35}, {"top": 0.95, "outer": 0.01}
    assert share_slots([dress]) == ["top"]
    assert share_slots([dress, hat, shirt]) == ["dress", "accessory", "top"]
    assert share_slots([shirt, second_shirt]) == ["outer", "top"]
    assert share_slots([second_shirt, second_shirt]) == ["top", "top"], "nothing else is plausible for it"
    assert share_slots([]) == []


def test_scores_of_a_photo_are_the_segmenters_and_others_are_refused(segmenter, sceptic):
    image, _ = snapshot()
    assert slot_scores(image, segmenter) == segmenter.segment(image).slot_scores
    with pytest.raises(InputError, match="garment"):
        slot_scores(image, sceptic)


def test_the_shaded_wall_between_two_legs_is_no_cloth(segmenter, sceptic):
    image, truth, gap = trousers_on_a_wall()
    taken = remove_background(image)
    assert taken is not None and taken[gap].mean() > 200  # by its colour alone it would be
    assert overlap(cut_out(image, segmenter=segmenter).alpha_u8, truth) > 0.97
    assert overlap(find_article(image, "bottom", segmenter=segmenter).mask_u8, truth) > 0.97
    kept = find_article(image, "bottom", segmenter=sceptic).mask_u8
    assert np.array_equal(kept, taken)  # a segmenter that sees another garment, or none, is not believed


def test_a_shops_cut_out_stays_exact(segmenter):
    image, _ = packshot()
    image[200:240, 110:150] = 120  # a grey patch, which the segmenter takes for no garment
    assert np.array_equal(find_article(image, "bottom", segmenter=segmenter).mask_u8, remove_background(image))
