"""Splines: exact at their control points, the same at every resolution, and regularisers that see what they should."""

import pytest
import torch

from vton.networks.thin_plate_spline import (
    control_lattice,
    evaluate,
    grid_interval_consistency,
    pixel_lattice,
    second_order_constraint,
    warp,
)


def shaken(grid: int, amount: float = 0.2, count: int = 2, extent: float = 1.0) -> torch.Tensor:
    lattice = control_lattice(grid, extent)
    return lattice + amount * torch.randn(count, *lattice.shape, generator=torch.Generator().manual_seed(grid))


def pixel_grid(points: torch.Tensor, size_hw: tuple[int, int], extent: float = 1.0) -> torch.Tensor:
    """The spline at every pixel of an output picture: [N, H, W, 2]."""
    return evaluate(points, pixel_lattice(size_hw).flatten(0, 1)[None], extent).unflatten(1, size_hw)


@pytest.mark.parametrize(("grid", "extent"), [(5, 1.0), (5, 0.9), (10, 1.0)])
def test_identity_gives_the_picture_back(grid, extent):
    image, mask = torch.rand(2, 3, 64, 48), (torch.rand(2, 1, 64, 48) > 0.5).float()
    points = control_lattice(grid, extent).expand(2, -1, -1)
    warped, warped_mask = warp(image, mask, pixel_grid(points, (64, 48), extent))
    assert torch.allclose(warped, image, atol=1e-3) and torch.allclose(warped_mask, mask, atol=1e-3)


@pytest.mark.parametrize(("grid", "extent"), [(5, 1.0), (5, 0.9), (10, 1.0)])
def test_control_points_go_where_they_are_sent(grid, extent):
    points = shaken(grid, extent=extent)
    assert torch.allclose(evaluate(points, control_lattice(grid, extent)[None], extent), points, atol=1e-4)


def test_an_affine_map_is_met_everywhere():
    matrix, shift = torch.tensor([[0.8, 0.1], [-0.2, 1.1]]), torch.tensor([0.05, -0.1])
    grid = pixel_grid((control_lattice(5) @ matrix + shift)[None], (33, 21))
    assert torch.allclose(grid[0], pixel_lattice((33, 21)) @ matrix + shift, atol=1e-4)


def test_resolutions_agree():
    points = shaken(5)
    small, large = pixel_grid(points, (65, 33)), pixel_grid(points, (513, 257))
    assert torch.allclose(small, large[:, ::8, ::8], atol=1e-4)
    assert large.diff(dim=1).abs().max() < 0.05


def test_mirrored_points_give_a_mirrored_grid():
    points = shaken(5)
    mirrored = points.unflatten(1, (5, 5)).flip(2).flatten(1, 2) * torch.tensor([-1.0, 1.0])
    assert torch.allclose(
        pixel_grid(mirrored, (16, 12)), pixel_grid(points, (16, 12)).flip(2) * torch.tensor([-1.0, 1.0]), atol=1e-4
    )


def test_beyond_the_picture_the_garment_goes_on_and_the_mask_is_empty():
    image, mask = torch.full((1, 3, 16, 12), 0.5), torch.ones(1, 1, 16, 12)
    warped, warped_mask = warp(image, mask, pixel_grid(3 * control_lattice(5)[None], (16, 12)))
    assert torch.allclose(warped, image) and warped_mask[0, 0, 0, 0] == 0 and warped_mask[0, 0, 8, 6] == 1


def test_gradients_reach_the_points_also_after_use_in_inference_mode():
    with torch.inference_mode():
        pixel_grid(shaken(4), (20, 12))
    points = shaken(4).requires_grad_()
    pixel_grid(points, (20, 12)).square().sum().backward()
    assert (points.grad.abs().sum(-1) > 0).all()


def test_autocast_does_not_blur_the_grid():
    points = shaken(5)
    with torch.autocast("cpu", torch.bfloat16):
        low = pixel_grid(points, (16, 12))
    assert low.dtype == torch.float32 and torch.equal(low, pixel_grid(points, (16, 12)))


@pytest.mark.parametrize("constraint", [grid_interval_consistency, second_order_constraint])
def test_regularisers_like_even_lattices(constraint):
    even = control_lattice(5)[None] * torch.tensor([0.5, 0.8]) + 0.1
    assert constraint(even) < 1e-5 < constraint(shaken(5, 0.3))


def test_a_sheared_lattice_costs_nothing_and_a_bent_row_does():
    lattice = control_lattice(5)[None]
    sheared = lattice + torch.stack([0.3 * lattice[..., 1], torch.zeros_like(lattice[..., 1])], -1)
    bent = lattice + torch.stack([torch.zeros_like(lattice[..., 0]), 0.5 * lattice[..., 0].square()], -1)
    assert second_order_constraint(sheared) < 1e-5 < second_order_constraint(bent)
