"""CP-VTON's network: the paper's size, gradients, and a warp that starts as the rough placement."""

import torch
from drawn.tryon_tensors import drawn_inputs, wake

from vton.systems.cp_vton.network import CPVTON


def network():
    torch.manual_seed(4)
    return wake(CPVTON(width=8)).eval()


def test_papers_widths():
    """GMM 19.06 M and TOM 21.35 M."""
    with torch.device("meta"):
        net = CPVTON(**CPVTON.PAPER)
    assert 38 < sum(p.numel() for p in net.parameters()) / 1e6 < 44


def test_gradients_reach_every_parameter():
    net = network().train()
    output = net(drawn_inputs())
    (output.result.square().mean() + output.warped.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


@torch.no_grad()
def test_an_untrained_warp_is_the_rough_placement():
    """Splines start as the identity: what is learnt is the difference."""
    torch.manual_seed(0)
    shown = CPVTON(width=8).eval()(drawn_inputs(1)).warped_mask[0, 0] > 0.5
    rows, columns = shown.any(1).nonzero(), shown.any(0).nonzero()
    # Shoulders at row 27 and columns 24 to 40, hips at row 56.
    assert 14 < rows.min() < 28 and 45 < rows.max() < 75
    assert abs((columns.min() + columns.max()) / 2 - 32) < 2
