"""The ablation: eight runs that differ in their switches alone, one table."""

import json

import pytest
from drawn.studio import write_studio
from safetensors.torch import save_file
from tiny.random_networks import random_lpips

from vton.cli import main
from vton.data.pairs.writer import pack_pairs


@pytest.fixture
def command(tmp_path, monkeypatch):
    monkeypatch.setattr("vton.tryon.training.trainer.MEASURED", 1)
    pack_pairs([write_studio(tmp_path / "studio", 2, 1)], tmp_path / "pack", processes=1)
    save_file(random_lpips("alexnet"), tmp_path / "alexnet.safetensors")
    return ["ablate", "ma-vton", "--data", str(tmp_path / "pack"), "--out", str(tmp_path / "out"), "--config", "tiny",
            "--lpips-weights", str(tmp_path / "alexnet.safetensors"), "--count", "2", "--max-images-each", "2",
            ]  # fmt: skip


def test_eight_runs_and_one_table(command, tmp_path, capsys):
    settings = ("batch_size=2", "perceptual=0.5", "adversarial=0.1", "adversarial_from=0", "perceptual_crop=32")
    assert main([*command, *(part for setting in settings for part in ("--set", setting))]) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    names = [name for name, row in report["systems"].items() if "baseline" not in row]
    assert len(names) == 8 and names[0] == "none" and names[-1] == "attention+adversarial+perceptual"
    assert set(report["images"].values()) == {2}
    for name in names:
        config = json.loads((tmp_path / "out" / name / "config.json").read_text())
        on = [switch for switch in ("attention", "adversarial", "perceptual") if config[switch]]
        assert "+".join(on) == name.replace("none", "") and config["seed"] == 0
    assert "attention+adversarial+perceptual" in capsys.readouterr().out


def test_mistakes(command, tmp_path):
    assert main([*command, "--from", str(tmp_path / "nowhere")]) == 2
    assert main([*command, "--config", "huge"]) == 2
    assert main([*command, "--set", "adversarial=0"]) == 2
