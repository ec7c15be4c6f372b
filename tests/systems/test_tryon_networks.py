"""The four try-on systems: what each must keep, must use, and must give again after saving."""

from dataclasses import replace

import pytest
import torch
from tryon_tensors import HW, drawn_inputs, wake

from vton.schema import SIDED_LABELS
from vton.schema.tryon import TRYON_SLOTS
from vton.systems.acgpn.network import ACGPN, one_hot, with_clothes, without_clothes
from vton.systems.cp_vton.network import CPVTON
from vton.systems.ma_vton.network import MAVTON
from vton.systems.viton.network import VITON

SYSTEMS = {CPVTON: {"width": 8}, MAVTON: {"width": 8}, VITON: {"width": 8}, ACGPN: {"width": 8, "levels": 3}}
BUNDLED_MB = {VITON: 14, CPVTON: 20, MAVTON: 21, ACGPN: 20}
each_system = pytest.mark.parametrize("system", SYSTEMS)


def network(system, **changes):
    torch.manual_seed(4)  # with 3 the only unit of a tiny attention is dead
    return wake(system(**SYSTEMS[system], **changes)).eval()


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
    again = system.from_pretrained(tmp_path).eval()
    assert again.config["width"] == 8
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
    assert sum(t.numel() for t in system().state_dict().values()) * 2 < BUNDLED_MB[system] * 1e6


@pytest.mark.parametrize(("system", "million"), [(CPVTON, (38, 44)), (ACGPN, (135, 145)), (VITON, (19, 23))])
def test_papers_widths(system, million):
    """GMM 19.06 M and TOM 21.35 M; three U-Nets of 34.5 M, the refinement and 1.95 M; VITON's U-Net like TOM."""
    with torch.device("meta"):
        net = system(**system.PAPER)
    assert million[0] < sum(p.numel() for p in net.parameters()) / 1e6 < million[1]


@pytest.mark.parametrize("system", [CPVTON, MAVTON])
def test_gradients_reach_every_parameter(system):
    net = network(system).train()
    output = net(drawn_inputs())
    (output.result.square().mean() + output.warped.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


def test_gradients_reach_every_parameter_of_viton():
    net, inputs = network(VITON).train(), drawn_inputs()
    coarse, logits = net.draw(inputs)
    warped = net.match(inputs, inputs.erased)
    (net.mix(inputs, coarse, warped).result.square().mean() + logits.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


def test_gradients_reach_every_parameter_of_acgpn_part_by_part():
    net, inputs = network(ACGPN).train(), drawn_inputs()
    labels = inputs.kept_labels.long().masked_fill(inputs.erased[:, 0] > 0, SIDED_LABELS.index("top"))
    worn = inputs.erased.clone()
    worn[..., :20] = 0
    parts = one_hot(without_clothes(labels, worn))
    warped = net.warp_clothes(inputs, worn)
    rendered, share = net.fuse(inputs, with_clothes(inputs, parts, worn), warped.clothes)
    total = net.predict_parts(inputs).square().mean() + net.predict_clothes(inputs, parts).square().mean()
    (total + rendered.square().mean() + share.mean() + warped.clothes.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


@each_system
@torch.no_grad()
def test_an_untrained_warp_is_the_rough_placement(system):
    """Splines start as the identity: what is learnt is the difference."""
    torch.manual_seed(0)
    inputs, net = drawn_inputs(1), system(**SYSTEMS[system]).eval()
    if system is VITON:
        warped = net.match(inputs, inputs.erased)
        overlap = ((warped.warped_mask > 0.5) & (inputs.erased > 0.5)).sum() / (inputs.erased > 0.5).sum()
        assert overlap > 0.85
        return
    shown = net(inputs).warped_mask[0, 0] > 0.5
    rows, columns = shown.any(1).nonzero(), shown.any(0).nonzero()
    # Shoulders at row 27 and columns 24 to 40, hips at row 56.
    assert 14 < rows.min() < 28 and 45 < rows.max() < 75
    assert abs((columns.min() + columns.max()) / 2 - 32) < 2


def test_attention_is_a_switch():
    with_attention, without = MAVTON(width=8), MAVTON(width=8, attention=False)
    extra = sum(p.numel() for p in with_attention.parameters()) - sum(p.numel() for p in without.parameters())
    assert extra > 0 and without.config.attention is False
    assert sum(p.numel() for p in without.parameters()) == sum(p.numel() for p in CPVTON(width=8).parameters())
    without.load_state_dict(CPVTON(width=8).state_dict())


@torch.no_grad()
def test_acgpn_noise_comes_from_the_generator_alone():
    net, inputs = network(ACGPN), drawn_inputs(1)
    first, same, other = (net(inputs, torch.Generator().manual_seed(seed)).result for seed in (1, 1, 2))
    assert torch.equal(first, same) and not torch.equal(first, other)
    assert torch.equal(net(inputs).result, net(inputs).result)


@torch.no_grad()
def test_acgpn_clothes_never_cover_predicted_arms():
    inputs = drawn_inputs(1)
    parts = one_hot(torch.zeros(1, *HW, dtype=torch.long))
    parts[:, 0, 30:40, 20:30], parts[:, SIDED_LABELS.index("left_arm"), 30:40, 20:30] = 0, 1
    mask = ACGPN.decide_mask(inputs, parts, torch.full((1, 1, *HW), 9.0))
    assert mask[0, 0, 30:40, 20:30].sum() == 0 and mask.sum() == inputs.erased.sum() - 100


@pytest.mark.parametrize("system", [VITON, CPVTON, MAVTON, ACGPN])
@torch.no_grad()
def test_skin_and_limbs_change_what_is_drawn(system):
    net, inputs = network(system), drawn_inputs(1)
    made = [net(x) for x in (inputs, replace(inputs, skin=inputs.skin + 0.5), replace(inputs, limbs=1 - inputs.limbs))]
    first, *others = (out.steps["coarse" if system is VITON else "rendered"] for out in made)
    assert not any(torch.equal(first, other) for other in others)
