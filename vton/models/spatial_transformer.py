"""ACGPN's clothes warping (arXiv 2003.05863, section 3.2): a spatial transformer on a spline, then a U-Net."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

from vton.conditioning.agnostic import TryOnInput
from vton.models.double_conv_unet import DoubleConvUNet
from vton.models.garment_placement import Placement, place_by_joints
from vton.models.geometric_matching import placed_grid
from vton.models.thin_plate_spline import control_lattice, warp
from vton.models.tryon_unet import group_norm

EXTENT = 0.9
LOCAL_CHANNELS = 5
DEEPEST_HW = (4, 3)


class WarpedClothes(NamedTuple):
    """What the warping module makes of a garment for a given mask.

    ``warped`` [N, 3, H, W] and ``warped_mask`` [N, 1, H, W] come from the spline, ``refined`` [N, 3, H, W] and
    ``alpha`` [N, 1, H, W] from the U-Net; ``clothes`` = alpha * warped + (1 - alpha) * refined. ``grid``
    [N, H, W, 2] and ``points`` [N, g * g, 2] are the spline's.
    """

    warped: torch.Tensor
    warped_mask: torch.Tensor
    refined: torch.Tensor
    alpha: torch.Tensor
    clothes: torch.Tensor
    grid: torch.Tensor
    points: torch.Tensor


class LocalisationNetwork(nn.Module):
    """Garment and target mask to absolute control points through tanh; starts as the identity.

    Args:
        crop_hw: what it sees; 4x3 times a power of two. The paper's 256x192 takes six halvings from 8 channels.
    """

    def __init__(self, crop_hw: tuple[int, int], grid: int, dropout: float = 0.5):
        super().__init__()
        strided = (crop_hw[0] // DEEPEST_HW[0]).bit_length() - 1
        if tuple(side << strided for side in DEEPEST_HW) != tuple(crop_hw):
            raise ValueError(f"crop_hw {tuple(crop_hw)} must be {DEEPEST_HW} times a power of two")
        wide = [LOCAL_CHANNELS, *(256 >> i for i in range(strided - 1, -1, -1))]
        layers: list[nn.Module] = []
        for a, b in zip(wide, wide[1:], strict=False):
            layers += [nn.Conv2d(a, b, 4, 2, 1), group_norm(b), nn.ReLU()]
        for _ in range(2):
            layers += [nn.Conv2d(256, 256, 3, padding=1), group_norm(256), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.MaxPool2d(2))
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(512, 128), nn.ReLU(), nn.Dropout(dropout))
        self.linear = nn.Linear(128, 2 * grid * grid)
        nn.init.zeros_(self.linear.weight)
        with torch.no_grad():
            self.linear.bias.copy_((control_lattice(grid) * EXTENT).flatten().atanh())

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """``maps: [N, 5, *crop_hw]`` (garment mask, target mask, garment) -> [N, g * g, 2], float32."""
        return torch.tanh(self.linear(self.hidden(self.layers(maps))).float()).unflatten(1, (-1, 2))


class ClothesWarping(nn.Module):
    """The spline within the garment's rough placement (``coarse``; not in the paper), then the refinement.

    Args:
        width: of the refinement U-Net; levels, paper: see `DoubleConvUNet`.
    """

    def __init__(self, width: int, levels: int, grid: int, crop_hw: tuple[int, int], coarse: bool, paper: bool):
        super().__init__()
        self.crop_hw, self.coarse = tuple(crop_hw), coarse
        self.locate = LocalisationNetwork(self.crop_hw, grid)
        self.refine = DoubleConvUNet(4, 4, width, levels, paper)

    def transform(self, inputs: TryOnInput, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Control points [N, g * g, 2] for the clothes mask [N, 1, H, W], and the backward grid [N, H, W, 2]."""
        place = place_by_joints(inputs) if self.coarse else Placement.whole(len(inputs), mask.device)
        garment = place.crop_garment(torch.cat([inputs.garment_mask, inputs.garment], 1), self.crop_hw)
        target = place.crop_person(mask, self.crop_hw)
        points = self.locate(torch.cat([garment[:, :1], target, garment[:, 1:]], 1))
        return points, placed_grid(points, place, tuple(mask.shape[-2:]), EXTENT)

    def forward(self, inputs: TryOnInput, mask: torch.Tensor) -> WarpedClothes:
        """``mask: [N, 1, H, W]``, 0 or 1, where the clothes shall be."""
        points, grid = self.transform(inputs, mask)
        warped, warped_mask = warp(inputs.garment, inputs.garment_mask, grid)
        raw = self.refine(torch.cat([mask, warped], 1)).float()
        refined = torch.tanh(raw[:, :3])
        # The white around the garment is no cloth.
        alpha = torch.sigmoid(raw[:, 3:]) * mask * warped_mask
        clothes = alpha * warped + (1 - alpha) * refined
        return WarpedClothes(warped, warped_mask, refined, alpha, clothes, grid, points)
