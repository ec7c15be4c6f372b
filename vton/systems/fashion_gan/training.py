"""Training of the unconditional generator: the latent has to say everything."""

import torch

from vton.generation.training.batches import Batch
from vton.generation.training.recipe import GeneratorRecipe
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.systems.fashion_gan.system import SYSTEM


class FashionGANRecipe(GeneratorRecipe):
    """See `GeneratorRecipe`."""

    record = SYSTEM

    def condition(self, generator: StyleGAN2Generator, batch: Batch) -> None:
        """None: there are no conditions."""
        return None

    def appearance(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """All of the photo itself."""
        return batch.image, torch.ones_like(batch.visible)

    def determined(self, batch: Batch) -> torch.Tensor:
        """No pixel."""
        return torch.zeros_like(batch.image[:, :1], dtype=torch.bool)
