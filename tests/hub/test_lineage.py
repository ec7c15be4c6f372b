"""Lineages: read back as written, refused in one line when anything is wrong, and quoted by cards and table."""

import json
import shutil
from dataclasses import asdict, replace

import pytest

from vton import hub
from vton.hub.checkpoint_pages import card_with_lineage, table_page, write_pages
from vton.hub.checkpoints import BUNDLED_ROOT
from vton.hub.lineage import Dataset, Lineage, Phase, read_lineage
from vton.schema import InputError


@pytest.fixture
def folder(tiny_outfit_checkpoint, tmp_path):
    return shutil.copytree(tiny_outfit_checkpoint, tmp_path / "set" / "tiny-outfit")


@pytest.fixture
def lineage(folder):
    """Two phases and two datasets; what can be unknown is so in one of each."""
    phases = (
        Phase("outfit-gan", None, "64x48", {"lr": 0.5}, 1200, None, None, None),
        Phase("outfit-gan", "warp", None, {"lr": 1, "generator": {"size_hw": [64, 48]}}, 34, "a mean", 7, "short"),
    )
    data = (Dataset("boxes", ("make boxes", "pack boxes")), Dataset("rings", None))
    return Lineage("outfit-gan", hub.revision(folder), None, data, phases, None, None, "2026-11-30", None)


def test_read_back_as_written(folder, lineage):
    lineage.write(folder)
    assert read_lineage(folder) == lineage
    complete = replace(lineage, parent="other@0123456789ab", hardware="one core", hours=1.5, code="abc")
    complete.write(folder)
    assert read_lineage(folder) == complete
    hub.verify(folder)


def broken(values, *path, value):
    """The values with one of them, found by its keys, replaced; removed when it is `...`."""
    *keys, last = path
    inner = values
    for key in keys:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return values


@pytest.mark.parametrize(("path", "value", "reason"), [
    (["phases"], [], "no phase"),
    (["phases"], {}, "must be lists"),
    (["phases", 0, "images"], "1200", "images of a phase"),
    (["phases", 0, "images"], True, "images of a phase"),
    (["phases", 0, "images"], -1, "cannot be negative"),
    (["phases", 0, "seed"], ..., "a phase must have exactly"),
    (["phases", 0, "more"], 1, "a phase must have exactly"),
    (["phases", 0, "settings"], {"l\nr": 1}, "name of a setting"),
    (["data", 0, "commands"], ["rm\x1b[2J"], "lines of text"),
    (["data", 0, "name"], "two\nlines", "no line of text"),
    (["data", 1], "rings", "a dataset must have exactly"),
    (["hours"], float("nan"), "cannot be negative"),
    (["revision"], "0123", "12 hex digits"),
    (["date"], "yesterday", "isoformat"),
    (["system"], None, "system of a lineage"),
])  # fmt: skip
def test_anything_wrong_is_said_in_one_line(folder, lineage, path, value, reason):
    values = broken(json.loads(json.dumps(asdict(lineage))), *path, value=value)
    (folder / hub.LINEAGE_NAME).write_text(json.dumps(values))
    with pytest.raises(InputError, match=reason) as caught:
        read_lineage(folder)
    assert "\n" not in str(caught.value) and str(folder.parent) not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "3", "[" * 100_000, "\xff"])
def test_other_files_are_no_lineages(folder, content):
    (folder / hub.LINEAGE_NAME).write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match="broken lineage.json"):
        read_lineage(folder)


def test_none_and_that_of_other_weights_are_refused(folder, lineage):
    with pytest.raises(InputError, match="has no lineage.json"):
        read_lineage(folder)
    replace(lineage, revision="0123456789ab").write(folder)
    with pytest.raises(InputError, match="of other weights"):
        read_lineage(folder)


def test_cards_quote_it_and_the_table_adds_it_up(folder, lineage):
    lineage.write(folder)
    figures = [hub.Metric("fid", 12.345, "n 3"), hub.Metric("unknown", 1.0, "n 3")]
    card = hub.write_model_card(folder, system="outfit-gan", summary="s", paper="p", data="d", metrics=figures)
    text = card.read_text()
    for piece in (
        "Parent: none.", "  - `make boxes`\n  - `pack boxes`", "- rings\n", "`lr=0.5`", "| 1,200 |", "a mean | short |",
        "hours unknown", "random weights",
    ):  # fmt: skip
        assert piece in text
    assert card_with_lineage(folder) == text
    row = next(line for line in table_page(folder.parent).splitlines() if "tiny-outfit" in line)
    assert "| 2 | 1,234 | ? | FID 12.3 |" in row and "unknown" not in row
    replace(lineage, hours=2.5, hardware="one core").write(folder)
    write_pages(folder.parent)
    assert "one core, about 2.5 hours" in card.read_text() and text != card.read_text()
    assert "| 2.5 |" in (folder.parent / "README.md").read_text()
    (folder / "README.md").unlink()
    with pytest.raises(InputError, match="has no README.md"):
        write_pages(folder.parent)
    with pytest.raises(InputError, match="holds no checkpoints"):
        write_pages(folder)


def test_pages_of_the_bundled_weights_are_what_their_data_makes():
    assert (BUNDLED_ROOT / "README.md").read_text() == table_page(BUNDLED_ROOT), "run `python -m vton cards`"
    for name in hub.bundled_names():
        folder = BUNDLED_ROOT / name
        assert (folder / "README.md").read_text() == card_with_lineage(folder), "run `python -m vton cards`"
        assert hub.revision(folder) in (folder / "README.md").read_text()
