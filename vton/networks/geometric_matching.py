"""Geometric matching (Wang et al. 2018, arXiv 1807.07688, 3.2): person and garment to the points of a spline."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

from vton.conditioning.person.agnostic import PERSON_CHANNELS, TryOnInput
from vton.networks.garment_placement import Placement, place_by_joints
from vton.networks.thin_plate_spline import control_lattice, evaluate, warp
from vton.schema import SizeHW, as_size

FEATURE_HW = (16, 12)
GARMENT_CHANNELS = 4


class GarmentWarp(NamedTuple):
    """A warped garment: picture [N, 3, H, W], mask [N, 1, H, W], grid [N, H, W, 2], control points [N, g * g, 2]."""

    warped: torch.Tensor
    warped_mask: torch.Tensor
    grid: torch.Tensor
    points: torch.Tensor


class FeatureExtractor(nn.Sequential):
    """Halvings by 4x4 convolutions down to 16x12, then two 3x3 ones; batch norm after the activation as the paper.

    Args:
        strided: how many halvings; width: channels after the first; deep: channels at 16x12.
    """

    def __init__(self, channels: int, strided: int, width: int, deep: int):
        layers, wide = [], [channels, *(min(width << i, deep) for i in range(strided))]
        for a, b in zip(wide, wide[1:], strict=False):
            layers += [nn.Conv2d(a, b, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(b)]
        layers += [nn.Conv2d(wide[-1], deep, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(deep)]
        super().__init__(*layers, nn.Conv2d(deep, deep, 3, padding=1))


class PointRegressor(nn.Module):
    """Maps at 16x12 to control points, bounded offsets (tanh) around their lattice; starts as the identity.

    The paper's head reads a 4x3 map by one linear layer; so does this one.
    """

    def __init__(self, channels: int, width: int, grid: int, reach: float = 1.0):
        super().__init__()
        layers, wide = [], [channels, 8 * width, 4 * width, 2 * width, width]
        for i, (a, b) in enumerate(zip(wide, wide[1:], strict=False)):
            conv = nn.Conv2d(a, b, 4, 2, 1) if i < 2 else nn.Conv2d(a, b, 3, padding=1)
            layers += [conv, nn.BatchNorm2d(b), nn.ReLU()]
        self.layers = nn.Sequential(*layers)
        self.linear = nn.Linear(width * FEATURE_HW[0] * FEATURE_HW[1] // 16, 2 * grid * grid)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)
        self.grid, self.reach = grid, reach

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """``maps: [N, C, 16, 12]`` -> [N, g * g, 2], float32."""
        offsets = self.reach * torch.tanh(self.linear(self.layers(maps).flatten(1)).float())
        return control_lattice(self.grid, device=offsets.device) + offsets.unflatten(1, (-1, 2))


class GeometricMatching(nn.Module):
    """Two extractors, the correlation of their maps, and a regressor of control points.

    With ``coarse`` (not in the paper, see `garment_placement`) the garment is first laid on the person by the joints,
    both are seen through that box at ``crop_hw``, and the spline's lattice spans the box. With ``with_features`` (not
    in the paper either) the regressor also gets both feature maps, narrowed: it then need not read from correlations
    alone where the garment should end. The garment's mask and the erased region are channels that the paper lacks.

    Args:
        width: channels of the first layers; the paper has 64.
        deep: channels at 16x12, as a multiple of ``width``; the paper has 8.
        grid: control points per side; the paper has 5.
        crop_hw: what the extractors see; the height a power of two times 16x12.
    """

    def __init__(
        self, person_channels: int = PERSON_CHANNELS, garment_channels: int = GARMENT_CHANNELS, width: int = 32,
        grid: int = 5, deep: int = 6, crop_hw: SizeHW = (128, 96), coarse: bool = True,
        with_features: bool = True,
    ):  # fmt: skip
        super().__init__()
        strided = (crop_hw[0] // FEATURE_HW[0]).bit_length() - 1
        if tuple(side << strided for side in FEATURE_HW) != tuple(crop_hw):
            raise ValueError(f"crop_hw {tuple(crop_hw)} must be {FEATURE_HW} times a power of two")
        self.crop_hw, self.coarse = as_size(crop_hw), coarse
        # One halving less for a smaller crop: its first layer starts twice as wide.
        first = width << (4 - strided)
        self.person = FeatureExtractor(person_channels, strided, first, deep * width)
        self.garment = FeatureExtractor(garment_channels, strided, first, deep * width)
        self.narrow = nn.Conv2d(2 * deep * width, 2 * width, 1) if with_features else None
        maps = FEATURE_HW[0] * FEATURE_HW[1] + (2 * width if with_features else 0)
        self.regressor = PointRegressor(maps, width, grid)

    def points(self, person: torch.Tensor, garment: torch.Tensor) -> torch.Tensor:
        """Crops [N, C, *crop_hw] of person and garment -> control points [N, g * g, 2] within the crops."""
        seen, shown = self.person(person), self.garment(garment)
        maps = correlate(seen, shown)
        if self.narrow is not None:
            maps = torch.cat([maps, self.narrow(torch.cat([seen, shown], 1)).to(maps.dtype)], 1)
        return self.regressor(maps)

    def forward(self, inputs: TryOnInput, person: torch.Tensor | None = None) -> GarmentWarp:
        """Warps the garments onto the persons.

        Args:
            person: [N, person_channels, H, W], the person's maps; ``inputs.person()`` by default.
        """
        person = inputs.person() if person is None else person
        garment = torch.cat([inputs.garment, inputs.garment_mask], 1)
        if self.coarse:
            placement = place_by_joints(inputs)
        else:
            placement = Placement.whole(len(inputs), person.device)
        points = self.points(
            placement.crop_person(person, self.crop_hw), placement.crop_garment(garment, self.crop_hw)
        )
        grid = placed_grid(points, placement, as_size(person.shape[-2:]))
        return GarmentWarp(*warp(inputs.garment, inputs.garment_mask, grid), grid, points)


def correlate(person: torch.Tensor, garment: torch.Tensor) -> torch.Tensor:
    """The paper's correlation layer: cosine of every place of the garment with every place of the person.

    Args:
        person, garment: [N, C, h, w].

    Returns:
        [N, h * w, h, w], float32: channels run over the garment's places.
    """
    with torch.autocast(person.device.type, enabled=False):
        person, garment = (F.normalize(x.float(), dim=1, eps=1e-6) for x in (person, garment))
        return (garment.flatten(2).transpose(1, 2) @ person.flatten(2)).unflatten(2, person.shape[2:])


def placed_grid(
    points: torch.Tensor, placement: Placement, size_hw: SizeHW, extent: float = 1.0
) -> torch.Tensor:
    """Control points within a placement's boxes -> the backward grid of the whole canvas: [N, H, W, 2].

    The spline is evaluated at every second pixel and interpolated: 0.02 pixels of the garment off on average.
    """
    with torch.autocast(points.device.type, enabled=False):
        coarse_hw = (size_hw[0] // 2, size_hw[1] // 2)
        local = placement.local(coarse_hw).flatten(1, 2)
        grid = placement.to_garment(evaluate(points, local, extent)).transpose(1, 2).unflatten(2, coarse_hw)
        return F.interpolate(grid, size=size_hw, mode="bilinear", align_corners=True).permute(0, 2, 3, 1)
