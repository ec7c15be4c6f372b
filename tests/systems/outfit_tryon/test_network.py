"""The network: what it keeps, what it uses, and how it starts from the outfit-conditional generator."""

from dataclasses import replace

import pytest
import torch
from drawn.tryon import drawn_person

from vton.conditioning.articles import article_stack
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import UNSAID, Outfit
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.systems.outfit_tryon.inputs import UNSEEN, represent
from vton.systems.outfit_tryon.network import OutfitTryOn
from vton.systems.outfit_tryon.system import SYSTEM
from vton.training.optimisation import grow_from

MOST_MB = 25  # of a bundled checkpoint
GENERATOR = {n: value for n, value in SYSTEM.tiny.items() if not n.startswith("person")} | {"mapping_lr_mult": 0.1}


@pytest.fixture
def inputs(small_network, article):
    """Two people of 64x48 in two outfits."""
    outfits = [Outfit.of(article("top"), article("bottom")), Outfit.of(article("dress"), article("shoes"))]
    people = [drawn_person((64, 48)), drawn_person((64, 48), wears=("dress",))]
    wearers = [DressedWearer.of(p, tuple(s for s, _ in o.items())) for p, o in zip(people, outfits, strict=True)]
    photos = torch.stack([torch.tensor(person.image_u8) for person in people]).numpy()
    articles, traits = article_stack(outfits, small_network.article_hw), [UNSAID.traits()] * len(outfits)
    return represent(photos, wearers, articles, traits, small_network.pose_hw)


@torch.no_grad()
def test_outside_of_the_erased_region_is_the_photo_bit_for_bit(small_network, inputs):
    out = small_network(inputs)
    outside = inputs.erased.expand_as(inputs.kept) < 0.5
    assert torch.equal(out.result[outside], inputs.kept[outside]) and out.result.abs().max() <= 1
    assert not torch.equal(out.result[~outside], inputs.kept[~outside])
    assert out.grid.shape == (2, 64, 48, 2) and out.logits.shape == (2, 10, 64, 48)
    assert (out.composition_mask <= out.warped_mask).all() and not out.warped_mask[inputs.erased < 0.5].any()
    assert all(plane.isfinite().all() for plane in (*out.steps.values(), out.ground, out.correspondence))


@torch.no_grad()
def test_every_article_the_pose_and_the_photo_change_what_is_drawn(small_network, inputs):
    drawn = small_network(inputs).result
    others = {"pose": replace(inputs, pose_map=inputs.pose_map.flip(3)),
              "photo": replace(inputs, kept=-inputs.kept), "body": replace(inputs, body=1 - inputs.body)}  # fmt: skip
    for slot in torch.nonzero(inputs.presence[0])[:, 0].tolist():
        articles = inputs.articles.clone()
        articles[:, slot, :3] *= -1
        others[slot] = replace(inputs, articles=articles)
    inside = inputs.erased[:1].expand(-1, 3, -1, -1) > 0.5
    for name, other in others.items():
        assert not torch.equal(small_network(other).result[:1][inside], drawn[:1][inside]), name


@torch.no_grad()
def test_two_at_once_are_two_alone(small_network, inputs):
    both = small_network(inputs)
    for i in range(2):
        alone = small_network(inputs[i : i + 1])
        assert torch.allclose(both.result[i : i + 1], alone.result, atol=1e-3)
        assert torch.equal(both.alone(i).logits, both.logits[i : i + 1])


@torch.no_grad()
def test_it_is_the_same_after_saving(small_network, inputs, tmp_path):
    small_network.save_pretrained(tmp_path)
    again = OutfitTryOn.from_pretrained(tmp_path).eval()
    assert torch.allclose(small_network(inputs).result, again(inputs).result, atol=1e-3)


def test_bundled_size_and_sizes_that_cannot_be():
    assert sum(t.numel() for t in OutfitTryOn().state_dict().values()) * 2 < MOST_MB * 1e6
    with pytest.raises(ValueError, match="power of two"):
        OutfitTryOn(**{**SYSTEM.tiny, "size_hw": (100, 75)})


def test_it_starts_as_the_generator_whose_weights_it_takes(inputs, tmp_path):
    torch.manual_seed(1)
    generator = StyleGAN2Generator(size_hw=(64, 48), condition="spatial", coverage=True, **GENERATOR).eval()
    with torch.no_grad():
        for parameter in generator.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    generator.save_pretrained(tmp_path)
    network = OutfitTryOn(**{**SYSTEM.tiny, "size_hw": (64, 48)})
    grow_from({"ema": network}, tmp_path)
    unseen = replace(inputs, kept_regions=torch.full_like(inputs.kept_regions, UNSEEN))  # the photo says nothing
    with torch.no_grad():
        condition = generator.encode(inputs.articles, inputs.presence, inputs.pose_map)
        mean = generator.mapping_network.z_mean.expand(2, -1)
        told = generator.synthesis(generator.map_latent(mean, condition), condition, noise="none")
    drawn = network.draw(unseen)
    assert torch.allclose(drawn.logits, told.parsing_logits, atol=1e-3)
    assert torch.allclose(drawn.coverage, told.coverage_logits, atol=1e-3)
    assert torch.allclose(drawn.correspondence[-1], told.correspondence[-1], atol=1e-4)
    drawn.image.sum().backward()
    for block in network.blocks:  # the photo's features, which come last, are let in by the first step
        assert block.conv1.conv.weight[:, -1].abs().max() == 0 < block.conv1.conv.weight.grad[:, -1].abs().max()
