"""Tables of outfits, CSV or Parquet: a row is a picture to make, a cell is what it says in text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vton.schema import SLOTS, InputError, quoted

COLUMNS = {
    "name": "of the picture's file, without .png (default: row-00001, ...)",
    **{slot: f"photo of the {slot}" for slot in SLOTS},
    "pose": "a preset, an OpenPose JSON file, or a photo of somebody who stands that way",
    "seed": "whole number, which person is drawn (default 0)",
    "wear": 'how articles are worn, such as "top=in, outer=open", for weights that can be told',
    "person": "photo of a person: the row is a try-on, of one garment, and has no pose, seed and wear",
}
"""Of a table, and what their cells hold; every one may be left out, and others are not looked at."""

_NAME = re.compile(r"\w[\w.-]{0,99}")
_FORMATS = (".csv", ".tsv", ".parquet")


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        number: from 1, without the line of headings.
        name: of the picture's file, without suffix; no two rows have the same.
        cells: column -> text, of the columns that are filled.
        problem: why the name cannot be used, else empty.
    """

    number: int
    name: str
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A table, and what it is relative to.

    Attributes:
        folder: that paths in cells begin from.
        unused: headings of the columns that are not looked at.
    """

    rows: tuple[Row, ...]
    folder: Path
    unused: tuple[str, ...]


def read_table(path: Path) -> Table:
    """Reads a table of outfits.

    Args:
        path: CSV (UTF-8; commas, semicolons or tabs) or Parquet.

    Raises:
        InputError: it cannot be read, has no row, or no column of an article.
    """
    if path.suffix.lower() not in _FORMATS:
        raise InputError(f"{quoted(path.name)} must be a table that ends in {', '.join(_FORMATS)}.")
    try:
        lines = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    except OSError as error:
        reason = error.strerror or "no such format"
        raise InputError(f"Cannot read the table {quoted(path.name)}: {reason}. Check the path.") from None
    headings = [heading.strip().lower() for heading in lines[0]] if lines else []
    twice = sorted({heading for heading in headings if headings.count(heading) > 1 and heading in COLUMNS})
    if twice:
        raise InputError(f"{quoted(path.name)} has the column {twice[0]} twice: remove one.")
    if not set(headings) & set(SLOTS):
        raise InputError(f"{quoted(path.name)} has no column of articles: its first line names {', '.join(SLOTS)}.")
    rows = _rows(headings, lines[1:])
    if not rows:
        raise InputError(f"{quoted(path.name)} has no row: add a line for each outfit.")
    unused = tuple(heading for heading in headings if heading and heading not in COLUMNS)
    return Table(tuple(rows), path.absolute().parent, unused)


def _rows(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> list[Row]:
    """The rows of lines that are not empty."""
    rows: list[Row] = []
    taken: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        cells = {heading: cell.strip() for heading, cell in zip(headings, line, strict=False)}
        cells = {heading: cell for heading, cell in cells.items() if cell and heading in COLUMNS}
        if not cells:
            continue
        name, problem = cells.pop("name", f"row-{number:05d}"), ""
        if not _NAME.fullmatch(name):
            problem = f"The name {quoted(name)} cannot be that of a file: use letters, digits, '-', '_' and '.'."
        elif name.casefold() in taken:
            problem = f"Row {taken[name.casefold()]} has the name {name} too: give another."
        else:
            taken[name.casefold()] = number
        rows.append(Row(number, name, cells, problem))
    return rows


def _csv(path: Path) -> list[list[str]]:
    try:
        text = path.read_text("utf-8-sig")
        heading = text.partition("\n")[0]
        delimiter = max(",;\t", key=heading.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        raise InputError(f"{quoted(path.name)} is not in UTF-8: save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise InputError(f"{quoted(path.name)} is no CSV ({error}): save the table as CSV again.") from None


def _parquet(path: Path) -> list[list[str]]:
    try:
        import pyarrow  # pyright: ignore[reportMissingImports] (not among the tools of the tests)
        import pyarrow.parquet  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise InputError(
            "Reading Parquet needs pyarrow: pip install -r requirements-parquet.txt, or save the table as CSV."
        ) from None
    try:
        table = pyarrow.parquet.read_table(path)
    except pyarrow.ArrowInvalid:
        raise InputError(f"{quoted(path.name)} is no Parquet file: write the table again.") from None
    records: list[Mapping[str, Any]] = table.to_pylist()
    return [table.column_names, *([_text(record[name]) for name in table.column_names] for record in records)]


def _text(value: Any) -> str:
    """A cell of Parquet as text; a whole number that became a float, as columns with gaps do, is whole again."""
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
