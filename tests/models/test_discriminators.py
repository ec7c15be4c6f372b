"""Discriminators: both score pictures under conditions, and the condition counts."""

import pytest
import torch
from random_networks import random_efficientnet
from safetensors.torch import save_file

from vton.models.appearance_encoder import AppearanceEncoder
from vton.models.discriminator import ResidualDiscriminator
from vton.models.efficientnet_lite import FEATURE_CHANNELS, EfficientNetLite0Features
from vton.models.outfit_encoder import OutfitEncoder
from vton.models.projected_discriminator import ProjectedDiscriminator


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
