"""ACGPN's network: the paper's size, gradients part by part, noise, and arms before clothes."""

import torch
from drawn.tryon_tensors import HW, drawn_inputs, wake

from vton.schema import SIDED_LABELS
from vton.systems.acgpn.network import ACGPN, one_hot, with_clothes, without_clothes


def network():
    torch.manual_seed(4)
    return wake(ACGPN(width=8, levels=3)).eval()


def test_papers_widths():
    """Three U-Nets of 34.5 M, the refinement and 1.95 M."""
    with torch.device("meta"):
        net = ACGPN(**ACGPN.PAPER)
    assert 135 < sum(p.numel() for p in net.parameters()) / 1e6 < 145


def test_gradients_reach_every_parameter_part_by_part():
    net, inputs = network().train(), drawn_inputs()
    labels = inputs.kept_labels.long().masked_fill(inputs.erased[:, 0] > 0, SIDED_LABELS.index("top"))
    worn = inputs.erased.clone()
    worn[..., :20] = 0
    parts = one_hot(without_clothes(labels, worn))
    warped = net.warp_clothes(inputs, worn)
    rendered, share = net.fuse(inputs, with_clothes(inputs, parts, worn), warped.clothes)
    total = net.predict_parts(inputs).square().mean() + net.predict_clothes(inputs, parts).square().mean()
    (total + rendered.square().mean() + share.mean() + warped.clothes.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


@torch.no_grad()
def test_an_untrained_warp_is_the_rough_placement():
    """Splines start as the identity: what is learnt is the difference."""
    torch.manual_seed(0)
    shown = ACGPN(width=8, levels=3).eval()(drawn_inputs(1)).warped_mask[0, 0] > 0.5
    rows, columns = shown.any(1).nonzero(), shown.any(0).nonzero()
    # Shoulders at row 27 and columns 24 to 40, hips at row 56.
    assert 14 < rows.min() < 28 and 45 < rows.max() < 75
    assert abs((columns.min() + columns.max()) / 2 - 32) < 2


@torch.no_grad()
def test_noise_comes_from_the_generator_alone():
    net, inputs = network(), drawn_inputs(1)
    first, same, other = (net(inputs, torch.Generator().manual_seed(seed)).result for seed in (1, 1, 2))
    assert torch.equal(first, same) and not torch.equal(first, other)
    assert torch.equal(net(inputs).result, net(inputs).result)


@torch.no_grad()
def test_clothes_never_cover_predicted_arms():
    inputs = drawn_inputs(1)
    parts = one_hot(torch.zeros(1, *HW, dtype=torch.long))
    parts[:, 0, 30:40, 20:30], parts[:, SIDED_LABELS.index("left_arm"), 30:40, 20:30] = 0, 1
    mask = ACGPN.decide_mask(inputs, parts, torch.full((1, 1, *HW), 9.0))
    assert mask[0, 0, 30:40, 20:30].sum() == 0 and mask.sum() == inputs.erased.sum() - 100
