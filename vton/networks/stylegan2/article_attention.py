"""Cross-attention from the picture to the articles, and the warp that carries their pixels.

A 512-d embedding cannot hold a print or a stripe. Each position of a low-resolution feature map attends to the
tokens of each article by itself; the attended features join the picture, and the expected position of the attended
tokens is a dense correspondence along which the article's pixels are sampled (the soft-argmax warp of image-based
try-on put inside a StyleGAN block).
"""

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.stylegan2.layers import EqualConv2d, EqualLinear, lrelu, upsample2
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS
from vton.schema import SizeHW


class ArticleAttention(nn.Module):
    """One softmax per article, so that every article keeps a correspondence even where it is not worn.

    Args:
        channels: of the picture's feature map.
        token_channels: of the article tokens.
        token_hw: size of an article's token map.
        dim: width of queries, keys and values.
    """

    token_xy: torch.Tensor

    def __init__(self, channels: int, token_channels: int, token_hw: SizeHW, dim: int = 64):
        super().__init__()
        self.dim = dim
        self.query = EqualConv2d(channels, dim, 1)
        self.slot_query = nn.Parameter(torch.zeros(NUM_SLOTS, dim))
        self.key = EqualLinear(token_channels, dim)
        self.value = EqualLinear(token_channels, dim)
        self.position = nn.Parameter(torch.randn(token_hw[0] * token_hw[1], dim))
        self.out = EqualConv2d(dim, channels, 1)
        y, x = torch.meshgrid(*(torch.linspace(-1 + 1 / s, 1 - 1 / s, s) for s in token_hw), indexing="ij")
        self.register_buffer("token_xy", torch.stack([x, y], -1).flatten(0, 1), persistent=False)

    def forward(self, x: torch.Tensor, tokens: torch.Tensor, token_mask: torch.Tensor, worn: torch.Tensor):
        """Adds what the articles contribute to ``x: [N, C, h, w]``.

        Args:
            tokens: ``[N, 6, C_t, a, b]``; token_mask: ``[N, 6, a, b]``, 0..1.
            worn: ``[N, 6, h, w]``, probability that the position shows the slot.

        Returns:
            The new feature map, and the correspondence ``[N, 6, 2, h, w]`` in the articles' -1..1 coordinates.
        """
        h, w = x.shape[2:]
        t = tokens.flatten(3).transpose(2, 3)
        q = self.query(x).flatten(2).transpose(1, 2)
        q = (q[:, None] + self.slot_query.to(q.dtype)[None, :, None]) / self.dim**0.5
        k, v = self.key(t) + self.position.to(t.dtype), self.value(t)
        # Eight more columns: in q and k they add log(mask) to the logits, in v they carry the tokens' positions, so
        # that one fused attention gives features and expected positions without ever holding the weights.
        cover = (token_mask.flatten(2) + 1e-2).log()
        q = F.pad(torch.cat([q, torch.ones_like(q[..., :1])], -1), (0, 7))
        k = F.pad(torch.cat([k, cover[..., None].to(k.dtype)], -1), (0, 7))
        v = F.pad(torch.cat([v, self.token_xy.to(v.dtype).expand(*v.shape[:2], -1, -1)], -1), (0, 6))
        gathered = F.scaled_dot_product_attention(q, k, v, scale=1.0)
        xy = gathered[..., self.dim:self.dim + 2].float().transpose(2, 3).unflatten(3, (h, w))
        features = (gathered[..., :self.dim] * worn.flatten(2)[..., None].to(v.dtype)).sum(1)
        return x + lrelu(self.out(features.transpose(1, 2).unflatten(2, (h, w)))), xy


def warp_articles(articles: torch.Tensor, xy: torch.Tensor) -> torch.Tensor:
    """Samples each article at its correspondence.

    Args:
        articles: ``[N, 6, 4, a, b]``, RGB -1..1 and mask 0..1.
        xy: ``[N, 6, 2, h, w]``, -1..1, align_corners=False.

    Returns:
        ``[N, 6, 4, h, w]``: RGB multiplied by the mask, and the mask.
    """
    n, step = xy.shape[0], articles.shape[3] // xy.shape[3] // 2
    source = articles.float()
    source = torch.cat([source[:, :, :3] * source[:, :, 3:], source[:, :, 3:]], 2).flatten(0, 1)
    if step > 1:  # more than two pixels of the article per step: means of them, or thin stripes would flicker
        source = F.avg_pool2d(source, step)
    grid = xy.float().flatten(0, 1).permute(0, 2, 3, 1)
    with torch.autocast(xy.device.type, enabled=False):
        warped = F.grid_sample(source, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return warped.unflatten(0, (n, NUM_SLOTS))


def upsample_xy(xy: torch.Tensor) -> torch.Tensor:
    """Doubles a correspondence ``[N, 6, 2, h, w]``."""
    return upsample2(xy.float().flatten(1, 2)).unflatten(1, (NUM_SLOTS, 2))
