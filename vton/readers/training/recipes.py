"""What the estimators' trainer needs to know of a system, and the systems it can train."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from vton.conditioning.value_range import image_tensor
from vton.readers.photo_unet import PhotoUNet, PhotoUNetOutput
from vton.readers.training.configs import EstimatorConfig

RECIPES = {
    "pose": "vton.readers.pose.recipe:PoseRecipe",
    "parser": "vton.readers.parser.recipe:ParserRecipe",
    "parser-teacher": "vton.readers.parser.teacher_recipe:TeacherRecipe",
    "garment-mask": "vton.readers.garment.recipe:GarmentRecipe",
}


class EstimatorRecipe(Protocol):
    """Data and losses of one system. Made as ``Recipe(config, data)``; one that needs ``features`` takes them too."""

    system: str

    def network(self) -> PhotoUNet:
        """A fresh network."""
        ...

    def batch(self, rng: np.random.Generator, count: int) -> dict[str, torch.Tensor]:
        """An augmented training batch with ``image [N, 3, H, W]``, -1..1; called in threads, so it keeps no state."""
        ...

    def loss(self, out: PhotoUNetOutput, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Weighted scalars to add up, by name.

        Args:
            out: logits of the N photos of a batch, maps [N, C, h, w] and pooled [N, P].
            batch: what `batch` returned, on the device of ``out``.
        """
        ...

    def measure(self, net: PhotoUNet) -> dict[str, float]:
        """Quick figures on held-out data."""
        ...

    def sheet(self, net: PhotoUNet) -> np.ndarray:
        """A picture of what the network answers on held-out data: [h, w, 3], uint8."""
        ...


def make_recipe(
    config: EstimatorConfig, data: Sequence[str | Path], features: str | Path | None = None
) -> EstimatorRecipe:
    """The recipe of ``config.system`` on packs.

    Args:
        features: EfficientNet-Lite0's weights, which "parser-teacher" starts from.

    Raises:
        InputError: a folder is no pack of the kind that the system needs, or features are missing or of no use.
    """
    module, name = RECIPES[config.system].split(":")
    recipe = getattr(importlib.import_module(module), name)
    return recipe(config, data, features) if config.system == "parser-teacher" else recipe(config, data)


def to_tensor(images_u8: Sequence[np.ndarray]) -> torch.Tensor:
    """Pictures [H, W, 3], uint8 -> ``[N, 3, H, W]``, float32, -1..1, channels last in memory."""
    return image_tensor(np.stack(images_u8)).contiguous(memory_format=torch.channels_last)
