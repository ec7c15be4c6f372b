"""Training of ACGPN (arXiv 2003.05863, section 3): its parts in one run, each on the truth of the part before it.

Later in the run a growing share of samples gets predicted parsings instead, and the fusion sees warped garments from
the start: trained on the truth alone it would not know the others' mistakes. Of the paper's four discriminators there
is the fusion's.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.geometric_matching import GarmentWarp
from vton.networks.patch_discriminator import MultiscaleDiscriminator
from vton.networks.thin_plate_spline import second_order_constraint
from vton.networks.tryon_output import compose
from vton.systems.acgpn.config import ACGPNConfig
from vton.systems.acgpn.network import ACGPN, FUSION_CHANNELS, clothes_plane, one_hot, with_clothes, without_clothes
from vton.systems.acgpn.spatial_transformer import WarpedClothes
from vton.systems.acgpn.system import SYSTEM
from vton.tryon.training.losses import masked_on_white, overlap_loss, region_l1, trusted, warped_l1
from vton.tryon.training.recipe import Judged, StepLosses, TryOnRecipe

NOISY = 0.5


class ACGPNRecipe(TryOnRecipe):
    """See `TryOnRecipe`."""

    config: ACGPNConfig
    record = SYSTEM
    parts = ("body_parts", "clothes_mask", "warp", "refine", "fusion")
    adversarial_kind = "squares"

    def discriminators(self) -> nn.ModuleDict:
        """pix2pixHD's two scales, conditioned on what the fusion sees but for the noise."""
        if not (self.config.adversarial and self.config.fusion):
            return nn.ModuleDict()
        width = self.config.network.get("width", 24)
        return nn.ModuleDict({"fusion": MultiscaleDiscriminator(FUSION_CHANNELS - 1, width)})

    def losses(self, net: ACGPN, batch: dict[str, Any], images: int) -> StepLosses:
        """The losses of one batch."""
        c, inputs, losses = self.config, batch["inputs"], StepLosses()
        worn = batch["worn_mask"] * inputs.erased
        noise = _some_noise(inputs.erased)
        predicted = torch.rand(len(worn), 1, 1, 1, device=worn.device) < self.predicted_share(images)
        true_parts = without_clothes(batch["labels"], batch["worn_mask"])
        parts = torch.where(inputs.erased > 0.5, one_hot(true_parts), inputs.kept_parsing)
        if c.body_parts or predicted.any():
            logits = net.predict_parts(inputs, noise)
            if c.body_parts:
                error = F.cross_entropy(logits, true_parts, reduction="none")[:, None]
                losses.terms["parsing"] = c.body_parts * c.parsing * _mean_over(error, inputs.erased)
            parts = torch.where(predicted, net.complete_parts(inputs, logits.detach()), parts)
        mask = worn
        if c.clothes_mask or predicted.any():
            logits = net.predict_clothes(inputs, parts, noise)
            if c.clothes_mask:
                error = F.binary_cross_entropy_with_logits(logits, worn, reduction="none")
                losses.terms["clothes"] = c.clothes_mask * c.clothes * _mean_over(error, inputs.erased)
            mask = torch.where(predicted, net.decide_mask(inputs, parts, logits.detach()), mask)
        if not (c.warp or c.refine or c.fusion):
            return losses
        warp = net.fit_clothes(inputs, mask)
        if c.warp:
            losses.terms |= self._warp_terms(warp, batch)
        if not (c.refine or c.fusion):
            return losses
        warped = net.refine(GarmentWarp(*(x.detach() for x in warp)), mask)
        if c.refine:
            losses.terms |= self._refine_terms(warped, mask, batch)
        if c.fusion:
            self._fuse(net, with_clothes(inputs, parts, mask), warped.clothes.detach(), noise, batch, images, losses)
        return losses

    def predicted_share(self, images: int) -> float:
        """How many samples get predicted parsings after ``images`` images: 0..1."""
        c = self.config
        done = (images - c.predicted_from) / max(c.predicted_to - c.predicted_from, 1)
        return c.predicted_share * min(max(done, 0.0), 1.0)

    def _warp_terms(self, warp: GarmentWarp, batch: dict[str, Any]) -> dict[str, torch.Tensor]:
        c, worn = self.config, batch["worn_mask"]
        trust = trusted(batch["labels"], worn, c.occluded)
        return {
            "warp": c.warp * warped_l1(warp.warped, masked_on_white(batch["photo"], worn), worn, trust),
            "warp_mask": c.warp * c.warp_mask * overlap_loss(warp.warped_mask, worn, trust),
            "second_order": c.warp * c.second_order * second_order_constraint(warp.points),
        }

    def _refine_terms(self, out: WarpedClothes, mask: torch.Tensor, batch: dict[str, Any]) -> dict[str, torch.Tensor]:
        c, photo, seen = self.config, batch["photo"], batch["worn_mask"] * mask
        refined = region_l1(out.refined, photo, seen) + region_l1(out.clothes, photo, seen)
        return {
            "refined": c.refine * c.refined_l1 * refined,
            "alpha": c.refine * c.alpha * region_l1(out.alpha, out.warp.warped_mask * mask, mask),
        }

    def _fuse(self, net: ACGPN, parsing: torch.Tensor, clothes: torch.Tensor, noise: torch.Tensor,
              batch: dict[str, Any], images: int, losses: StepLosses) -> None:
        """The fusion on the warped garment, or for some samples on the worn one.

        There the share of the garment's pixels would only learn to copy: only the rendered picture is judged, and where
        the garment is the truth is pasted before the other losses, as ACGPN's authors do against light spots.
        """
        c, inputs, photo = self.config, batch["inputs"], batch["photo"]
        real = torch.rand(len(photo), 1, 1, 1, device=photo.device) >= c.warped_share
        clothes = torch.where(real, masked_on_white(photo, batch["worn_mask"]), clothes)
        rendered, share = net.fuse(inputs, parsing, clothes, noise)
        result = compose(inputs, clothes, share, rendered)
        plane = clothes_plane(inputs, parsing)
        result = torch.where(real & (plane > 0.5), photo, result)
        losses.terms["rendered"] = c.fusion * c.l1 * 0.5 * region_l1(rendered, photo, inputs.erased)
        losses.terms["l1"] = c.fusion * c.l1 * 0.5 * region_l1(result, photo, inputs.erased)
        if c.perceptual:
            losses.terms["perceptual"] = c.fusion * c.perceptual * self.perceived(result, photo, inputs.erased)
        if c.adversarial and images >= c.adversarial_from:
            condition = torch.cat([inputs.kept, parsing, clothes * plane], 1)
            losses.judged["fusion"] = Judged(condition, photo, result)


def _mean_over(error: torch.Tensor, region: torch.Tensor) -> torch.Tensor:
    return (error.float() * region).sum() / region.sum().clamp(min=1)


def _some_noise(like: torch.Tensor) -> torch.Tensor:
    """Normal noise in half of the samples: at inference the plane is zero unless a seed is given."""
    noisy = torch.rand(len(like), 1, 1, 1, device=like.device) < NOISY
    return torch.where(noisy, torch.randn_like(like), 0.0)
