"""The table of what became of each row, written while the rows are drawn: a run that was killed loses none of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from vton.hub.checkpoints import write_atomically
from vton.schema import InputError, quoted

RESULTS_NAME = "results.csv"


@dataclass(frozen=True)
class Result:
    """What became of a row.

    Attributes:
        row, name: of the table.
        file: of the picture, in the folder of the results; empty after an error.
        seconds: that it took, reading the photos included.
        error: why there is no picture, else empty.
        inputs: digits that change with everything that decides the picture.
    """

    row: int
    name: str
    file: str
    seconds: float
    error: str
    inputs: str


_COLUMNS = [field.name for field in fields(Result)]


class Results:
    """The results in a folder.

    Args:
        folder: of the pictures; made when it is missing.

    Attributes:
        known: those of earlier runs that have a picture, by the name of the row.

    Raises:
        InputError: the folder cannot be written to, or holds a table of that name that is none of ours.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / RESULTS_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            text = self.path.read_text("utf-8") if self.path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it holds another file of that name"
            raise InputError(f"Cannot write {RESULTS_NAME} to --out {quoted(folder.name)}: {reason}.") from None
        self.known = {result.name: result for result in self._read(text) if result.file}

    def _read(self, text: str) -> Iterable[Result]:
        """The results in a file, whose last line a killed run may have left unfinished."""
        lines = list(csv.DictReader(io.StringIO(text[: text.rfind("\n") + 1], newline="")))
        if text and text.splitlines()[0].split(",") != _COLUMNS:
            raise InputError(f"There is another {RESULTS_NAME} in --out: choose an empty folder.")
        for line in lines:
            yield Result(int(line["row"]), line["name"], line["file"], float(line["seconds"]), line["error"],
                         line["inputs"])  # fmt: skip

    def begin(self, kept: Iterable[Result]) -> None:
        """Writes the table of what need not be drawn again; `add` goes on from there."""
        write_atomically(self.path, _text([_COLUMNS]) + _text(map(_cells, kept)))

    def add(self, result: Result) -> None:
        """Adds a line to the file."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_text([_cells(result)]))

    def finish(self, results: Iterable[Result]) -> None:
        """Writes the table anew, in the order of the rows."""
        self.begin(sorted(results, key=lambda result: result.row))


def _cells(result: Result) -> list[str]:
    return [str(value) for value in asdict(result).values()]


def _text(lines: Iterable[list[str]]) -> str:
    content = io.StringIO(newline="")
    csv.writer(content, lineterminator="\n").writerows(lines)
    return content.getvalue()
