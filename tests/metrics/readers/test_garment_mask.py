"""The garment segmenter's figures: IoU, what is counted, the sheet, and the command on a tiny checkpoint."""

import json

import numpy as np
import pytest
import torch
from drawn.garments import write_clothing, write_co_parsing, write_packshots

from vton.cli import main
from vton.data.garments.pack import pack_garments
from vton.data.held_out import spread
from vton.hub import write_manifest
from vton.metrics.readers.garment_mask import GarmentMaskEvaluation, checkerboard, mask_iou
from vton.readers.photo_unet import PhotoUNet


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A pack and a tiny checkpoint."""
    folder = tmp_path_factory.mktemp("figures")
    write_packshots(folder / "studio")
    sources = [write_clothing(folder / "clothing"), write_co_parsing(folder / "streets"), folder / "studio"]
    pack_garments(sources, folder / "pack", processes=1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = PhotoUNet((64, 64), (8, 8, 16, 16, 16), (1, 1, 1, 1), map_channels=1, map_stride=2, pooled=8)
    net.save_pretrained(folder / "checkpoint")
    write_manifest(folder / "checkpoint")
    return folder


def test_iou():
    a, b = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    assert mask_iou(a, b) == 1
    a[:2], b[1:3] = True, True
    assert mask_iou(a, b) == pytest.approx(1 / 3)


def test_spread_takes_first_and_last():
    rows = np.arange(10, 20)
    assert spread(rows, 3).tolist() == [10, 14, 19] and len(spread(rows, None)) == len(spread(rows, 99)) == 10


def test_a_checkerboard_shows_where_the_garment_is_not():
    image, alpha = np.full((16, 16, 3), 7, np.uint8), np.zeros((16, 16))
    alpha[:8] = 1
    board = checkerboard(image, alpha)
    assert (board[:8] == 7).all() and set(np.unique(board[8:])) == {190, 255}


def test_figures_of_held_out_rows(data):
    evaluation = GarmentMaskEvaluation([data / "pack"], data / "checkpoint")
    figures = evaluation.figures(count=4)
    counts = {name: figures[name]["n"] for name in ("slot_top1", "composite_iou", "others_refused")}
    assert counts == {"slot_top1": 2, "composite_iou": 12, "others_refused": 4}
    assert figures["slot_top1_dress"] == {"value": None, "n": 0}
    assert all(0 <= figure["value"] <= 1 for figure in figures.values() if figure["n"])
    assert figures == evaluation.figures(count=4)
    sheet = evaluation.sheet()
    assert sheet.ndim == 3 and sheet.std() > 10


def test_the_command_writes_report_and_sheet(data, capsys):
    report, sheet = data / "report.json", data / "sheet.png"
    command = ["evaluate", "garment-mask", "--data", str(data / "pack"), "--checkpoint", str(data / "checkpoint")]
    assert main([*command, "--count", "3", "--out", str(report), "--sheet", str(sheet)]) == 0
    written = json.loads(report.read_text())
    assert written["system"] == "garment-mask" and written["figures"]["slot_top1"]["n"] == 2
    assert "slot_top1" in capsys.readouterr().out and sheet.stat().st_size > 1000
    assert main([*command[:3], str(data), "--out", str(report)]) == 2
