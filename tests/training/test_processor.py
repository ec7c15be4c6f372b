"""The number format of training, and what a process is told before it trains."""

import threading
from dataclasses import replace

import pytest
import torch

from vton.cli import main
from vton.generation.training.random_pack import RandomPack
from vton.generation.training.trainer import GeneratorTrainer
from vton.readers.photo_network import body_dtype
from vton.systems.outfit_gan.config import CONFIGS
from vton.systems.outfit_gan.training import OutfitGANRecipe
from vton.training.processor import prepare_process, prepared_process, uses_bf16


def test_bf16_where_it_is_fast_or_asked_for():
    cpu = torch.device("cpu")
    assert uses_bf16("auto", cpu) == (body_dtype() is torch.bfloat16)
    assert uses_bf16("bf16", cpu) and not uses_bf16("float32", cpu) and uses_bf16("auto", torch.device("cuda"))
    with pytest.raises(ValueError, match="bf16"):
        uses_bf16("half", cpu)


@pytest.mark.parametrize("prepared", [True, False])
def test_denormals_are_zero_in_every_thread_of_a_prepared_process(prepared):
    """In a thread of its own, which has its own helpers: the setting ends with it."""
    left = []

    def work():
        if prepared:
            prepare_process()
        left.append(torch.full((64, 2**14), 1e-39).mul(0.5).count_nonzero().item())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert (left == [0]) == prepared


def test_denormals_are_numbers_again_after_a_verb_that_trains(capsys):
    """Elsewhere they must be: scipy's trees recurse without end, and kill the process, where they are zero."""
    assert main(["train", "outfit-gan", "--data", "nowhere", "--out", "nowhere", "--dry-run"]) == 2
    assert torch.full((8,), 1e-39).mul(0.5).count_nonzero() == 8
    with prepared_process():
        assert torch.full((8,), 1e-39).mul(0.5).count_nonzero() == 0


def test_a_run_computes_in_the_format_of_its_configuration(tmp_path):
    """The same step in both formats: near, and not the same."""
    terms = []
    for precision in ("float32", "bf16"):
        config = replace(CONFIGS["tiny"], precision=precision)
        trainer = GeneratorTrainer(OutfitGANRecipe(config), RandomPack((64, 48)), tmp_path, seed=3)
        terms.append(trainer.step(trainer.draw(0, config.batch_size), 0))
    exact, rough = terms
    assert exact["l1"] != rough["l1"] and exact["l1"] == pytest.approx(rough["l1"], rel=0.05)
