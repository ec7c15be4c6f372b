"""A tiny network with random weights, people and articles that are drawn in code."""

import numpy as np
import pytest
import torch
from drawn.tryon import drawn_garment
from tiny.tryon import tiny_checkpoint

from vton.schema import ARTICLE_HW, Article
from vton.systems.outfit_tryon.network import OutfitTryOn
from vton.systems.outfit_tryon.pipeline import OutfitTryOnPipeline
from vton.systems.outfit_tryon.system import SYSTEM

COLOURS = {"top": (200, 40, 40), "outer": (40, 90, 60), "bottom": (40, 60, 160), "dress": (150, 60, 150),
           "shoes": (20, 20, 20), "accessory": (230, 180, 40)}  # fmt: skip


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory):
    """The pipeline on a tiny network, no weight of which is at its start."""
    folder = tiny_checkpoint(tmp_path_factory.mktemp("tiny") / "outfit", SYSTEM.name)
    return OutfitTryOnPipeline.from_pretrained(folder, device="cpu")


@pytest.fixture(scope="session")
def network(pipeline) -> OutfitTryOn:
    """That network, frozen."""
    return pipeline.network


@pytest.fixture(scope="session")
def small_network() -> OutfitTryOn:
    """One that draws 64x48, as the trial configuration trains."""
    torch.manual_seed(3)
    return OutfitTryOn(**{**SYSTEM.tiny, "size_hw": (64, 48)})


@pytest.fixture(scope="session")
def article():
    """``article(slot, colour)``: an `Article` of any slot."""

    def article(slot, colour=None):
        colour = colour or COLOURS[slot]
        if slot not in ("shoes", "accessory"):
            return drawn_garment(slot, colour)
        mask = np.zeros(ARTICLE_HW, np.uint8)
        mask[90:170, 30:160] = 255
        return Article(slot, np.full((*ARTICLE_HW, 3), colour, np.uint8), mask)

    return article
