"""Tables of outfits for the tests, whose photos are boxes of one colour on white."""

import csv

import pytest
from PIL import Image

from vton.cli import main


@pytest.fixture
def photo(tmp_path):
    """``photo(name, colour)``: a photo of one plain garment beside the table; its name."""

    def make(name, colour="brown"):
        image = Image.new("RGB", (120, 160), "white")
        image.paste(colour, (30, 30, 90, 130))
        image.save(tmp_path / name)
        return name

    return make


@pytest.fixture
def table(tmp_path):
    """``table(rows)``: a CSV of dicts; its path."""

    def write(rows):
        path = tmp_path / "table.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, sorted({key for row in rows for key in row}))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def batch(tiny_outfit_checkpoint, tmp_path):
    """``batch(table, *flags, out="made")``: the exit code of the verb, with the tiny generator."""

    def run(table, *flags, out="made"):
        usual = ["--checkpoint", str(tiny_outfit_checkpoint), "--out", str(tmp_path / out)]
        return main(["batch", str(table), *usual, *map(str, flags)])

    return run


@pytest.fixture
def results(tmp_path):
    """``results(out="made")``: the lines of the table of results."""

    def read(out="made"):
        with (tmp_path / out / "results.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    return read
