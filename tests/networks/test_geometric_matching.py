"""Geometric matching: starts at the rough placement, can learn a warp, mirrors with its input's placement."""

import pytest
import torch
from drawn.tryon_tensors import HW, drawn_inputs, wake

from vton.networks.garment_placement import Placement, joints_of, mask_box, place_by_joints
from vton.networks.geometric_matching import GeometricMatching, correlate
from vton.networks.thin_plate_spline import control_lattice, pixel_lattice, warp
from vton.schema.slots import TRYON_SLOTS


def test_correlation_finds_where_a_feature_went():
    person = torch.randn(1, 32, 16, 12)
    garment = person.roll((2, 3), (2, 3))
    maps = correlate(person, garment)
    assert maps.shape == (1, 192, 16, 12) and maps.abs().max() <= 1 + 1e-5
    best = maps[0, :, 5, 4].argmax()
    assert (best // 12, best % 12) == (7, 7)


def test_zero_features_do_not_divide_by_zero():
    assert correlate(torch.zeros(1, 4, 16, 12), torch.zeros(1, 4, 16, 12)).isfinite().all()


@pytest.mark.parametrize("coarse", [True, False])
@torch.no_grad()
def test_it_starts_without_a_bend(coarse):
    inputs = drawn_inputs(1)
    result = GeometricMatching(width=8, coarse=coarse).eval()(inputs)
    place = place_by_joints(inputs) if coarse else Placement.whole(1)
    assert torch.allclose(result.grid, place.grid(HW), atol=1e-4)
    assert torch.allclose(result.points[0], control_lattice(5))
    if not coarse:
        assert torch.allclose(result.warped, inputs.garment, atol=1e-3)


@torch.no_grad()
def test_offsets_are_bounded():
    net = wake(GeometricMatching(width=8)).eval()
    net.regressor.linear.weight.mul_(1e6)
    assert (net(drawn_inputs(1)).points - control_lattice(5)).abs().max() <= 1


def test_a_few_steps_align_a_shifted_garment():
    inputs = drawn_inputs(2)
    torch.manual_seed(0)
    net = GeometricMatching(width=8)
    wanted_grid = place_by_joints(inputs).grid(HW) - torch.tensor([0.2, 0.1])
    _, wanted = warp(inputs.garment, inputs.garment_mask, wanted_grid)
    optimiser, losses = torch.optim.Adam(net.parameters(), 1e-3), []
    for _ in range(20):
        loss = (net(inputs).warped_mask - wanted).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]


def test_a_crop_of_another_shape_is_refused():
    with pytest.raises(ValueError):
        GeometricMatching(width=8, crop_hw=(100, 75))


def test_joints_come_back_from_their_maps():
    inputs = drawn_inputs(1)
    xy, present = joints_of(inputs.pose_maps)
    assert xy[0, 1].tolist() == [32, 26] and present[0, :14].all() and not present[0, 14:].any()


def test_boxes():
    size, mask = torch.tensor([64.0, 128.0]), torch.zeros(2, 1, *HW)
    mask[0, 0, 10:20, 30:50] = 1
    assert mask_box(mask, size).tolist() == [[30, 10, 49, 19], [0, 0, 63, 127]]


def flipped(inputs):
    """The mirror image; the joints that change sides are those of shoulders, arms, hips and legs."""
    swap = [0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16]
    for name in ("pose_maps", "shape", "kept", "erased", "kept_labels", "garment", "garment_mask"):
        setattr(inputs, name, getattr(inputs, name).flip(-1))
    inputs.pose_maps = inputs.pose_maps[:, swap]
    return inputs


@pytest.mark.parametrize("slot", range(4))
def test_a_mirrored_person_gets_the_mirrored_placement(slot):
    inputs = drawn_inputs(1, slot)
    inputs.pose_maps = inputs.pose_maps.roll(4, -1)
    straight = place_by_joints(inputs).grid(HW)
    mirrored = place_by_joints(flipped(inputs)).grid(HW)
    assert torch.allclose(mirrored, straight.flip(2) * torch.tensor([-1.0, 1.0]), atol=1e-3)


def test_a_wide_dress_does_not_end_at_the_hips():
    def lower_edge(slot):
        inputs = drawn_inputs(1, TRYON_SLOTS.index(slot))
        inputs.erased[:, :, 20:115, 5:60] = 1
        inputs.garment_mask[:, :, 20:100] = 0
        inputs.garment_mask[:, :, 20:100, 4:60] = 1  # as wide as its picture
        _, mask = warp(inputs.garment, inputs.garment_mask, place_by_joints(inputs).grid(HW))
        xy = joints_of(inputs.pose_maps)[0][0]
        neck, hips = xy[1, 1], xy[[8, 11], 1].mean()
        return float((mask[0, 0].any(1).nonzero().max() + 1 - neck) / (hips - neck))

    assert lower_edge("top") < 1.2 and lower_edge("dress") == pytest.approx(1.5, abs=0.06)


@pytest.mark.parametrize("missing", [(8, 11), (2,), (1,), (1, 2, 5), (2, 5, 8), tuple(range(18))])
def test_missing_joints_leave_a_placement_on_the_person(missing):
    inputs = drawn_inputs(1)
    inputs.pose_maps[:, list(missing)] = 0
    grid = place_by_joints(inputs).grid(HW)
    _, mask = warp(inputs.garment, inputs.garment_mask, grid)
    inside = (mask > 0.5) & (inputs.erased > 0.5)
    assert inside.sum() > 0.4 * (mask > 0.5).sum() > 100


def test_placement_and_crops_agree():
    inputs = drawn_inputs(1)
    place = place_by_joints(inputs)
    laid, _ = warp(inputs.garment, inputs.garment_mask, place.grid(HW))
    crop_of_laid = place.crop_person(laid, HW)
    assert (crop_of_laid - place.crop_garment(inputs.garment, HW)).abs().mean() < 0.2
    assert torch.allclose(place.to_garment(place.local(HW)), place.grid(HW))
    assert torch.equal(Placement.whole(1).grid(HW)[0], pixel_lattice(HW))
