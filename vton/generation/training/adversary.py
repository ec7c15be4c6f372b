"""The generators' opponent: discriminators of the whole picture and, zoomed, of the head, with what they look at.

The projected discriminators share the frozen features (Sauer et al. 2021, arXiv 2111.01007); the residual one is
StyleGAN2's with lazy R1. Heads are a thousandth of a picture's pixels and what people look at first, so they get an
enlarged view and a discriminator of their own.
"""

from typing import Any

import torch
from torch import nn

from vton.generation.training import losses
from vton.generation.training.batches import Batch
from vton.generation.training.config import TrainConfig
from vton.networks.efficientnet_lite import EfficientNetLite0Features
from vton.networks.stylegan2.discriminator import ResidualDiscriminator
from vton.networks.stylegan2.outfit_encoder import OutfitEncoder
from vton.networks.stylegan2.projected_discriminator import ProjectedDiscriminator
from vton.schema import SizeHW

PROJECTED, RESIDUAL = 128, 512  # widths of the embedding of outfit and pose
TOKENS, POSE = 48, 24  # channels of their encoder, which is smaller than the generator's

Views = list[list[torch.Tensor] | torch.Tensor]


class Adversary(nn.Module):
    """Discriminators and their losses.

    Args:
        config: of the run; article_hw, pose_hw: sizes of the generator's conditions.
        seed: of the projected discriminators' fixed random mixing.
    """

    def __init__(self, config: TrainConfig, article_hw: SizeHW, pose_hw: SizeHW, seed: int):
        super().__init__()
        g, self.projected = config.generator, config.discriminator == "projected"
        self.kind = "hinge" if self.projected else "logistic"
        dim, encoder = PROJECTED if self.projected else RESIDUAL, None
        if g["condition"] != "none":
            height = min(64, article_hw[0])
            encoder = OutfitEncoder(dim, TOKENS, POSE, pose_hw, (height, height * 3 // 4))
        if self.projected:
            self.whole = ProjectedDiscriminator(encoder, dim, seed=seed)
        else:
            self.whole = ResidualDiscriminator(g["size_hw"], encoder, dim, g["channel_base"], g["channel_max"])
        self.head = ProjectedDiscriminator(None, seed=seed + 1) if self.projected and config.head else None
        self.head_weight = config.head
        self.features: list[EfficientNetLite0Features] = []  # in a list: frozen, and no part of any state

    @property
    def encoder(self) -> OutfitEncoder | None:
        """The whole picture's own encoder of outfit and pose."""
        return self.whole.encoder

    def views(self, image: torch.Tensor, regions: torch.Tensor) -> Views:
        """What the discriminators look at: frozen features of the picture and of its head, or the picture itself.

        Args:
            image: ``[N, 3, H, W]``, -1..1; regions: ``[N, H, W]``, of the true photo.
        """
        image = image.contiguous(memory_format=torch.channels_last)
        if not self.features:
            return [image]
        (features,) = self.features
        views: Views = [features(image)]
        if self.head is not None:
            views.append(features(losses.head_crops(image, regions)[0]))
        return views

    def embed(self, batch: Batch) -> torch.Tensor | None:
        """Embedding of the conditions, [N, 128], or [N, 512] of the residual one; None for the unconditional model."""
        return self.whole.embed(batch.articles, batch.presence, batch.pose_map)

    def generator_loss(self, views: Views, batch: Batch) -> torch.Tensor:
        """How far the pictures are from being taken for photos: a scalar.

        Args:
            views: of made pictures, see `views`; batch: the conditions [N, ...] that they were made of.
        """
        total = losses.generator_loss(self.whole(views[0], self.embed(batch)), self.kind)
        if self.head is not None:
            total = total + self.head_weight * losses.generator_loss(self.head(views[1], None), self.kind)
        return total

    def loss(self, real: Views, fake: Views, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """The discriminators' loss.

        1. The photos are also judged under each other's outfits and poses, so that a fine picture of something else is
           no answer.
        2. That costs little: all but the projection is worked out once.
        3. The head is judged without conditions: they say nothing of faces.

        Args:
            real, fake: views of photos and of made pictures, see `views`.
            batch: the conditions of both.

        Returns:
            A scalar, and the logits of the photos, [N, L], for R1.
        """
        embedding = self.embed(batch)
        embeddings = [embedding] if embedding is None else [embedding, embedding.roll(1, 0)]
        view: Any = real[0]  # what this kind of discriminator looks at, see `views`
        logits, *others = self.whole.under_each(view, embeddings)
        mismatched = others[0] if others else None
        total = losses.discriminator_loss(logits, self.whole(fake[0], embedding), mismatched, self.kind)
        if self.head is not None:
            heads = self.head(real[1], None), self.head(fake[1], None)
            total = total + self.head_weight * losses.discriminator_loss(*heads, None, self.kind)
        return total, logits


def detached(views: Views) -> Views:
    """The views without a way back to what they show."""
    return [[x.detach() for x in view] if isinstance(view, list) else view.detach() for view in views]
