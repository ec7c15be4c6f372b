"""Thin-plate splines on a regular lattice of points (Wang et al. 2018, arXiv 1807.07688), and their regularisers.

A spline is a backward map: each control point of a fixed lattice on the output picture says where in the source its
pixel comes from. The map is linear in the control points, so that its matrix is inverted once, in float64.
Coordinates are (x, y) in -1..1 with the corners aligned, which makes a warp independent of the resolution.
"""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F

from vton.schema import SizeHW


def control_lattice(grid: int, extent: float = 1.0, device: torch.device | str = "cpu") -> torch.Tensor:
    """The resting control points: [grid * grid, 2], rows from top to bottom, from -extent to extent."""
    line = torch.linspace(-extent, extent, grid, device=device)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y], -1).reshape(-1, 2)


def pixel_lattice(size_hw: SizeHW, device: torch.device | str = "cpu") -> torch.Tensor:
    """The pixels of a picture: [H, W, 2] in -1..1."""
    y, x = (torch.linspace(-1, 1, side, device=device) for side in size_hw)
    return torch.stack([x.expand(size_hw[0], -1), y[:, None].expand(-1, size_hw[1])], -1)


def evaluate(points: torch.Tensor, where: torch.Tensor, extent: float = 1.0) -> torch.Tensor:
    """The spline at any places.

    Args:
        points: [N, g * g, 2], what the control lattice is mapped to.
        where: [N, P, 2] or [1, P, 2], -1..1 on the output; beyond the lattice the spline goes on.

    Returns:
        [N, P, 2], float32.
    """
    grid = _side(points)
    with torch.autocast(points.device.type, enabled=False):
        coefficients = (_inverse(grid, extent, str(points.device)) @ points.double()).float()
        return _kernel_row(where.float(), control_lattice(grid, extent, points.device)) @ coefficients


def warp(garment: torch.Tensor, mask: torch.Tensor, grid: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Garment and mask through a backward grid.

    Beyond the picture the garment goes on as at its border and the mask is empty, both as in that paper.

    Args:
        garment: [N, C, h, w]; mask: [N, 1, h, w]; grid: [N, H, W, 2].

    Returns:
        [N, C, H, W] and [N, 1, H, W], float32.
    """
    with torch.autocast(grid.device.type, enabled=False):
        grid = grid.float()
        warped = F.grid_sample(garment.float(), grid, padding_mode="border", align_corners=True)
        return warped, F.grid_sample(mask.float(), grid, padding_mode="zeros", align_corners=True)


def grid_interval_consistency(points: torch.Tensor) -> torch.Tensor:
    """Minar et al. 2020 (CVPRW): neighbouring intervals of the control grid should be equally long.

    Args:
        points: [N, g * g, 2].

    Returns:
        Mean over the inner points of | |dx left| - |dx right| | + | |dy up| - |dy down| |, a scalar.
    """
    table = _table(points)
    across = (table[:, :, 1:, 0] - table[:, :, :-1, 0]).abs()
    down = (table[:, 1:, :, 1] - table[:, :-1, :, 1]).abs()
    return across.diff(dim=2).abs().mean() + down.diff(dim=1).abs().mean()


def second_order_constraint(
    points: torch.Tensor, distance_floor: float = 0.08, slope_floor: float = 0.02
) -> torch.Tensor:
    """Yang et al. 2020 (arXiv 2003.05863, eq. 3): both neighbours in a row, or column, equally far and in line.

    Per point | |p - p0|^2 - |p - p1|^2 | and |(y0 - y)(x1 - x) - (y1 - y)(x0 - x)|, summed over the inner points of
    rows and columns; each sum counts only above its floor, as in the published code.

    Args:
        points: [N, g * g, 2].

    Returns:
        Mean over the samples, a scalar.
    """
    table, total = _table(points), points.new_zeros(())
    for line in (table, table.transpose(1, 2)):
        step = line[:, :, 1:] - line[:, :, :-1]
        before, after = step[:, :, :-1], step[:, :, 1:]
        distance = (before.square().sum(-1) - after.square().sum(-1)).abs().sum((1, 2))
        slope = (before[..., 1] * after[..., 0] - before[..., 0] * after[..., 1]).abs().sum((1, 2))
        total = total + (F.relu(distance - distance_floor) + F.relu(slope - slope_floor)).mean()
    return total


def _table(points: torch.Tensor) -> torch.Tensor:
    """[N, g * g, 2] -> [N, rows, columns, 2], float32."""
    side = _side(points)
    return points.float().unflatten(1, (side, side))


def _side(points: torch.Tensor) -> int:
    side = round(points.shape[1] ** 0.5)
    assert points.ndim == 3 and side * side == points.shape[1] and points.shape[2] == 2, points.shape
    return side


def _kernel_row(where: torch.Tensor, lattice: torch.Tensor) -> torch.Tensor:
    """What the coefficients are multiplied by: r^2 log r^2 to each control point, then 1, x, y: [..., P, G + 3]."""
    x, y = where[..., 0, None] - lattice[:, 0], where[..., 1, None] - lattice[:, 1]
    squared = x.square().addcmul_(y, y)
    kernel = torch.xlogy(squared, squared)
    return torch.cat([kernel, torch.ones_like(kernel[..., :1]), where], -1)


@lru_cache(maxsize=16)
@torch.inference_mode(False)
def _inverse(grid: int, extent: float, device: str) -> torch.Tensor:
    """From control points to coefficients: [G + 3, G], float64."""
    lattice = control_lattice(grid, extent).double()
    count = len(lattice)
    system = torch.zeros(count + 3, count + 3, dtype=torch.float64)
    system[:count] = _kernel_row(lattice, lattice)
    system[count:, :count] = system[:count, count:].t()
    return torch.linalg.inv(system)[:, :count].to(device)
