"""Training of the conditional generator: what outfit and pose determine is supervised."""
import torch

from vton.generation.training import losses
from vton.generation.training.batches import Batch
from vton.generation.training.recipe import GeneratorRecipe
from vton.networks.stylegan2.generator import OutfitCondition, StyleGAN2Generator, SynthesisOutput
from vton.networks.stylegan2.reach import UNTOLD
from vton.schema import REGIONS
from vton.systems.outfit_gan.system import SYSTEM

_READ = 0.2  # share of articles whose reach is not told but read from their pictures, as it will be later
_REACH_JITTER = 0.03  # standard deviation


class OutfitGANRecipe(GeneratorRecipe):
    """See `GeneratorRecipe`."""

    record = SYSTEM

    def condition(self, generator: StyleGAN2Generator, batch: Batch) -> OutfitCondition:
        """The outfits and poses of a batch, encoded."""
        told = (batch.reach >= 0) & (torch.rand_like(batch.reach) >= _READ)
        shaken = (batch.reach + _REACH_JITTER * torch.randn_like(batch.reach)).clamp(min=0)
        reach = torch.where(told, shaken, UNTOLD)
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
