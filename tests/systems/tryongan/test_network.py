"""The generator: what moves its pictures, that its styles are the convolutions' own, and how large it is."""

import pytest
import torch

from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.pose.presets import preset_poses
from vton.systems.tryongan.network import NUM_LABELS, TryOnGAN
from vton.systems.tryongan.system import SYSTEM

MOST_MB = 25  # of the bundled checkpoint in bf16


@pytest.fixture
def poses(network):
    """Heatmaps of two presets."""
    return pose_heatmaps(list(preset_poses().values())[:2], network.pose_hw)


@pytest.fixture
def z():
    return torch.randn(2, SYSTEM.tiny["z_dim"], generator=torch.Generator().manual_seed(0))


@torch.no_grad()
def test_pictures_and_segmentations_have_the_size_of_the_config(network, z, poses):
    drawn = network(z, poses)
    assert drawn.image.shape == (2, 3, 64, 48) and drawn.logits.shape == (2, NUM_LABELS, 64, 48)
    assert drawn.image.isfinite().all() and drawn.logits.isfinite().all() and drawn.activations is None


@torch.no_grad()
def test_pose_and_style_both_change_picture_and_segmentation(network, z, poses):
    one, other_pose, other_style = (network(*given) for given in ((z[:1], poses[:1]), (z[:1], poses[1:]),
                                                                 (z[1:], poses[:1])))  # fmt: skip
    for other in (other_pose, other_style):
        assert not torch.allclose(one.image, other.image) and not torch.allclose(one.logits, other.logits)


@torch.no_grad()
def test_every_height_of_the_pose_encoder_matters(network, z, poses):
    styles, pose = network.styles(network.mapping(z)), network.pose(poses)
    whole = network.synthesis(styles, pose).image
    assert sorted(pose) == [4, 8, 16, 32]
    for height in pose:
        without = network.synthesis(styles, {**pose, height: torch.zeros_like(pose[height])}).image
        assert not torch.allclose(whole, without), height


@torch.no_grad()
def test_a_coarse_picture_is_the_whole_one_stopped_early(network, z, poses):
    ws = network.mapping(z)
    coarse = network.draw(ws, poses, until=32)
    assert coarse.image.shape == (2, 3, 32, 24)
    changed = ws.clone()
    changed[:, -2:] += 1  # styles of 64x48 alone
    assert torch.equal(network.draw(changed, poses, until=32).image, coarse.image)
    assert not torch.allclose(network.draw(changed, poses).image, network.draw(ws, poses).image)


@torch.no_grad()
def test_each_channel_of_each_activation_has_one_style(network, z, poses):
    styles = network.styles(network.mapping(z))
    drawn = network.synthesis(styles, network.pose(poses), watch=True)
    assert len(styles) == 3 * len(network.heights) - 1
    assert [one.shape[1] for one in drawn.activations] == [style.shape[1] for style in styles]


@torch.no_grad()
def test_truncation_ends_at_the_average_style(network, z):
    ws = network.mapping(z, truncation_psi=0.0)
    assert torch.allclose(ws, network.mapping_network.w_avg.expand_as(ws))


def test_the_encoder_reads_colours_and_labels(network):
    image, labels = torch.zeros(1, 3, 64, 48), torch.zeros(1, NUM_LABELS, 64, 48)
    ws = network.encode(image, labels)
    assert ws.shape == (1, network.num_ws, SYSTEM.tiny["w_dim"])
    assert not torch.allclose(ws, network.encode(image + 0.5, labels))
    assert not torch.allclose(ws, network.encode(image, labels + 1))


def test_every_weight_gets_a_gradient():
    torch.manual_seed(0)
    network = TryOnGAN(**SYSTEM.tiny)
    read = network.encode(torch.rand(2, 3, 64, 48), torch.rand(2, NUM_LABELS, 64, 48))
    ws = read + network.mapping(torch.randn(2, 16))
    drawn = network.draw(ws, torch.rand(2, 16, *network.pose_hw), noise="const")
    (drawn.image.square().mean() + drawn.logits.square().mean()).backward()
    assert [name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()] == []


def test_the_bundled_size_is_at_most_25_mb():
    with torch.device("meta"):
        network = TryOnGAN()
    assert sum(t.numel() for t in network.state_dict().values()) * 2 < MOST_MB * 1e6
