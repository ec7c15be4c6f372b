"""The try-on trainer, all systems: it learns, resumes to the same weights, freezes parts, starts from others'."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn.studio import write_studio
from safetensors.torch import load_file, save_file
from tiny.random_networks import random_lpips
from torch import nn

from vton.cli import main
from vton.data.pairs.pack import PairPack
from vton.data.pairs.writer import pack_pairs
from vton.hub import verify
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import InputError, Task
from vton.systems import find_system, named_config, systems
from vton.training.optimisation import start_from
from vton.training.run_folder import override
from vton.training.state import load_state
from vton.tryon.training.recipe import load_recipe
from vton.tryon.training.trainer import TryOnTrainer

# Others of their terms wait for these, or are drawn to each other.
FALLING = {"viton": ("coarse_mask", "l1"), "acgpn": ("parsing", "clothes", "warp", "refined", "rendered"),
           "cp-vton": ("warp", "warp_mask", "l1", "mask"), "ma-vton": ("warp", "warp_mask", "l1", "mask")}  # fmt: skip
each_system = pytest.mark.parametrize("system", systems(Task.TRY_ON))


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    """Held-out samples are looked at in most tests; one is enough here."""
    monkeypatch.setattr("vton.tryon.training.trainer.MEASURED", 1)
    monkeypatch.setattr("vton.tryon.training.trainer.LOG_EVERY", 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("pairs")
    pack_pairs([write_studio(root / "studio", 3, 2)], root / "pack", processes=1)
    return root / "pack"


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    file = tmp_path_factory.mktemp("features") / "alexnet.safetensors"
    save_file(random_lpips("alexnet"), file)
    return file


def make(system, folder, out, initial=None, weights=None, **changes):
    record = find_system(system)
    config = replace(named_config(record, "tiny"), **{"batch_size": 2, "workers": 1, **changes})
    out.mkdir(exist_ok=True)
    return TryOnTrainer(load_recipe(record, config, weights), [PairPack(folder)], out, 3, initial)


def parts_of(system):
    return find_system(system).load("recipe").parts


def train(trainer, images):
    trainer.run(10, images, report=lambda line: None)
    return trainer


@each_system
def test_stopping_changes_nothing(system, folder, features, tmp_path):
    options = {"weights": features, "perceptual": 1.0, "adversarial": 0.1, "perceptual_count": 1,
               "adversarial_from": 0}  # fmt: skip
    predicted = {"predicted_from": 0, "predicted_to": 1, "predicted_share": 0.7}
    options |= {name: value for name, value in predicted.items() if hasattr(named_config(find_system(system)), name)}
    train(make(system, folder, tmp_path / "whole", **options), 4)
    train(make(system, folder, tmp_path / "halves", **options), 2)
    train(make(system, folder, tmp_path / "halves", **options, workers=2), 4)
    (whole, meta), (halves, again) = load_state(tmp_path / "whole"), load_state(tmp_path / "halves")
    assert meta == again and meta["images"] == 4 and whole.keys() == halves.keys()
    assert not [name for name in whole if not torch.equal(whole[name], halves[name])]
    judges = make(system, folder, tmp_path / "judges", **options).judges
    assert any(name.startswith("judges.") for name in whole) == (len(judges) > 0)
    rows = [json.loads(line) for line in (tmp_path / "whole" / "log.jsonl").read_text().splitlines()]
    assert all(np.isfinite(list(row.values())).all() for row in rows if "step" in row)
    held_out = rows[-1]["held_out"]
    assert 0 < held_out["studio_ssim"] <= 1 and 0 <= held_out["studio_warp_iou"] <= 1 and held_out["studio_lpips"] > 0
    assert list((tmp_path / "whole" / "sheets").glob("*.jpg"))


@each_system
def test_the_loss_of_every_part_falls_on_a_repeated_batch(system, folder, tmp_path):
    trainer = make(system, folder, tmp_path, lr=3e-3, warmup=1, **({"warped_share": 1.0} if system == "acgpn" else {}))
    batch = trainer.draw(0, 2)
    first = trainer.step(batch, 0)
    for step in range(1, 12):
        last = trainer.step(batch, step)
    for name in FALLING.get(system, first):
        assert last[name] < 0.97 * first[name], name


@each_system
def test_a_part_of_weight_zero_keeps_its_weights(system, folder, tmp_path):
    for frozen in parts_of(system):
        trainer = make(system, folder, tmp_path / frozen, **{frozen: 0.0})
        if frozen == parts_of(system)[-1]:
            getattr(trainer.net, frozen).register_forward_hook(lambda *_: pytest.fail("the last part need not run"))
        before = {name: value.clone() for name, value in trainer.net.state_dict().items()}
        trainer.step(trainer.draw(0, 2), 0)
        after = trainer.net.state_dict()
        moved = {name.split(".")[0] for name, value in after.items() if not value.equal(before[name])}
        assert moved == set(parts_of(system)) - {frozen}
    with pytest.raises(InputError, match="Nothing to train"):
        make(system, folder, tmp_path / "none", **dict.fromkeys(parts_of(system), 0.0))


def test_how_often_old_garments_hide_more_is_the_configurations(folder, tmp_path):
    augmentation = make("cp-vton", folder, tmp_path / "run", wider=0.25, longer=0.0).source.augmentation
    assert augmentation.wider == 0.25 and augmentation.longer == 0.0


def test_gradients_do_not_cross_parts(folder, tmp_path):
    both, alone = make("cp-vton", folder, tmp_path / "both"), make("cp-vton", folder, tmp_path / "alone", tryon=0.0)
    batch = both.draw(0, 2)
    for trainer in (both, alone):
        trainer.step(batch, 0)
    for name, value in alone.net.warp.state_dict().items():
        assert torch.equal(value, both.net.warp.state_dict()[name]), name


def test_ma_vton_starts_from_cp_vtons_warp(folder, tmp_path):
    cp = train(make("cp-vton", folder, tmp_path / "cp", tryon=0.0), 4)
    ma = make("ma-vton", folder, tmp_path / "ma", tmp_path / "cp", warp=0.0)
    for name, value in cp.ema.warp.state_dict().items():
        assert torch.equal(value, ma.net.warp.state_dict()[name])
    again = make("ma-vton", folder, tmp_path / "again", tmp_path / "cp" / "checkpoint")
    assert torch.equal(again.net.warp.regressor.linear.weight, ma.net.warp.regressor.linear.weight)
    with pytest.raises(InputError, match="no weight of it"):
        make("viton", folder, tmp_path / "other", tmp_path / "cp")
    other = make("acgpn", folder, tmp_path / "acgpn", tmp_path / "cp", network={"width": 3})
    for name, value in cp.ema.warp.state_dict().items():
        taken = other.net.warp.state_dict()[name]
        if taken.shape != value.shape:  # ACGPN's also sees the mask of the clothes
            taken, beyond = taken.split([value.shape[1], 1], 1)
            assert not beyond.any()
        assert torch.equal(value, taken)


def test_a_part_may_come_from_another_run(folder, tmp_path):
    first = train(make("cp-vton", folder, tmp_path / "first"), 4)
    second = train(make("cp-vton", folder, tmp_path / "second", lr=3e-3, tryon=0.0), 4)
    system = find_system("cp-vton")
    (tmp_path / "third").mkdir()
    third = TryOnTrainer(load_recipe(system, named_config(system, "tiny")), [PairPack(folder)], tmp_path / "third", 3,
                         tmp_path / "first", {"warp": tmp_path / "second"})  # fmt: skip
    parts = {"warp": second.ema.warp, "tryon": first.ema.tryon}
    for name, part in parts.items():
        for key, value in part.state_dict().items():
            assert torch.equal(value, getattr(third.net, name).state_dict()[key])


def test_further_channels_start_unseen(tmp_path):
    torch.manual_seed(0)
    narrow, wide = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3)), torch.nn.Sequential(torch.nn.Conv2d(5, 4, 3))
    save_file(narrow.state_dict(), tmp_path / "diffusion_pytorch_model.safetensors")
    assert start_from(wide, tmp_path) == 2
    x = torch.randn(1, 5, 8, 8)
    assert torch.allclose(wide(x), narrow(x[:, :3]), atol=1e-6)
    fewer = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3))
    before = fewer[0].weight.clone()
    assert start_from(fewer, tmp_path) == 1 and torch.equal(fewer[0].weight, before)


def test_a_wider_network_starts_with_what_the_narrow_one_knew(tmp_path):
    def layers(width):
        return nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, 2, 1)).eval()

    narrow, wide = layers(4), layers(6)
    nn.init.uniform_(narrow[1].running_mean)
    save_file(narrow.state_dict(), tmp_path / "diffusion_pytorch_model.safetensors")
    start_from(wide, tmp_path)
    x = torch.randn(1, 3, 8, 8)
    assert torch.allclose(wide(x), narrow(x), atol=1e-6) and wide[0].weight[4:].abs().min() > 0


def test_the_adversarial_loss_sets_in_later(folder, tmp_path):
    trainer = make("ma-vton", folder, tmp_path, adversarial=0.1, adversarial_from=4)
    rows = [trainer.step(trainer.draw(step, 2), step) for step in range(3)]
    assert ["adversarial" in row for row in rows] == [False, False, True] == ["discriminator" in row for row in rows]
    assert make("ma-vton", folder, tmp_path / "off").judges.keys() == {}.keys()


def test_rates_rise_and_fall(folder, tmp_path):
    schedule = {"lr": 1e-3, "warmup": 8, "decay_from": 20, "decay_to": 40}
    trainer = make("ma-vton", folder, tmp_path, adversarial=0.1, adversarial_from=0, **schedule)
    rates = []
    for images in (0, 6, 30, 80):
        trainer.images = images
        trainer.step(trainer.draw(0, 2), 0)
        rates.append([trainer.optimizers[k].param_groups[0]["lr"] for k in ("optimizer", "judge_optimizer")])
    ours = [rate for rate, _ in rates]
    assert ours == pytest.approx([2.5e-4, 1e-3, 5.05e-4, 1e-5])
    assert [rate for _, rate in rates] == pytest.approx([rate * 0.2 for rate in ours])


def test_from_the_command_line_to_a_published_checkpoint(folder, tmp_path, capsys):
    run, out = tmp_path / "run", tmp_path / "published"
    command = ["train", "ma-vton", "--data", str(folder), "--data", str(folder), "--config", "tiny", "--out", str(run),
               "--set", "batch_size=2"]  # fmt: skip
    assert main([*command, "--dry-run"]) == 0 and "parameters: warp" in capsys.readouterr().out and not run.exists()
    assert main([*command, "--max-images", "2"]) == 0
    assert main([*command, "--max-images", "2", "--set", "lr=0.5"]) == 2
    weights = run / "checkpoint" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    tensors["warp.regressor.layers.1.running_var"] += 1e6
    save_file(tensors, weights, metadata={"format": "pt"})
    report = {"systems": {"ma-vton": {"figures": {"studio_ssim": {"value": 0.91, "n": 4}}}}}
    (tmp_path / "report.json").write_text(json.dumps(report))
    assert main(["publish", str(run), "--out", str(out), "--report", str(tmp_path / "report.json")]) == 0
    verify(out)
    network = find_system("ma-vton").load("network")
    published, trained = (network.from_pretrained(place) for place in (out, run / "checkpoint"))
    assert published.config.width == 4
    for key, value in trained.state_dict().items():  # variances of batch norm exceed half precision's range
        found = published.state_dict()[key].float()
        assert found.isfinite().all() and torch.allclose(found, value.float(), rtol=2e-3, atol=1e-4), key
    card = (out / "README.md").read_text()
    assert "256x192" in card and "| studio_ssim | 0.91 | n 4 |" in card and "2 images seen" in card
    assert str(tmp_path) not in (out / "config.json").read_text()
    (tmp_path / "report.json").write_text(json.dumps({"systems": {}}))
    assert main(["publish", str(run), "--out", str(out), "--report", str(tmp_path / "report.json")]) == 2


def test_missing_features_are_said_before_any_work(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(LPIPS, "from_package", classmethod(lambda *_: (_ for _ in ()).throw(ImportError("lpips"))))
    command = ["train", "cp-vton", "--data", str(folder), "--out", str(tmp_path / "run")]
    assert main(command) == 2
    message = capsys.readouterr().err
    assert "--lpips-weights" in message and "perceptual=0" in message and not (tmp_path / "run").exists()
    assert main([*command, "--lpips-weights", str(tmp_path / "nothing")]) == 2


def test_configurations_and_their_mistakes(folder, tmp_path):
    for name, system in systems(Task.TRY_ON).items():
        for config in system.load("configs").values():
            assert json.dumps(config.to_dict()) and all(hasattr(config, part) for part in parts_of(name))
    assert override(named_config(find_system("ma-vton")), ["attention=0", "mask=2.5"]).mask == 2.5
    assert main(["train", "viton", "--data", str(tmp_path), "--out", str(tmp_path / "run"), "--config", "tiny"]) == 2
    assert main(["train", "viton", "--data", str(folder), "--out", str(tmp_path / "run"), "--config", "huge"]) == 2
