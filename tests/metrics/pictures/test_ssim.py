"""SSIM: its fixed points, a value by hand, and scikit-image's where that is installed."""

import numpy as np
import pytest
import torch

from vton.conditioning.value_range import image_tensor, to_u8
from vton.metrics.pictures.ssim import gaussian, ssim


@pytest.fixture
def image():
    generator = torch.Generator().manual_seed(5)
    rough = torch.rand(2, 3, 8, 6, generator=generator)
    return torch.nn.functional.interpolate(rough, size=(64, 48), mode="bicubic").clamp(0, 1) * 2 - 1


def test_one_on_itself_and_falling_with_noise(image):
    noise = torch.randn(image.shape, generator=torch.Generator().manual_seed(2))
    values = [ssim(image, image + strength * noise) for strength in (0.0, 0.05, 0.2, 0.8)]
    assert values[0].tolist() == [1, 1]
    for more, less in zip(values, values[1:], strict=False):
        assert (less < more).all()
    assert torch.allclose(ssim(image, image + noise), ssim(image + noise, image))


def test_flat_pictures_differ_by_their_brightness_alone():
    a, b = torch.full((1, 3, 16, 16), -0.5), torch.full((1, 3, 16, 16), 0.5)
    x, y = 0.25, 0.75
    assert ssim(a, b).item() == pytest.approx((2 * x * y + 1e-4) / (x * x + y * y + 1e-4), abs=1e-6)


def test_the_window_is_a_gaussian_of_sum_one():
    weights = gaussian()
    assert weights.sum().item() == pytest.approx(1) and torch.equal(weights, weights.flip(0))
    assert (weights[5] / weights[8]).item() == pytest.approx(np.exp(9 / 4.5))


def test_agrees_with_scikit_image(image):
    metrics = pytest.importorskip("skimage.metrics")
    other = image.flip(3) * 0.8
    options = {"gaussian_weights": True, "use_sample_covariance": False, "data_range": 1.0, "channel_axis": -1}
    for a, b, value in zip(image, other, ssim(image, other), strict=True):
        a, b = (((x + 1) / 2).permute(1, 2, 0).double().numpy() for x in (a, b))
        assert metrics.structural_similarity(a, b, win_size=11, **options) == pytest.approx(value.item(), abs=1e-5)


def test_bytes_and_wrong_sizes(image):
    seen = image_tensor(to_u8(image[:1]))
    assert ssim(seen, seen).item() == 1 and 0 < ssim(seen, seen.flip(2)).item() < 1
    with pytest.raises(ValueError):
        ssim(image, image[:, :, :32])
    with pytest.raises(ValueError):
        ssim(image[..., :8], image[..., :8])
