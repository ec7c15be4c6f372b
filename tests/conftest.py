"""Fixtures that several rooms' tests use: tiny checkpoints of the real networks, articles drawn in code."""

import atexit
import os
import shutil
import tempfile

# Gradio's folder is the tests' own: what an earlier run left would pass for parts of the page. It is read on import.
os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="vton-tests-")
os.environ["GRADIO_HEARTBEAT_INTERVAL"] = "0.5"  # seconds until a client that left is noticed
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import pytest
import torch

from vton.schema import ARTICLE_HW, Article

atexit.register(shutil.rmtree, os.environ["GRADIO_TEMP_DIR"], ignore_errors=True)

TOGETHER = "tests/studio/"
"""A folder whose files all run in one process of several: on a machine that is new to them the body is baked and
functions are compiled once, while the other processes go on."""
SLOWEST = ("tests/attack/", "tests/test_first_requests.py", "tests/ui/", "tests/generation/training/", "tests/cli/",
           "tests/test_wheel.py", "tests/systems/")  # fmt: skip
"""Files that take the most time each."""


def pytest_itemcollected(item):
    """Several processes share the tests out by files (`--dist loadgroup`)."""
    file = item.nodeid.partition("::")[0]
    item.add_marker(pytest.mark.xdist_group(TOGETHER if file.startswith(TOGETHER) else file))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The slowest files first, in random order: no process of several is left alone with one of them at the end."""
    items.sort(key=lambda item: (not item.nodeid.startswith(TOGETHER), not item.nodeid.startswith(SLOWEST)))


def save_tiny_checkpoint(folder, system: str, **config):
    """Save a generator's network of the tiny size as a checkpoint folder; no weight stays at its start."""
    from vton.hub import write_manifest
    from vton.systems import find_system

    record = find_system(system)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        generator = record.load("network")(**{**record.tiny, **config})
        with torch.no_grad():
            for parameter in generator.parameters():
                parameter.add_(0.3 * torch.randn_like(parameter))
    generator.save_pretrained(folder)
    write_manifest(folder)
    return folder


@pytest.fixture(scope="session")
def make_checkpoint():
    """``make_checkpoint(folder, system, **config)``: see ``save_tiny_checkpoint``."""
    return save_tiny_checkpoint


@pytest.fixture(scope="session")
def tiny_generators(tmp_path_factory):
    """System -> folder of its 64x48 network with random weights."""
    from vton.schema import Task
    from vton.systems import systems

    root = tmp_path_factory.mktemp("checkpoints")
    return {name: save_tiny_checkpoint(root / f"tiny-{name}", name) for name in systems(Task.GENERATION)}


@pytest.fixture(scope="session")
def tiny_outfit_checkpoint(tiny_generators):
    """Folder of a 64x48 outfit-gan with random weights."""
    return tiny_generators["outfit-gan"]


@pytest.fixture(scope="session")
def tiny_fashion_checkpoint(tiny_generators):
    """Folder of a 64x48 fashion-gan with random weights."""
    return tiny_generators["fashion-gan"]


@pytest.fixture(scope="session")
def load(tiny_generators):
    """``load(system)``: the tiny pipeline of a system, from its checkpoint folder."""
    from vton.systems import get_pipeline

    def load(system: str):
        return get_pipeline(system, str(tiny_generators[system]))

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
