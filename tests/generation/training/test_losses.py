"""Losses: zero where the picture is right, larger where it is wrong, blind to what they must not see."""

import pytest
import torch
import torch.nn.functional as F

from vton.generation.training import losses
from vton.schema import REGIONS

TOP = REGIONS.index("top")


def scene():
    """A top on the backdrop, 32x24, the only article given; and its true places in the article, at half the size."""
    regions = torch.zeros(1, 32, 24, dtype=torch.long)
    regions[:, 8:24, 6:18] = TOP
    y, x = torch.meshgrid(torch.linspace(-0.5, 0.5, 16), torch.linspace(-0.5, 0.5, 12), indexing="ij")
    places = torch.stack([x, y])[None]
    shown = torch.full((1, 16, 12), -1, dtype=torch.int8)
    shown[:, 4:12, 3:9] = 1
    presence = torch.tensor([[1.0, 0, 0, 0, 0, 0]])
    return regions, places, shown, presence


def levels(places):
    """The places as correspondences of half, the same and twice their size."""
    sizes = ((8, 6), (16, 12), (32, 24))
    resized = [F.interpolate(places, size=size, mode="bilinear") for size in sizes]
    return [level[:, None].repeat(1, 6, 1, 1, 1) for level in resized]


def test_the_true_correspondence_costs_nothing_and_a_pixel_costs_half():
    regions, places, shown, presence = scene()
    for level in levels(places):
        assert losses.correspondence_loss([level], places, shown, regions, presence) < 1e-2
        off = level + torch.tensor([1 / 96, 0])[:, None, None]
        assert losses.correspondence_loss([off], places, shown, regions, presence).item() == pytest.approx(0.5, abs=0.1)
        off[:, 1:] = 9
        off[:, :, :, 0] = 9
        again = losses.correspondence_loss([off], places, shown, regions, presence)
        assert again.item() == pytest.approx(0.5, abs=0.1), "other slots and the backdrop are not judged"


def test_only_cloth_that_the_picture_shows_has_a_place():
    regions, places, shown, presence = scene()
    bad = [level + 1 for level in levels(places)]
    for hidden in (torch.zeros_like(shown), torch.full_like(shown, -1)):
        assert losses.correspondence_loss(bad, places, hidden, regions, presence) == 0
    assert losses.correspondence_loss(bad, places, shown, regions, presence.roll(1, 1)) == 0


def test_coverage_is_judged_where_it_is_known():
    regions, _, shown, presence = scene()
    shown[:, 8:12, 3:9] = 0
    right = torch.where(shown > 0, 9.0, -9.0)[:, None].repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert losses.coverage_loss(right, shown, regions, presence) < 1e-3
    assert losses.coverage_loss(-right, shown, regions, presence) > 8
    assert losses.coverage_loss(-right, torch.full_like(shown, -1), regions, presence) == 0


def test_determined_pixels_are_those_of_given_articles():
    regions, _, _, presence = scene()
    assert torch.equal(losses.determined_pixels(regions, presence)[0, 0], regions[0] == TOP)
    assert not losses.determined_pixels(regions, presence.roll(1, 1)).any()


def test_kl_is_zero_at_the_prior():
    assert losses.kl_to_prior(torch.zeros(2, 8), torch.zeros(2, 8)) == 0
    assert losses.kl_to_prior(torch.ones(2, 8), torch.zeros(2, 8)) == 4


def test_adversarial_losses_order_real_and_fake():
    good, bad = torch.full((4, 1), 3.0), torch.full((4, 1), -3.0)
    for kind in ("hinge", "logistic"):
        right, wrong = (losses.discriminator_loss(a, b, None, kind) for a, b in ((good, bad), (bad, good)))
        assert right < wrong and losses.discriminator_loss(good, bad, good, kind) > right
        assert losses.generator_loss(good, kind) < losses.generator_loss(bad, kind)


def face_at(x, y, size_hw=(128, 96)):
    """A picture with a gradient and a white face of 6x8 pixels whose middle is (x, y)."""
    regions = torch.zeros(1, *size_hw, dtype=torch.long)
    regions[:, y - 4:y + 4, x - 3:x + 3] = REGIONS.index("face")
    image = torch.linspace(-1, 0, size_hw[0]).view(1, 1, -1, 1).repeat(1, 3, 1, size_hw[1]).contiguous()
    image[:, :, y - 4:y + 4, x - 3:x + 3] = 1.0
    return image, regions


def test_the_head_crop_follows_the_face():
    crops = [losses.head_crops(*face_at(x, 30)) for x in (30, 60)]
    assert all(crop.shape == (1, 3, 96, 96) and seen.all() for crop, seen in crops)
    assert torch.allclose(crops[0][0], crops[1][0], atol=1e-4)
    white = crops[0][0][0, 0] > 0.5
    rows, columns = torch.nonzero(white, as_tuple=True)
    assert abs(rows.float().mean() - 47.5) < 1 and abs(columns.float().mean() - 47.5) < 1
    assert abs((rows.max() - rows.min() + 1) - 8 / (losses.HEAD_SHARE * 128) * 96) < 4, "square pixels, enlarged"


def test_without_a_face_there_is_no_head():
    image, regions = face_at(30, 30)
    assert not losses.head_crops(image, torch.zeros_like(regions))[1].any()
