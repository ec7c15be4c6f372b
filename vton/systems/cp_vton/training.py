"""Training of CP-VTON (arXiv 1807.07688, eq. 3-4): the warp against the worn garment, then the composed try-on.

As in CP-VTON+ (CVPRW 2020) the warp is regularised by the consistency of its grid's intervals, and the composition mask
is drawn to where the photo shows the garment and the warp covers it.
"""

from typing import Any

import torch
from torch import nn

from vton.conditioning.person.agnostic import BODY_CHANNELS, PERSON_CHANNELS
from vton.networks.geometric_matching import GarmentWarp
from vton.networks.patch_discriminator import PatchDiscriminator
from vton.networks.thin_plate_spline import grid_interval_consistency
from vton.systems.cp_vton.config import CPVTONConfig
from vton.systems.cp_vton.network import CPVTON
from vton.systems.cp_vton.system import SYSTEM
from vton.tryon.training.losses import masked_on_white, overlap_loss, region_l1, trusted, warped_l1
from vton.tryon.training.recipe import Judged, StepLosses, TryOnRecipe
from vton.tryon.training.windows import cut, cut_input, window_places


class CPVTONRecipe(TryOnRecipe):
    """See `TryOnRecipe`."""

    config: CPVTONConfig
    record = SYSTEM
    parts = ("warp", "tryon")

    def network(self) -> CPVTON:
        """A fresh network, with attention if the configuration wants it."""
        return self.record.load("network")(**self.config.network, attention=bool(self.config.attention))

    def discriminators(self) -> nn.ModuleDict:
        """One of 70x70 patches, conditioned on all that the generator sees."""
        if not (self.config.adversarial and self.config.tryon):
            return nn.ModuleDict()
        width = self.config.network.get("width", 32)
        return nn.ModuleDict({"patches": PatchDiscriminator(PERSON_CHANNELS + BODY_CHANNELS + 4 + 3, width)})

    def losses(self, net: CPVTON, batch: dict[str, Any], images: int) -> StepLosses:
        """The losses of one batch."""
        losses = StepLosses()
        warp = net.warp(batch["inputs"])
        if self.config.warp:
            losses.terms |= warp_terms(self.config, warp, batch)
        if self.config.tryon:
            self._try_on(net, GarmentWarp(*(x.detach() for x in warp)), batch, images, losses)
        return losses

    def _try_on(self, net: CPVTON, warp: GarmentWarp, batch: dict[str, Any], images: int, losses: StepLosses) -> None:
        c, inputs, photo, worn = self.config, batch["inputs"], batch["photo"], batch["worn_mask"]
        warped, warped_mask = warp.warped, warp.warped_mask
        if c.window:
            size_hw = (c.window, c.window * 2 // 3)
            places = window_places(inputs.erased, size_hw)
            inputs = cut_input(inputs, places, size_hw)
            photo, worn, warped, warped_mask = (cut(x, places, size_hw) for x in (photo, worn, warped, warped_mask))
        out = net.render(inputs, warped, warped_mask)
        shown = worn * warped_mask * inputs.erased
        losses.terms["l1"] = c.tryon * c.l1 * region_l1(out.result, photo, inputs.erased)
        losses.terms["mask"] = c.tryon * c.mask * region_l1(out.composition_mask, shown, inputs.erased)
        if c.perceptual:
            losses.terms["perceptual"] = c.tryon * c.perceptual * self.perceived(out.result, photo, inputs.erased)
        if c.adversarial and images >= c.adversarial_from:
            condition = torch.cat([inputs.person(), inputs.body_planes, warped, warped_mask], 1)
            losses.judged["patches"] = Judged(condition, photo, out.result)


def warp_terms(config: CPVTONConfig, warp: GarmentWarp, batch: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The warp's losses: colours on white, overlap of the masks, and the grid's consistency."""
    worn = batch["worn_mask"]
    trust = trusted(batch["labels"], worn, config.occluded)
    return {
        "warp": config.warp * warped_l1(warp.warped, masked_on_white(batch["photo"], worn), worn, trust),
        "warp_mask": config.warp * config.warp_mask * overlap_loss(warp.warped_mask, worn, trust),
        "interval": config.warp * config.interval * grid_interval_consistency(warp.points),
    }
