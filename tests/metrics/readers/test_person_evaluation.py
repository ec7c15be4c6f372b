"""`evaluate pose` and `evaluate parser` on tiny networks, through the real backends."""

import json

import cv2
import numpy as np
import pytest
import torch
from drawn.people import write_ccp
from drawn.studio import write_studio

from vton.cli import main
from vton.data.persons.pack import PersonPack, pack_persons
from vton.hub import write_manifest
from vton.metrics.readers.person_evaluation import ParserEvaluation, PoseEvaluation
from vton.readers.photo_unet import PhotoUNet
from vton.readers.training.configs import named_estimator_config
from vton.schema import InputError, Parsing
from vton.schema.label_sets import PARSER_LABELS


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("people")
    pack_persons([write_ccp(root / "ccp", 1, 4)], root / "real", (128, 96))
    pack_persons([write_studio(root / "studio", 1, 2)], root / "drawn", (128, 96))
    return [root / "real", root / "drawn"]


def checkpoint(system, folder):
    torch.manual_seed(5)
    net = PhotoUNet(**named_estimator_config(system, "tiny").network).eval()
    with torch.no_grad():
        net.pool_head.bias += 3  # somebody is there
    net.save_pretrained(folder)
    write_manifest(folder)
    return folder


def flags(data):
    return [part for folder in data for part in ("--data", str(folder))]


@pytest.mark.parametrize(("system", "names"), [
    ("pose", {"ccp_pck@0.05", "ccp_pck@0.1", "studio_pck@0.05", "studio_not_found"}),
    ("parser", {"ccp_person_background_iou", "ccp_mean_iou", "studio_mean_iou"}),
])  # fmt: skip
def test_the_report_holds_every_figure_with_its_n(system, names, data, tmp_path, capsys):
    net = checkpoint(system, tmp_path / "net")
    out, sheet = tmp_path / "r.json", tmp_path / "s.png"
    command = ["evaluate", system, *flags(data), "--checkpoint", str(net), "--out", str(out), "--sheet", str(sheet)]
    assert main(command) == 0
    report = json.loads(out.read_text())
    assert names <= set(report["figures"]) and report["checkpoint"] == "net"
    for name in names:
        figure = report["figures"][name]
        assert 0 <= figure["value"] <= 1 and figure["n"] in (3, 4)
    assert cv2.imread(str(sheet)) is not None
    assert "ccp" in capsys.readouterr().out


def test_an_oracle_scores_one(data, tmp_path):
    class Oracle:
        """Gives back what the packs say, whatever the photo's padding was."""

        def __init__(self):
            self.packs = [PersonPack(folder) for folder in data]

        def find(self, image_u8):
            """The pack, the photo and the rows and columns of a part of it."""
            for pack in self.packs:
                for i in [*pack.indices(True, True), *pack.indices(True, False)]:
                    rows, columns = pack.content_of(i)
                    content = np.array(pack.photos[i, rows, columns])
                    for start in range(len(content) - len(image_u8) + 1):
                        if np.array_equal(content[start : start + len(image_u8)], image_u8):
                            start += rows.start
                            return pack, i, slice(start, start + len(image_u8)), columns
            raise AssertionError("no part of a photo")

        def estimate(self, image_u8):
            pack, i, rows, columns = self.find(image_u8)
            pose = pack.pose(i)
            shifted = pose.keypoints_xy - (columns.start, rows.start)
            return type(pose)(shifted, pose.confidence, image_u8.shape[:2])

        def parse(self, image_u8, pose=None):
            pack, i, rows, columns = self.find(image_u8)
            labels = np.array(pack.parsing[i, rows, columns])
            return Parsing(np.where(labels > 13, 3, labels).astype(np.uint8), PARSER_LABELS)

    pose = PoseEvaluation(data, checkpoint("pose", tmp_path / "pose"))
    pose.estimator = Oracle()
    figures = pose.figures()
    assert all(f["value"] == 1 for name, f in figures.items() if "pck" in name)
    parser = ParserEvaluation(data, checkpoint("parser", tmp_path / "parser"))
    parser.parser = parser.pose = Oracle()
    figures = parser.figures()
    assert {"ccp_thigh_person_iou", "ccp_hip_upper_kept"} <= set(figures)
    assert {name: f["value"] for name, f in figures.items() if f["value"] != 1} == {}


def test_packs_without_held_out_photos_are_refused(tmp_path):
    pack_persons([write_ccp(tmp_path / "ccp", 2, 0)], tmp_path / "pack", (64, 32))
    with pytest.raises(InputError, match="held-out"):
        PoseEvaluation([tmp_path / "pack"], checkpoint("pose", tmp_path / "net"))
