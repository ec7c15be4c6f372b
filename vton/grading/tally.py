"""The count of grades that several people gave to the same cells: the worst of each cell counts."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vton.grading.blind_cells import KEY
from vton.schema import InputError

GRADES = ("good", "usable", "bad")
"""From the best to the worst."""


@dataclass(frozen=True)
class Tally:
    """What a system's pictures were called.

    Attributes:
        counts: grade -> cells, by the worse of the grades.
        agreed: share of the cells to which all gave the same grade.
    """

    counts: dict[str, int]
    agreed: float

    def line(self) -> str:
        """Such as "3 good, 5 usable, 16 bad of 24; all agreed on 20"."""
        count = sum(self.counts.values())
        said = ", ".join(f"{self.counts[grade]} {grade}" for grade in GRADES)
        return f"{said} of {count}; all agreed on {round(self.agreed * count)}"


def tally(folder: Path, grades: Sequence[Path]) -> dict[str, Tally]:
    """System -> count.

    Args:
        folder: with the key of `write_cells`.
        grades: CSV files with the columns cell and grade (and any others), one of each grader. A grade may be its first
            letter.

    Raises:
        InputError: a file that is missing or no such table, an unknown cell or grade, or a cell without a grade.
    """
    if not grades:
        raise InputError("Give the graders' CSV files, one each.")
    system_of = {row["cell"]: row["system"] for row in _rows(folder / KEY, ("cell", "system"))}
    given = [_grades(path, system_of) for path in grades]
    by_system: dict[str, list[list[int]]] = {}
    for cell, system in system_of.items():
        by_system.setdefault(system, []).append([one[cell] for one in given])
    return {system: _tally(found) for system, found in sorted(by_system.items())}


def _tally(found: Sequence[Sequence[int]]) -> Tally:
    counts = Counter(GRADES[max(grades)] for grades in found)
    agreed = sum(len(set(grades)) == 1 for grades in found) / len(found)
    return Tally({grade: counts[grade] for grade in GRADES}, agreed)


def _grades(path: Path, cells: Mapping[str, str]) -> dict[str, int]:
    """Cell -> number of its grade, of one grader."""
    found: dict[str, int] = {}
    for row in _rows(path, ("cell", "grade")):
        cell, said = row["cell"].lstrip("0"), row["grade"].strip().lower()
        matching = [number for number, grade in enumerate(GRADES) if said and grade.startswith(said)]
        if cell not in cells:
            raise InputError(f"{path.name}: there is no cell {row['cell']!r}.")
        if len(matching) != 1:
            raise InputError(f"{path.name}: cell {cell} is graded {said!r}; use {', '.join(GRADES)}.")
        if cell in found:
            raise InputError(f"{path.name}: cell {cell} is graded twice.")
        found[cell] = matching[0]
    missing = [cell for cell in cells if cell not in found]
    if missing:
        raise InputError(f"{path.name}: cell {missing[0]} has no grade, as {len(missing) - 1} more.")
    return found


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, skipinitialspace=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError(f"Cannot read '{path.name}': give a CSV file.") from None
    if not rows or any(row.get(column) is None for row in rows for column in columns):
        raise InputError(f"'{path.name}' lacks a column: give {' and '.join(columns)} for every row.")
    return rows
