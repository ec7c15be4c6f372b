"""What the try-on trainer needs to know of a system: its network, its discriminators, and its losses."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import nn

from vton.schema import System
from vton.tryon.training.config import TryOnConfig
from vton.tryon.training.perceptual import PerceptualLoss, load_features


@dataclass
class Judged:
    """What a discriminator compares: condition [N, C, H, W], and true and made picture [N, D, H, W]."""

    condition: torch.Tensor
    real: torch.Tensor
    fake: torch.Tensor


@dataclass
class StepLosses:
    """What one forward pass gives.

    Attributes:
        terms: weighted losses to add up, by name.
        judged: by discriminator, what it has to compare; empty when none takes part.
    """

    terms: dict[str, torch.Tensor] = field(default_factory=dict)
    judged: dict[str, Judged] = field(default_factory=dict)


class TryOnRecipe(ABC):
    """Networks and losses of one system; subclasses stand in the systems' folders.

    Attributes:
        record: of the system.
        parts: names of the network's parts, which are also the names of their switches in the configuration.
        adversarial_kind: "hinge" or "squares".
        perceptual: the perceptual loss; None when the configuration gives it no weight.
    """

    record: ClassVar[System]
    parts: ClassVar[tuple[str, ...]]
    adversarial_kind: ClassVar[str] = "hinge"

    def __init__(self, config: TryOnConfig, perceptual: PerceptualLoss | None) -> None:
        self.config, self.perceptual = config, perceptual

    def network(self) -> nn.Module:
        """A fresh network: `TryOnInput` -> `TryOnOutput`."""
        return self.record.load("network")(**self.config.network)

    def discriminators(self) -> nn.ModuleDict:
        """Fresh discriminators by name: [N, C, H, W] -> maps of logits; none unless a system adds some."""
        return nn.ModuleDict()

    def perceived(self, result: torch.Tensor, photo: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
        """The perceptual loss, see `PerceptualLoss`: a scalar. The configuration must give it a weight.

        Args:
            result, photo: [N, 3, H, W], -1..1; where: [N, 1, H, W].
        """
        assert self.perceptual is not None
        return self.perceptual(result, photo, where)

    @abstractmethod
    def losses(self, net: nn.Module, batch: dict[str, Any], images: int) -> StepLosses:
        """The losses of one batch; each part's inputs are detached from the parts before it.

        Args:
            net: whose parts of weight 0 are frozen and must run without gradient.
            images: seen so far.
        """


def load_recipe(system: System, config: TryOnConfig, lpips_weights: str | Path | None = None) -> TryOnRecipe:
    """The recipe of a system, with the frozen network of its perceptual loss when that has a weight.

    Raises:
        InputError: the loss has a weight and its network is not to be had.
    """
    perceptual = None
    if config.perceptual:
        perceptual = PerceptualLoss(load_features(lpips_weights), config.perceptual_crop, config.perceptual_count)
    return system.load("recipe")(config, perceptual)
