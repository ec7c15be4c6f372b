"""Training of VITON (arXiv 1711.08447, eq. 1-5): coarse result and mask, refinement on matched shapes."""

from typing import Any

import torch

from vton.systems.viton.config import VITONConfig
from vton.systems.viton.network import VITON
from vton.systems.viton.system import SYSTEM
from vton.tryon.training.losses import overlap_loss, region_l1, total_variation
from vton.tryon.training.recipe import StepLosses, TryOnRecipe


class VITONRecipe(TryOnRecipe):
    """See `TryOnRecipe`; it has no adversarial loss."""

    config: VITONConfig
    record = SYSTEM
    parts = ("coarse", "refine")

    def losses(self, net: VITON, batch: dict[str, Any], images: int) -> StepLosses:
        """The losses of one batch."""
        c, inputs, photo = self.config, batch["inputs"], batch["photo"]
        coarse, logits = net.draw(inputs)
        losses = StepLosses()
        if c.coarse:
            drawn = torch.where(inputs.erased > 0.5, coarse, photo)
            mask, shown = torch.sigmoid(logits), batch["worn_mask"] * inputs.erased
            # L1 alone settles on the median, which leaves out sleeves that lie one way or the other.
            error = region_l1(mask, shown, inputs.erased) + overlap_loss(mask * inputs.erased, shown)
            losses.terms["coarse_mask"] = c.coarse * c.coarse_mask * error
            losses.terms["l1"] = c.coarse * c.l1 * region_l1(coarse, photo, inputs.erased)
            if c.perceptual:
                losses.terms["perceptual"] = c.coarse * c.perceptual * self.perceived(drawn, photo, inputs.erased)
        if c.refine:
            n = min(c.matched, len(photo))
            self._refine(net, coarse[:n].detach(), logits[:n].detach(), inputs[:n], photo[:n], losses)
        return losses

    def _refine(self, net, coarse, logits, inputs, photo, losses: StepLosses) -> None:
        """Matching costs more than the network, so that only some samples of a batch get here."""
        c = self.config
        warp = net.match(inputs, torch.sigmoid(logits))
        out = net.mix(inputs, coarse, warp)
        alpha, seen = out.composition_mask, warp.warped_mask * inputs.erased
        losses.terms["refine_l1"] = c.refine * c.refine_l1 * region_l1(out.result, photo, inputs.erased)
        losses.terms["alpha"] = -c.refine * c.alpha * (alpha.sum() / seen.sum().clamp(min=1))
        losses.terms["smooth"] = c.refine * c.smooth * total_variation(alpha)
        if c.perceptual:
            refined = self.perceived(out.result, photo, inputs.erased)
            losses.terms["refine_perceptual"] = c.refine * c.perceptual * refined
