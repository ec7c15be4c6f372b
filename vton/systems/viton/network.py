"""VITON (Han et al. 2018, arXiv 1711.08447): coarse result and clothing mask, shape-context warp, refinement."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.conditioning.person.agnostic import BODY_CHANNELS, PERSON_CHANNELS, TryOnInput
from vton.networks.garment_placement import Placement, place_by_joints
from vton.networks.geometric_matching import GarmentWarp, placed_grid
from vton.networks.thin_plate_spline import warp
from vton.networks.tryon_output import TryOnOutput, compose
from vton.networks.tryon_unet import TryOnUNet
from vton.schema import as_size
from vton.systems.viton.shape_context import CONTROL_GRID, match_masks

REFINE_CHANNELS = 7


class RefinementNetwork(nn.Module):
    """Three 3x3 convolutions and a 1x1 to the composition mask (section 3.3).

    The paper's run at full resolution; here on cells of 2x2 pixels, their channels stacked, unless ``paper``.
    """

    def __init__(self, channels_in: int, width: int, paper: bool = False):
        super().__init__()
        self.cell = 1 if paper else 2
        area = self.cell**2
        layers = [nn.Conv2d(channels_in * area, width, 3, padding=1), nn.LeakyReLU(0.2)]
        for _ in range(2):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, area, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, channels_in, H, W]`` -> alpha [N, 1, H, W], 0..1."""
        return torch.sigmoid(F.pixel_shuffle(self.layers(F.pixel_unshuffle(x, self.cell)), self.cell).float())


class VITON(ModelMixin, ConfigMixin):
    """``coarse`` draws result and mask, matching warps the garment onto that mask, ``refine`` mixes the two.

    Beside the paper: the erased region and the garment's mask are channels, and so are the mean colour of the skin and
    the outlines of the limbs, for what the garment bares; the garment enters the coarse network laid on the person
    (``placed``, see `garment_placement`), for a U-Net moves nothing far, and the matching works in that frame; the
    refinement also sees the warped mask and shows nothing outside it.

    Args:
        width: channels of the first layers; ``VITON(**VITON.PAPER)`` has the paper's.
        grid: control points per side of the spline.
    """

    PAPER = {"width": 64, "placed": False, "paper": True}

    @register_to_config
    def __init__(self, width: int = 32, grid: int = CONTROL_GRID, placed: bool = True, paper: bool = False):
        super().__init__()
        self.grid, self.placed = grid, placed
        self.coarse = TryOnUNet(PERSON_CHANNELS + 4 + BODY_CHANNELS, 4, width, paper=paper)
        self.refine = RefinementNetwork(REFINE_CHANNELS, width, paper)

    def draw(self, inputs: TryOnInput) -> tuple[torch.Tensor, torch.Tensor]:
        """The coarse network: RGB [N, 3, H, W], -1..1, and logits of the clothing mask [N, 1, H, W]."""
        grid = self._place(inputs).grid(as_size(inputs.erased.shape[-2:]))
        garment, mask = warp(inputs.garment, inputs.garment_mask, grid)
        raw = self.coarse(torch.cat([inputs.person(), garment, mask, inputs.body_planes], 1)).float()
        return torch.tanh(raw[:, 1:]), raw[:, :1]

    @torch.no_grad()
    def match(self, inputs: TryOnInput, clothing_mask: torch.Tensor) -> GarmentWarp:
        """Warps the garment onto ``clothing_mask: [N, 1, H, W]`` (0..1) by shape contexts; has no gradient."""
        size_hw = as_size(clothing_mask.shape[-2:])
        place = self._place(inputs)
        wanted = place.crop_person((clothing_mask > 0.5) * inputs.erased, size_hw)
        shown = place.crop_garment(inputs.garment_mask, size_hw)
        masks = [(mask[:, 0] > 0.5).cpu().numpy() for mask in (shown, wanted)]
        points = [torch.from_numpy(match_masks(a, b, self.grid)) for a, b in zip(*masks, strict=True)]
        points = torch.stack(points).to(inputs.garment.device)
        grid = placed_grid(points, place, size_hw)
        return GarmentWarp(*warp(inputs.garment, inputs.garment_mask, grid), grid, points)

    def mix(self, inputs: TryOnInput, coarse: torch.Tensor, warped: GarmentWarp) -> TryOnOutput:
        """The refinement alone, on a coarse result [N, 3, H, W] and a warp made before."""
        alpha = self.refine(torch.cat([warped.warped, coarse, warped.warped_mask], 1)) * warped.warped_mask
        return TryOnOutput(
            result=compose(inputs, warped.warped, alpha, coarse),
            warped=warped.warped,
            warped_mask=warped.warped_mask,
            composition_mask=alpha * inputs.erased,
            worn=alpha * inputs.erased,
            grid=warped.grid,
            steps={"coarse": coarse},
        )

    def forward(self, inputs: TryOnInput) -> TryOnOutput:
        """All three steps."""
        coarse, logits = self.draw(inputs)
        clothing_mask = torch.sigmoid(logits)
        output = self.mix(inputs, coarse, self.match(inputs, clothing_mask))
        output.steps["clothes_mask"] = clothing_mask
        return output

    def _place(self, inputs: TryOnInput) -> Placement:
        return place_by_joints(inputs) if self.placed else Placement.whole(len(inputs), inputs.garment.device)
