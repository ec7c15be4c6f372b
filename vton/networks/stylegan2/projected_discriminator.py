"""Projected discriminator over frozen features (Sauer et al. 2021, arXiv 2111.01007) with a projection score
(Miyato & Koyama 2018, arXiv 1802.05637) on the outfit and pose embedding, as the conditional paper asks of its own."""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.efficientnet_lite import FEATURE_CHANNELS
from vton.networks.stylegan2.outfit_encoder import OutfitEncoder

MIXED_CHANNELS = (32, 48, 64, 96)


class FeatureMixer(nn.Module):
    """Fixed random mixing over channels (1x1) and, top-down, over scales (3x3): sections 3.2 and 4 of the paper."""

    def __init__(self, seed: int = 0):
        super().__init__()
        g = torch.Generator().manual_seed(seed)
        draw = lambda o, i, k: torch.randn(o, i, k, k, generator=g) * math.sqrt(2 / (i * k * k))  # noqa: E731
        for i, (a, b) in enumerate(zip(FEATURE_CHANNELS, MIXED_CHANNELS, strict=True)):
            self.register_buffer(f"channel{i}", draw(b, a, 1))
            if i < 3:
                self.register_buffer(f"scale{i}", draw(b, MIXED_CHANNELS[i + 1], 3))

    def forward(self, features: list[torch.Tensor]) -> list[torch.Tensor]:
        """Four maps ``[N, C, h, w]``, fine to coarse, -> the same sizes with `MIXED_CHANNELS`."""
        mixed = [F.conv2d(f, getattr(self, f"channel{i}")) for i, f in enumerate(features)]
        for i in (2, 1, 0):
            coarse = F.conv2d(mixed[i + 1], getattr(self, f"scale{i}"), padding=1)
            mixed[i] = mixed[i] + F.interpolate(coarse, size=mixed[i].shape[2:], mode="bilinear", align_corners=False)
        return mixed


class _Head(nn.Module):
    """Small spectrally normalised discriminator of one scale; a map of logits plus the projection term.

    The logits' convolution is given 15 outputs of zeros beside its own: processors have fast kernels for 16 outputs,
    and none for one.
    """

    LANES = 16

    def __init__(self, channels: int, width: int, downs: int, embedding_dim: int):
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        layers, c = [], channels
        for _ in range(downs):
            layers += [norm(nn.Conv2d(c, width, 4, 2, 1)), nn.LeakyReLU(0.2)]
            c = width
        if not downs:
            layers += [norm(nn.Conv2d(c, width, 3, 1, 1)), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers)
        self.logit = norm(nn.Conv2d(width, 1, 3, 1, 1))
        self.embed = nn.Linear(embedding_dim, width) if embedding_dim else None
        self.project = norm(nn.Conv2d(width, width, 1)) if embedding_dim else None

    def forward(self, x: torch.Tensor, embeddings: Sequence[torch.Tensor | None]) -> list[torch.Tensor]:
        """Logits ``[N, h * w]`` of the same pictures under each of the conditions."""
        x = self.body(x)
        weight, bias = self.logit.weight, self.logit.bias
        assert isinstance(weight, torch.Tensor) and isinstance(bias, torch.Tensor)
        weight = F.pad(weight, (0, 0, 0, 0, 0, 0, 0, self.LANES - 1))
        logits = (F.conv2d(x, weight, padding=1)[:, :1] + bias).float().flatten(1)
        if self.embed is None or self.project is None:
            return [logits for _ in embeddings]
        # The mean over positions first: a linear map of each position commutes with it.
        phi = self.project(x.mean((2, 3), keepdim=True)).float().flatten(1)
        return [logits + (phi * self.embed(e).float()).sum(1, keepdim=True) / math.sqrt(phi.shape[1])
                for e in embeddings]


class ProjectedDiscriminator(nn.Module):
    """One head per feature scale, own outfit encoder. Takes features, so that they are computed once per image.

    Args:
        encoder: the discriminator's own `OutfitEncoder`, or None for the unconditional model.
        embedding_dim: width of the encoder's embedding.
    """

    def __init__(self, encoder: OutfitEncoder | None, embedding_dim: int = 128, width: int = 64, seed: int = 0):
        super().__init__()
        self.mixer = FeatureMixer(seed)
        self.encoder = encoder
        dim = embedding_dim if encoder is not None else 0
        self.heads = nn.ModuleList(
            _Head(c, width, downs, dim) for c, downs in zip(MIXED_CHANNELS, (2, 1, 1, 0), strict=True)
        )

    def embed(self, articles: torch.Tensor, presence: torch.Tensor, pose_map: torch.Tensor) -> torch.Tensor | None:
        """Embedding ``[N, embedding_dim]`` of the condition, None for the unconditional model."""
        return None if self.encoder is None else self.encoder(articles, presence, pose_map).embedding

    def forward(self, features: list[torch.Tensor], embedding: torch.Tensor | None) -> torch.Tensor:
        """Features of strides 4 to 32 -> logits ``[N, L]`` of all heads and positions."""
        return self.under_each(features, [embedding])[0]

    def under_each(self, features: list[torch.Tensor],
                   embeddings: Sequence[torch.Tensor | None]) -> list[torch.Tensor]:
        """`forward` of the same pictures under several conditions; all but the projection is computed once.

        Args:
            features: maps ``[N, C, h, w]`` of strides 4 to 32; embeddings: ``[N, embedding_dim]`` each, or None for no
                condition.

        Returns:
            Logits ``[N, L]`` under each.
        """
        logits = [h(m, embeddings) for h, m in zip(self.heads, self.mixer(features), strict=True)]
        return [torch.cat(of_one, 1) for of_one in zip(*logits, strict=True)]
