"""Whether the drawn clothes are the given ones: structure inside each article, and finding it again among others."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import extent, resized
from vton.conditioning.masks import shrunk, square
from vton.conditioning.value_range import image_tensor
from vton.metrics.pictures.lpips import LPIPS
from vton.metrics.pictures.ssim import WINDOW, ssim_map
from vton.schema import Article

CANDIDATES = 50  # articles among which one is found again
_SIDE = 96  # pixels to which an article is brought: features of one size mean the same of large and small ones
_FEWEST_PIXELS = 64  # of an article, below which windows and means say little
_LEAST_DEVIATION = 1e-3  # of a feature between candidates: one that hardly differs tells nothing


def article_ssim(true_u8: np.ndarray, drawn_u8: np.ndarray, region: np.ndarray) -> float | None:
    """Mean SSIM of the windows whose middle lies inside an article.

    Args:
        true_u8, drawn_u8: [H, W, 3], uint8; region: [H, W], bool, the article in the true photo.

    Returns:
        None where the article has too few pixels.
    """
    inner = shrunk(region, square(1))
    rim = WINDOW // 2
    inner = inner[rim:-rim, rim:-rim]
    if inner.sum() < _FEWEST_PIXELS:
        return None
    values = ssim_map(image_tensor(true_u8[None]), image_tensor(drawn_u8[None]))[0].mean(0)
    return float(values[torch.from_numpy(inner)].mean())


@torch.inference_mode()
def appearance(network: LPIPS, image_u8: np.ndarray, region: np.ndarray) -> np.ndarray | None:
    """What cloth looks like, without its shape: means and deviations of features inside a region, [D], float32.

    Args:
        image_u8: [H, W, 3], uint8; region: [H, W], bool.

    Returns:
        None where the region has too few pixels.
    """
    if region.sum() < _FEWEST_PIXELS:
        return None
    top, bottom, left, right = extent(region)
    scale = _SIDE / max(bottom - top, right - left)
    h, w = max(1, round((bottom - top) * scale)), max(1, round((right - left) * scale))
    crop = resized(image_u8[top:bottom, left:right], (h, w), "mean")
    mask = resized(region[top:bottom, left:right].astype(np.float32), (h, w), "mean")
    crop = np.where(mask[..., None] > 0.5, crop, np.median(crop[mask > 0.5], 0) if (mask > 0.5).any() else crop)
    canvas = np.full((_SIDE, _SIDE, 3), 128, np.uint8)
    canvas[:h, :w] = crop.astype(np.uint8)
    weight = np.zeros((1, 1, _SIDE, _SIDE), np.float32)
    weight[0, 0, :h, :w] = mask
    parts = [image_tensor(canvas[None]), *network.features(image_tensor(canvas[None]))]
    found = []
    for features in parts:
        share = F.interpolate(torch.from_numpy(weight), size=features.shape[2:], mode="area")
        share = share / share.sum().clamp(min=1e-6)
        mean = (features * share).sum((2, 3))
        found += [mean, ((features - mean[..., None, None]).square() * share).sum((2, 3)).sqrt()]
    return torch.cat(found, 1)[0].numpy()


def article_appearance(network: LPIPS, article: Article) -> np.ndarray | None:
    """`appearance` of an article's own picture: [D], float32; None of one with too few pixels."""
    return appearance(network, article.image_u8, article.mask_u8 > 0)


def rank_of_own(query: np.ndarray, own: np.ndarray, others: Sequence[np.ndarray]) -> int:
    """How many other articles look more like the query than its own does, 0 for none.

    Features count by how much they differ between the candidates.

    Args:
        query, own: [D], see `appearance`; others: [D] each.
    """
    candidates = np.stack([own, *others])
    distance = np.abs((candidates - query) / (candidates.std(0) + _LEAST_DEVIATION)).mean(1)
    return int((distance[1:] < distance[0]).sum())
