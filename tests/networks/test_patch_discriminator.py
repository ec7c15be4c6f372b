"""Patch discriminators: logits per patch, the condition counts, features for matching."""

import pytest
import torch

from vton.networks.patch_discriminator import MultiscaleDiscriminator, PatchDiscriminator


def test_logits_and_size_at_the_canvas():
    net = PatchDiscriminator(23 + 3 + 3)
    assert net(torch.zeros(1, 26, 256, 192), torch.zeros(1, 3, 256, 192))[-1].shape == (1, 1, 30, 22)
    assert 2.7e6 < sum(p.numel() for p in net.parameters()) < 2.9e6


def test_a_logit_sees_seventy_pixels():
    net = PatchDiscriminator(3, width=4, spectral=False).eval()
    image = torch.randn(1, 3, 128, 128, requires_grad=True)
    for layer in net.layers[1:4]:
        layer[1] = torch.nn.Identity()  # instance norm sees everything
    net(image[:, :0], image)[-1][0, 0, 7, 7].backward()
    rows = image.grad.abs().sum((0, 1, 3)).nonzero()
    assert rows.max() - rows.min() + 1 == 70


@pytest.mark.parametrize("spectral", [True, False])
def test_condition_and_gradients(spectral):
    net = PatchDiscriminator(7, width=8, spectral=spectral)
    image = torch.rand(2, 3, 64, 48)
    found = net(torch.rand(2, 4, 64, 48), image)
    assert len(found) == 5 and not torch.allclose(found[-1], net(torch.rand(2, 4, 64, 48), image)[-1])
    found[-1].mean().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_scales_are_apart():
    net = MultiscaleDiscriminator(7, width=4)
    fine, coarse = net(torch.rand(1, 4, 128, 96), torch.rand(1, 3, 128, 96))
    assert fine[-1].shape[-2:] == (14, 10) and coarse[-1].shape[-2:] == (6, 4)
    fine[-1].sum().backward()
    assert all(p.grad is None for p in net.scales[1].parameters())
