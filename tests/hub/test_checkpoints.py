"""Checkpoint folders: found by name, folder or id, and never used when anything is wrong with them."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from vton import hub
from vton.hub.fetching import sha256_of
from vton.schema import InputError
from vton.systems.fashion_gan.pipeline import FashionGANPipeline
from vton.systems.outfit_gan.pipeline import OutfitGANPipeline


@pytest.fixture
def folder(tiny_fashion_checkpoint, tmp_path):
    """A copy of a good checkpoint, to be spoilt."""
    return shutil.copytree(tiny_fashion_checkpoint, tmp_path / "copy")


def change_weights(folder, change):
    file = folder / hub.WEIGHTS_NAME
    weights = load_file(file)
    weights = {key: tensor.clone() for key, tensor in weights.items()}
    change(weights)
    save_file(weights, file)
    hub.write_manifest(folder)


def refuse(folder, message):
    """The checkpoint is refused with one line that shows no path."""
    with pytest.raises(InputError, match=message) as caught:
        FashionGANPipeline.from_pretrained(folder)
    assert str(folder.parent) not in str(caught.value) and "\n" not in str(caught.value)


def test_found_by_folder_and_by_bundled_name(folder):
    assert hub.find_checkpoint(folder) == folder
    assert hub.find_checkpoint(str(folder)) == folder
    assert hub.find_checkpoint("copy", root=folder.parent) == folder
    assert hub.bundled_names(folder.parent) == ["copy"]


@pytest.mark.parametrize("name", ["no-such-checkpoint", "", "/no/such/folder", "../copy"])
def test_unknown_names_list_what_there_is(folder, name):
    with pytest.raises(InputError, match="not found: .*bundled name"):
        hub.find_checkpoint(name, root=folder)


def test_a_folder_without_a_config_is_none(tmp_path):
    with pytest.raises(InputError, match="has no config.json"):
        hub.find_checkpoint(tmp_path)


def test_a_hub_id_without_the_hub(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match="Hub cannot be reached"):
        hub.find_checkpoint("someone/outfit-gan")


def test_a_good_checkpoint_is_accepted_and_described(folder):
    hub.verify(folder)
    facts = hub.checkpoint_facts(folder)
    pipeline = FashionGANPipeline.from_pretrained(folder)
    state = pipeline.generator.state_dict()
    assert facts.size_hw == (64, 48) and facts.revision == hub.revision(folder) == pipeline.revision
    assert facts.parameters == sum(tensor.numel() for tensor in state.values())
    assert len(facts.revision) == 12


@pytest.mark.parametrize("name", [hub.WEIGHTS_NAME, hub.CONFIG_NAME])
def test_one_flipped_byte(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[-3] ^= 1
    (folder / name).write_bytes(content)
    refuse(folder, f"corrupt: {name} differs")


@pytest.mark.parametrize("name", [hub.WEIGHTS_NAME, hub.CONFIG_NAME, hub.MANIFEST_NAME])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    refuse(folder, name)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"config.json": 3}', '{"config.json": "00"}'])
def test_a_broken_manifest(folder, manifest):
    (folder / hub.MANIFEST_NAME).write_text(manifest)
    refuse(folder, "broken manifest.json")


@pytest.mark.parametrize("name", ["../beside.bin", "inner/beside.bin", "/beside.bin", "..", "", ".", "a\n.bin"])
def test_a_manifest_names_files_of_its_own_folder_alone(folder, name):
    """Even where a file lies there and its sum fits."""
    beside = folder / name.lstrip("/") if name.endswith("beside.bin") else folder / "beside.bin"
    beside.parent.mkdir(exist_ok=True)
    beside.write_bytes(b"content")
    manifest = json.loads((folder / hub.MANIFEST_NAME).read_text())
    manifest[str(beside) if name.startswith("/") else name] = sha256_of(beside)
    (folder / hub.MANIFEST_NAME).write_text(json.dumps(manifest))
    refuse(folder, "broken manifest.json")


@pytest.mark.parametrize("keep", [0, 7, 200, 5000])
def test_truncated_weights_even_with_a_fitting_manifest(folder, keep):
    file = folder / hub.WEIGHTS_NAME
    file.write_bytes(file.read_bytes()[:keep])
    refuse(folder, "corrupt")
    hub.write_manifest(folder)
    refuse(folder, "corrupt")


@pytest.mark.parametrize(
    "config", ["", "[]", "{}", '{"size_hw": [60, 48], "condition": "none"}', '{"size_hw": 3}']
)
def test_a_wrong_config_even_with_a_fitting_manifest(folder, config):
    (folder / hub.CONFIG_NAME).write_text(config)
    hub.write_manifest(folder)
    refuse(folder, "corrupt|does not fit its config|does not belong")


def test_wrong_keys_and_shapes(folder, capfd):
    def rename(weights):
        weights["stranger"] = weights.pop("const")

    change_weights(folder, rename)
    refuse(folder, "lacks const \\(and 1 more\\)")

    change_weights(
        folder, lambda weights: weights.update(const=weights.pop("stranger"), extra=torch.zeros(2))
    )
    refuse(folder, "adds extra")

    change_weights(folder, lambda weights: (weights.pop("extra"), weights.update(const=torch.zeros(1, 4, 3))))
    refuse(folder, "corrupt|another shape")
    assert capfd.readouterr().err == ""


def test_a_checkpoint_of_another_system(tiny_fashion_checkpoint, tiny_outfit_checkpoint):
    with pytest.raises(InputError, match="does not belong to outfit-gan"):
        OutfitGANPipeline.from_pretrained(tiny_fashion_checkpoint)
    with pytest.raises(InputError, match="does not belong to fashion-gan"):
        FashionGANPipeline.from_pretrained(tiny_outfit_checkpoint)


def test_weights_in_half_precision_are_run_in_full(folder):
    change_weights(folder, lambda weights: weights.update({k: t.half() for k, t in weights.items()}))
    pipeline = FashionGANPipeline.from_pretrained(folder)
    assert {p.dtype for p in pipeline.generator.parameters()} == {torch.float32}
    assert pipeline(seed=1)[0].image_u8.std() > 0


def test_replacing_the_file_leaves_the_loaded_weights(folder):
    pipeline = FashionGANPipeline.from_pretrained(folder)
    before = pipeline(seed=1)[0].image_u8
    file = folder / hub.WEIGHTS_NAME
    file.write_bytes(bytes(len(file.read_bytes())))
    assert (pipeline(seed=1)[0].image_u8 == before).all()


def test_the_manifest_lists_config_and_weights(folder):
    manifest = json.loads(hub.write_manifest(folder).read_text())
    assert set(manifest) == {hub.CONFIG_NAME, hub.WEIGHTS_NAME}
    assert manifest[hub.WEIGHTS_NAME].startswith(hub.revision(folder))
