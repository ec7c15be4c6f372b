"""Structural similarity, Wang et al. 2004 (IEEE TIP 13:4, eq. 13): Gaussian window 11, sigma 1.5, over RGB in 0..1.

The same as scikit-image's ``structural_similarity`` with ``gaussian_weights=True, use_sample_covariance=False,
data_range=1, channel_axis=-1``.
"""

import torch
import torch.nn.functional as F

WINDOW, SIGMA = 11, 1.5
K1, K2 = 0.01, 0.03


def gaussian(size: int = WINDOW, sigma: float = SIGMA) -> torch.Tensor:
    """The window's weights along one axis: [size], float64, sum 1."""
    x = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
    weights = torch.exp(-x.square() / (2 * sigma**2))
    return weights / weights.sum()


def ssim(image_a: torch.Tensor, image_b: torch.Tensor) -> torch.Tensor:
    """SSIM of each pair of pictures: [N], mean over channels and over the windows that lie inside.

    Args:
        image_a, image_b: [N, C, H, W], -1..1.

    Raises:
        ValueError: pictures of different sizes, or smaller than the window.
    """
    return ssim_map(image_a, image_b).mean((1, 2, 3)).float()


def ssim_map(image_a: torch.Tensor, image_b: torch.Tensor) -> torch.Tensor:
    """SSIM of each window that lies inside: [N, C, H - 10, W - 10], float64; else as `ssim`."""
    if image_a.shape != image_b.shape or min(image_a.shape[-2:]) < WINDOW:
        raise ValueError(f"pictures of one size of at least {WINDOW} pixels, got {image_a.shape} and {image_b.shape}")
    # Variances are differences of large numbers: float32 loses the third decimal on flat pictures.
    a, b = ((x.double() + 1) / 2 for x in (image_a, image_b))
    mean_a, mean_b = _blur(a), _blur(b)
    var_a, var_b = _blur(a * a) - mean_a.square(), _blur(b * b) - mean_b.square()
    covariance = _blur(a * b) - mean_a * mean_b
    c1, c2 = K1**2, K2**2
    value = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return value / ((mean_a.square() + mean_b.square() + c1) * (var_a + var_b + c2))


def _blur(x: torch.Tensor) -> torch.Tensor:
    weights = gaussian().to(x)
    n, c, h, w = x.shape
    x = F.conv2d(x.reshape(n * c, 1, h, w), weights.view(1, 1, -1, 1))
    x = F.conv2d(x, weights.view(1, 1, 1, -1))
    return x.view(n, c, *x.shape[-2:])
