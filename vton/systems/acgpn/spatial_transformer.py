"""ACGPN's clothes warping (arXiv 2003.05863, section 3.2): a spatial transformer on a spline, then a U-Net."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

from vton.conditioning.person.agnostic import TryOnInput
from vton.networks.garment_placement import Placement
from vton.networks.geometric_matching import GarmentWarp, placed_grid
from vton.networks.thin_plate_spline import control_lattice, warp
from vton.networks.tryon_unet import group_norm
from vton.schema import SizeHW, as_size
from vton.systems.acgpn.double_conv_unet import DoubleConvUNet

EXTENT = 0.9
LOCAL_CHANNELS = 5
DEEPEST_HW = (4, 3)


class WarpedClothes(NamedTuple):
    """What the warping module makes of a garment for a given mask.

    ``warp`` comes from the spline, ``refined`` [N, 3, H, W] and ``alpha`` [N, 1, H, W] from the U-Net; ``clothes``
    [N, 3, H, W] = alpha * warped + (1 - alpha) * refined.
    """

    warp: GarmentWarp
    refined: torch.Tensor
    alpha: torch.Tensor
    clothes: torch.Tensor


class LocalisationNetwork(nn.Module):
    """Garment and target mask to absolute control points through tanh; starts as the identity.

    Args:
        crop_hw: what it sees; 4x3 times a power of two. The paper's 256x192 takes six halvings from 8 channels.
    """

    def __init__(self, crop_hw: SizeHW, grid: int, dropout: float = 0.5):
        super().__init__()
        strided = (crop_hw[0] // DEEPEST_HW[0]).bit_length() - 1
        if tuple(side << strided for side in DEEPEST_HW) != as_size(crop_hw):
            raise ValueError(f"crop_hw {as_size(crop_hw)} must be {DEEPEST_HW} times a power of two")
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


class SpatialTransformer(nn.Module):
    """The paper's: the garment and the mask of the clothes to the control points of a spline over the whole canvas."""

    def __init__(self, grid: int, crop_hw: SizeHW):
        super().__init__()
        self.crop_hw = as_size(crop_hw)
        self.locate = LocalisationNetwork(self.crop_hw, grid)

    def forward(self, inputs: TryOnInput, mask: torch.Tensor) -> GarmentWarp:
        """``mask: [N, 1, H, W]``, 0 or 1, where the clothes shall be."""
        canvas = Placement.whole(len(inputs), mask.device)
        garment = canvas.crop_garment(torch.cat([inputs.garment_mask, inputs.garment], 1), self.crop_hw)
        target = canvas.crop_person(mask, self.crop_hw)
        points = self.locate(torch.cat([garment[:, :1], target, garment[:, 1:]], 1))
        grid = placed_grid(points, canvas, as_size(mask.shape[-2:]), EXTENT)
        return GarmentWarp(*warp(inputs.garment, inputs.garment_mask, grid), grid, points)


class ClothesRefinement(nn.Module):
    """The U-Net that draws again what the spline has stretched.

    Args:
        width: of its first level; levels, paper: see `DoubleConvUNet`.
    """

    def __init__(self, width: int, levels: int, paper: bool):
        super().__init__()
        self.net = DoubleConvUNet(4, 4, width, levels, paper)

    def forward(self, warp: GarmentWarp, mask: torch.Tensor) -> WarpedClothes:
        """``mask: [N, 1, H, W]``, 0 or 1, where the clothes shall be."""
        raw = self.net(torch.cat([mask, warp.warped], 1)).float()
        refined = torch.tanh(raw[:, :3])
        # The white around the garment is no cloth.
        alpha = torch.sigmoid(raw[:, 3:]) * mask * warp.warped_mask
        return WarpedClothes(warp, refined, alpha, alpha * warp.warped + (1 - alpha) * refined)
