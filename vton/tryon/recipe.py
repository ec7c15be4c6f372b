"""What the try-on trainer needs to know of a system, and the systems it can train."""

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from vton.tryon.config import TryOnConfig
from vton.tryon.perceptual import PerceptualLoss, load_features

RECIPES = {
    "viton": "vton.systems.viton.training:VITONRecipe",
    "cp-vton": "vton.systems.cp_vton.training:CPVTONRecipe",
    "ma-vton": "vton.systems.ma_vton.training:MAVTONRecipe",
    "acgpn": "vton.systems.acgpn.training:ACGPNRecipe",
}


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


class TryOnRecipe(Protocol):
    """Losses of one system. Made as ``Recipe(config, perceptual)``.

    Attributes:
        parts: names of the network's parts, which are also the names of their switches in the configuration.
        adversarial_kind: "hinge" or "squares".
    """

    config: TryOnConfig
    parts: tuple[str, ...]
    adversarial_kind: str

    def network(self) -> nn.Module:
        """A fresh network: `TryOnInput` -> `TryOnOutput`."""

    def discriminators(self) -> nn.ModuleDict:
        """Fresh discriminators by name: [N, C, H, W] -> maps of logits; empty when the configuration needs none."""

    def losses(self, net: nn.Module, batch: dict[str, Any], images: int) -> StepLosses:
        """The losses of one batch; each part's inputs are detached from the parts before it.

        Args:
            net: whose parts of weight 0 are frozen and must run without gradient.
            images: seen so far.
        """


def load_recipe(config: TryOnConfig, lpips_weights: str | Path | None = None) -> TryOnRecipe:
    """The recipe of ``config.system``, with the frozen network of its perceptual loss when that has a weight.

    Raises:
        InputError: the loss has a weight and its network is not to be had.
    """
    perceptual = None
    if config.perceptual:
        perceptual = PerceptualLoss(load_features(lpips_weights), config.perceptual_crop, config.perceptual_count)
    module, name = RECIPES[config.system].split(":")
    return getattr(importlib.import_module(module), name)(config, perceptual)
