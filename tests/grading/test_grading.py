"""Blind grading: a sample that the seed decides, cells without names, and the worse of two grades."""

import csv
import shutil

import cv2
import numpy as np
import pytest

from vton.cli import main
from vton.grading.blind_cells import CELLS, KEY, Made, beside, write_cells
from vton.grading.tally import tally
from vton.schema import InputError
from vton.ui.looks import FOLDER


def made(count: int = 4) -> list[Made]:
    """Two systems that draw the same samples, each in a grey of its own."""
    return [Made(np.full((8, 6, 3), 40 * sample + 100 * (system == "a"), np.uint8), system, sample, {"pose": "stand"})
            for sample in range(count) for system in ("a", "b")]  # fmt: skip


def key_of(folder) -> list[dict[str, str]]:
    with open(folder / KEY, newline="") as file:
        return list(csv.DictReader(file))


def grades(path, said: dict[str, str]):
    path.write_text("cell,grade,reason\n" + "".join(f"{cell},{grade},x\n" for cell, grade in said.items()))
    return path


def test_every_picture_is_a_cell_in_an_order_that_the_seed_decides(tmp_path):
    folders = [tmp_path / name for name in ("one", "again", "other")]
    for folder, seed in zip(folders, (3, 3, 4), strict=True):
        assert write_cells(made(), folder, seed) == 8
    first, again, other = map(key_of, folders)
    assert first == again != other
    expected = {(one.system, str(one.sample)): one.cell[0, 0, 0] for one in made()}
    for row in first:
        cell = cv2.imread(str(folders[0] / CELLS / f"{int(row['cell']):03d}.png"))
        assert abs(int(cell.mean()) - int(expected[row["system"], row["sample"]])) < 4 and row["pose"] == "stand"
    with pytest.raises(InputError, match="another folder"):
        write_cells(made(), folders[0], 3)
    with pytest.raises(InputError, match="Nothing"):
        write_cells([], tmp_path / "empty", 3)


def test_the_worse_of_two_grades_counts(tmp_path, capsys):
    write_cells(made(), tmp_path / "cells", 1)
    system = {row["cell"]: row["system"] for row in key_of(tmp_path / "cells")}
    own = {name: [cell for cell in system if system[cell] == name] for name in ("a", "b")}
    one = dict.fromkeys(system, "good") | {own["a"][0]: "usable"}
    two = dict.fromkeys(system, "g") | {own["a"][0]: "b", own["b"][1]: "Usable", own["b"][2]: "bad"}
    files = [grades(tmp_path / "1.csv", one), grades(tmp_path / "2.csv", two)]
    found = tally(tmp_path / "cells", files)
    assert found["a"].counts == {"good": 3, "usable": 0, "bad": 1} and found["a"].agreed == 0.75
    assert found["b"].counts == {"good": 2, "usable": 1, "bad": 1} and found["b"].agreed == 0.5
    assert main(["grade", "count", str(tmp_path / "cells"), *map(str, files)]) == 0
    assert "a: 3 good, 0 usable, 1 bad of 4; all agreed on 3" in capsys.readouterr().out


@pytest.mark.parametrize(("change", "problem"), [
    ({"1": "fine"}, "use good, usable, bad"), ({"99": "good"}, "no cell"), ({"1": None}, "has no grade"),
    ({"01": "good"}, "twice"),
])  # fmt: skip
def test_a_table_of_grades_that_does_not_fit_is_refused(change, problem, tmp_path):
    write_cells(made(2), tmp_path / "cells", 1)
    said = {row["cell"]: "good" for row in key_of(tmp_path / "cells")} | change
    path = grades(tmp_path / "g.csv", {cell: grade for cell, grade in said.items() if grade})
    with pytest.raises(InputError, match=problem):
        tally(tmp_path / "cells", [path])
    with pytest.raises(InputError, match="lacks a column"):
        tally(tmp_path / "cells", [tmp_path / "cells" / KEY])
    with pytest.raises(InputError, match="one each"):
        tally(tmp_path / "cells", [])


def test_pictures_stand_beside_each_other():
    row = beside([np.zeros((4, 3, 3), np.uint8), np.full((6, 2, 3), 9, np.uint8)], gap=2)
    assert row.shape == (6, 7, 3) and (row[4:, :3] == 255).all() and (row[:, 5:] == 9).all()


@pytest.fixture
def photos(tmp_path):
    """A folder of the articles of two of the page's looks."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for look in ("3-orange-dress", "4-leather-jacket"):
        for file in (FOLDER / look).glob("*.webp"):
            shutil.copy(file, folder / f"my-{look}-{file.name}")
    return folder


def test_create_draws_each_outfit_by_each_checkpoint(photos, make_checkpoint, tmp_path, capsys):
    weights = [str(make_checkpoint(tmp_path / name, "outfit-gan")) for name in ("x", "y")]
    command = ["grade", "create", str(tmp_path / "out"), "--garments", str(photos), "--count", "2", "--seed", "5"]
    assert main([*command, "--checkpoint", weights[0], "--checkpoint", weights[1]]) == 2
    assert "held out" in capsys.readouterr().err
    assert main([*command, "--all-photos", "--checkpoint", weights[0], "--checkpoint", weights[1]]) == 0
    rows = key_of(tmp_path / "out")
    assert sorted((row["sample"], row["system"]) for row in rows) == sorted((s, w) for s in "12" for w in weights)
    for sample in "12":
        one, two = ({k: v for k, v in row.items() if k not in ("cell", "system")} for row in rows
                    if row["sample"] == sample)  # fmt: skip
        assert one == two and one["pose"] and (one["top"] or one["dress"])
