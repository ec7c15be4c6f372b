"""What loading does to the rest of the process: nothing. And numbers that are none are refused."""

import ast
import shutil
import threading
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from vton import hub
from vton.hub.loading import load_network
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import InputError

SOURCES = Path(hub.__file__).parents[1]


@pytest.fixture
def folder(tiny_outfit_checkpoint, tmp_path):
    """A copy of a good checkpoint, to be spoilt."""
    return shutil.copytree(tiny_outfit_checkpoint, tmp_path / "copy")


def made_while(work):
    """Layers, tensors and default types that this thread makes while another one works."""
    worker = threading.Thread(target=work)
    worker.start()
    made = []
    while worker.is_alive():
        made.append((nn.Conv2d(3, 4, 3), torch.ones(2), torch.get_default_dtype()))
    worker.join()
    return made


def test_what_other_threads_make_meanwhile_is_as_always(folder):
    made = made_while(lambda: [load_network(StyleGAN2Generator, folder) for _ in range(10)])
    assert len(made) > 10
    for layer, ones, dtype in made:
        assert layer.weight.device == ones.device == torch.device("cpu") and dtype == torch.float32
        assert 0 < layer.weight.abs().max() <= 1 / 27**0.5  # initialised: within the bound of its fan in


def test_a_loaded_network_is_complete_and_ready_to_run(folder):
    network = load_network(StyleGAN2Generator, folder)
    assert not network.training
    assert {tensor.device.type for tensor in (*network.parameters(), *network.buffers())} == {"cpu"}
    saved = load_file(folder / hub.WEIGHTS_NAME)
    assert all(torch.equal(tensor, saved[name]) for name, tensor in network.state_dict().items())


def test_loading_moves_no_random_state(folder):
    before = torch.random.get_rng_state()
    load_network(StyleGAN2Generator, folder)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_numbers_that_are_not_finite_are_refused(folder, number, dtype):
    weights = {name: tensor.to(dtype) for name, tensor in load_file(folder / hub.WEIGHTS_NAME).items()}
    weights["const"].view(-1)[-1] = float(number)
    save_file(weights, folder / hub.WEIGHTS_NAME)
    hub.write_manifest(folder)
    with pytest.raises(InputError, match="Checkpoint 'copy' is damaged: const has numbers that are not finite"):
        load_network(StyleGAN2Generator, folder)


def test_nothing_is_unpickled_but_tensors():
    calls = [
        (file.name, node.func, {word.arg: ast.unparse(word.value) for word in node.keywords})
        for file in SOURCES.rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]  # fmt: skip
    read = [(name, words.get("weights_only")) for name, func, words in calls if ast.unparse(func) == "torch.load"]
    assert read and all(only == "True" for _, only in read)
    assert not [name for name, _, words in calls if "allow_pickle" in words]
    assert not [name for name, func, _ in calls if ast.unparse(func) in ("pickle.load", "pickle.loads")]
