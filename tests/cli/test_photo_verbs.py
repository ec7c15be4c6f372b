"""`pose`, `parse`, `cutout` and `generate --pose PHOTO` as others script them, on colour-reading networks."""

import json

import numpy as np
import pytest
from PIL import Image
from tiny.colour_networks import (
    LABEL_COLOURS,
    draw_joints,
    figure,
    garment_checkpoint,
    parser_checkpoint,
    pose_checkpoint,
)

from vton import readers
from vton.cli import main
from vton.conditioning.pose.presets import frame_pose
from vton.provenance import read_recipe
from vton.schema import PARSER_LABELS, SIDED_LABELS, Pose


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    makers = {"pose": pose_checkpoint, "parser": parser_checkpoint, "garment": garment_checkpoint}
    return {name: make(folder / name) for name, make in makers.items()}


@pytest.fixture(autouse=True)
def colour_backends(checkpoints, monkeypatch):
    """Makes the bundled weights the colour-reading ones, and the other backends not available."""
    for name, checkpoint in checkpoints.items():
        monkeypatch.setattr(f"vton.readers.{name}.bundled.CHECKPOINT", str(checkpoint))
    for variable in ("VTON_OPENPOSE", "VTON_SEGFORMER"):
        monkeypatch.setenv(variable, "/nowhere")
    readers._load.cache_clear()
    yield
    readers._load.cache_clear()


@pytest.fixture
def person(tmp_path):
    pose = figure(380, 100, 60, (500, 360))
    Image.fromarray(draw_joints(pose, radius=16)).save(tmp_path / "person.png")
    return str(tmp_path / "person.png"), pose


@pytest.fixture
def garment(tmp_path):
    image = np.random.default_rng(0).integers(0, 90, (200, 150, 3), np.uint8)
    image[50:160, 40:120] = (235, 60, 60)
    Image.fromarray(image).save(tmp_path / "garment.png")
    return str(tmp_path / "garment.png")


def test_pose_writes_json_and_skeleton(person, tmp_path, capsys):
    photo, pose = person
    out, overlay = tmp_path / "made" / "pose.json", tmp_path / "overlay.png"
    assert main(["pose", photo, "--out", str(out), "--overlay", str(overlay)]) == 0
    written = json.loads(out.read_text())
    assert len(written["people"][0]["pose_keypoints_2d"]) == 54
    found = Pose.from_openpose(written)
    assert found.size_hw == (500, 360) and np.array_equal(found.present, pose.present)
    assert np.abs(found.keypoints_xy - pose.keypoints_xy).max() < 5
    assert Image.open(overlay).size == (461, 640)
    assert "14 of 18 joints by bundled" in capsys.readouterr().out
    assert main(["pose", photo, "--backend", "bundled"]) == 0
    assert Pose.from_openpose(capsys.readouterr().out) == found


def test_pose_mistakes(person, tmp_path, refuse):
    photo, _ = person
    Image.new("RGB", (300, 200), (128, 128, 128)).save(tmp_path / "empty.png")
    (tmp_path / "text.png").write_text("no image")
    refuse(main(["pose", str(tmp_path / "empty.png")]), "No person found")
    refuse(main(["pose", str(tmp_path / "text.png")]), "text.png")
    refuse(main(["pose", "gone.png"]), "gone.png")
    refuse(main(["pose", photo, "--out", "pose.txt"]), "--out", ".json")
    refuse(main(["pose", photo, "--overlay", str(tmp_path)]), "--overlay")
    refuse(main(["pose", photo, "--out", "/proc/nowhere/pose.json"]), "pose.json")
    with pytest.raises(SystemExit):
        main(["pose", photo, "--backend", "densepose"])


def test_parse_writes_labels_and_colours(tmp_path, capsys):
    labels = np.zeros((300, 240), np.uint8)
    labels[60:180, 80:160] = PARSER_LABELS.index("top")
    labels[180:280, 90:150] = PARSER_LABELS.index("bottom")
    Image.fromarray(LABEL_COLOURS[labels]).save(tmp_path / "painted.png")
    out, overlay = tmp_path / "parsing.png", tmp_path / "overlay.png"
    assert main(["parse", str(tmp_path / "painted.png"), "--out", str(out), "--overlay", str(overlay)]) == 0
    with Image.open(out) as image:
        names = json.loads(image.info["labels"])
        assert image.mode == "P" and image.size == (240, 300)
        assert tuple(names) in (PARSER_LABELS, SIDED_LABELS)
        assert names[np.array(image)[120, 120]] == "top" and names[np.array(image)[230, 120]] == "bottom"
    assert Image.open(overlay).size[1] == 640
    said = capsys.readouterr()
    assert "top" in said.out and str(out) in said.out and said.out.startswith("bundled")


def test_parse_without_a_person(tmp_path, refuse):
    Image.new("RGB", (300, 200), (128, 128, 128)).save(tmp_path / "empty.png")
    code = main(["parse", str(tmp_path / "empty.png")])
    refuse(code, "No person found")


def test_cutout_writes_rgba_and_names_the_slot(garment, tmp_path, capsys):
    out = tmp_path / "article.png"
    assert main(["cutout", garment, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("bottom (") and said.strip().endswith("article.png")
    with Image.open(out) as image:
        alpha = np.array(image)[..., 3]
        assert image.mode == "RGBA" and image.size == (150, 200)
    assert alpha[100, 80] == 255 and alpha[10, 10] == 0


def test_cutout_of_no_garment(tmp_path, refuse):
    Image.fromarray(np.random.default_rng(1).integers(0, 90, (90, 70, 3), np.uint8)).save(tmp_path / "leaves.png")
    refuse(main(["cutout", str(tmp_path / "leaves.png")]), "does not look like a garment")


def test_generate_follows_the_pose_of_a_photo(person, garment, tiny_outfit_checkpoint, tmp_path):
    photo, pose = person
    out = tmp_path / "out.png"
    usual = ["--checkpoint", str(tiny_outfit_checkpoint), "--out", str(out)]
    assert main(["generate", "--top", garment, "--pose", photo, *usual]) == 0
    drawn = read_recipe(out).to_pose()
    assert drawn.size_hw == (256, 192)
    assert np.abs(drawn.keypoints_xy - frame_pose(pose).keypoints_xy)[drawn.present].max() < 4
    assert main(["pose", photo, "--out", str(tmp_path / "pose.json")]) == 0
    assert main(["generate", "--top", garment, "--pose", str(tmp_path / "pose.json"), *usual]) == 0
    again = read_recipe(out).to_pose()
    assert np.abs(again.keypoints_xy - drawn.keypoints_xy).max() < 0.1, "the file asks for what the photo asks for"


def test_generate_refuses_what_is_no_garment(person, tiny_outfit_checkpoint, tmp_path, refuse):
    Image.fromarray(np.random.default_rng(1).integers(0, 90, (90, 70, 3), np.uint8)).save(tmp_path / "leaves.png")
    out = ["--checkpoint", str(tiny_outfit_checkpoint), "--out", str(tmp_path / "out.png")]
    refuse(main(["generate", "--top", str(tmp_path / "leaves.png"), *out]), "does not look like a garment")


def test_parse_says_so_when_nothing_tells_left_from_right(tmp_path, monkeypatch, capsys):
    nobody = pose_checkpoint(tmp_path / "nobody", person=-5.0)
    monkeypatch.setattr("vton.readers.pose.bundled.CHECKPOINT", str(nobody))
    labels = np.zeros((300, 240), np.uint8)
    labels[60:280, 80:160] = PARSER_LABELS.index("top")
    Image.fromarray(LABEL_COLOURS[labels]).save(tmp_path / "painted.png")
    assert main(["parse", str(tmp_path / "painted.png")]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("Left and right are not told apart") and "14 labels" in said.out
