"""Training of the conditional generator: what outfit and pose determine is supervised."""
import torch

from vton.generation.training import losses
from vton.generation.training.batches import Batch
from vton.generation.training.recipe import GeneratorRecipe
from vton.generation.training.told_reach import partly_told
from vton.networks.stylegan2.generator import OutfitCondition, StyleGAN2Generator, SynthesisOutput
from vton.schema import REGIONS
from vton.systems.outfit_gan.system import SYSTEM


class OutfitGANRecipe(GeneratorRecipe):
    """See `GeneratorRecipe`."""

    record = SYSTEM

    def condition(self, generator: StyleGAN2Generator, batch: Batch) -> OutfitCondition:
        """The outfits and poses of a batch, encoded."""
        reach = partly_told(batch.reach)
        condition = generator.encode(batch.articles, batch.presence, batch.pose_map, batch.traits, reach)
        assert condition is not None, "the generator is conditional"
        return condition

    def appearance(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """A photo of the same person, where it shows nothing of the articles."""
        return batch.reference, batch.visible

    def determined(self, batch: Batch) -> torch.Tensor:
        """Pixels of the articles and of the backdrop, which is nearly the same in every photo."""
        return losses.determined_pixels(batch.regions, batch.presence) | (
            batch.regions[:, None] == REGIONS.index("background")
        )

    def terms(self, out: SynthesisOutput, batch: Batch) -> dict[str, torch.Tensor]:
        """Which place of an article each pixel shows, and whether the article's picture shows that place at all."""
        c, true, terms = self.config, (batch.shown, batch.regions, batch.presence), {}
        if out.correspondence and c.correspondence:
            distance = losses.correspondence_loss(out.correspondence, batch.places, *true)
            terms["correspondence"] = c.correspondence * distance
        if out.coverage_logits is not None and c.coverage:
            terms["coverage"] = c.coverage * losses.coverage_loss(out.coverage_logits, *true)
        if out.reach is not None and c.reach:
            terms["reach"] = c.reach * losses.reach_loss(out.reach, batch.reach)
        return terms
