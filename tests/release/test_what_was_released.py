"""What a release wrote can still be read: pictures with their recipes, and checkpoints of its networks.

`v0_1_0` is of the first release: a PNG of `python -m vton generate`, the origin of one of `tryon`, and of each bundled
checkpoint the config and, in place of the weights, the checksum of their names and shapes.
"""

import hashlib
import importlib
import json
from pathlib import Path

import pytest

from vton.provenance import read_recipe
from vton.provenance.verification import Verdict, verify
from vton.schema import TryOnOrigin

FIRST = Path(__file__).parent / "v0_1_0"
NETWORKS = json.loads((FIRST / "networks.json").read_text())


def test_a_picture_is_recognised_and_drawn_again(load):
    recipe = read_recipe(FIRST / "picture.png")
    assert (recipe.system, recipe.seed, recipe.pose_name) == ("outfit-gan", 2026, "walk-left")
    assert recipe.size_hw == (256, 192)
    assert [slot for slot, _ in recipe.outfit().items()] == ["top", "bottom"]
    assert verify(FIRST / "picture.png").verdict is Verdict.MADE
    drawn = load("outfit-gan").generate_from(recipe)
    assert drawn.recipe.articles == recipe.articles and drawn.recipe.to_pose() == recipe.to_pose()


def test_the_origin_of_a_try_on():
    origin = TryOnOrigin.from_json((FIRST / "tryon.json").read_text())
    assert (origin.system, origin.slot, origin.size_hw) == ("ma-vton", "top", (1024, 768))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_checkpoint_still_fits_its_network(name):
    released = NETWORKS[name]
    module, _, network_class = released["network"].partition(":")
    network = getattr(importlib.import_module(module), network_class).from_config(released["config"])
    lines = sorted(f"{key} {list(tensor.shape)}" for key, tensor in network.state_dict().items())
    assert len(lines) == released["tensors"]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == released["sha256"]
