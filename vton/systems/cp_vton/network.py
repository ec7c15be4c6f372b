"""CP-VTON (Wang et al. 2018, arXiv 1807.07688): geometric matching, then a try-on U-Net with a composition mask."""

from __future__ import annotations

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin

from vton.conditioning.person.agnostic import BODY_CHANNELS, PERSON_CHANNELS, TryOnInput
from vton.networks.geometric_matching import GarmentWarp, GeometricMatching
from vton.networks.tryon_output import TryOnOutput, compose
from vton.networks.tryon_unet import TryOnUNet
from vton.schema import SizeHW

PAPER_GEOMETRIC_MATCHING = {
    "width": 64, "deep": 8, "grid": 5, "crop_hw": (256, 192), "coarse": False, "with_features": False,
}  # fmt: skip


class CPVTON(ModelMixin, ConfigMixin):
    """Both networks of CP-VTON; ``warp`` and ``tryon`` are trained one after the other.

    The try-on part also gets the warped mask, as CP-VTON+'s does, and the mean colour of the skin and the outlines of
    the limbs, for arms and legs that the garment bares. The composition mask is held within the warped mask: the white
    around a garment is never shown.

    Args:
        width: channels of the first layers; ``CPVTON(**CPVTON.PAPER)`` has the paper's widths.
        grid, deep, crop_hw, coarse, with_features: see `GeometricMatching`.
        attention: CBAM on the skips; the paper has none.
        paper: full-resolution output layer, see `TryOnUNet`.
    """

    PAPER = PAPER_GEOMETRIC_MATCHING | {"paper": True}

    @register_to_config
    def __init__(self, width: int = 32, grid: int = 5, deep: int = 6, crop_hw: SizeHW = (128, 96),
                 coarse: bool = True, with_features: bool = True, attention: bool = False, paper: bool = False):
        super().__init__()
        self.warp = GeometricMatching(
            width=width, grid=grid, deep=deep, crop_hw=crop_hw, coarse=coarse, with_features=with_features
        )
        self.tryon = TryOnUNet(PERSON_CHANNELS + 4 + BODY_CHANNELS, 4, width, attention, paper)

    def render(self, inputs: TryOnInput, warped: torch.Tensor, warped_mask: torch.Tensor) -> TryOnOutput:
        """The try-on part alone, on a garment warped before: [N, 3, H, W] and its mask [N, 1, H, W]."""
        raw = self.tryon(torch.cat([inputs.person(), warped, warped_mask, inputs.body_planes], 1)).float()
        rendered, mask = torch.tanh(raw[:, :3]), torch.sigmoid(raw[:, 3:]) * warped_mask
        return TryOnOutput(
            result=compose(inputs, warped, mask, rendered),
            warped=warped,
            warped_mask=warped_mask,
            composition_mask=mask * inputs.erased,
            worn=mask * inputs.erased,
            steps={"rendered": rendered},
        )

    def forward(self, inputs: TryOnInput, warp: GarmentWarp | None = None) -> TryOnOutput:
        """Tries on; ``warp`` replaces that of the geometric matching (detach it to train the try-on part alone)."""
        matched: GarmentWarp = self.warp(inputs) if warp is None else warp
        output = self.render(inputs, matched.warped, matched.warped_mask)
        output.grid = matched.grid
        return output
