"""The estimators' trainer: same weights after a stop, from any number of threads; it learns, starts from, publishes."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn.people import write_ccp
from drawn.studio import write_studio

from vton.cli import main
from vton.data.persons.pack import pack_persons
from vton.hub import verify
from vton.readers.parser.recipe import borders, dice_loss, enlarged_at, label_loss
from vton.readers.photo_unet import PhotoUNet, PhotoUNetOutput
from vton.readers.training.configs import CONFIG_NAMES, SYSTEMS, named_estimator_config
from vton.readers.training.loop import EstimatorTrainer
from vton.readers.training.recipes import make_recipe
from vton.schema import InputError
from vton.schema.label_sets import PARSER_LABELS
from vton.training.run_folder import override
from vton.training.state import load_state


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("people")
    pack_persons([write_ccp(root / "ccp")], root / "real", (128, 64))
    pack_persons([write_studio(root / "studio", 3, 2)], root / "drawn", (64, 32))
    return [root / "real", root / "drawn"]


def train(system, data, out, images, initial=None, **changes):
    config = replace(named_estimator_config(system, "tiny"), **changes)
    trainer = EstimatorTrainer(config, make_recipe(config, data), out, 3, initial)
    out.mkdir(exist_ok=True)
    trainer.run(10, images, report=lambda line: None)
    return trainer


def test_stopping_and_the_number_of_threads_change_nothing(data, tmp_path):
    train("pose", data, tmp_path / "whole", 24, workers=1)
    train("pose", data, tmp_path / "halves", 12, workers=3)
    train("pose", data, tmp_path / "halves", 24, workers=3)
    (whole, meta), (halves, again) = load_state(tmp_path / "whole"), load_state(tmp_path / "halves")
    assert meta == again and meta["images"] == 24 and whole.keys() == halves.keys()
    assert all(torch.equal(whole[k], halves[k]) for k in whole)


@pytest.mark.parametrize(("system", "term"), [("pose", "maps"), ("parser", "labels")])
def test_the_loss_falls_and_the_run_is_published(system, term, data, tmp_path):
    run = tmp_path / "run"
    command = ["train", system, *(part for folder in data for part in ("--data", str(folder))), "--config", "tiny",
               "--out", str(run), "--max-images", "400", "--set", "lr=0.01"]  # fmt: skip
    assert main(command) == 0
    rows = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    first, last = (row for row in rows if "step" in row)
    assert last["images"] == 400 and last[term] < 0.8 * first[term]
    figures = rows[-1]["held_out"]
    assert all(0 <= value <= 1 for value in figures.values())
    assert {name.split("_")[0] for name in figures} == {"ccp", "studio"}
    assert list((run / "sheets").glob("*.jpg"))
    out = tmp_path / "published"
    assert main(["publish", str(run), "--out", str(out)]) == 0
    verify(out)
    net = PhotoUNet.from_pretrained(out)
    assert net.config.map_channels == (18 if system == "pose" else 14)
    assert "400 images seen" in (out / "README.md").read_text()
    assert str(tmp_path) not in (out / "config.json").read_text()


def test_a_run_is_published_with_its_mean_with_others(data, tmp_path, capsys):
    folders = [str(tmp_path / name) for name in ("a", "b", "mean", "published")]
    for seed, folder in enumerate(folders[:2]):
        command = ["train", "parser", "--data", str(data[0]), "--config", "tiny", "--out", folder, "--max-images", "4"]
        assert main([*command, "--seed", str(seed)]) == 0
    assert main(["average", *folders[:2], "--out", folders[2]]) == 0
    assert main(["publish", folders[1], "--weights", folders[2], "--out", folders[3]]) == 0
    verify(tmp_path / "published")
    checkpoints = (tmp_path / "a" / "checkpoint", tmp_path / "b" / "checkpoint", tmp_path / "published")
    a, b, mean = (PhotoUNet.from_pretrained(folder).state_dict()["stem.0.weight"].float() for folder in checkpoints)
    assert torch.allclose(mean, (a + b) / 2, atol=1e-3) and not torch.allclose(a, b, atol=0.1)
    train("pose", data, tmp_path / "pose", 8)
    for other in ("pose", "nothing"):
        assert main(["publish", folders[1], "--weights", str(tmp_path / other), "--out", folders[3]]) == 2
        assert other in capsys.readouterr().err


def test_another_system_starts_from_the_layers_they_share(data, tmp_path):
    pose = train("pose", data, tmp_path / "pose", 8)
    config = named_estimator_config("parser", "tiny")
    parser = EstimatorTrainer(config, make_recipe(config, data), tmp_path / "parser", 4, tmp_path / "pose")
    assert torch.equal(parser.net.state_dict()["stem.0.weight"], pose.ema.state_dict()["stem.0.weight"])
    assert parser.net.head.weight.shape[0] == 14
    again = EstimatorTrainer(config, make_recipe(config, data), tmp_path / "x", 5, tmp_path / "pose" / "checkpoint")
    assert torch.equal(again.ema.state_dict()["stem.0.weight"], pose.ema.state_dict()["stem.0.weight"])


def test_the_rate_rises_and_falls(data, tmp_path):
    config = replace(named_estimator_config("pose", "tiny"), lr=1.0, warmup=100, decay_from=200, decay_to=400)
    trainer = EstimatorTrainer(config, make_recipe(config, data), tmp_path)
    rates = []
    for trainer.images in (0, 100, 200, 300, 400, 900):
        rates.append(trainer.rate())
    assert rates[0] == pytest.approx(0.04) and rates[1] == rates[2] == 1.0
    assert rates[3] == pytest.approx(0.505) and rates[4] == rates[5] == pytest.approx(0.01)


def test_averaged_statistics_follow_the_network(data, tmp_path):
    trainer = train("pose", data, tmp_path, 40)
    own, averaged = trainer.net.state_dict(), trainer.ema.state_dict()
    moved = averaged["stem.1.running_mean"].abs().sum()
    assert moved > 0 and not torch.equal(own["stem.1.running_mean"], averaged["stem.1.running_mean"])


def test_perfect_maps_have_no_loss(data):
    config = named_estimator_config("parser", "tiny")
    batch = make_recipe(config, data).batch(np.random.default_rng(0), 4)
    labels = batch["labels"].long()
    sure = torch.full((4, 14, *labels.shape[1:]), -30.0)
    part = torch.where(labels == 254, 3, labels.clamp(max=13))
    sure.scatter_(1, part[:, None], 30.0)
    right, wrong = sure.log_softmax(1), (-sure).log_softmax(1)
    assert label_loss(right, labels) < 1e-3 and dice_loss(right, labels) < 1e-3
    assert label_loss(wrong, labels) > 1 and dice_loss(wrong, labels) > 0.3


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_pixels_of_enlarged_maps_one_by_one(stride):
    maps = torch.randn(2, 3, 8, 6)
    size = (8 * stride, 6 * stride)
    whole = torch.nn.functional.interpolate(maps, size=size, mode="bilinear", align_corners=False)
    for row in range(stride):
        for column in range(stride):
            ours = enlarged_at(maps, stride, row, column)
            assert torch.allclose(ours, whole[:, :, row::stride, column::stride], atol=1e-5)


def test_any_part_satisfies_unknown_skin():
    labels = torch.full((1, 2, 2), 254)
    for part in (3, 4, 5, 6):
        logits = torch.zeros(1, 14, 2, 2)
        logits[:, part] = 30
        assert label_loss(logits.log_softmax(1), labels) < 1e-6
    logits = torch.zeros(1, 14, 2, 2)
    logits[:, 7] = 30
    log_p = logits.log_softmax(1)
    assert label_loss(log_p, labels) > 20
    assert label_loss(log_p, torch.full((1, 2, 2), 255)) == 0


def test_borders_of_exact_labels_weigh_more(data):
    recipe = make_recipe(named_estimator_config("parser", "tiny"), data)
    labels = torch.zeros(2, 64, 32, dtype=torch.uint8)
    labels[:, :, 16:] = 7
    beside = borders(labels)
    assert beside[:, :, 15:17].all() and beside.sum() == 2 * 64 * 2
    maps = torch.zeros(2, 14, 32, 16, requires_grad=True)
    batch = {"labels": labels, "exact": torch.tensor([1.0, 0.0]), "present": torch.ones(2)}
    loss = recipe.loss(PhotoUNetOutput(maps, torch.zeros(2, 1)), batch)["labels"]
    (gradient,) = torch.autograd.grad(loss, maps)
    at_border, inside = gradient[:, :, :, 7:9].abs().sum((1, 2, 3)), gradient[:, :, :, 2:4].abs().sum((1, 2, 3))
    exact, given = at_border / inside
    assert exact > 1.8 * given


def test_weighty_classes_are_not_found_too_often(data):
    recipe = make_recipe(named_estimator_config("parser", "tiny"), data)
    hat = PARSER_LABELS.index("hat")
    labels = (torch.rand(1, 64, 64) < 0.5).to(torch.uint8) * hat
    logits = torch.zeros(14, requires_grad=True)
    optimizer = torch.optim.Adam([logits], 0.1)
    for _ in range(150):
        out = PhotoUNetOutput(logits.reshape(1, 14, 1, 1).expand(1, 14, 32, 32), torch.zeros(1, 1))
        loss = recipe.loss(out, {"labels": labels, "exact": torch.zeros(1), "present": torch.ones(1)})["labels"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    shares = logits.detach().softmax(0)
    assert shares[[0, hat]].tolist() == pytest.approx([0.5, 0.5], abs=0.05)  # by their weights the hat had 0.77


def test_configurations_and_their_mistakes(data, tmp_path, capsys):
    for system in SYSTEMS:
        for name in CONFIG_NAMES:
            assert json.dumps(named_estimator_config(system, name).to_dict())
    assert override(named_estimator_config("pose"), ["lr=0.5"]).lr == 0.5
    for bad in ("nothing=1", "lr=fast", "system=1"):
        with pytest.raises(InputError):
            override(named_estimator_config("pose"), [bad])
    common = ["train", "pose", "--data", str(data[0]), "--out", str(tmp_path / "run")]
    assert main([*common, "--config", "huge"]) == 2
    assert main([*common, "--from", str(tmp_path / "nowhere")]) == 2
    assert main(["train", "pose", "--data", str(tmp_path), "--out", str(tmp_path / "run")]) == 2
    assert main([*common, "--config", "tiny", "--dry-run"]) == 0 and not (tmp_path / "run").exists()
    assert '"precision": "auto"' in capsys.readouterr().out
    assert main([*common, "--config", "tiny", "--dry-run", "--precision", "bf16"]) == 0
    assert '"precision": "bf16"' in (text := capsys.readouterr().out) and "parameters" in text
