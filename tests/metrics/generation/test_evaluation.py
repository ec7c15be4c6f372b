"""The whole evaluation: with an oracle that returns the true photos, a blind one, and real tiny systems."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from drawn.studio import write_studio

from vton.cli import main
from vton.data.outfits.evaluation_data import EvaluationData
from vton.data.outfits.writer import pack_outfits
from vton.metrics.generation.evaluation import EvaluationOptions, evaluate
from vton.metrics.generation.sheet import held_out_sheet
from vton.metrics.pictures import inception
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import Parsing
from vton.systems.outfit_gan.system import SYSTEM


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    return write_studio(tmp_path_factory.mktemp("studio"), training=3, held_out=6)


@pytest.fixture(autouse=True)
def no_big_networks(monkeypatch):
    """Inception takes seconds: its features are stood in for by the mean colours of a grid."""

    class Grid:
        label = "grid"

        def __init__(self, device):
            pass

        def __call__(self, images):
            return np.stack([np.asarray(i, float)[::8, ::8].ravel() / 255 for i in images])

    monkeypatch.setattr(inception, "available", lambda: True)
    monkeypatch.setattr(inception, "InceptionFeatures", Grid)
    monkeypatch.setattr(
        LPIPS, "from_package", classmethod(lambda *_: (_ for _ in ()).throw(ImportError("lpips")))
    )


class Oracle:
    """Draws the true photo of every held-out outfit and pose; a swapped article is recoloured."""

    record, system = SYSTEM, SYSTEM.name
    checkpoint, revision, size_hw, device = "oracle", "0" * 12, (64, 48), torch.device("cpu")

    def __init__(self, data, blind=False):
        self.photos, self.blind = data.held_out_photos(), blind

    takes_wear = False

    def __call__(self, outfit=None, pose=None, seed=0, count=1, psi=1.0, scale=None, wear=None):
        asked = [p for p in self.photos if p.pose == pose]
        photo = self.photos[0] if self.blind else max(asked, key=lambda p: self.alike(p.outfit, outfit))
        image, swapped = photo.image_u8.copy(), dict(outfit.items())
        for slot, article in photo.outfit.items():
            if not self.blind and swapped[slot] != article:
                image[photo.parsing.mask(slot)] = swapped[slot].image_u8[128, 96]
        return [SimpleNamespace(image_u8=image, parsing=Parsing(photo.parsing.labels))] * count

    @staticmethod
    def alike(one, other):
        return sum(a == b for a, b in zip(one, other, strict=True))


def figures_of(pipeline, data, **options):
    report, _ = evaluate(pipeline, data, EvaluationOptions(**options))
    json.dumps(report, allow_nan=False)
    return report["figures"]


def test_oracle_is_perfect(studio):
    data = EvaluationData(studio)
    figures = figures_of(Oracle(data), data)
    assert figures["fid"]["value"] < 1e-6 < figures["fid"]["floor"]
    assert figures["fid"]["n"] == 12 and figures["fid"]["features"] == "grid"
    assert figures["ciede2000"]["value"] == 0 and figures["ciede2000"]["lost"] == 0
    assert figures["precision"]["value"] == figures["recall"]["value"] == 1
    assert figures["article_ssim"]["value"] == pytest.approx(1) and figures["retrieval"]["value"] is None
    assert figures["silhouette_iou_parsing"]["value"] == 1
    assert (
        figures["silhouette_iou_pixels"]["value"]
        == figures["silhouette_iou_pixels"]["calibration_on_true_photos"]
    )
    assert figures["silhouette_iou_pixels"]["value"] > 0.95
    assert figures["pose_response"]["value"] > 0.9 and figures["pose_response"]["follows_the_right_pose"] == 1
    assert figures["locality"]["outside"] < 0.1 and figures["locality"]["inside"] > 20
    assert figures["lpips"]["value"] is None and "--lpips-weights" in figures["lpips"]["reason"]


def test_a_system_that_ignores_its_inputs_is_found_out(studio):
    data = EvaluationData(studio)
    figures = figures_of(Oracle(data, blind=True), data)
    assert figures["fid"]["value"] > figures["fid"]["floor"]
    assert figures["ciede2000"]["value"] > 15
    assert figures["pose_response"]["value"] == 0 and figures["pose_response"]["follows_the_right_pose"] == 0
    assert figures["locality"]["inside"] == 0
    assert figures["silhouette_iou_parsing"]["value"] < 0.9


def test_missing_inception_is_said_not_raised(studio, monkeypatch):
    monkeypatch.setattr(inception, "available", lambda: False)
    data = EvaluationData(studio)
    figures = figures_of(Oracle(data), data, count=2)
    assert figures["fid"]["value"] is None and "pip install" in figures["fid"]["reason"]


def test_command_on_the_tiny_outfit_gan(studio, tiny_outfit_checkpoint, tmp_path, capsys):
    pack_outfits([studio], tmp_path / "pack", (64, 48), processes=1)
    flags = ["--data", tmp_path / "pack", "--checkpoint", tiny_outfit_checkpoint, "--count", 4]
    flags += ["--out", tmp_path / "report.json", "--sheet", tmp_path / "sheet.png"]
    assert main(["evaluate", "outfit-gan", *map(str, flags)]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert (
        report["system"] == "outfit-gan" and len(report["revision"]) == 12 and report["size_hw"] == [64, 48]
    )
    assert {"cpu", "cores", "torch"} <= set(report["machine"]) and report["data"]["held_out_outfits"] == 6
    assert report["figures"]["fid"]["n"] == 4
    assert "correspondence_px_body" not in report["figures"], "this studio has no places"
    printed = capsys.readouterr().out
    for name in report["figures"]:
        assert name in printed
    assert "n=4" in printed and (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_command_on_the_tiny_fashion_gan(studio, tiny_fashion_checkpoint, tmp_path):
    flags = ["--data", studio, "--checkpoint", tiny_fashion_checkpoint, "--count", 3, "--reference", 14]
    assert main(["evaluate", "fashion-gan", *map(str, flags), "--out", str(tmp_path / "report.json")]) == 0
    figure = json.loads((tmp_path / "report.json").read_text())["figures"]["fid"]
    assert (figure["n"], figure["n_reference"]) == (3, 14)
    assert figure["reference"] == "12 held-out and 2 training photos"


@pytest.mark.parametrize(
    "flags",
    [
        ["--count", "1"],
        ["--reference", "0"],
        ["--sheet", "sheet.jpg"],
        ["--out", "missing_folder/report.json"],
        ["--lpips-weights", "missing.safetensors"],
        ["--data", "missing"],
    ],
)
def test_users_errors(studio, tiny_outfit_checkpoint, tmp_path, monkeypatch, capsys, flags):
    monkeypatch.chdir(tmp_path)
    usual = ["--data", str(studio), "--checkpoint", str(tiny_outfit_checkpoint), "--out", "report.json"]
    assert main(["evaluate", "outfit-gan", *usual, *flags]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ") and str(tmp_path) not in error and "Traceback" not in error


def test_sheet_shows_consecutive_outfits(studio):
    data = EvaluationData(studio)
    sheet = held_out_sheet(Oracle(data), data.held_out_photos(), psi=1.0, rows=4)
    assert sheet.shape == (2 * 262 + 6, 2 * (288 + 4 * 192 + 6) + 6, 3)
