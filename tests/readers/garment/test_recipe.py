"""The garment segmenter's recipe: batches, what its loss counts, and that a few steps of training lower it."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn.garments import write_clothing, write_packshots

from vton.data.garments.composites import NO_GARMENT
from vton.data.garments.pack import pack_garments
from vton.readers.garment.bundled import HAT
from vton.readers.photo_unet import PhotoUNetOutput
from vton.readers.training.configs import named_estimator_config
from vton.readers.training.loop import EstimatorTrainer
from vton.readers.training.recipes import make_recipe

CONFIG = named_estimator_config("garment-mask", "tiny")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recipe")
    write_packshots(folder / "studio")
    pack_garments([write_clothing(folder / "clothing"), folder / "studio"], folder / "pack", processes=1)
    return folder / "pack"


@pytest.fixture(scope="module")
def recipe(folder):
    return make_recipe(CONFIG, [folder])


def answer(batch, certainty=12.0):
    """What a perfect network would say."""
    maps = (batch["mask"] * 2 - 1) * certainty
    slots = torch.nn.functional.one_hot(batch["slot"], 7)
    return PhotoUNetOutput(maps, torch.cat([slots, batch["hat"][:, None]], 1) * certainty)


def test_a_batch_has_all_kinds_in_the_right_shapes(recipe):
    batch = recipe.batch(np.random.default_rng(0), 40)
    assert batch["image"].shape == (40, 3, 64, 64) and batch["mask"].shape == (40, 1, 32, 32)
    assert -1 <= batch["image"].min() < 0 < batch["image"].max() <= 1
    empty = batch["mask"].amax((1, 2, 3)) == 0
    assert (empty[batch["slot"] == NO_GARMENT]).all() and 0 < empty.sum() < 20
    assert {NO_GARMENT} < set(batch["slot"].tolist())
    again = recipe.batch(np.random.default_rng(0), 40)
    assert torch.equal(batch["image"], again["image"])


def test_the_truth_has_the_least_loss(recipe):
    batch = recipe.batch(np.random.default_rng(0), 24)
    right, wrong = answer(batch), answer({**batch, "mask": 1 - batch["mask"], "slot": (batch["slot"] + 1) % 7})
    least, most = recipe.loss(right, batch), recipe.loss(wrong, batch)
    assert all(least[name] < most[name] for name in ("mask", "dice", "slot"))
    assert least["dice"] < 0.05


def test_a_photo_without_a_mask_teaches_the_slot_alone(recipe):
    batch = recipe.batch(np.random.default_rng(0), 4)
    batch["trust"] = torch.tensor([1.0, 0.0, 1.0, 0.0])
    maps = torch.zeros_like(batch["mask"], requires_grad=True)
    pooled = torch.zeros(4, 8, requires_grad=True)
    sum(recipe.loss(PhotoUNetOutput(maps, pooled), batch).values()).backward()
    told = maps.grad.abs().sum((1, 2, 3)) > 0
    assert told.tolist() == [True, False, True, False]
    assert (pooled.grad[:, :7].abs().sum(1) > 0).all()


def test_hat_or_bag_is_asked_of_accessories_alone(recipe):
    batch = recipe.batch(np.random.default_rng(0), 3)
    batch["hat"] = torch.tensor([1.0, 0.0, -1.0])
    pooled = torch.zeros(3, 8, requires_grad=True)
    recipe.loss(PhotoUNetOutput(torch.zeros_like(batch["mask"]), pooled), batch)["hat"].backward()
    assert pooled.grad[:, HAT].sign().tolist() == [-1, 1, 0] and not pooled.grad[:, :HAT].any()


def test_a_short_run_learns_and_writes_a_checkpoint(recipe, tmp_path):
    trainer = EstimatorTrainer(replace(CONFIG, batch_size=8, lr=5e-3), recipe, tmp_path)
    batch = recipe.batch(np.random.default_rng(1), 8)
    first = sum(trainer.step(batch, 0).values())
    for step in range(1, 25):
        last = sum(trainer.step(batch, step).values())
    assert last < 0.8 * first
    trainer.save(25)
    reported = []
    trainer.look(reported.append)
    figures = json.loads(reported[0])
    assert {"packshot_iou", "photo_slot", "known_negatives"} <= set(figures)
    assert all(0 <= value <= 1 for value in figures.values())
    assert (tmp_path / "checkpoint" / "manifest.json").is_file() and list((tmp_path / "sheets").glob("*.jpg"))
