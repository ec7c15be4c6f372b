"""The generator: the paper's layer counts, conditions that reach the pixels, gradients everywhere."""

import pytest
import torch

from vton.networks.stylegan2.article_attention import warp_articles
from vton.networks.stylegan2.generator import StyleGAN2Generator, dress
from vton.networks.stylegan2.layers import ModulatedConv2d
from vton.networks.stylegan2.outfit_encoder import LIMBS, body_geometry
from vton.schema import TRAITS, Wear

TINY = {
    "size_hw": (64, 48), "z_dim": 8, "w_dim": 16, "embedding_dim": 16, "mapping_layers": 2, "channel_base": 512,
    "channel_max": 8, "token_channels": 8, "pose_channels": 4, "article_hw": (32, 24), "pose_height": 16,
}  # fmt: skip
CONDITIONS = ("none", "vector", "spatial")


def conditions(n: int = 2) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(0)
    articles = torch.rand(n, 6, 4, 32, 24, generator=g) * 2 - 1
    articles[:, :, 3] = (torch.rand(n, 6, 32, 24, generator=g) > 0.3).float()
    return {"articles": articles, "presence": torch.ones(n, 6), "pose_map": torch.rand(n, 16, 16, 12, generator=g)}


def tiny(condition: str, **changes) -> StyleGAN2Generator:
    torch.manual_seed(1)
    return StyleGAN2Generator(condition=condition, **{**TINY, **changes})


def given(condition: str, n: int = 2) -> dict[str, torch.Tensor]:
    return {} if condition == "none" else conditions(n)


@pytest.mark.parametrize(("height", "layers"), [(1024, 18), (512, 16), (256, 14), (64, 10)])
def test_style_layers_count_as_in_the_paper(height, layers):
    generator = tiny("none", size_hw=(height, height * 3 // 4), channel_base=2048, channel_max=4)
    assert generator.num_ws == layers == len(generator.layer_heights)
    assert generator.layer_heights[0] == 4 and generator.layer_heights[-1] == height


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_parameter_gets_a_gradient(condition):
    generator = tiny(condition)
    out = generator(torch.randn(2, 8), **given(condition), noise="random")
    assert out.image.shape == (2, 3, 64, 48) and torch.isfinite(out.image).all()
    loss = out.image.square().mean()
    if condition == "spatial":
        assert out.parsing_logits.shape == (2, 10, 64, 48)
        loss = loss + out.parsing_logits.square().mean()
    loss.backward()
    dead = [name for name, p in generator.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert not dead


@pytest.mark.parametrize("condition", CONDITIONS)
def test_save_and_load_give_the_same_image(condition, tmp_path):
    generator, z = tiny(condition), torch.randn(1, 8)
    generator.save_pretrained(tmp_path)
    again = StyleGAN2Generator.from_pretrained(tmp_path)
    with torch.no_grad():
        assert torch.equal(generator(z, **given(condition, 1)).image, again(z, **given(condition, 1)).image)


@pytest.mark.parametrize("condition", ["vector", "spatial"])
@pytest.mark.parametrize("name", ["articles", "pose_map"])
def test_each_condition_changes_the_pixels(condition, name):
    generator, z, given_ = tiny(condition), torch.randn(1, 8), conditions(1)
    changed = {**given_, name: given_[name].flip(-1)}
    with torch.no_grad():
        assert (generator(z, **given_).image - generator(z, **changed).image).abs().mean() > 1e-4


def test_how_articles_are_worn_changes_the_pixels_once_it_is_said(tmp_path):
    generator, z, given_ = tiny("spatial", wear=True), torch.randn(1, 8), conditions(1)
    generator.save_pretrained(tmp_path)
    generator = StyleGAN2Generator.from_pretrained(tmp_path)

    def drawn(traits):
        cond = generator.encode(**given_, traits=traits)
        return generator.synthesis(generator.mapping(z, cond), cond).image

    with torch.no_grad():
        unsaid, said = drawn(None), drawn(torch.from_numpy(Wear(top="in").traits())[None])
        assert torch.allclose(drawn(torch.zeros(1, len(TRAITS))), unsaid)
        assert (said - unsaid).abs().mean() > 1e-4


def test_an_empty_slot_differs_from_a_grey_article():
    generator, z, given_ = tiny("spatial"), torch.randn(1, 8), conditions(1)
    given_["articles"][:, 0] = 0
    absent = {**given_, "presence": given_["presence"].clone()}
    absent["presence"][:, 0] = 0
    with torch.no_grad():
        assert (generator(z, **given_).image - generator(z, **absent).image).abs().mean() > 1e-5


def test_truncation_contracts_towards_the_condition():
    generator, z = tiny("spatial"), torch.randn(2, 8)
    cond = generator.encode(**conditions())
    full, half, none = (generator.mapping(z, cond, psi) for psi in (1.0, 0.5, 0.0))
    assert torch.allclose(half, (full + none) / 2, atol=1e-5)
    other = generator.encode(**{**conditions(), "pose_map": torch.zeros(2, 16, 16, 12)})
    assert not torch.allclose(none, generator.mapping(z, other, 0.0), atol=1e-5)


@pytest.mark.parametrize("condition", ["none", "spatial"])
def test_truncation_draws_two_latents_together_and_psi_0_joins_them(condition):
    generator, (one, other) = tiny(condition), torch.randn(2, 1, 8)
    torch.nn.init.normal_(generator.mapping_network.w_avg)
    cond = None if condition == "none" else generator.encode(**conditions(1))

    def apart(psi):
        return (generator.mapping(one, cond, psi) - generator.mapping(other, cond, psi)).norm().item()

    assert apart(1.0) > 1e-3 and apart(0.0) == 0
    assert [apart(psi) / apart(1.0) for psi in (0.3, 0.7, 1.5)] == pytest.approx([0.3, 0.7, 1.5], rel=1e-3)
    if cond is None:
        assert torch.allclose(generator.mapping(one, None, 0.0), generator.mapping_network.w_avg, atol=1e-6)


def test_fixed_noise_repeats_and_random_noise_does_not():
    generator, z = tiny("none"), torch.randn(1, 8)
    for block in generator.blocks:
        torch.nn.init.ones_(block.conv1.noise_strength)
    with torch.no_grad():
        a, b = generator(z).image, generator(z).image
        c, d = generator(z, noise="random").image, generator(z, noise="random").image
    assert torch.equal(a, b) and not torch.equal(c, d)


def test_bf16_stays_finite_and_near():
    generator, z, given_ = tiny("spatial"), torch.randn(2, 8), conditions()
    with torch.no_grad():
        exact = generator(z, **given_).image
        with torch.autocast("cpu", torch.bfloat16):
            rough = generator(z, **given_).image
    assert rough.dtype == torch.float32 and (exact - rough).abs().mean() < 0.1 * exact.abs().mean() + 0.02


def test_modulation_equals_per_sample_weights():
    """Eq. 1-3 of arXiv 1912.04958, computed the slow way."""
    torch.manual_seed(0)
    conv, x, w = ModulatedConv2d(5, 7, 4), torch.randn(2, 5, 6, 6), torch.randn(2, 4)
    out, scale = conv(x, w)
    style = conv.affine(w)
    for n in range(2):
        weight = conv.weight * conv.gain * style[n][None, :, None, None]
        weight = weight * (weight.square().sum((1, 2, 3), keepdim=True) + 1e-8).rsqrt()
        expected = torch.nn.functional.conv2d(x[n:n + 1], weight, padding=1)
        assert torch.allclose((out * scale)[n:n + 1], expected, atol=1e-5)


def test_a_barred_region_shows_nowhere():
    generator, cond, barred = tiny("spatial"), conditions(1), torch.zeros(1, 10, 64, 48)
    with torch.no_grad():
        encoded = generator.encode(**cond)
        ws = generator.mapping(torch.randn(1, 8), encoded)
        free = generator.synthesis(ws, encoded)
        same = generator.synthesis(ws, encoded, barred=barred)
        region = int(free.parsing_logits.argmax(1).mode().values.mode().values)
        barred[:, region, :, :24] = 1
        out = generator.synthesis(ws, encoded, barred=barred)
    assert torch.equal(free.image, same.image)
    shown = out.parsing_logits.argmax(1) == region
    assert not shown[..., :20].any() and shown[..., 28:].any()
    assert (out.image - free.image)[..., :20].abs().max() > 10 * (out.image - free.image)[..., 40:].abs().mean()


def test_sharpness_settles_what_shows():
    generator, cond = tiny("spatial"), conditions(1)
    with torch.no_grad():
        encoded = generator.encode(**cond)
        ws = generator.mapping(torch.randn(1, 8), encoded)
        soft, sharp = (generator.synthesis(ws, encoded, sharpness=s).parsing_logits.softmax(1) for s in (1.0, 3.0))
    assert sharp.amax(1).mean() > soft.amax(1).mean()


def test_a_picture_can_stop_at_a_coarser_size():
    generator, cond = tiny("spatial"), conditions(1)
    with torch.no_grad():
        encoded = generator.encode(**cond)
        ws = generator.mapping(torch.randn(1, 8), encoded)
        coarse, whole = generator.synthesis(ws, encoded, until=16), generator.synthesis(ws, encoded, until=64)
        assert coarse.image.shape == (1, 3, 16, 12) and coarse.parsing_logits.shape == (1, 10, 16, 12)
        assert torch.equal(whole.image, generator.synthesis(ws, encoded).image)


def test_cloth_that_the_articles_do_not_show_is_drawn_without_their_pixels():
    generator, cond = tiny("spatial", coverage=True), conditions(1)
    with torch.no_grad():
        encoded = generator.encode(**cond)
        ws = generator.mapping(torch.randn(1, 8), encoded)
        pictures = []
        for logit in (-30.0, 30.0):
            generator.blocks[-1].planes_bias[-1] = logit
            pictures.append(generator.synthesis(ws, encoded))
    hidden, shown = pictures
    assert shown.coverage_logits.shape == (1, 1, 64, 48)
    assert hidden.coverage_logits.max() < 0 < shown.coverage_logits.min()
    carried = dress(shown.warped[-1], shown.parsing_logits)[:, :3]
    assert carried.abs().max() > 0.1
    assert torch.allclose(shown.image - hidden.image, carried, atol=1e-4)


def test_much_larger_articles_are_averaged_before_they_are_sampled():
    stripes = torch.zeros(1, 6, 4, 128, 96)
    stripes[:, :, 3], stripes[:, :, :3, ::2] = 1, 1
    y, x = torch.meshgrid(torch.linspace(-1, 1, 16), torch.linspace(-1, 1, 12), indexing="ij")
    xy = 0.9 * torch.stack([x, y]).expand(1, 6, -1, -1, -1)
    assert (warp_articles(stripes, xy)[:, :, :3] - 0.5).abs().max() < 0.1


def test_identity_correspondence_copies_the_article():
    articles = conditions(1)["articles"]
    articles[:, :, 3] = 1
    y, x = torch.meshgrid((torch.arange(32) * 2 + 1) / 32 - 1, (torch.arange(24) * 2 + 1) / 24 - 1, indexing="ij")
    xy = torch.stack([x, y])[None, None].expand(1, 6, -1, -1, -1)
    assert torch.allclose(warp_articles(articles, xy), articles, atol=1e-4)


@pytest.mark.parametrize("bad", [{"size_hw": (64, 64)}, {"size_hw": (96, 72)}, {"condition": "both"}])
def test_bad_configurations_are_refused(bad):
    with pytest.raises(ValueError):
        tiny(**{"condition": "none", **bad})


def test_geometry_of_a_pose_points_at_its_joints():
    maps = torch.zeros(1, 16, 32, 24)
    maps[0, 10, 8, 4] = maps[0, 11, 8, 12] = 1
    geometry = body_geometry(maps)[0]
    assert geometry.shape == (3 * 16 + len(LIMBS), 32, 24)
    forearm = geometry[16 + LIMBS.index((10, 11))]
    assert forearm[8, 4:13].min() > 0.9 and forearm[20, 8] < 0.01
    assert geometry[16 + LIMBS.index((0, 1))].abs().max() == 0, "no line for missing joints"
    dx, dy = geometry[16 + len(LIMBS) + 10], geometry[32 + len(LIMBS) + 10]
    assert dx[8, 4] == 0 and dy[8, 4] == 0 and dx[8, 8] == pytest.approx(4 * 4 / 32) and dy[0, 4] == -1
    assert dx[8, 0] < 0 < dx[8, 23]
