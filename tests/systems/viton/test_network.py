"""VITON's network: the paper's size, gradients, and a match of equal shapes."""

import torch
from drawn.tryon_tensors import drawn_inputs, wake

from vton.systems.viton.network import VITON


def network():
    torch.manual_seed(4)
    return wake(VITON(width=8)).eval()


def test_papers_widths():
    """A U-Net like that of the paper."""
    with torch.device("meta"):
        net = VITON(**VITON.PAPER)
    assert 19 < sum(p.numel() for p in net.parameters()) / 1e6 < 23


def test_gradients_reach_every_parameter():
    net, inputs = network().train(), drawn_inputs()
    coarse, logits = net.draw(inputs)
    warped = net.match(inputs, inputs.erased)
    (net.mix(inputs, coarse, warped).result.square().mean() + logits.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


@torch.no_grad()
def test_an_untrained_match_puts_a_shape_on_its_like():
    torch.manual_seed(0)
    inputs = drawn_inputs(1)
    warped = VITON(width=8).eval().match(inputs, inputs.erased)
    overlap = ((warped.warped_mask > 0.5) & (inputs.erased > 0.5)).sum() / (inputs.erased > 0.5).sum()
    assert overlap > 0.85
