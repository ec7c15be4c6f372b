"""Heads: packed from the studio's shards, drawn into batches, trained; a run resumes to the same weights."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn.studio import write_studio
from safetensors.torch import save_file
from tiny.random_networks import random_efficientnet, random_lpips

from vton.cli import main
from vton.conditioning.value_range import to_u8
from vton.data.heads.pack import HeadPack
from vton.data.heads.writer import pack_heads
from vton.generation.head_training.batches import NO_AUGMENTATION, HeadAugmentation, HeadSource
from vton.generation.head_training.config import named_inset_config
from vton.generation.head_training.trainer import InsetTrainer
from vton.hub import read_lineage
from vton.hub.loading import load_network
from vton.metrics.pictures.lpips import LPIPS
from vton.networks.head_inset import HeadInset
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import REGIONS, InputError
from vton.training.run_folder import prepare_run
from vton.training.state import load_state


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    write_studio(folder)
    out = tmp_path_factory.mktemp("pack") / "heads"
    pack_heads([folder], out, 32)
    return HeadPack(out)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    save_file(random_efficientnet(), folder / "features.safetensors")
    save_file(random_lpips("alexnet"), folder / "lpips.safetensors")
    return {"features": folder / "features.safetensors", "lpips": LPIPS.from_file(folder / "lpips.safetensors")}


def run(data, out, images, config=None, **more):
    config = config or replace(named_inset_config("tiny"), adversarial=0.0)
    trainer = InsetTrainer(config, data, out, 3, **more)
    trainer.run(10, max_images=images, report=lambda line: None)
    return trainer


def test_a_pack_holds_heads_with_their_faces_in_the_middle(data):
    assert len(data) == len(data.regions) == len(data.joints) == len(data.person)
    y, x = np.nonzero(data.regions[0] == REGIONS.index("face"))
    assert abs(x.mean() / 32 - 0.5) < 0.1 and 0.2 < y.mean() / 32 < 0.6
    assert not set(data.person[data.indices(True)]) & set(data.person[data.indices(False)])


def test_batches_are_functions_of_their_step(data):
    source = HeadSource(data, HeadAugmentation())
    first, again, other = source.draw(3, 1, 5), source.draw(3, 1, 5), source.draw(3, 1, 6)
    assert torch.equal(first.image, again.image) and torch.equal(first.coarse, again.coarse)
    assert not torch.equal(first.image, other.image)
    assert first.image.shape == (3, 3, 32, 32) and first.coarse_logits.shape == (3, 10, 32, 32)
    assert torch.allclose(first.coarse_logits.softmax(1).sum(1), torch.ones(3, 32, 32))


def test_without_augmentation_the_coarse_head_is_the_head(data):
    batch = HeadSource(data, NO_AUGMENTATION).make(np.arange(2), np.random.default_rng(0))
    assert torch.equal(batch.image, batch.coarse)
    inside = batch.coarse_logits.argmax(1) == batch.regions
    assert inside.float().mean() > 0.9


def test_a_mirrored_head_has_its_joints_mirrored(data):
    plain = HeadSource(data, NO_AUGMENTATION).make(np.array([0]), np.random.default_rng(0))
    flipped = HeadSource(data, replace(NO_AUGMENTATION, flip=1.0)).make(np.array([0]), np.random.default_rng(0))
    assert torch.equal(flipped.image, plain.image.flip(3))
    eyes = slice(4, 6)
    assert torch.allclose(flipped.joints[:, eyes], plain.joints[:, [5, 4]].flip(3), atol=0.05)


def test_stopping_and_resuming_gives_the_weights_of_one_run(data, tmp_path):
    run(data, tmp_path / "whole", 16)
    run(data, tmp_path / "halves", 8)
    run(data, tmp_path / "halves", 16)
    (whole, meta), (halves, again) = load_state(tmp_path / "whole"), load_state(tmp_path / "halves")
    assert meta == again and whole.keys() == halves.keys()
    assert all(torch.equal(whole[k], halves[k]) for k in whole)
    assert list((tmp_path / "whole" / "sheets").glob("*.png"))
    load_network(HeadInset, tmp_path / "whole" / "checkpoint")


def test_the_loss_falls(data, tmp_path):
    config = replace(named_inset_config("tiny"), adversarial=0.0, prior_share=0.0, lr=1e-2)
    trainer = InsetTrainer(config, data, tmp_path, 3)
    first = [sum(trainer.step(trainer.draw(step, 4), step).values()) for step in range(40)]
    assert np.mean(first[-5:]) < 0.6 * np.mean(first[:5])


def test_all_losses_reach_the_network(data, tmp_path, frozen):
    config = replace(named_inset_config("tiny"), lpips=1.0)
    trainer = InsetTrainer(config, data, tmp_path, 3, **frozen)
    before = [p.clone() for p in trainer.judge.parameters()]
    row = trainer.step(trainer.draw(0, 4), 0)
    assert {"l1", "lpips", "parsing", "kl", "adversarial", "judge"} <= row.keys()
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.judge.parameters(), strict=True))


def test_what_is_missing_or_does_not_fit_is_said(data, tmp_path):
    config = named_inset_config("tiny")
    with pytest.raises(InputError, match="--features"):
        InsetTrainer(config, data, tmp_path)
    with pytest.raises(InputError, match="--lpips-weights"):
        InsetTrainer(replace(config, adversarial=0.0, lpips=1.0), data, tmp_path)
    with pytest.raises(InputError, match="windows of 32 pixels"):
        InsetTrainer(replace(config, network={}, adversarial=0.0), data, tmp_path)
    with pytest.raises(InputError, match="--config huge"):
        named_inset_config("huge")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="is not a pack of heads"):
        HeadPack(tmp_path / "empty")


def test_a_head_is_published_within_a_generator(data, tmp_path, capsys):
    studio, pack, outfits = tmp_path / "studio", tmp_path / "pack", tmp_path / "outfits"
    write_studio(studio)
    assert main(["pack", "--kind", "heads", "--data", str(studio), "--out", str(pack)]) == 0
    assert main(["pack", "--data", str(studio), "--out", str(outfits), "--size", "64x48"]) == 0
    head, body = tmp_path / "head", tmp_path / "body"
    options = ["--config", "tiny", "--set", "adversarial=0", "--max-images", "4", "--out"]
    assert main(["train", "outfit-gan", "--data", str(outfits), *options, str(body)]) == 0
    assert main(["coarse-heads", "--data", str(pack), "--outfits", str(outfits), "--run", str(body)]) == 0
    drawn = HeadPack(pack)
    assert drawn.coarse.shape == drawn.heads.shape and drawn.coarse_regions.max() < len(REGIONS)
    batch = HeadSource(drawn, replace(NO_AUGMENTATION, drawn=1.0)).make(np.array([1]), np.random.default_rng(0))
    assert np.array_equal(to_u8(batch.coarse)[0], drawn.coarse[1]) and not torch.equal(batch.coarse, batch.image)
    run(data, head, 4)  # of windows as small as the tiny network's
    prepare_run(replace(named_inset_config("tiny"), adversarial=0.0), head, 3)
    assert main(["publish", str(body), "--head", str(head), "--out", str(tmp_path / "both")]) == 0
    network = load_network(StyleGAN2Generator, tmp_path / "both")
    trained = load_network(HeadInset, head / "checkpoint").state_dict()
    published = network.head.state_dict()
    assert all(torch.allclose(published[k], trained[k], atol=2e-3) for k in trained)
    assert [phase.part for phase in read_lineage(tmp_path / "both").phases] == ["head", None]
    assert main(["publish", str(body), "--head", str(tmp_path / "both"), "--out", str(tmp_path / "again")]) == 0
    assert [phase.part for phase in read_lineage(tmp_path / "again").phases] == ["head", None]
    assert load_network(StyleGAN2Generator, tmp_path / "again").head is not None
    capsys.readouterr()
    assert main(["publish", str(head), "--out", str(tmp_path / "alone")]) == 2
    assert "with --head" in capsys.readouterr().err
    assert main(["publish", str(body), "--head", str(body), "--out", str(tmp_path / "none")]) == 2
    assert "has no head" in capsys.readouterr().err
    assert main(["train", "head-inset", "--data", str(pack), "--out", str(tmp_path / "x"), "--dry-run"]) == 0
    assert "heads to train on" in capsys.readouterr().out
