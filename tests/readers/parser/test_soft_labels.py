"""The parser's teacher and its labels: it learns, labels training photos only, and its labels reach the parser."""

import json

import numpy as np
import pytest
import torch
from drawn.people import write_ccp
from drawn.studio import write_studio
from safetensors.torch import save_file
from tiny.random_networks import random_efficientnet

from vton.cli import main
from vton.conditioning.canvas import fit_to_canvas
from vton.data.persons.pack import PersonPack, pack_persons
from vton.networks.efficientnet_lite import EfficientNetLite0Features
from vton.readers.parser.recipe import soft_label_loss
from vton.readers.parser.soft_labels import soft_labels
from vton.readers.parser.teacher import ParserTeacher
from vton.readers.training.configs import named_estimator_config
from vton.readers.training.person_samples import PersonSampler, SampleMix
from vton.readers.training.recipes import make_recipe
from vton.training.photo_augmentation import Camera, ViewRange

CANVAS = (128, 64)
STILL = SampleMix(real=1.0, nobody=0, bystander=0, camera=Camera(0, 0, 0, 0, 0, 0, 0, 0))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("taught")
    pack_persons([write_ccp(root / "ccp")], root / "real", CANVAS)
    pack_persons([write_studio(root / "studio", 3, 2)], root / "drawn", (64, 32))
    save_file(random_efficientnet(), root / "lite0.safetensors")
    command = ["train", "parser-teacher", *data(root), "--config", "tiny", "--out", str(root / "teacher")]
    assert main([*command, "--features", str(root / "lite0.safetensors"), "--max-images", "16"]) == 0
    assert main(["soft-labels", "--data", str(root / "real"), "--teacher", str(root / "teacher")]) == 0
    return root


def data(root):
    return ["--data", str(root / "real"), "--data", str(root / "drawn")]


def test_the_features_of_the_teacher_are_trained_on(root):
    rows = [json.loads(line) for line in (root / "teacher" / "log.jsonl").read_text().splitlines()]
    assert "ccp_mean" in rows[-1]["held_out"]
    own = ParserTeacher.from_pretrained(root / "teacher" / "checkpoint").features
    given = EfficientNetLite0Features.from_file(root / "lite0.safetensors")
    assert torch.equal(own.stem.weight, given.stem.weight)
    deep, before = own.blocks[-1].project, given.blocks[-1].project
    assert torch.equal(deep.scale, before.scale) and 0 < (deep.weight - before.weight).abs().max() < 0.1


def test_training_photos_have_soft_labels_and_no_others(root):
    pack = PersonPack(root / "real")
    assert pack.soft_labels.shape == (len(pack), CANVAS[0] // 2, CANVAS[1] // 2, 14)
    for photo in range(len(pack)):
        total = pack.soft_labels[photo].sum(2, dtype=int)
        rows, columns = (slice(part.start // 2, part.stop // 2) for part in pack.content_of(photo))
        if pack.held_out[photo] or pack.has_parsing[photo]:
            assert not total.any()
        else:
            assert np.abs(total[rows, columns] - 255).max() <= 7
    assert pack.indices(False, parsed=True).size < pack.indices(False).size


def test_what_tags_rule_out_has_no_share(root):
    pack = PersonPack(root / "real")
    tagged = [i for i in pack.indices(False) if not pack.possible[i].all()]
    assert tagged
    for photo in tagged:
        shares, possible = np.array(pack.soft_labels[photo]), np.array(pack.possible[photo]).astype(bool)
        assert not shares[..., ~possible].any() and shares[..., possible].any()
    teacher = ParserTeacher.from_pretrained(root / "teacher" / "checkpoint").eval()
    assert soft_labels(np.array(pack.photos[tagged[0]]), [teacher])[..., ~possible].any()


def test_a_mirrored_photo_gets_mirrored_labels(root):
    teacher = ParserTeacher.from_pretrained(root / "teacher" / "checkpoint").eval()
    photo, _ = fit_to_canvas(np.random.default_rng(0).integers(0, 255, (128, 64, 3), np.uint8), CANVAS)
    there = soft_labels(photo, [teacher]).astype(int)
    back = soft_labels(np.ascontiguousarray(photo[:, ::-1]), [teacher])[:, ::-1]
    assert np.abs(there - back).max() <= 1


@pytest.mark.parametrize("flip", [0.0, 1.0])
def test_soft_labels_move_with_the_photo(root, flip):
    pack = PersonPack(root / "real")
    photo = int(pack.indices(False, parsed=True)[0])
    # As sure as can be of what is given.
    given = np.array(pack.parsing[photo])
    pack.has_parsing = np.zeros_like(pack.has_parsing)
    pack.soft_labels = np.zeros((len(pack), CANVAS[0] // 2, CANVAS[1] // 2, 14), np.uint8)
    hard = given[::2, ::2]
    for label in range(14):
        pack.soft_labels[photo, ..., label] = 255 * (hard == label)
    views = ViewRange(half_body=0, close=1, far=0, rotation=5, turned=1, flip=flip)
    sampler = PersonSampler([pack], CANVAS, 2, SampleMix(**{**vars(STILL), "views": views}), parsed=True)
    sample = sampler.real_sample(np.random.default_rng(1), pack, photo)
    sure = sample.soft_labels.max(2) > 200
    known = sure & (sample.labels < 14)
    assert known.mean() > 0.2
    assert (sample.soft_labels.argmax(2) == sample.labels)[known].mean() > 0.9


def test_the_parser_learns_from_photos_without_a_parsing(root):
    config = named_estimator_config("parser", "tiny")
    recipe = make_recipe(config, [root / "real", root / "drawn"])
    real = PersonPack(root / "real")
    assert len(recipe.sampler.real) == len(real.indices(False)) > len(real.indices(False, parsed=True))
    batch = recipe.batch(np.random.default_rng(0), 24)
    assert batch["soft_labels"].shape == (24, 32, 16, 14) and batch["soft_labels"].any()
    out = recipe.network()(batch["image"])
    terms = recipe.loss(out, batch)
    (gradient,) = torch.autograd.grad(terms["soft"], out.maps)
    silent = batch["soft_labels"].sum(3) == 0
    assert gradient.abs().sum() > 0 and not gradient.permute(0, 2, 3, 1)[silent].any()


def test_the_loss_is_least_at_the_teachers_own_shares():
    shares = torch.tensor([60, 180, *[1] * 12, 3], dtype=torch.uint8)[:14].expand(1, 2, 2, 14)
    own = (shares.permute(0, 3, 1, 2).float() / shares[0, 0, 0].sum()).log()
    other = own.roll(1, 1)
    assert soft_label_loss(own, shares) < soft_label_loss(other, shares)
    assert soft_label_loss(own, torch.zeros_like(shares)) == 0


def test_what_a_teacher_cannot_do_is_said(root, tmp_path, capsys):
    common = ["train", "parser-teacher", *data(root), "--config", "tiny", "--out", str(tmp_path / "run")]
    assert main(common) == 2 and "--features" in capsys.readouterr().err
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    assert main([*common, "--features", str(tmp_path / "other.safetensors")]) == 2
    assert "EfficientNet-Lite0" in capsys.readouterr().err
    assert main(["publish", str(root / "teacher"), "--out", str(tmp_path / "out")]) == 2
    assert "publish the parser" in capsys.readouterr().err
    assert main(["soft-labels", "--data", str(root / "real"), "--teacher", str(tmp_path)]) == 2
    assert main(["soft-labels", "--data", str(tmp_path), "--teacher", str(root / "teacher")]) == 2
