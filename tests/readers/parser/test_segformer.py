"""SegFormer: a folder of the published layout, found and read without a network; ATR-18 to our labels; refusals."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from drawn import segformer as drawn_segformer
from safetensors.torch import load_file, save_file

from vton.conditioning.pose.presets import load_pose
from vton.hub.fetching import sha256_of
from vton.readers.parser import segformer
from vton.readers.torchvision_shim import repair_torchvision
from vton.schema import PARSER_LABELS, SIDED_LABELS, InputError, Pose
from vton.schema.label_sets import ATR18, LABEL_MAPS, relabel

HW = (320, 240)
# Label, rows and columns of a person seen from the front.
PERSON = [
    ("hair", 30, 44, 100, 140), ("face", 44, 76, 104, 136), ("upper", 76, 150, 90, 150),
    ("right_arm", 76, 150, 66, 90), ("left_arm", 76, 150, 150, 174), ("pants", 150, 230, 92, 148),
    ("right_leg", 230, 270, 92, 116), ("left_leg", 230, 270, 124, 148), ("right_shoe", 270, 290, 88, 116),
    ("left_shoe", 270, 290, 124, 152), ("bag", 130, 180, 174, 210),
]  # fmt: skip


def drawn_labels(hw=HW, shift=0) -> np.ndarray:
    labels = np.zeros(hw, np.uint8)
    for name, top, bottom, left, right in PERSON:
        labels[top:bottom, left + shift : right + shift] = ATR18.index(name)
    return labels


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    repair_torchvision()
    return drawn_segformer.save_folder(tmp_path_factory.mktemp("segformer"))


@pytest.fixture(scope="module")
def parser(folder):
    return segformer.SegformerParser(folder)


@pytest.fixture(autouse=True)
def nothing_here(no_network_and_an_empty_cache, monkeypatch):
    monkeypatch.delenv(segformer.VARIABLE, raising=False)


def into_cache(folder, cache):
    """Lays the files out as huggingface_hub does."""
    repo = cache / f"models--{segformer.HUB_ID.replace('/', '--')}"
    shutil.copytree(folder, repo / "snapshots" / segformer.FILES.revision)


def test_every_label_comes_out_as_the_table_says(parser):
    truth = drawn_labels()
    parsing = parser.parse(drawn_segformer.paint(truth))
    assert parsing.names == PARSER_LABELS and parsing.size_hw == HW
    expected = relabel(truth, ATR18, LABEL_MAPS["atr-18"], PARSER_LABELS)
    for name in {LABEL_MAPS["atr-18"][part[0]] for part in PERSON}:
        found, wanted = parsing.mask(name), expected.mask(name)
        assert (found & wanted).sum() / (found | wanted).sum() > 0.75, name
    assert not parsing.mask("torso_skin").any()


def test_a_pose_tells_the_sides_and_the_person(parser):
    truth = drawn_labels((320, 480))
    beside = drawn_labels((320, 480), shift=240)
    image_u8 = drawn_segformer.paint(np.maximum(truth, beside))
    stand = load_pose("stand").fit(HW)
    left = Pose(stand.keypoints_xy, stand.confidence, (320, 480))
    right = Pose(stand.keypoints_xy + np.float32([240, 0]), stand.confidence, (320, 480))
    for pose, columns in ((left, slice(0, 240)), (right, slice(240, 480))):
        parsing = parser.parse(image_u8, pose)
        assert parsing.names == SIDED_LABELS
        seen = parsing.silhouette()
        assert seen[:, columns].sum() == seen.sum() > 10_000
        for part in ("arm", "leg"):
            middle = [np.nonzero(parsing.mask(f"{side}_{part}"))[1].mean() for side in ("right", "left")]
            assert middle[0] < middle[1]  # seen from the front


def test_probabilities_of_labels_that_become_one_are_added(parser):
    import torch

    logits = torch.full((1, 18, 1, 1), -20.0)
    logits[0, ATR18.index("left_shoe")] = logits[0, ATR18.index("right_shoe")] = 1.0
    logits[0, ATR18.index("pants")] = 1.5
    assert PARSER_LABELS[int(segformer.grouped(logits).argmax())] == "shoes"


def test_nobody_is_said(folder, tmp_path):
    empty = drawn_segformer.save_folder(tmp_path / "empty", background=1000.0)
    with pytest.raises(InputError, match="No person found"):
        segformer.SegformerParser(empty).parse(drawn_segformer.paint(drawn_labels()))


def test_a_banner_is_refused_quickly(parser):
    with pytest.raises(InputError, match="crop it"):
        parser.parse(np.full((200, 4000, 3), 128, np.uint8))


def test_found_in_the_cache_or_by_the_variable(folder, tmp_path, monkeypatch):
    backend = segformer.SegformerParser
    assert not backend.available()
    note = backend.download_note()
    assert segformer.HUB_ID in note and "110 MB" in note and "non-commercial" in note
    into_cache(folder, tmp_path / "hub")
    assert backend.available() and backend.download_note() == ""
    with pytest.raises(InputError, match="is not what it was: config.json has another sha256"):
        backend()
    sums = {name: sha256_of(folder / name) for name in segformer.FILES.sha256}
    monkeypatch.setattr(segformer, "FILES", replace(segformer.FILES, sha256=sums))
    assert backend().parse(drawn_segformer.paint(drawn_labels())).mask("top").any()
    monkeypatch.setenv(segformer.VARIABLE, str(tmp_path / "nowhere"))
    assert not backend.available()
    with pytest.raises(InputError, match="No parser in folder 'nowhere'"):
        backend()
    monkeypatch.setenv(segformer.VARIABLE, str(folder))
    assert backend.available()


def test_without_a_network_it_says_so():
    with pytest.raises(InputError, match="Hub cannot be reached"):
        segformer.SegformerParser()


def test_the_missing_extra_says_what_to_install(folder, monkeypatch):
    monkeypatch.setenv(segformer.VARIABLE, str(folder))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not segformer.SegformerParser.available()
    with pytest.raises(InputError, match="pip install -r requirements-segformer.txt"):
        segformer.SegformerParser(folder)


def damaged(folder, tmp_path, change):
    copy = shutil.copytree(folder, tmp_path / "copy")
    change(copy)
    return copy


def other_labels(copy):
    config = json.loads((copy / "config.json").read_text())
    config["id2label"]["3"], config["id2label"]["4"] = config["id2label"]["4"], config["id2label"]["3"]
    (copy / "config.json").write_text(json.dumps(config))


def not_finite(copy):
    weights = load_file(copy / "model.safetensors")
    weights["decode_head.classifier.bias"][2] = float("inf")
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda copy: (copy / "model.safetensors").unlink(), "lacks model.safetensors"),
        (lambda copy: (copy / "config.json").write_text("{}"), "damaged or of another kind"),
        (lambda copy: (copy / "model.safetensors").write_bytes(b"no tensors"), "damaged or of another kind"),
        (other_labels, "damaged or of another kind"),
        (not_finite, "decode_head.classifier.bias has numbers that are not finite"),
    ],
    ids=["no-weights", "no-config", "broken", "other-labels", "not-finite"],
)
def test_unfit_folders_are_refused(folder, tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        segformer.SegformerParser(damaged(folder, tmp_path, change))
