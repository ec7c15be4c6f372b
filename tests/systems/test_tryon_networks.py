"""The networks of the try-on systems: what each must keep, must use, and must give again after saving."""

from dataclasses import replace

import pytest
import torch
from drawn.tryon_tensors import HW, drawn_inputs, wake

from vton.schema import Task
from vton.schema.slots import TRYON_SLOTS
from vton.systems import systems

MOST_MB = 25  # of a bundled checkpoint
each_system = pytest.mark.parametrize("system", systems(Task.TRY_ON).values(), ids=systems(Task.TRY_ON))


def network(system, **changes):
    torch.manual_seed(4)
    return wake(system.load("network")(**{**system.tiny, **changes})).eval()


@each_system
@torch.no_grad()
def test_shapes_ranges_and_the_photo_outside_the_erased_region(system):
    inputs = drawn_inputs()
    output = network(system)(inputs)
    assert output.result.shape == (2, 3, *HW) and output.result.abs().max() <= 1
    assert output.grid.shape == (2, *HW, 2)
    for mask in (output.warped_mask, output.composition_mask):
        assert mask.shape == (2, 1, *HW) and mask.min() >= 0 and mask.max() <= 1
    outside = inputs.erased.expand_as(inputs.kept) < 0.5
    assert torch.equal(output.result[outside], inputs.kept[outside])
    assert not torch.equal(output.result[~outside], inputs.kept[~outside])
    assert (output.composition_mask <= output.warped_mask + 1e-6).all()
    assert all(step.isfinite().all() and step.shape[-2:] == HW for step in output.steps.values())


@each_system
@torch.no_grad()
def test_another_garment_changes_pixels_within_the_erased_region_only(system):
    net, inputs = network(system), drawn_inputs()
    before = net(inputs).result
    inputs.garment = torch.where(inputs.garment_mask > 0, -inputs.garment, 1.0)
    changed = (net(inputs).result != before).any(1, keepdim=True)
    assert changed.any() and not (changed & (inputs.erased < 0.5)).any()


@each_system
@torch.no_grad()
def test_two_at_once_are_two_alone(system):
    net, inputs = network(system), drawn_inputs()
    both = net(inputs)
    for i in range(2):
        alone = net(inputs[i : i + 1])
        assert torch.allclose(both.result[i : i + 1], alone.result, atol=1e-3)
        assert torch.allclose(both.grid[i : i + 1], alone.grid, atol=1e-4)


@each_system
@torch.no_grad()
def test_it_is_the_same_after_saving(system, tmp_path):
    net, inputs = network(system), drawn_inputs(1)
    net.save_pretrained(tmp_path)
    again = type(net).from_pretrained(tmp_path).eval()
    assert all(again.config[name] == value for name, value in system.tiny.items())
    assert all(torch.equal(a, again.state_dict()[name]) for name, a in net.state_dict().items())
    # Convolutions choose their order of summing by where the weights lie in memory.
    assert torch.allclose(net(inputs).result, again(inputs).result, atol=1e-3)


@each_system
@torch.no_grad()
def test_all_slots_work_and_a_person_without_joints_too(system):
    net = network(system)
    for slot in range(len(TRYON_SLOTS)):
        assert net(drawn_inputs(1, slot)).result.isfinite().all()
    bare = drawn_inputs(1)
    bare.pose_maps = torch.zeros_like(bare.pose_maps)
    bare.garment_mask = torch.zeros_like(bare.garment_mask)
    assert net(bare).result.isfinite().all()


@each_system
def test_bundled_sizes(system):
    bundled = system.load("network")()
    assert sum(t.numel() for t in bundled.state_dict().values()) * 2 < MOST_MB * 1e6


@each_system
@torch.no_grad()
def test_skin_and_limbs_change_what_is_drawn(system):
    net, inputs = network(system), drawn_inputs(1)
    made = [net(x) for x in (inputs, replace(inputs, skin=inputs.skin + 0.5), replace(inputs, limbs=1 - inputs.limbs))]
    first, *others = (out.result for out in made)
    assert not any(torch.equal(first, other) for other in others)
