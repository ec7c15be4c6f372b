"""One row of a table to its picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vton import __version__
from vton.catalogue.table import Row
from vton.conditioning.pose.presets import DEFAULT_PRESET, preset_poses
from vton.generation.ranges import check_psi
from vton.hub import find_checkpoint, revision
from vton.hub.fetching import sha256_of
from vton.readers.garment.article_reader import article_from_photo
from vton.readers.pose.resolve import resolve_pose
from vton.schema import SLOTS, TRYON_SLOTS, Article, InputError, Outfit, Pose, Wear, check_slots, quoted
from vton.systems import find_system, get_pipeline

_KEPT = 256  # articles and poses that many rows share, some 200 kB each


@dataclass(frozen=True)
class Settings:
    """What holds for all rows.

    Attributes:
        folder: that paths in cells begin from.
        out: folder of the pictures.
        generator, tryon: names of the systems.
        checkpoint: of the generator: name, folder or Hub id, None for its own.
        psi: truncation, 0..2.
    """

    folder: str
    out: str
    generator: str
    tryon: str
    checkpoint: str | None = None
    psi: float = 0.8

    def check(self, rows: Iterable[Row]) -> None:
        """Raises InputError for a mistake that would spoil every row: a number out of its range, unfitting weights."""
        check_psi(self.psi)
        persons = {"person" in row.cells for row in rows}
        if False in persons:
            get_pipeline(self.generator, self.checkpoint)
        if True in persons:
            get_pipeline(self.tryon)

    def weights(self, row: Row) -> str:
        """The revision of the weights that a row is drawn with.

        Raises:
            InputError: they cannot be found.
        """
        if "person" in row.cells:
            return f"{self.tryon} {_revision(find_system(self.tryon).checkpoint)}"
        return f"{self.generator} {_revision(self.checkpoint or find_system(self.generator).checkpoint)}"


_revision = lru_cache(lambda checkpoint: revision(find_checkpoint(checkpoint)))


def draw_row(row: Row, settings: Settings) -> Path:
    """Draws the picture of a row, writes it with its recipe, and returns its path.

    Raises:
        InputError: the row cannot be drawn, and why.
    """
    if row.problem:
        raise InputError(row.problem)
    path = picture_path(row, settings)
    made = _tried_on(row, settings) if "person" in row.cells else _drawn(row, settings)
    made.save(path)
    return path


def picture_path(row: Row, settings: Settings) -> Path:
    """Where the picture of a row is written."""
    return Path(settings.out) / f"{row.name}.png"


def inputs_of(row: Row, settings: Settings) -> str:
    """16 digits that are others as soon as anything is that decides the row's picture, files and weights included.

    Raises:
        InputError: a file of the row or its weights are not there.
    """
    files = {column: _digest(_path(row, column, settings)) for column in row.cells if _is_path(row, column)}
    said = [__version__, settings.weights(row), settings.psi, row.cells, files]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _drawn(row: Row, settings: Settings):
    seed, wear = _seed(row), Wear.parse(row.cells.get("wear", "").split(","))  # before any photo is read
    slots = [slot for slot in SLOTS if slot in row.cells]
    check_slots(slots)
    pose = row.cells.get("pose", DEFAULT_PRESET)
    pose = _pose(str(_path(row, "pose", settings))) if _is_path(row, "pose") else pose
    outfit = Outfit.of(*(_article(str(_path(row, slot, settings)), slot) for slot in slots)).require_any()
    pipeline = get_pipeline(settings.generator, settings.checkpoint)
    return pipeline(outfit, pose, seed=seed, psi=settings.psi, wear=wear)[0]


def _tried_on(row: Row, settings: Settings):
    slots = [slot for slot in SLOTS if slot in row.cells]
    if len(slots) != 1 or slots[0] not in TRYON_SLOTS:
        raise InputError(f"A row with a person tries on one garment: fill one of {', '.join(TRYON_SLOTS)}.")
    others = [column for column in ("pose", "seed", "wear") if column in row.cells]
    if others:
        raise InputError(f"A row with a person keeps who is in the photo and how: leave {', '.join(others)} empty.")
    person, garment = (str(_path(row, column, settings)) for column in ("person", slots[0]))
    return get_pipeline(settings.tryon)(person, garment, slot=slots[0])


def _seed(row: Row) -> int:
    text = row.cells.get("seed", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise InputError(f"The seed {quoted(text)} is no whole number from 0 on.")
    return int(text)


def _is_path(row: Row, column: str) -> bool:
    """Whether a cell names a file; a pose may be a preset's name instead."""
    if column == "pose":
        return column in row.cells and row.cells[column] not in preset_poses()
    return column in (*SLOTS, "person")


def _path(row: Row, column: str, settings: Settings) -> Path:
    """The file that a cell names.

    Raises:
        InputError: the cell holds a URL.
    """
    if "://" in row.cells[column]:
        raise InputError(f"The {column} is a URL, and none is fetched: download the file and give its path.")
    return Path(settings.folder, row.cells[column])


def _digest(path: Path) -> str:
    try:
        return _digest_of(str(path), path.stat().st_mtime_ns)
    except (OSError, ValueError):
        raise InputError(f"Cannot read {quoted(path.name)}: check the path.") from None


@lru_cache(_KEPT)
def _digest_of(path: str, changed_ns: int) -> str:
    """SHA-256 of a file that was last changed then."""
    return sha256_of(Path(path))


@lru_cache(_KEPT)
def _article(path: str, slot: str) -> Article:
    return article_from_photo(path, slot)


@lru_cache(_KEPT)
def _pose(path: str) -> Pose:
    return resolve_pose(path)
