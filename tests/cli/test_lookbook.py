"""The verb `lookbook`: articles in turn, poses, sheet or archive, and mistakes in one line."""

import zipfile

import pytest
from PIL import Image

from vton.cli import main
from vton.provenance import read_recipe


@pytest.fixture
def shirt(tmp_path):
    """``shirt(name, colour)``: the path of a photo of one plain garment."""

    def make(name, colour):
        photo = Image.new("RGB", (120, 160), "white")
        photo.paste(colour, (30, 30, 90, 130))
        photo.save(tmp_path / name)
        return str(tmp_path / name)

    return make


@pytest.fixture
def lookbook(tiny_outfit_checkpoint, tmp_path):
    def run(*arguments, out="book.zip"):
        command = ["lookbook", "--checkpoint", str(tiny_outfit_checkpoint), "--out", str(tmp_path / out)]
        return main([*command, *map(str, arguments)])

    return run


def test_an_archive_of_two_skirts_in_two_poses(lookbook, shirt, tmp_path, capsys):
    tried = [f"bottom={shirt(name, colour)}" for name, colour in (("a.png", "navy"), ("b.png", "olive"))]
    top = shirt("top.png", "brown")
    assert lookbook("--top", top, "--try", *tried, "--pose", "stand", "walk-left", "--seed", 3) == 0
    assert capsys.readouterr().err.splitlines() == ["1/4", "2/4", "3/4", "4/4"]
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        pictures = sorted(set(archive.namelist()) - {"sheet.png"})
        recipes = [read_recipe(archive.read(name)) for name in pictures]
    assert [(r.seed, r.pose_name, sorted(r.articles)) for r in recipes] == [
        (3, pose, ["bottom", "top"]) for pose in ("stand", "walk-left") * 2
    ]
    assert recipes[0].articles["bottom"] != recipes[2].articles["bottom"]


def test_a_sheet_alone(lookbook, shirt, tmp_path):
    assert lookbook("--top", shirt("top.png", "brown"), out="sheet.png") == 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (288 + 2 * 12, 2 * 128 + 384 + 3 * 12)


def test_mistakes(lookbook, shirt, tmp_path, capsys):
    top = shirt("top.png", "brown")
    assert lookbook() == 2 and "No article yet" in capsys.readouterr().err
    assert lookbook("--top", top, out="book.txt") == 2 and ".zip" in capsys.readouterr().err
    assert lookbook("--top", top, "--pose", "handstand") == 2 and "handstand" in capsys.readouterr().err
    assert lookbook("--top", top, "--try", tmp_path / "none.png") == 2
    assert not list(tmp_path.glob("book*"))
