"""Outfits -> the article stack that the networks see (arXiv 1908.08847, section 3.2: fixed slots, grey when empty)."""

import numpy as np
import torch
import torch.nn.functional as F

from vton.schema import ARTICLE_HW, Outfit, SizeHW


def article_tensor(rgba_u8: np.ndarray | torch.Tensor) -> torch.Tensor:
    """RGBA uint8 ``[..., H, W, 4]`` -> float32 ``[..., 4, H, W]``: RGB -1..1, 0 outside the mask; mask 0..1."""
    rgba = torch.as_tensor(rgba_u8).movedim(-1, -3).float()
    mask = rgba[..., 3:, :, :] / 255
    return torch.cat([(rgba[..., :3, :, :] / 127.5 - 1) * (mask > 0), mask], -3)


def article_stack(outfits: list[Outfit | None], size_hw: SizeHW) -> tuple[torch.Tensor, torch.Tensor]:
    """Stacks outfits for `StyleGAN2Generator.encode`.

    Args:
        outfits: None stands for an outfit without articles.
        size_hw: size of the articles, area-resized from 256x192.

    Returns:
        articles: ``[N, 6, 4, H, W]``, float32, RGB -1..1 (0 outside the mask and in empty slots) and mask 0..1.
        presence: ``[N, 6]``, float32, 0 or 1.
    """
    stack = torch.zeros(len(outfits), 6, 4, *size_hw)
    presence = torch.zeros(len(outfits), 6)
    for n, outfit in enumerate(outfits):
        for s, article in enumerate(outfit.articles if outfit is not None else ()):
            if article is None:
                continue
            rgba = np.dstack([article.image_u8, article.mask_u8])
            if tuple(size_hw) != ARTICLE_HW:
                planes = torch.from_numpy(rgba).permute(2, 0, 1).float()[None]
                planes = F.interpolate(planes, size=size_hw, mode="area").round()[0]
                rgba = planes.permute(1, 2, 0).byte()
            stack[n, s] = article_tensor(rgba)
            presence[n, s] = 1
    return stack, presence
