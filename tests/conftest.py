"""Fixtures that several rooms' tests use: tiny checkpoints of the real networks, articles drawn in code."""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import pytest
import torch

from vton.schema import ARTICLE_HW, Article

TINY = {
    "size_hw": (64, 48),
    "z_dim": 16,
    "w_dim": 16,
    "embedding_dim": 16,
    "mapping_layers": 2,
    "channel_base": 256,
    "channel_max": 8,
    "token_channels": 8,
    "pose_channels": 4,
    "article_hw": (32, 24),
    "pose_height": 16,
    "attention_heights": (16, 32),
}


def save_tiny_checkpoint(folder, condition: str, **config):
    """Save a StyleGAN2Generator as a checkpoint folder; no weight stays at its start, zeros included."""
    from vton.hub import write_manifest
    from vton.networks.stylegan2.generator import StyleGAN2Generator

    with torch.random.fork_rng():
        torch.manual_seed(7)
        generator = StyleGAN2Generator(condition=condition, **{**TINY, **config})
        with torch.no_grad():
            for parameter in generator.parameters():
                parameter.add_(0.3 * torch.randn_like(parameter))
    generator.save_pretrained(folder)
    write_manifest(folder)
    return folder


@pytest.fixture(scope="session")
def make_checkpoint():
    """``make_checkpoint(folder, condition, **config)``: see ``save_tiny_checkpoint``."""
    return save_tiny_checkpoint


@pytest.fixture(scope="session")
def tiny_outfit_checkpoint(tmp_path_factory):
    """Folder of a 64x48 outfit-gan with random weights."""
    return save_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny-outfit", "spatial")


@pytest.fixture(scope="session")
def tiny_fashion_checkpoint(tmp_path_factory):
    """Folder of a 64x48 fashion-gan with random weights."""
    return save_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny-fashion", "none")


@pytest.fixture(scope="session")
def load(request):
    """``load(system)``: the tiny pipeline of a system, from its checkpoint folder."""
    from vton.systems import get_pipeline

    def load(system: str):
        fixture = f"tiny_{system.removesuffix('-gan')}_checkpoint"
        return get_pipeline(system, str(request.getfixturevalue(fixture)))

    return load


@pytest.fixture(scope="session")
def make_article():
    """``make_article(slot, rgb, stripes=0)``: a box of one colour, or striped with white."""

    def make(slot: str, rgb=(200, 40, 40), stripes: int = 0) -> Article:
        height, width = ARTICLE_HW
        mask = np.zeros(ARTICLE_HW, np.uint8)
        mask[height // 8 : -height // 8, width // 6 : -width // 6] = 255
        image = np.full((*ARTICLE_HW, 3), 128, np.uint8)
        image[mask > 0] = rgb
        if stripes:
            rows = (np.arange(height) // stripes % 2 == 0)[:, None] & (mask > 0)
            image[rows] = 255
        return Article(slot, image, mask)

    return make
