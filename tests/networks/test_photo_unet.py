"""PhotoUNet: shapes of its maps, size limits of the bundled networks, what it refuses, its way to disk and back."""

import pytest
import torch

from vton.networks.photo_unet import PhotoUNet
from vton.training.estimator_configs import SYSTEMS, named_estimator_config
from vton.training.optimisation import start_from

TINY = {"size_hw": (64, 32), "channels": (8, 8, 16, 16, 16), "depths": (1, 1, 1, 1)}


@pytest.mark.parametrize("stride", [4, 2, 1])
def test_maps_have_their_stride_and_reach_the_input(stride):
    net = PhotoUNet(**TINY, map_channels=5, map_stride=stride, pooled=3).eval()
    image = torch.randn(2, 3, 64, 32, requires_grad=True)
    out = net(image)
    assert out.maps.shape == (2, 5, 64 // stride, 32 // stride) and out.pooled.shape == (2, 3)
    out.maps[0, 0, 3, 2].backward()
    seen = image.grad.abs().sum(1)
    assert seen[0].any() and not seen[1].any()


def test_without_pooled_logits_there_are_none():
    assert PhotoUNet(**TINY, pooled=0)(torch.zeros(1, 3, 64, 32)).pooled is None


def test_attention_reaches_where_convolutions_do_not():
    seen = {}
    for attention in (False, True):
        net = PhotoUNet(**{**TINY, "size_hw": (1024, 32)}, attention=attention, pooled=0).eval()
        if attention:
            torch.nn.init.normal_(net.up[0].blocks[-1].to_out[0].weight)
        image = torch.randn(1, 3, 1024, 32, requires_grad=True)
        net(image).maps[..., :4, :].sum().backward()
        seen[attention] = image.grad[..., -32:, :].abs().sum()
    assert seen[False] == 0 < seen[True]


def test_with_attention_a_network_starts_with_what_it_knew(tmp_path):
    plain = PhotoUNet(**TINY).eval()
    plain.save_pretrained(tmp_path)
    grown = PhotoUNet(**TINY, attention=True).eval()
    start_from(grown, tmp_path)
    image = torch.randn(1, 3, 64, 32)
    assert torch.equal(plain(image).maps, grown(image).maps)
    torch.nn.init.normal_(grown.up[0].blocks[-1].to_out[0].weight)
    assert not torch.equal(plain(image).maps, grown(image).maps)


@pytest.mark.parametrize("changes", [{"size_hw": (60, 32)}, {"map_stride": 8}])
def test_sizes_that_do_not_fit_are_refused(changes):
    with pytest.raises(ValueError):
        PhotoUNet(**{**TINY, **changes})


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "parser-teacher"])
def test_bundled_networks_fit_twelve_megabytes(system):
    net = PhotoUNet(**named_estimator_config(system).network)
    assert sum(t.numel() for t in net.state_dict().values()) * 2 < 12e6


def test_it_is_the_same_after_saving(tmp_path):
    net = PhotoUNet(**TINY)
    net(torch.randn(4, 3, 64, 32))  # moves the statistics of the norms
    net.eval().save_pretrained(tmp_path)
    again = PhotoUNet.from_pretrained(tmp_path).eval()
    image = torch.randn(1, 3, 64, 32)
    assert torch.equal(net(image).maps, again(image).maps)


def test_folding_the_norms_changes_nothing_but_their_number():
    net = PhotoUNet(**TINY)
    net(torch.randn(4, 3, 64, 32))
    image = torch.randn(2, 3, 64, 32)
    before = net.eval()(image)
    after = net.folded()(image)
    assert torch.allclose(before.maps, after.maps, atol=1e-5)
    assert torch.allclose(before.pooled, after.pooled, atol=1e-5)
    assert not any(isinstance(part, torch.nn.BatchNorm2d) for part in net.modules())


@pytest.mark.parametrize("attention", [False, True])
def test_a_narrow_body_answers_nearly_the_same_in_float32(attention):
    net = PhotoUNet(**TINY, attention=attention)
    if attention:
        torch.nn.init.normal_(net.up[0].blocks[-1].to_out[0].weight)
    net(torch.randn(4, 3, 64, 32))
    image = torch.randn(2, 3, 64, 32)
    before = net.folded()(image)
    after = net.narrowed(torch.bfloat16)(image.bfloat16())
    for exact, near in zip(before, after, strict=True):
        assert near.dtype == torch.float32 and not torch.equal(exact, near)
        assert (exact - near).abs().max() < 0.05 * exact.abs().max()


def test_a_photo_is_read_alone_in_eval_mode():
    net = PhotoUNet(**TINY).eval()
    images = torch.randn(3, 3, 64, 32)
    assert torch.allclose(net(images).maps[1:2], net(images[1:2]).maps, atol=1e-5)
