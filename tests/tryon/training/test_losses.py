"""Losses of the try-on systems: zero at the truth, blind where nothing is known, equal for small and large garments."""

import pytest
import torch
from tiny.random_networks import random_lpips

from vton.metrics.garments.warp_iou import hidden_pixels
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import SIDED_LABELS, InputError
from vton.tryon.training import perceptual
from vton.tryon.training.losses import (
    adversarial_loss,
    judge_loss,
    logits_of,
    masked_on_white,
    overlap_loss,
    region_l1,
    total_variation,
    trusted,
    warped_l1,
)
from vton.tryon.training.perceptual import PerceptualLoss, load_features
from vton.tryon.training.windows import cut, window_places


def box(top, bottom, left, right, size=64):
    mask = torch.zeros(1, 1, size, size)
    mask[..., top:bottom, left:right] = 1
    return mask


def test_a_region_counts_alone():
    image, region = torch.zeros(1, 3, 64, 64), box(0, 8, 0, 8)
    target = torch.where(region > 0, 0.5, 9.0).expand(1, 3, -1, -1)
    assert region_l1(image, target, region).item() == pytest.approx(0.5)
    assert region_l1(image, target, torch.zeros_like(region)) == 0


def test_a_shifted_garment_costs_the_same_at_any_size():
    costs = []
    for side in (16, 32):
        worn, warped = box(8, 8 + side, 8, 8 + side), box(8, 8 + side, 8 + side // 4, 8 + side + side // 4)
        photo = torch.full((1, 3, 64, 64), -1.0)
        trust = torch.ones_like(worn)
        assert warped_l1(masked_on_white(photo, worn), masked_on_white(photo, worn), worn, trust) == 0
        costs.append(warped_l1(masked_on_white(photo, warped), masked_on_white(photo, worn), worn, trust).item())
    assert costs[0] == pytest.approx(costs[1]) == pytest.approx(1.0)  # half of it, on two sides, off by two


def test_overlap_is_one_minus_iou():
    a, b = box(0, 32, 0, 32), box(0, 32, 16, 48)
    assert overlap_loss(a, a) == 0 and overlap_loss(a, box(40, 50, 40, 50)) == 1
    assert overlap_loss(a, b).item() == pytest.approx(2 / 3)
    assert overlap_loss(a, b, 1 - b).item() == 1 and overlap_loss(a, b, box(0, 64, 16, 32)).item() == 0


def test_pixels_that_may_hide_the_garment_count_less():
    labels = torch.zeros(1, 4, 5, dtype=torch.long)
    names = ("top", "left_arm", "hair", "bottom", "left_leg")
    labels[0, 0] = torch.tensor([SIDED_LABELS.index(name) for name in names])
    worn = torch.zeros(1, 1, 4, 5)
    worn[..., 0, 0] = 1
    trust = trusted(labels, worn, 0.25)
    assert trust[0, 0, 0].tolist() == [1, 0.25, 0.25, 0.25, 1] and (trust[0, 0, 1:] == 1).all()
    hidden = hidden_pixels(labels[0].byte().numpy(), worn[0, 0].numpy() > 0)
    assert (torch.from_numpy(hidden) == (trust[0, 0] < 1)).all()


def test_variation_and_adversarial_losses():
    stripes = torch.zeros(1, 1, 8, 8)
    stripes[..., ::2, :] = 1
    assert total_variation(stripes) == 1 and total_variation(torch.ones(1, 1, 8, 8)) == 0
    good, bad = [torch.ones(1, 1, 2, 2)], [-torch.ones(1, 1, 2, 2)]
    assert judge_loss(good, bad, "hinge") == 0 and judge_loss(bad, good, "hinge") == 2
    assert judge_loss(good, [torch.zeros(1, 1, 2, 2)], "squares") == 0
    assert adversarial_loss(good, "squares") == 0 and adversarial_loss(good, "hinge") < adversarial_loss(bad, "hinge")
    assert logits_of([stripes, good[0]]) == good and logits_of([[stripes, good[0]], [stripes, bad[0]]]) == good + bad


@pytest.fixture
def features():
    return LPIPS(random_lpips("alexnet"), "test").requires_grad_(False)


def test_crops_hold_a_pixel_of_the_region_and_lie_inside():
    regions = torch.cat([box(60, 64, 60, 64), box(0, 2, 30, 32), torch.zeros(1, 1, 64, 64)])
    for seed in range(5):
        torch.manual_seed(seed)
        places = window_places(regions, (24, 24))
        assert all(0 <= y <= 40 and 0 <= x <= 40 for y, x in places)
        shown = cut(regions, places, (24, 24))
        assert shown.shape == (3, 1, 24, 24) and (shown[:2].sum((1, 2, 3)) > 0).all() and places[2] == (20, 20)
    assert cut(regions, window_places(regions, (100, 100)), (100, 100)).shape == (3, 1, 64, 64)


def test_perceptual_loss_teaches_the_picture_alone(features):
    generator = torch.Generator().manual_seed(1)
    photo = (torch.rand(2, 3, 80, 64, generator=generator) * 2 - 1).requires_grad_()
    region = torch.zeros(2, 1, 80, 64)
    region[:, :, 20:60, 10:50] = 1
    image = torch.where(region > 0, 0.0, photo.detach()).requires_grad_()
    loss = PerceptualLoss(features, 64)
    assert loss(photo, photo, region) == 0 < loss(image, photo, region)
    loss(image, photo, region).backward()
    assert image.grad.abs().sum() > 0 and photo.grad is None
    assert torch.allclose(loss.distance(image, photo), features(image, photo), atol=1e-5)
    first = PerceptualLoss(features, 80, count=1)(image, photo, region)
    assert first.item() == pytest.approx((features(image, photo)[0] / region[0].mean()).item(), rel=1e-4)


def test_flat_pictures_have_a_finite_gradient(features):
    image = torch.ones(1, 3, 64, 64, requires_grad=True)
    PerceptualLoss(features, 64)(image, -torch.ones(1, 3, 64, 64), torch.ones(1, 1, 64, 64)).backward()
    assert image.grad.isfinite().all()


def test_features_come_from_a_file_or_the_package_or_not_at_all(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="do not exist"):
        load_features(tmp_path / "nothing.safetensors")
    monkeypatch.setattr(LPIPS, "from_package", classmethod(lambda *_: (_ for _ in ()).throw(ImportError("lpips"))))
    with pytest.raises(InputError) as error:
        load_features(None)
    assert str(error.value) == perceptual.MISSING
