"""The layers of a picture, on the canvas and on any finer one: articles, ground, and the photo's backdrop gone on."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F

from vton.networks.stylegan2.generator import FIRST_ARTICLE_REGION
from vton.networks.stylegan2.layers import upsample2

SHADING_CELL = 4  # pixels of the canvas: light and shade on articles are no finer, so that prints stay their own
_LEAST = 1e-3  # weight below which a cell says nothing


class ShownArticles(NamedTuple):
    """What is seen of the articles.

    colours: ``[N, 3, H, W]``, times their share; share: ``[N, 1, H, W]``, 0..1, how much of each pixel they cover.
    """

    colours: torch.Tensor
    share: torch.Tensor


def shown_articles(warped: torch.Tensor, logits: torch.Tensor, coverage: torch.Tensor) -> ShownArticles:
    """Each pixel shows the article whose region it is, where the picture of that article has its cloth.

    Args:
        warped: ``[N, 6, 4, H, W]``, RGB times mask, and mask.
        logits: ``[N, 10, H, W]`` of the regions; coverage: ``[N, 1, H, W]``, logits.
    """
    worn = logits.float().softmax(1)[:, FIRST_ARTICLE_REGION:] * coverage.float().sigmoid()
    seen = (warped * worn[:, :, None]).sum(1)
    return ShownArticles(seen[:, :3], seen[:, 3:])


def shading(ground: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """Light and shade on the articles: the ground drawn there, averaged over cells; it reaches a little beyond them.

    Args:
        ground: ``[N, 3, H, W]``; share: ``[N, 1, H, W]``, of the articles; sides are multiples of `SHADING_CELL`.
    """
    both = F.avg_pool2d(torch.cat([ground * share, share], 1), SHADING_CELL)
    # Divided after it has grown: a cell without articles must not darken the border of the one beside it.
    both = F.interpolate(both, ground.shape[2:], mode="bilinear", align_corners=False)
    return both[:, :3] / (both[:, 3:] + _LEAST)


def compose(
    articles: ShownArticles, shade: torch.Tensor, ground: torch.Tensor, continued: torch.Tensor, fill: torch.Tensor
) -> torch.Tensor:
    """The picture: articles in their light, and beside them ``ground``, or the photo's backdrop that goes on.

    Args:
        shade, ground, fill: ``[N, 3, H, W]``; continued: ``[N, 1, H, W]``, 0..1, how much of the rest ``fill`` is.
    """
    beside = ground + continued * (fill - ground)
    return articles.colours + articles.share * shade + (1 - articles.share) * beside


def spread(image: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Colours carried on to where nothing is known, the nearer the finer (a pyramid of means, "push-pull").

    Args:
        image: ``[N, C, H, W]``; weight: ``[N, 1, H, W]``, 0..1, how well each pixel is known.

    Returns:
        ``[N, C, H, W]``: the image where it is known, 0 where no pixel is.
    """
    levels = [torch.cat([image * weight, weight], 1)]
    while min(levels[-1].shape[2:]) > 1 and all(side % 2 == 0 for side in levels[-1].shape[2:]):
        levels.append(F.avg_pool2d(levels[-1], 2))
    total = levels[-1]
    # The coarsest level has one or a few pixels: what none of them knows is their mean.
    whole = total.mean((2, 3), keepdim=True)
    colours = (total[:, :-1] + _LEAST * whole[:, :-1]) / (total[:, -1:] + _LEAST * whole[:, -1:]).clamp(min=1e-8)
    for level in reversed(levels[:-1]):
        coarse = upsample2(colours)
        known = (4 * level[:, -1:]).clamp(max=1)
        own = level[:, :-1] / level[:, -1:].clamp(min=1e-8)
        colours = coarse + known * (own - coarse)
    return colours
