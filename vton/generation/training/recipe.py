"""What the generators' trainer needs to know of a system: its conditions, and what they determine."""

from abc import ABC, abstractmethod
from typing import ClassVar

import torch

from vton.generation.training.batches import Batch
from vton.generation.training.config import TrainConfig
from vton.networks.stylegan2.generator import OutfitCondition, StyleGAN2Generator, SynthesisOutput
from vton.schema import System


class GeneratorRecipe(ABC):
    """The part of a training that is one system's own; subclasses stand in the systems' folders.

    Attributes:
        record: of the system.
        config: of the run.
    """

    record: ClassVar[System]

    def __init__(self, config: TrainConfig) -> None:
        self.config = config

    @property
    def conditional(self) -> bool:
        """Whether pictures are drawn after conditions."""
        return bool(self.record.slots)

    @abstractmethod
    def condition(self, generator: StyleGAN2Generator, batch: Batch) -> OutfitCondition | None:
        """The encoded conditions of a batch; None without any."""

    @abstractmethod
    def appearance(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """What the appearance encoder reads the latent from: a photo [N, 3, H, W], and where [N, 1, H, W], 0 or 1."""

    @abstractmethod
    def determined(self, batch: Batch) -> torch.Tensor:
        """[N, 1, H, W], bool: pixels of the photo that must be as they are whatever the latent."""

    def terms(self, out: SynthesisOutput, batch: Batch) -> dict[str, torch.Tensor]:
        """Weighted losses of the system's own, scalars by name; none unless a system adds some.

        Args:
            out: what was drawn, image [N, 3, H, W] and more; batch: what it was drawn of.
        """
        return {}
