"""CONTRIBUTING's promise: a system is one folder, and everything else finds it."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn.dressed_photo import save_dressed, save_garment
from drawn.studio import write_studio
from PIL import Image
from safetensors.torch import load_file
from tiny.colour_networks import figure
from tiny.tryon import as_bundled, save_networks

import vton.systems
from vton.cli import main
from vton.data.pairs.writer import pack_pairs
from vton.provenance import watermarked
from vton.schema import InputError, Task, TryOnOrigin
from vton.ui.app import build_app
from vton.ui.fitting import FittingRoom
from vton.ui.server.turns import Turns
from vton.ui.tabs.about import about_text

FOLDERS = Path(__file__).parent / "new"
NAME, TITLE = "pasted", "Pasted garment"


@pytest.fixture(scope="module", autouse=True)
def new_system(tmp_path_factory):
    """The systems of this folder beside those of the program; one with weights here, and tiny readers of photos."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vton.systems, "__path__", [*vton.systems.__path__, str(FOLDERS)])
        vton.systems._records.cache_clear()
        with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "top", (NAME,))):
            yield
    vton.systems._records.cache_clear()
    for module in [name for name in sys.modules if name.startswith(f"vton.systems.{NAME}")]:
        del sys.modules[module]


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Paths of a person's photo and a garment's."""
    folder = tmp_path_factory.mktemp("photos")
    person = save_dressed(folder / "person.png", figure(420, 110, 40, (512, 400)))
    return person, save_garment(folder / "garment.png")


def test_it_is_listed(capsys):
    assert NAME in vton.systems.systems(Task.TRY_ON) and NAME not in vton.systems.systems(Task.GENERATION)
    assert main(["systems"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(NAME))
    assert "Nobody 2026" in line and "ready" in line


def test_the_page_offers_it():
    """In Try-on, where it comes first (the others have no weights here), as a card in Compare, and in the texts."""
    demo = build_app()
    parts = {part["props"].get("elem_id"): part["props"] for part in demo.get_config_file()["components"]}
    choices = parts["tryon-system"]["choices"]
    assert list(map(tuple, choices))[0] == (TITLE, NAME) and f"card-{NAME}" in parts
    assert parts["tryon-system"]["value"] == NAME and TITLE in about_text()
    assert f", outfit-tryon or {NAME}," in demo.get_api_info()["named_endpoints"]["/tryon"]["description"]


def test_it_tries_on_in_the_page_and_from_the_command_line(photos, tmp_path):
    result = FittingRoom(Turns()).try_on(*photos, "top", NAME)
    before = np.array(Image.open(photos[0]))
    assert result.image_u8.shape == before.shape and (result.image_u8 != before).any()
    flags = ["--person", photos[0], "--garment", photos[1], "--slot", "top"]
    assert main(["tryon", "--system", NAME, *flags, "--out", str(tmp_path / "out.png")]) == 0
    with Image.open(tmp_path / "out.png") as image:
        assert TryOnOrigin.from_json(image.info["vton"]).system == NAME
        assert np.array_equal(np.array(image), watermarked(result.image_u8, result.recipe))
    assert main(["compare", "--systems", f"{NAME},viton", *flags, "--out", str(tmp_path / "sheet.png")]) == 0


def test_a_slot_that_it_does_not_take_is_refused(photos):
    with pytest.raises(InputError, match=f"{TITLE} cannot put on bottom: it takes top, outer"):
        vton.systems.get_pipeline(NAME)(*photos, slot="bottom")


def test_it_trains_and_is_published_with_a_card(tmp_path, capsys):
    pack_pairs([write_studio(tmp_path / "studio", 3, 2)], tmp_path / "pack", processes=1)
    command = ["train", NAME, "--data", str(tmp_path / "pack"), "--out", str(tmp_path / "run"), "--config", "tiny",
               "--set", "batch_size=2"]  # fmt: skip
    assert main([*command, "--dry-run"]) == 0
    assert "parameters: blend 367; " in capsys.readouterr().out
    assert main([*command, "--max-images", "2"]) == 0
    assert main(["publish", str(tmp_path / "run"), "--out", str(tmp_path / "all" / "pasted-256")]) == 0
    card = (tmp_path / "all" / "pasted-256" / "README.md").read_text()
    assert f"- System: `{NAME}`, after Nobody 2026" in card and "It bends nothing." in card and "2 images seen" in card
    assert main(["cards", str(tmp_path / "all")]) == 0
    assert f"| {NAME} | 256x192 |" in (tmp_path / "all" / "README.md").read_text()
    assert main(["train", "--like", str(tmp_path / "all" / "pasted-256"), *command[2:6], "--dry-run"]) == 0


def test_a_step_moves_its_weights(tmp_path):
    pack_pairs([write_studio(tmp_path / "studio", 3, 2)], tmp_path / "pack", processes=1)
    weights = []
    for images in ("2", "4"):
        command = ["train", NAME, "--data", str(tmp_path / "pack"), "--out", str(tmp_path / images), "--config", "tiny",
                   "--set", "batch_size=2", "--max-images", images]  # fmt: skip
        assert main(command) == 0
        weights.append(load_file(tmp_path / images / "checkpoint" / "diffusion_pytorch_model.safetensors"))
    assert not any(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
