"""`bench --training`: figures of both sides from one run."""

import re

from vton.cli import main
from vton.generation.training.step_benchmark import measure
from vton.systems.outfit_gan.config import CONFIGS
from vton.systems.outfit_gan.training import OutfitGANRecipe


def test_a_step_is_measured_on_both_sides():
    found = measure(OutfitGANRecipe(CONFIGS["tiny"]), 1, 1)
    assert all(value > 0 for value in (*found.seconds, *found.cpu_seconds, found.peak))
    # The generator alone needs this much forward, and three times as much with its gradients.
    assert 0.1 < found.gflop < 10
    text = "\n".join(found.lines())
    assert re.search(r"engine \((bf16|float32).*images/s", text) and "GFLOP/image" in text and "%" in text


def test_an_unknown_configuration_is_refused(capsys):
    assert main(["bench", "--training", "--config", "huge"]) == 2
    assert "--config huge" in capsys.readouterr().err
