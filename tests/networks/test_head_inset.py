"""The generator of heads: shapes, that every input counts, and that of the coarse picture only colours do."""

import pytest
import torch

from vton.networks.head_inset import HeadInset, coarse_colours

TINY = {"size": 32, "coarse_size": 8, "z_dim": 6, "w_dim": 12, "channels": (4, 8, 8)}


@pytest.fixture
def given():
    torch.manual_seed(0)
    return {"latent": torch.randn(2, 6), "image": torch.rand(2, 3, 32, 32) * 2 - 1,
            "logits": torch.randn(2, 10, 32, 32), "joints": torch.rand(2, 8, 32, 32)}


def test_every_input_and_every_weight_counts(given):
    net = HeadInset(**TINY)
    for tensor in given.values():
        tensor.requires_grad_()
    out = net(**given)
    assert out.image.shape == (2, 3, 32, 32) and out.logits.shape == (2, 10, 32, 32)
    (out.image.square().mean() + out.logits.square().mean()).backward()
    assert all(tensor.grad.abs().sum() > 0 for tensor in given.values())
    still = [n for n, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert all(name.endswith("noise_strength") for name in still)


def test_details_of_the_coarse_picture_are_not_seen(given):
    net = HeadInset(**TINY)
    grain = torch.randn(2, 3, 8, 4, 8, 4)
    grain = (grain - grain.mean((3, 5), keepdim=True)).reshape(2, 3, 32, 32)
    first, second = (net(**{**given, "image": given["image"] + k * grain}).image for k in (0, 1))
    assert torch.allclose(first, second, atol=1e-4)
    brighter = net(**{**given, "image": given["image"] + 0.5}).image
    assert not torch.allclose(first, brighter, atol=1e-2)


def test_coarse_colours_keep_a_plain_picture():
    plain = torch.full((1, 3, 32, 32), 0.3)
    assert torch.allclose(coarse_colours(plain, 8), plain, atol=1e-5)


def test_drawn_latents_have_the_moments_of_those_that_were_read():
    net = HeadInset(**TINY)
    net.z_mean.fill_(2.0)
    net.z_factor.copy_(torch.diag(torch.full((6,), 3.0)))
    drawn = net.latent(torch.randn(20_000, 6, generator=torch.Generator().manual_seed(0)))
    assert torch.allclose(drawn.mean(0), torch.full((6,), 2.0), atol=0.1)
    assert torch.allclose(drawn.std(0), torch.full((6,), 3.0), atol=0.1)
