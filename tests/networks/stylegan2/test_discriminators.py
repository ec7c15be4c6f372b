"""Discriminators: both score pictures under conditions, and the condition counts."""

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tiny.random_networks import random_efficientnet

from vton.networks.efficientnet_lite import FEATURE_CHANNELS, EfficientNetLite0Features, _ConvNorm
from vton.networks.stylegan2.appearance_encoder import AppearanceEncoder
from vton.networks.stylegan2.discriminator import ResidualDiscriminator
from vton.networks.stylegan2.outfit_encoder import OutfitEncoder
from vton.networks.stylegan2.projected_discriminator import ProjectedDiscriminator, _Head


def encoder(dim: int) -> OutfitEncoder:
    return OutfitEncoder(dim, 8, 4, (16, 12), (32, 24))


def conditions(n: int = 4) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return torch.rand(n, 6, 4, 32, 24), torch.ones(n, 6), torch.rand(n, 16, 16, 12)


def test_features_have_the_strides_and_widths_of_lite0(tmp_path):
    save_file(random_efficientnet(), tmp_path / "lite0.safetensors")
    features = EfficientNetLite0Features.from_file(tmp_path / "lite0.safetensors")(torch.rand(1, 3, 64, 48))
    assert not any(f.requires_grad for f in features)
    assert [f.shape[1] for f in features] == list(FEATURE_CHANNELS)
    assert [tuple(f.shape[2:]) for f in features] == [(16, 12), (8, 6), (4, 3), (2, 2)]


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("size_hw", [(8, 6), (7, 6), (8, 5), (7, 5)])
def test_strided_convolutions_pad_as_tensorflow_does(kernel, size_hw):
    """Of the pixels that are added, the odd one goes right and below."""
    conv, x = _ConvNorm(4, 4, kernel, 2, depthwise=True, activate=False), torch.randn(2, 4, *size_hw)
    torch.nn.init.normal_(conv.weight)
    pads = [(-(-side // 2) - 1) * 2 + kernel - side for side in size_hw]
    padded = F.pad(x, (pads[1] // 2, pads[1] - pads[1] // 2, pads[0] // 2, pads[0] - pads[0] // 2))
    assert torch.allclose(conv(x), F.conv2d(padded, conv.weight, conv.bias, stride=2, groups=4), atol=1e-5)


def test_residual_discriminator_uses_its_condition():
    d = ResidualDiscriminator((32, 24), encoder(16), 16, channel_base=256, channel_max=8)
    image, embedding = torch.rand(4, 3, 32, 24), d.embed(*conditions())
    a, b = d(image, embedding), d(image, embedding.roll(1, 0))
    assert a.shape == (4, 1) and not torch.allclose(a, b)
    a.sum().backward()
    assert all(p.grad is not None for p in d.parameters())


def test_residual_discriminator_is_twice_differentiable():
    """R1 needs the gradient of the gradient."""
    d = ResidualDiscriminator((16, 12), None, 16, channel_base=128, channel_max=8)
    image = torch.rand(2, 3, 16, 12, requires_grad=True)
    gradient, = torch.autograd.grad(d(image, None).sum(), image, create_graph=True)
    gradient.square().sum().backward()
    assert d.from_rgb.weight.grad.abs().sum() > 0


def test_a_picture_under_two_conditions_is_scored_as_under_each():
    torch.manual_seed(0)
    residual = ResidualDiscriminator((16, 12), encoder(16), 16, channel_base=128, channel_max=8)
    projected = ProjectedDiscriminator(encoder(16), 16, width=8).eval()  # spectral norms move on while training
    features = [torch.rand(4, c, 16 >> i, 12 >> i if i < 3 else 2) for i, c in enumerate(FEATURE_CHANNELS)]
    for d, seen in ((residual, torch.rand(4, 3, 16, 12)), (projected, features)):
        embedding = d.embed(*conditions())
        both = d.under_each(seen, [embedding, embedding.roll(1, 0)])
        for found, condition in zip(both, (embedding, embedding.roll(1, 0)), strict=True):
            assert torch.allclose(found, d(seen, condition), atol=1e-6)
        assert not torch.allclose(*both)


def test_logits_of_a_scale_are_its_convolution_and_projection():
    """Computed the plain way: one output channel, and the projection's mean over all positions."""
    torch.manual_seed(0)
    head, x, embedding = _Head(6, 8, 1, 16).eval(), torch.randn(3, 6, 8, 6), torch.randn(3, 16)
    found, = head(x, [embedding])
    y = head.body(x)
    inner = (head.project(y).mean((2, 3)) * head.embed(embedding)).sum(1) / 8**0.5
    assert torch.allclose(found, (head.logit(y) + inner[:, None, None, None]).flatten(1), atol=1e-5)


@pytest.mark.parametrize("conditional", [True, False])
def test_projected_discriminator(conditional):
    d = ProjectedDiscriminator(encoder(16) if conditional else None, 16, width=8)
    features = [torch.rand(4, c, 16 >> i, 12 >> i if i < 3 else 2) for i, c in enumerate(FEATURE_CHANNELS)]
    embedding = d.embed(*conditions())
    logits = d(features, embedding)
    assert logits.shape[0] == 4 and (embedding is not None) == conditional
    if conditional:
        assert not torch.allclose(logits, d(features, embedding.roll(1, 0)))
    assert not any("mixer" in name for name, _ in d.named_parameters()), "the mixing is fixed"


def test_appearance_encoder_sees_only_what_is_visible():
    encoder_, image = AppearanceEncoder(8, (32, 24), channels=4), torch.rand(2, 3, 64, 48)
    visible = torch.ones(2, 1, 64, 48)
    visible[:, :, 20:] = 0
    changed = image.clone()
    changed[:, :, 20:] = 0.1
    for a, b in zip(encoder_(image, visible), encoder_(changed, visible), strict=True):
        assert a.shape == (2, 8) and torch.equal(a, b)
    assert not torch.equal(encoder_(image, visible)[0], encoder_(1 - image, visible)[0])


def test_fitted_prior_draws_latents_like_those_of_photos():
    encoder_ = AppearanceEncoder(4, (32, 24), channels=4)
    shift, spread = torch.tensor([1.0, -2, 0, 0.5]), torch.tensor([1.0, 0.3, 2, 0.1])
    for _ in range(400):
        mean = shift + spread * torch.randn(32, 4)
        mean[:, 1] += 0.5 * mean[:, 2]
        encoder_.watch(mean, torch.full((32, 4), -4.0))
    centre, factor = encoder_.fit_prior()
    drawn = centre + torch.randn(20_000, 4) @ factor.t()
    seen = shift + spread * torch.randn(20_000, 4)
    seen[:, 1] += 0.5 * seen[:, 2]
    assert torch.allclose(drawn.mean(0), seen.mean(0), atol=0.2)
    assert torch.allclose(torch.cov(drawn.t()), torch.cov(seen.t()), atol=0.6)
