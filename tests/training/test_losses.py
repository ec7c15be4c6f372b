"""Losses: zero where the picture is right, larger where it is wrong, blind to what they must not see."""

import pytest
import torch
import torch.nn.functional as F

from vton.schema import REGIONS
from vton.training import losses

TOP = REGIONS.index("top")


def scene():
    """A red top on grey, 32x24, and the article stack warped perfectly onto it."""
    regions = torch.zeros(1, 32, 24, dtype=torch.long)
    regions[:, 8:24, 6:18] = TOP
    image = torch.zeros(1, 3, 32, 24)
    image[:, 0][regions == TOP] = 1.0
    warped = torch.zeros(1, 6, 4, 32, 24)
    warped[:, 0, 3] = (regions == TOP).float()
    warped[:, 0, :3] = image * (regions == TOP)
    presence = torch.tensor([[1.0, 0, 0, 0, 0, 0]])
    return image, regions, warped, presence


def test_a_perfect_warp_costs_nothing():
    image, regions, warped, presence = scene()
    assert losses.warp_loss([warped], image, regions, presence) == 0


def test_wrong_colour_missing_cover_and_spill_each_cost():
    image, regions, warped, presence = scene()
    wrong, missing, spill = warped.clone(), warped.clone(), warped.clone()
    wrong[:, 0, :3] *= 0.5
    missing[:, 0, :, 8:16] = 0
    spill[:, 0, 3, 6:26, 4:20] = 1
    for bad in (wrong, missing, spill):
        assert losses.warp_loss([bad], image, regions, presence) > 0.05
    assert losses.warp_loss([missing], image, regions, presence * 0) == 0, "absent articles are not judged"


@pytest.mark.parametrize("reach", [1, 3, 9, 33])
def test_the_running_maximum_is_that_of_a_window(reach):
    x = torch.rand(2, 3, 12, 40) * (torch.rand(2, 3, 12, 40) > 0.8)
    assert torch.equal(losses.running_maximum(x, 3, reach), F.max_pool2d(x, (1, reach), 1, (0, reach // 2)))
    assert torch.equal(losses.running_maximum(x, 2, reach), F.max_pool2d(x, (reach, 1), 1, (reach // 2, 0)))


def test_determined_pixels_are_those_of_given_articles():
    _, regions, _, presence = scene()
    assert torch.equal(losses.determined_pixels(regions, presence)[0, 0], regions[0] == TOP)
    assert not losses.determined_pixels(regions, presence.roll(1, 1)).any()


def test_roughness_is_zero_for_affine_warps_and_grows_with_kinks():
    y, x = torch.meshgrid(torch.linspace(-1, 1, 16), torch.linspace(-1, 1, 12), indexing="ij")
    smooth = torch.stack([0.5 * x + 0.2 * y, y])[None, None].expand(1, 6, -1, -1, -1).clone()
    kinked = smooth.clone()
    kinked[:, :, :, 8, 6] += 0.3
    assert losses.flow_roughness([smooth]) < 1e-9 < 1e-3 < losses.flow_roughness([kinked])


def test_kl_is_zero_at_the_prior():
    assert losses.kl_to_prior(torch.zeros(2, 8), torch.zeros(2, 8)) == 0
    assert losses.kl_to_prior(torch.ones(2, 8), torch.zeros(2, 8)) == 4


def test_adversarial_losses_order_real_and_fake():
    good, bad = torch.full((4, 1), 3.0), torch.full((4, 1), -3.0)
    for kind in ("hinge", "logistic"):
        right, wrong = (losses.discriminator_loss(a, b, None, kind) for a, b in ((good, bad), (bad, good)))
        assert right < wrong and losses.discriminator_loss(good, bad, good, kind) > right
        assert losses.generator_loss(good, kind) < losses.generator_loss(bad, kind)


def test_rough_correspondence_maps_box_to_box_and_skips_what_is_covered():
    _, regions, _, presence = scene()
    articles = torch.zeros(1, 6, 4, 16, 12)
    articles[:, 0, 3, 4:12, 2:10] = 1
    xy, valid = losses.rough_correspondence(regions, articles, presence, (32, 24))
    assert torch.equal(valid[0, 0], regions[0] == TOP) and not valid[0, 1:].any()
    corners = xy[0, 0][:, [8, 23], [6, 17]]
    assert torch.allclose(corners, torch.tensor([[-0.61, 0.61], [-0.47, 0.47]]), atol=0.02)
    assert losses.alignment_loss(xy, regions, articles, presence) == 0
    assert losses.alignment_loss(xy * 0, regions, articles, presence) > 0.1
    covered = torch.tensor([[1.0, 1, 0, 0, 0, 0]])
    assert not losses.rough_correspondence(regions, articles, covered, (32, 24))[1][0, 0].any()


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


def test_under_open_outerwear_the_scale_comes_from_the_height():
    """A top seen in a gap 4 pixels wide down to its hem, where the bottom begins: half the article's pixels."""
    regions = torch.full((1, 32, 24), REGIONS.index("background"))
    regions[:, 4:20, 4:20] = REGIONS.index("outer")
    regions[:, 4:20, 10:14] = TOP
    regions[:, 20:30, 6:18] = REGIONS.index("bottom")
    articles = torch.zeros(1, 6, 4, 64, 48)
    articles[:, :3, 3, 16:48, 8:40] = 1
    presence = torch.tensor([[1.0, 1, 1, 0, 0, 0]])
    xy, valid = losses.rough_correspondence(regions, articles, presence, (32, 24))
    assert valid[0, 0].sum() == 64 and not valid[0, 2].any()
    x = (xy[0, 0, 0, 10, 10:14] + 1) * 24
    y = (xy[0, 0, 1, 4:20, 12] + 1) * 32
    assert torch.allclose(x, torch.tensor([21.0, 23, 25, 27])) and torch.allclose(y, torch.arange(17.0, 48, 2))
    closed = regions.clone()
    closed[:, 12:20, 10:14] = REGIONS.index("outer")
    assert not losses.rough_correspondence(closed, articles, presence, (32, 24))[1][0, 0].any()
