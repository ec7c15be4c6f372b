"""Runs know where their weights come from: through folders, checkpoints and publication, and back by `train --like`."""

import json
import shutil
from dataclasses import replace

import pytest
from drawn.people import write_ccp

from vton.cli import main
from vton.cli.weights.train import ESTIMATORS
from vton.data.persons.pack import pack_persons
from vton.generation.training.batches import Augmentation
from vton.hub import LINEAGE_NAME, bundled_names, find_checkpoint, read_lineage, revision
from vton.readers.training.configs import named_estimator_config
from vton.systems import find_system, named_config
from vton.training.run_folder import adopt
from vton.training.run_lineage import lineage_of, record_start


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folder with a pack ``pack``, a run ``first``, one ``second`` from it, and ``published`` of that."""
    root = tmp_path_factory.mktemp("runs")
    pack_persons([write_ccp(root / "ccp")], root / "pack", (128, 64))
    train(root, "first", "pose", "--config", "tiny", "--seed", "3", "--set", "lr=0.01")
    train(root, "second", "pose", "--config", "tiny", "--from", str(root / "first"), "--max-images", "8")
    command = ["publish", str(root / "second"), "--out", str(root / "published"), "--data", "drawn\npeople"]
    assert main([*command, "--data-command", "draw", "--data-command", "pack"]) == 0
    return root


def train(root, name, *options):
    images = () if "--max-images" in options else ("--max-images", "4")
    assert main(["train", *options, "--data", str(root / "pack"), "--out", str(root / name), *images]) == 0
    return json.loads((root / name / "config.json").read_text())


def test_a_published_run_tells_its_phases(runs):
    lineage = read_lineage(runs / "published")
    assert lineage.system == "pose" and lineage.parent is None and lineage.revision == revision(runs / "published")
    assert [(phase.images, phase.seed, phase.start) for phase in lineage.phases] == [(4, 3, None), (8, 0, None)]
    assert lineage.phases[0].settings["lr"] == 0.01 and lineage.phases[1].settings["lr"] == 0.002
    assert [(dataset.name, dataset.commands) for dataset in lineage.data] == [("drawn people", ("draw", "pack"))]
    assert lineage.hardware and lineage.date and lineage.code
    assert str(runs) not in (runs / "published" / LINEAGE_NAME).read_text()
    card = (runs / "published" / "README.md").read_text()
    assert "## Lineage" in card and "| 2 | pose | all |  | 8 | see lineage.json | 0 | phase 1 |" in card


def test_like_a_checkpoint_goes_on_from_it(runs, capsys):
    config = train(runs, "on", "--like", str(runs / "published"), "--set", "lr=0.5")
    said = capsys.readouterr().err
    assert "last of 2 phases of published: pose" in said and "not repeated" not in said
    assert "drawn people\n    draw\n    pack\n" in said
    given = json.loads((runs / "second" / "config.json").read_text())
    assert config == {**given, "lr": 0.5}
    start = json.loads((runs / "on" / "start.json").read_text())
    assert start["parent"] == f"published@{revision(runs / 'published')}" and len(start["phases"]) == 2
    assert start["data"] == ["pack"] and start["start"] is None
    train(runs, "again", "pose", "--like", str(runs / "published"), "--from", "none", "--seed", "5")
    assert "earlier phases are not repeated" in capsys.readouterr().err
    start = json.loads((runs / "again" / "start.json").read_text())
    assert start["parent"] is None and start["phases"] == []
    assert json.loads((runs / "again" / "config.json").read_text())["seed"] == 5


def test_hours_and_parts(runs, tmp_path):
    run = shutil.copytree(runs / "first", tmp_path / "run")
    rows = [{"images": 36_000, "images_per_s": 10.0}, {"held_out": {}}, {"images": 54_000, "images_per_s": 2.5}]
    (run / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert lineage_of(run).hours == 3.0  # 1 and 2
    record_start(tmp_path, [str(tmp_path / "pack")], run, {"warp": tmp_path / "other"})
    start = json.loads((tmp_path / "start.json").read_text())
    assert (start["start"], start["data"], start["hours"]) == ("the phase before; warp of other", ["pack"], 3.0)
    record_start(tmp_path, [], None)
    assert json.loads((tmp_path / "start.json").read_text()) == start  # a run that goes on began only once


def test_weights_of_which_nothing_is_known(runs, tmp_path):
    bare = shutil.copytree(runs / "first" / "checkpoint", tmp_path / "bare")
    train(runs, "from-bare", "pose", "--config", "tiny", "--from", str(bare))
    start = json.loads((runs / "from-bare" / "start.json").read_text())
    assert (start["parent"], start["start"], start["hours"]) == (f"bare@{revision(bare)}", "weights of bare", None)
    (runs / "from-bare" / "start.json").unlink()  # a run of before there was one
    assert main(["publish", str(runs / "from-bare"), "--out", str(tmp_path / "out")]) == 0
    lineage = read_lineage(tmp_path / "out")
    assert lineage.phases[-1].start == "not recorded" and lineage.hours is None and lineage.data == ()


def test_a_mean_names_its_parents_and_their_shares(runs, tmp_path):
    mean = tmp_path / "mean"
    assert main(["average", *(str(runs / name) for name in ("second", "first")), "--out", str(mean)]) == 0
    lineage, second = read_lineage(mean), lineage_of(runs / "second")
    parents = [f"{name}@{revision(runs / name / 'checkpoint')}" for name in ("second", "first")]
    assert lineage.parent == f"0.5 {parents[0]} + 0.5 {parents[1]}" and lineage.data == second.data
    assert lineage.phases[:-1] == second.phases  # the first phase is of both, and counted once
    last = lineage.phases[-1]
    assert (last.images, last.settings) == (0, second.phases[-1].settings)
    assert last.start == f"mean of the weights: {lineage.parent}"
    train(runs, "from-mean", "--like", str(mean))
    start = json.loads((runs / "from-mean" / "start.json").read_text())
    assert start["parent"] == f"mean@{lineage.revision}" and len(start["phases"]) == 3


def test_a_mean_of_what_nothing_is_known_of_says_nothing(runs, tmp_path):
    bare = shutil.copytree(runs / "first" / "checkpoint", tmp_path / "bare")
    assert main(["average", str(runs / "first"), str(runs / "second"), "--out", str(tmp_path / "mean")]) == 0
    assert main(["average", str(bare), str(bare), "--out", str(tmp_path / "mean")]) == 0
    assert not (tmp_path / "mean" / LINEAGE_NAME).exists()
    assert main(["average", str(bare), str(runs / "first"), str(runs / "first"), "--out", str(tmp_path / "mean")]) == 0
    lineage = read_lineage(tmp_path / "mean")
    assert lineage.parent.startswith(f"0.333 bare@{revision(bare)} + 0.333 first@") and lineage.hours is None


def test_mistakes_are_one_line(runs, tmp_path, capsys):
    def refused(*options):
        assert main(["train", *options, "--data", str(runs / "pack"), "--out", str(tmp_path / "run")]) == 2
        message = capsys.readouterr().err.removesuffix("\n").splitlines()[-1]
        assert not (tmp_path / "run").exists()
        return message

    published = str(runs / "published")
    assert "Name a system" in refused()
    assert "has no lineage.json" in refused("--like", str(runs / "second" / "checkpoint"))
    assert "not found" in refused("--like", "nothing")
    assert "is of pose: leave parser" in refused("parser", "--like", published)
    assert "leave --config" in refused("--like", published, "--config", "tiny")
    other = shutil.copytree(published, tmp_path / "other")
    lineage = read_lineage(other)
    for phase, reason in (
        (replace(lineage.phases[-1], system="dreams"), "does not train"),
        (replace(lineage.phases[-1], settings={"lr": "fast"}), 'Setting lr cannot be "fast"'),
        (replace(lineage.phases[-1], config="huge"), "--config huge is unknown"),
    ):
        replace(lineage, phases=(phase,)).write(other)
        assert reason in refused("--like", str(other))


@pytest.mark.parametrize("config", [
    named_config(find_system("outfit-gan"), "tiny"), named_config(find_system("acgpn"), "tiny"),
    named_estimator_config("parser", "tiny"),
])  # fmt: skip
def test_a_configuration_survives_its_way_through_json(config):
    other = replace(config, lr=0.125, batch_size=6)
    if hasattr(other, "augmentation"):
        other = replace(other, augmentation=Augmentation(flip=0.25))
    values = json.loads(json.dumps(other.to_dict()))
    assert adopt(config, values) == (other, [])
    assert adopt(config, {**values, "of_before": 1}) == (other, ["of_before"])


@pytest.mark.parametrize("name", bundled_names())
def test_the_last_phase_of_each_bundled_checkpoint_can_be_taken_up(name):
    phase = read_lineage(find_checkpoint(name)).phases[-1]
    if phase.system in ESTIMATORS:
        named = named_estimator_config(phase.system, *filter(None, [phase.config]))
    else:
        named = named_config(find_system(phase.system), *filter(None, [phase.config]))
    config, unknown = adopt(named, phase.settings)
    values = json.loads(json.dumps(config.to_dict()))
    assert not unknown and all(values[key] == value for key, value in phase.settings.items())
