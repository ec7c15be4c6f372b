import json

import numpy as np
import pytest
from drawn.figure import drawn_picture

from vton.cli import main
from vton.conditioning.photos.image_io import write_png
from vton.metrics.watermark.baseline import embed_baseline, find_baseline
from vton.metrics.watermark.evaluation import CHANGES, WatermarkEvaluation
from vton.schema import InputError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(3):
        write_png(folder / f"{number}.png", drawn_picture((192, 256), number))
    return folder


def test_the_command_writes_every_figure(folder, tmp_path):
    out, sheet = tmp_path / "report.json", tmp_path / "sheet.png"
    command = ["evaluate", "watermark", "--data", str(folder), "--out", str(out), "--sheet", str(sheet)]
    assert main([*command, "--count", "2"]) == 0
    report = json.loads(out.read_text())
    figures = report["figures"]
    assert report["pictures"] == 3 and figures["psnr_db"]["n"] == 2 and figures["psnr_db"]["value"] > 40
    assert figures["bits_after_jpeg_80"] == {"value": 1.0, "n": 2, "coverage": 1.0}
    assert {f"bits_after_{name.replace(' ', '_')}" for name in CHANGES} <= set(figures)
    assert figures["payload_at_random_place"]["n"] == 400 and figures["payload_at_random_place"]["value"] < 0.01
    assert sheet.exists()


def test_the_baseline_withstands_a_jpeg_and_no_crop():
    picture, content = drawn_picture((384, 512)), (16, 171, 3, 255, 128)
    marked = embed_baseline(picture, content)
    assert marked.shape == picture.shape and (marked != picture).any()
    kept = {name: find_baseline(CHANGES[name](marked, np.random.default_rng(0))).content for name in CHANGES}
    assert kept["nothing"] == kept["jpeg 80"] == content != kept["halving"]
    assert kept["crop of a tenth each way"] != content


@pytest.mark.parametrize("name", CHANGES)
def test_changes_change_and_keep_most(name):
    picture = drawn_picture((192, 256))
    changed = CHANGES[name](picture, np.random.default_rng(0))
    assert changed.dtype == np.uint8 and changed.shape[2] == 3
    assert (changed.shape == picture.shape and np.array_equal(changed, picture)) == (name == "nothing")
    assert abs(changed.mean() - picture.mean()) < 20


def test_what_cannot_be_measured_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match="no pictures"):
        WatermarkEvaluation([tmp_path], None)
    with pytest.raises(InputError, match="no weights"):
        WatermarkEvaluation([folder], "some")
