"""MA-VTON's network: gradients, and attention as a switch on CP-VTON's."""

import torch
from drawn.tryon_tensors import drawn_inputs, wake

from vton.systems.cp_vton.network import CPVTON
from vton.systems.ma_vton.network import MAVTON


def network():
    torch.manual_seed(4)  # with 3 the only unit of a tiny attention is dead
    return wake(MAVTON(width=8)).eval()


def test_gradients_reach_every_parameter():
    net = network().train()
    output = net(drawn_inputs())
    (output.result.square().mean() + output.warped.square().mean()).backward()
    assert not [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


@torch.no_grad()
def test_an_untrained_warp_is_the_rough_placement():
    """Splines start as the identity: what is learnt is the difference."""
    torch.manual_seed(0)
    shown = MAVTON(width=8).eval()(drawn_inputs(1)).warped_mask[0, 0] > 0.5
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
