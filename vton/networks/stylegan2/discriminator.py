"""Residual discriminator of StyleGAN2 (arXiv 1912.04958) with the projection score of arXiv 1908.08847, section 3.2:
``score = psi(phi(x)) + <E_D(y), phi(x)> / sqrt(dim)``."""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.stylegan2.layers import EqualConv2d, EqualLinear, lrelu
from vton.networks.stylegan2.outfit_encoder import OutfitEncoder
from vton.schema import SizeHW


class ResidualBlock(nn.Module):
    """Two convolutions that halve the picture, beside a linear way past them."""

    def __init__(self, in_channels: int, channels: int):
        super().__init__()
        self.conv0 = EqualConv2d(in_channels, in_channels, 3)
        self.conv1 = EqualConv2d(in_channels, channels, 3)
        self.skip = EqualConv2d(in_channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = lrelu(self.conv1(F.avg_pool2d(lrelu(self.conv0(x)), 2)))
        return (y + self.skip(F.avg_pool2d(x, 2))) * math.sqrt(0.5)


class ResidualDiscriminator(nn.Module):
    """Halves the picture down to 4x3, appends the minibatch standard deviation, and scores it.

    Args:
        size_hw: picture size.
        encoder: its own `OutfitEncoder`, never the generator's; None for the unconditional model.
        embedding_dim: width of phi(x), and of the encoder's embedding.
    """

    def __init__(self, size_hw: SizeHW, encoder: OutfitEncoder | None, embedding_dim: int = 512,
                 channel_base: int = 8192, channel_max: int = 256, group: int = 4):
        super().__init__()
        heights = [2**i for i in range(2, size_hw[0].bit_length())][::-1]
        channels = {h: min(channel_max, channel_base // h) for h in heights}
        self.encoder, self.group = encoder, group
        self.from_rgb = EqualConv2d(3, channels[heights[0]], 1)
        self.blocks = nn.ModuleList(ResidualBlock(channels[h], channels[h // 2]) for h in heights[:-1])
        self.conv = EqualConv2d(channels[4] + 1, channels[4], 3)
        self.fc = EqualLinear(channels[4] * 12, embedding_dim)
        self.score = EqualLinear(embedding_dim, 1)

    def embed(self, articles: torch.Tensor, presence: torch.Tensor, pose_map: torch.Tensor) -> torch.Tensor | None:
        """Embedding ``[N, embedding_dim]`` (unit second moment) of the condition, None for the unconditional model."""
        return None if self.encoder is None else self.encoder(articles, presence, pose_map).embedding

    def forward(self, image: torch.Tensor, embedding: torch.Tensor | None) -> torch.Tensor:
        """``image: [N, 3, H, W]``, -1..1 -> logits ``[N, 1]``."""
        return self.under_each(image, [embedding])[0]

    def under_each(self, image: torch.Tensor, embeddings: Sequence[torch.Tensor | None]) -> list[torch.Tensor]:
        """`forward` of the same pictures under several conditions; all but the projection is computed once.

        Args:
            image: ``[N, 3, H, W]``, -1..1; embeddings: ``[N, embedding_dim]`` each, or None for no condition.

        Returns:
            Logits ``[N, 1]`` under each.
        """
        x = lrelu(self.from_rgb(image))
        for block in self.blocks:
            x = block(x)
        x = lrelu(self.conv(with_deviation(x.float(), self.group)))
        phi = lrelu(self.fc(x.flatten(1))).float()
        score = self.score(phi).float()
        return [score if e is None else score + (phi * e).sum(1, keepdim=True) / math.sqrt(phi.shape[1])
                for e in embeddings]


def with_deviation(x: torch.Tensor, most: int = 4) -> torch.Tensor:
    """Appends the mean standard deviation over groups of the batch (arXiv 1710.10196, section 3).

    Args:
        x: ``[N, C, h, w]``; most: pictures of a group.

    Returns:
        ``[N, C + 1, h, w]``.
    """
    n, _, h, w = x.shape
    group = math.gcd(n, most)
    grouped = x.unflatten(0, (group, n // group))
    deviation = (grouped.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3))
    return torch.cat([x, deviation.repeat(group)[:, None, None, None].expand(n, 1, h, w)], 1)
