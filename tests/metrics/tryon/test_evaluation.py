"""The try-on evaluation: an oracle beats everything, nothing beats by leaking, baselines, the table, the command."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from drawn.studio import write_studio
from drawn.tryon import COLOURS, drawn_garment, drawn_pair
from safetensors.torch import save_file
from tiny.random_networks import random_lpips
from tiny.tryon import tiny_checkpoint

from vton.cli import main
from vton.compositing.put_back import on_canvas
from vton.conditioning.person.agnostic import represent
from vton.conditioning.value_range import image_tensor
from vton.data.pairs.pack import PairPack
from vton.data.pairs.writer import pack_pairs
from vton.metrics.pictures.lpips import LPIPS
from vton.metrics.tryon.baselines import garment_on_box, inpainted, pasted, region_of
from vton.metrics.tryon.evaluation import TryOnEvaluation, evaluate_tryon, table
from vton.networks.tryon_output import TryOnOutput
from vton.schema import InputError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("pairs")
    pack_pairs([write_studio(root / "studio", 3, 2)], root / "pack", processes=1)
    return root / "pack"


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    file = tmp_path_factory.mktemp("lpips") / "alexnet.safetensors"
    save_file(random_lpips("alexnet"), file)
    return file


class Oracle:
    """Returns the photo and the worn mask."""

    checkpoint, revision = "oracle", "0" * 12

    def try_on(self, samples):
        photo = image_tensor(np.stack([s.person.image_u8 for s in samples]))
        worn = torch.from_numpy(np.stack([s.worn_mask for s in samples]))[:, None].float()
        return TryOnOutput(photo, photo, worn, worn, worn)


class Blank:
    """Fills the erased region with grey."""

    checkpoint, revision = "blank", "1" * 12

    def try_on(self, samples):
        inputs = represent([s.person for s in samples], [s.garment for s in samples])
        none = torch.zeros_like(inputs.erased)
        return TryOnOutput(inputs.kept, inputs.kept, none, none, none)

    def put_back(self, sample, output, without):
        return on_canvas(sample, output, without)


def test_an_oracle_is_perfect_and_all_others_are_not(folder, weights):
    evaluation = TryOnEvaluation([PairPack(folder)], [LPIPS.from_file(weights)])
    report = json.loads(json.dumps(evaluate_tryon(evaluation, {"oracle": Oracle(), "blank": Blank()})))
    figures = {name: row["figures"] for name, row in report["systems"].items()}
    assert list(figures) == ["inpainted", "pasted", "oracle", "blank"]
    perfect = figures["oracle"]
    assert perfect["studio_ssim"] == {"value": 1.0, "n": 8} and perfect["studio_lpips_alexnet"]["value"] == 0
    assert perfect["studio_warp_iou"]["value"] == 1 == perfect["studio_top_warp_iou_visible"]["value"]
    for name in ("inpainted", "pasted", "blank"):
        assert figures[name]["studio_ssim"]["value"] < 1 and figures[name]["studio_lpips_alexnet"]["value"] > 0
    assert "studio_warp_iou" not in figures["inpainted"] and figures["blank"]["studio_warp_iou"]["value"] == 0
    slots = [perfect[f"studio_{slot}_ssim"]["n"] for slot in ("top", "bottom")]
    assert sum(slots) == 8 and report["held_out"] == {"studio": 8}
    text = table(report)
    assert len([line for line in text.splitlines() if line.startswith("oracle")]) == 1 + len(slots)
    assert "warp_iou" in text.splitlines()[0] and "1.0000" in text


def test_count_takes_some_and_the_sheet_shows_every_system(folder):
    evaluation = TryOnEvaluation([PairPack(folder)], [], count=3)
    assert len(evaluation.samples) == 3
    sheet = evaluation.sheet({"oracle": Oracle(), "blank": Blank()}, count=2)
    row = sheet[6 : 6 + 256, 6 : 6 + 5 * 192]
    photo, agnostic, oracle, blank = (row[:, i * 192 : (i + 1) * 192] for i in (0, 2, 3, 4))
    assert np.array_equal(photo, evaluation.samples[0].sample.person.image_u8)
    assert np.array_equal(photo, oracle) and np.array_equal(agnostic, blank) and not np.array_equal(photo, blank)


def test_the_photo_with_the_result_in_it_is_judged_and_repairs_can_be_left_out(folder):
    scores = {}
    for without in (None, frozenset(), frozenset(["backdrop", "skin", "lower", "hem", "border"])):
        evaluation = TryOnEvaluation([PairPack(folder)], [], count=4, without=without)
        scores[without] = evaluation.measure(Blank()).mean("ssim", "studio")["value"]
    plain = scores.pop(None)
    assert all(value > plain for value in scores.values()) and len(set(scores.values())) == 2
    assert evaluation.describe()["pictures"] == "put back in the photo, without backdrop, border, hem, lower, skin"


def test_baselines_see_nothing_of_the_region_and_change_nothing_else():
    sample = drawn_pair("top")
    region = region_of(sample)
    noise = np.random.default_rng(0).integers(0, 256, (*region.shape, 3), np.uint8)
    hidden = np.where(region[..., None], noise, sample.person.image_u8)
    other = replace(sample, person=replace(sample.person, image_u8=hidden))
    for baseline in (inpainted, pasted):
        made = baseline(sample).image_u8
        assert np.array_equal(made, baseline(other).image_u8)
        assert np.array_equal(made[~region], sample.person.image_u8[~region])
    assert (np.abs(inpainted(sample).image_u8.astype(int) - sample.person.image_u8)[region].mean()) > 5


def test_the_pasted_garment_fills_the_regions_box():
    sample = replace(drawn_pair("bottom"), garment=drawn_garment("bottom", COLOURS["bottom"], (250, 250, 0)))
    region = region_of(sample)
    image, mask = garment_on_box(sample, region)
    assert cv2.boundingRect(mask.astype(np.uint8)) == cv2.boundingRect(region.astype(np.uint8))
    made, warped = pasted(sample)
    assert np.array_equal(warped, mask) and inpainted(sample).warped is None
    assert np.array_equal(made[mask & region], image[mask & region]) and (image[mask] == (250, 250, 0)).all(-1).any()


def test_estimates_replace_the_labels_and_nobody_is_counted(folder):
    evaluation = TryOnEvaluation([PairPack(folder)], [], count=2, estimated=True)
    assert evaluation.lost + len(evaluation.samples) == 2
    assert "bundled" in evaluation.describe()["inputs"] and evaluation.describe()["nobody_found"] == evaluation.lost


def test_the_command(folder, weights, tmp_path, capsys):
    for system in ("cp-vton", "acgpn"):
        tiny_checkpoint(tmp_path / system, system)
    command = ["evaluate", "tryon", "--data", str(folder), "--out", str(tmp_path / "r.json"), "--count", "2",
               "--systems", "cp-vton", "--lpips-weights", str(weights)]  # fmt: skip
    given = [part for system in ("cp-vton", "acgpn") for part in ("--checkpoint", f"{system}={tmp_path / system}")]
    assert main([*command, *given, "--sheet", str(tmp_path / "s.png")]) == 0
    report = json.loads((tmp_path / "r.json").read_text())
    assert list(report["systems"]) == ["inpainted", "pasted", "cp-vton", "acgpn"]
    assert 0 < report["systems"]["cp-vton"]["figures"]["studio_ssim"]["value"] < 1
    assert cv2.imread(str(tmp_path / "s.png")).shape[1] == 2 * 5 * 192 + 3 * 6
    told = capsys.readouterr().out
    assert "own pose and parsing" in told and "pictures: the network's" in told
    assert main([*command, "--checkpoint", f"cp-vton={tmp_path / 'cp-vton'}", "--without", "skin"]) == 0
    assert "pictures: put back in the photo, without skin\n" in capsys.readouterr().out
    assert main([*command, "--systems", "pf-afn"]) == 2 and "viton, cp-vton" in capsys.readouterr().err
    assert main([*command, "--checkpoint", "cp-vton"]) == 2 and "SYSTEM=FOLDER" in capsys.readouterr().err


def test_no_held_out_pair_is_a_users_error(folder, tmp_path):
    pack_pairs([write_studio(tmp_path / "studio", 2, 0)], tmp_path / "pack", processes=1)
    with pytest.raises(InputError, match="held-out"):
        TryOnEvaluation([PairPack(tmp_path / "pack")], [])
