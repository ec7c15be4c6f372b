"""Training: batches that are true to their photos, runs that resume and learn, both settings."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny.tryon import as_bundled, save_networks

from vton.cli import main
from vton.networks.stylegan2.layers import upsample2
from vton.schema import PARSER_LABELS, InputError
from vton.systems.tryongan.config import CONFIGS
from vton.systems.tryongan.pipeline import TryOnGANPipeline
from vton.systems.tryongan.system import SYSTEM
from vton.systems.tryongan.training.batches import PersonBatchSource, outfit_of
from vton.systems.tryongan.training.discriminators import Discriminators, hard_labels, r1_penalty
from vton.systems.tryongan.training.recipe import TryOnGANRecipe
from vton.systems.tryongan.training.trainer import TryOnGANTrainer
from vton.training.run_folder import prepare_run
from vton.training.state import load_state

SIZES = (64, 48), (32, 24)
TINY = CONFIGS["tiny"]
# With drawn styles and both discriminators beside the supervision.
WHOLE = replace(TINY, adversarial=0.2, prior_share=0.25, r1_every=2)


def train(config, pack, out, images, **more):
    prepare_run(config, out, 3)
    trainer = TryOnGANTrainer(TryOnGANRecipe(config), [pack], out, 3, **more)
    trainer.run(10, max_images=images, report=lambda line: None)
    return trainer


def test_a_batch_is_a_function_of_seed_step_and_rank(pack):
    source = PersonBatchSource([pack], *SIZES, TINY)
    first, same, other = (source.draw(4, 0, step) for step in (0, 0, 1))
    tensors = [name for name in first.__dataclass_fields__ if name != "poses"]
    assert all(torch.equal(getattr(first, name), getattr(same, name)) for name in tensors) and first.poses == same.poses
    assert not torch.equal(first.image, other.image)


def test_styles_are_read_from_another_photo_of_the_same_outfit(pack):
    source = PersonBatchSource([pack], *SIZES, TINY)
    assert len(source.photos) == 6 and {len(photos) for photos in source.same.values()} == {2}
    batch = source.make([0, 2], np.random.default_rng(0), augment=False)
    assert not torch.equal(batch.image, batch.reference)
    for i in range(2):  # the same garments in the same colours
        for label in (PARSER_LABELS.index(name) for name in ("top", "dress", "bottom")):
            colours = [image[i].movedim(0, 2)[labels[i] == label] for image, labels in
                       ((batch.image, batch.labels), (batch.reference, batch.reference_labels))]  # fmt: skip
            if len(colours[0]):
                assert torch.allclose(colours[0].median(0).values, colours[1].median(0).values, atol=0.06)


def test_people_stand_before_the_same_plain_backdrop(pack):
    batch = PersonBatchSource([pack], *SIZES, TINY).draw(4, 0, 0)
    corners = batch.image[:, :, 0, 0]
    assert torch.allclose(corners, corners[:1].expand_as(corners), atol=0.02) and corners.min() > 0.8


def test_keys_of_one_outfit_share_their_stem():
    assert outfit_of("011000003-1.p0") == outfit_of("011000003-1.p1") != outfit_of("011000003-0.p0")
    assert outfit_of("0004") == "0004"


def test_stopping_and_resuming_gives_the_weights_of_one_run(pack, tmp_path):
    train(WHOLE, pack, tmp_path / "whole", 16)
    train(WHOLE, pack, tmp_path / "halves", 8)
    train(WHOLE, pack, tmp_path / "halves", 16)
    (whole, meta), (halves, again) = load_state(tmp_path / "whole"), load_state(tmp_path / "halves")
    assert meta == again and meta["images"] == 16 and whole.keys() == halves.keys()
    assert all(torch.equal(whole[k], halves[k]) for k in whole)


def test_the_losses_fall_and_the_run_is_published(pack, tmp_path):
    train(TINY, pack, tmp_path, 240)
    first, *_, last = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert last["l1"] < 0.8 * first["l1"] and last["parsing"] < 0.8 * first["parsing"]
    assert [file.name for file in (tmp_path / "sheets").glob("*.png")] == ["00000240.png"]
    assert main(["publish", str(tmp_path), "--out", str(tmp_path / "published")]) == 0
    assert TryOnGANPipeline.from_pretrained(tmp_path / "published").size_hw == (64, 48)
    assert f"`{SYSTEM.name}`" in (tmp_path / "published" / "README.md").read_text()


@pytest.mark.parametrize("part", ["pose", "segmentation"])
def test_each_discriminator_sees_the_picture_and_what_is_said_of_it(part):
    torch.manual_seed(0)
    judge = getattr(Discriminators(TINY, *SIZES), part)
    image, said = torch.rand(2, 3, 64, 48), torch.rand(2, 16, 32, 24) if part == "pose" else torch.rand(2, 14, 64, 48)
    logits = judge(image, said)
    assert logits.shape == (2, 1)
    assert not torch.allclose(logits, judge(image.flip(3), said))
    assert not torch.allclose(logits, judge(image, said.flip(2)))


def test_hard_labels_are_hard_and_have_the_gradient_of_the_soft_ones():
    logits = torch.randn(1, 14, 4, 3, requires_grad=True)
    hard = hard_labels(logits)
    assert torch.allclose(hard.detach().amax(1), torch.ones(1)) and torch.allclose(hard.sum(1), torch.ones(1))
    (weighted,) = torch.autograd.grad((hard * torch.arange(14.0)[:, None, None]).sum(), logits)
    (soft,) = torch.autograd.grad((logits.softmax(1) * torch.arange(14.0)[:, None, None]).sum(), logits)
    assert torch.allclose(weighted, soft, atol=1e-6)


def test_r1_is_the_squared_slope_of_the_logits():
    image = torch.rand(2, 3, 4, 3, requires_grad=True)
    assert r1_penalty(3 * image.flatten(1).sum(1, keepdim=True), image, 2.0).item() == pytest.approx(9 * 36)


def test_the_unpaired_setting_learns_from_the_discriminators_alone(pack, tmp_path):
    small = {"network": dict(SYSTEM.tiny), "batch_size": 4, "discriminator_base": 256, "discriminator_max": 8}
    config = replace(CONFIGS["unpaired-64x48"], **small)
    trainer = train(config, pack, tmp_path, 8)
    fresh = TryOnGANTrainer(TryOnGANRecipe(config), [pack], tmp_path / "fresh", 3)
    for name in ("generator", "judges"):
        moved = {key for key, value in trainer.networks()[name].state_dict().items()
                 if not torch.equal(value, fresh.networks()[name].state_dict()[key])}  # fmt: skip
        assert moved, name
        assert not any(key.startswith("encoder.") for key in moved)


def test_a_larger_size_starts_with_the_picture_of_the_smaller_one(pack, tmp_path):
    small = train(TINY, pack, tmp_path / "small", 8)
    large = replace(TINY, network={**TINY.network, "size_hw": (128, 96)})
    grown = TryOnGANTrainer(TryOnGANRecipe(large), [pack], tmp_path / "large", 3, initial=tmp_path / "small")
    batch = PersonBatchSource([pack], *SIZES, TINY).draw(2, 0, 0)
    with torch.no_grad():
        ws = small.ema.mapping(torch.randn(2, 16))
        wide = torch.cat([ws, ws[:, -2:]], 1)
        before, after = small.ema.draw(ws, batch.pose_map).image, grown.ema.draw(wide, batch.pose_map).image
    assert torch.allclose(after, upsample2(before), atol=1e-4)


def test_a_run_needs_people_with_a_parsing_and_no_parts(pack, tmp_path, capsys):
    command = ["train", SYSTEM.name, "--data", str(tmp_path), "--out", str(tmp_path / "run"), "--config", "tiny"]
    assert main(command) == 2 and "--kind persons" in capsys.readouterr().err
    assert main([*command, "--part-from", f"warp={tmp_path}"]) == 2
    assert "is one network" in capsys.readouterr().err


def test_no_photo_to_train_on_is_said(pack, tmp_path, monkeypatch):
    monkeypatch.setattr(pack, "has_parsing", np.zeros_like(pack.has_parsing))
    with pytest.raises(InputError, match="no photo with a parsing"):
        TryOnGANTrainer(TryOnGANRecipe(TINY), [pack], tmp_path, 0)


def test_a_checkpoint_is_measured_on_held_out_photos(pack, pack_folder, tmp_path, capsys):
    train(TINY, pack, tmp_path / "run", 4)
    networks = save_networks(tmp_path / "networks", "top", ())
    with as_bundled(networks):
        command = ["evaluate", SYSTEM.name, "--data", str(tmp_path / "pack"), "--count", "3", "--checkpoint",
                   str(tmp_path / "run" / "checkpoint"), "--out", str(tmp_path / "report.json"), "--sheet",
                   str(tmp_path / "sheet.png")]  # fmt: skip
        assert main(command) == 2  # no pack there
        command[3] = str(pack_folder)
        assert main(command) == 0
    figures = json.loads((tmp_path / "report.json").read_text())["figures"]
    assert figures["projection_laplacian"]["value"] < figures["encoded_laplacian"]["value"]
    assert 0 <= figures["segmentation_iou"]["value"] <= 1 and figures["pck_0.05"]["n"] == 3
    assert "projection_laplacian" in capsys.readouterr().out and (tmp_path / "sheet.png").is_file()
