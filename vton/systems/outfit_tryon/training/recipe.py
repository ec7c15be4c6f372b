"""The losses of the try-on of outfits: what was erased of a photo is drawn again as the photo has it."""

from __future__ import annotations

import torch

from vton.generation.training import losses
from vton.generation.training.batches import first_of
from vton.metrics.pictures.lpips import LPIPS
from vton.systems.outfit_tryon.config import OutfitTryOnConfig
from vton.systems.outfit_tryon.network import Drawn, OutfitTryOn
from vton.systems.outfit_tryon.system import SYSTEM
from vton.systems.outfit_tryon.training.batches import Batch

_BEYOND = 0.05  # weight of pixels outside of the erased region, which the photo itself will show
_BRIGHTEST = 1.2  # beyond -1..1: LPIPS is shown no more


class OutfitTryOnRecipe:
    """What is learnt.

    Attributes:
        record: of the system; config: of the run.
        lpips: frozen; None where it has no weight.
    """

    record = SYSTEM

    def __init__(self, config: OutfitTryOnConfig, lpips: LPIPS | None = None) -> None:
        self.config, self.lpips = config, lpips

    def network(self) -> OutfitTryOn:
        """A fresh network."""
        return OutfitTryOn(**self.config.network)

    def losses(self, drawn: Drawn, batch: Batch) -> dict[str, torch.Tensor]:
        """Weighted losses by name.

        Args:
            drawn: N pictures; batch: what is true of them.
        """
        c, terms, inputs = self.config, {}, batch.inputs
        weight = losses.region_weights(batch.image.device)[batch.regions][:, None]
        weight = weight * (inputs.erased + _BEYOND * (1 - inputs.erased))
        true = batch.shown, batch.regions, inputs.presence
        if c.l1:
            terms["l1"] = c.l1 * losses.weighted_l1(drawn.image, batch.image, weight)
        if c.lpips:
            assert self.lpips is not None, "its weight needs LPIPS"
            # The whole photo with what was drawn in it: borders between both are looked at too.
            finished = torch.where(inputs.erased > 0.5, drawn.image.clamp(-_BRIGHTEST, _BRIGHTEST), batch.image)
            made, photo = first_of((finished, batch.image), c.lpips_share)
            terms["lpips"] = c.lpips * self.lpips(made, photo).float().mean()
        if c.parsing:
            terms["parsing"] = c.parsing * losses.parsing_loss(drawn.logits, batch.regions, weight)
        if c.correspondence:
            distance = losses.correspondence_loss(drawn.correspondence, batch.places, *true)
            terms["correspondence"] = c.correspondence * distance
        if c.coverage:
            terms["coverage"] = c.coverage * losses.coverage_loss(drawn.coverage, *true)
        if c.reach and drawn.reach is not None:
            terms["reach"] = c.reach * losses.reach_loss(drawn.reach, batch.reach)
        return terms
