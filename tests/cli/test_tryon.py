"""`tryon` and `compare` as others script them, on colour-reading estimators and tiny networks."""

import numpy as np
import pytest
from drawn.dressed_photo import save_dressed, save_garment
from PIL import Image
from tiny.colour_networks import figure
from tiny.tryon import as_bundled, save_networks

from vton.cli import main
from vton.schema import TryOnOrigin

OUTFITS = "outfit-tryon"


@pytest.fixture(scope="module", autouse=True)
def networks(tmp_path_factory):
    """Tiny estimators, for which everything is shoes, and three try-on systems as the bundled weights."""
    with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "shoes", ("cp-vton", "acgpn", OUTFITS))):
        yield


@pytest.fixture
def person(tmp_path):
    return save_dressed(tmp_path / "person.png", figure(420, 110, 40, (512, 400)))


@pytest.fixture
def garment(tmp_path):
    return save_garment(tmp_path / "garment.png")


@pytest.fixture
def try_on(person, garment, tmp_path):
    """``try_on(*flags)``: with a top, by CP-VTON, into out.png unless told otherwise; the exit code."""

    def try_on(*flags, verb="tryon", person=person, garment=garment):
        usual = ["--person", person, "--garment", garment, "--out", str(tmp_path / "out.png"), "--slot", "top"]
        return main([verb, *usual, *(["--system", "cp-vton"] if verb == "tryon" else []), *map(str, flags)])

    return try_on


def test_tryon_writes_the_photo_and_every_step(try_on, person, tmp_path, capsys):
    assert try_on("--steps-dir", tmp_path / "steps") == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out.png")
    before, after = (np.array(Image.open(path)) for path in (person, tmp_path / "out.png"))
    moved = (np.abs(before.astype(int) - after) > 12).any(axis=2)  # more than the watermark
    assert after.shape == before.shape and moved.any() and not moved[400:].any()
    recipe = TryOnOrigin.from_json(Image.open(tmp_path / "out.png").info["vton"])
    assert (recipe.system, recipe.checkpoint, recipe.slot) == ("cp-vton", "cp-vton-256", "top")
    steps = sorted(path.name for path in (tmp_path / "steps").iterdir())
    assert len(steps) > 8 and steps[0] == "01-person.png" and any("agnostic-person" in name for name in steps)


def test_repairs_can_be_left_out(try_on, tmp_path, capsys, refuse):
    pictures = []
    for flags in ([], ["--without", "skin, border"]):
        assert try_on(*flags) == 0
        pictures.append(np.array(Image.open(tmp_path / "out.png")))
    assert (pictures[0] != pictures[1]).any()
    capsys.readouterr()
    refuse(try_on("--without", "skin,teeth"), "'teeth' is no repair: choose from hem, border, backdrop")


def test_a_photo_that_lies_on_its_side_is_turned_upright(try_on, tmp_path):
    pose = figure(420, 110, 40, (512, 400))
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    save_dressed(tmp_path / "upright.png", pose)
    Image.open(tmp_path / "upright.png").rotate(90, expand=True).save(tmp_path / "side.png", exif=exif)
    assert try_on(person=str(tmp_path / "side.png")) == 0
    assert Image.open(tmp_path / "out.png").size == (400, 512)


def test_compare_has_a_column_for_every_system_and_says_what_is_not_here(try_on, tmp_path, capsys):
    assert try_on("--systems", "cp-vton,viton,acgpn", verb="compare") == 0
    told = capsys.readouterr()
    assert told.out.strip() == str(tmp_path / "out.png")
    lines = told.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["cp-vton", "viton", "acgpn"]
    assert "M parameters" in lines[0] and "Apache-2.0" in lines[0] and "weights are not here" in lines[1]
    assert Image.open(tmp_path / "out.png").size[0] > 5 * 300


def test_folders_make_a_sheet_of_swaps(try_on, person, garment, tmp_path, capsys, refuse):
    people, clothes = tmp_path / "people", tmp_path / "clothes"
    people.mkdir()
    clothes.mkdir()
    for name in ("a.png", "b.png"):
        (people / name).hardlink_to(person)
    (people / "notes.txt").write_text("no photo")
    Image.new("RGB", (300, 200), (128, 128, 128)).save(people / "empty.png")
    (clothes / "shirt.png").hardlink_to(garment)
    made = {"verb": "compare", "person": str(people), "garment": str(clothes)}
    assert try_on("--systems", "cp-vton", **made) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["1 a.png in shirt.png (top)", "2 b.png in shirt.png (top)"]  # the only one goes round
    assert "left out empty.png: No person found" in lines[2]
    assert Image.open(tmp_path / "out.png").size[0] > 2 * 3 * 192
    refuse(try_on("--systems", "cp-vton", "--held-out", **made), "held out")
    refuse(try_on("--systems", "cp-vton", "--count", "0", **made), "--count")
    (tmp_path / "none").mkdir()
    refuse(try_on("--systems", "cp-vton", verb="compare", garment=str(tmp_path / "none")), "no photos in the folder")
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    save_dressed(portraits / "half.png", figure(900, 60, 40, (400, 520)))
    made["person"] = str(portraits)
    assert try_on("--systems", "cp-vton", "--slot", "bottom", **made) == 2
    told = capsys.readouterr().err
    assert "left out half.png: none of the garments" in told and "No garment could be put on anybody" in told


def test_mistakes_get_one_line(try_on, garment, tmp_path, refuse):
    Image.new("RGB", (300, 200), (128, 128, 128)).save(tmp_path / "empty.png")
    refuse(try_on(person=str(tmp_path / "empty.png")), "No person found")
    refuse(try_on(person="gone.jpg"), "gone.jpg")
    refuse(try_on("--out", tmp_path / "out.jpg"), "--out", ".png")
    refuse(try_on("--steps-dir", garment), "--steps-dir")
    refuse(try_on("--system", "viton"), "viton-256")
    refuse(try_on("--systems", "cp-vton,stylegan", verb="compare"), "stylegan", "choose from viton")
    refuse(try_on("--systems", "viton", verb="compare"), "weights of viton are not here")
    portrait = save_dressed(tmp_path / "portrait.png", figure(900, 60, 40, (400, 520)))
    refuse(try_on("--slot", "bottom", person=portrait), "does not show the person's legs")
    assert main(["tryon", "--system", "cp-vton", "--person", garment, "--garment", garment, "--out", "x.png"]) == 2


def test_an_outfit_is_put_on_at_once(person, garment, tmp_path, capsys):
    photos = ["--person", person, "--top", garment, "--bottom", garment, "--shoes", garment]
    out = tmp_path / "out.png"
    assert main(["tryon", "--system", OUTFITS, *photos, "--out", str(out)]) == 0
    assert capsys.readouterr().err.splitlines()[-1].startswith("top+bottom+shoes, ")
    before, after = (np.array(Image.open(path)) for path in (person, out))
    assert after.shape == before.shape and (np.abs(before.astype(int) - after) > 12).any()
    assert TryOnOrigin.from_json(Image.open(out).info["vton"]).slot == "top+bottom+shoes"
    alone = ["--person", person, "--garment", garment, "--slot", "top", "--out", str(out)]
    assert main(["tryon", "--system", OUTFITS, *alone]) == 0


def test_what_is_no_outfit_gets_one_line(person, garment, tmp_path, refuse):
    def tried(*flags, system=OUTFITS):
        return main(["tryon", "--system", system, "--person", person, "--out", str(tmp_path / "out.png"), *flags])

    refuse(tried(), "Give --garment, or the articles of an outfit")
    refuse(tried("--garment", garment, "--top", garment), "not both")
    refuse(tried("--top", garment, "--slot", "top"), "--slot")
    refuse(tried("--top", garment, "--dress", garment), "A dress replaces top and bottom")
    refuse(tried("--top", garment, "--shoes", "gone.jpg"), "gone.jpg")
    refuse(tried("--top", garment, system="cp-vton"), "CP-VTON puts on one garment", f"--system {OUTFITS}")


def test_shoes_are_told_apart_when_no_slot_is_given(person, garment, tmp_path, refuse):
    photos = ["--person", person, "--garment", garment]
    refuse(main(["tryon", "--system", "cp-vton", *photos, "--out", str(tmp_path / "out.png")]), "pair of shoes")


def test_a_check_prints_the_forecast_and_draws_nothing(person, garment, tmp_path, capsys, refuse):
    assert main(["tryon", "--person", person, "--garment", garment, "--slot", "top", "--check"]) == 0
    assert capsys.readouterr().out.startswith("Forecast: ") and not (tmp_path / "out.png").exists()
    refuse(main(["tryon", "--person", person, "--garment", garment]), "Give --out OUT.png, or --check")
