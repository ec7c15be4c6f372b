"""Many persons in many garments, none of which they wore: the papers' unpaired setting, for looking."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vton.conditioning.canvas import fit_to_canvas
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import load_rgb
from vton.readers.garment.garment_photo import GarmentPhoto, read_garment
from vton.readers.person_photo import PersonPhoto, check_shows, read_person_photo
from vton.schema import TRYON_SLOTS, InputError
from vton.systems.comparison import Compared, GarmentReadings, compare

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp")
PATIENCE = 60
_CELL_HW, _CAPTION = (256, 192), 18
_INK, _PAPER, _MISSING = (28, 26, 25), 255, 238


@dataclass(frozen=True)
class Swap:
    """A person's photo in another garment.

    Attributes:
        person: the file; person_u8: its picture [H, W, 3], uint8, None when it cannot be used.
        garment, slot: file and slot of what was put on; None when nothing was.
        made: what each system made of them.
        problem: why nothing was put on; empty when something was.
    """

    person: Path
    person_u8: np.ndarray | None = None
    garment: Path | None = None
    slot: str | None = None
    made: tuple[Compared, ...] = ()
    problem: str = ""


def photo_files(source: str | Path) -> list[Path]:
    """The photo itself, or the photos of a folder by name.

    Raises:
        InputError: a folder without photos.
    """
    path = Path(source)
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in PICTURES)
    if not found:
        raise InputError(f"There are no photos in the folder '{path.name}': give one with {', '.join(PICTURES)} files.")
    return found


class Wardrobe:
    """Garments that are asked for by slot; photos are read when they are needed, each once, then go round.

    Args:
        files: of garments; slot: what all of them are (None: what each looks like).
    """

    def __init__(self, files: Iterable[Path], slot: str | None = None):
        self._unread, self._slot = deque(files), slot
        self._read: dict[str, deque[tuple[Path, GarmentPhoto]]] = {}
        self.unusable: dict[Path, str] = {}

    def garments(self, slot: str) -> Iterator[tuple[Path, GarmentPhoto]]:
        """Garments of a slot: first those that nobody had, at last each that was had before, once."""
        known = self._read.setdefault(slot, deque())
        had = len(known)
        for _ in range(PATIENCE):
            if not self._unread:
                break
            file = self._unread.popleft()
            try:
                garment = read_garment(file, self._slot)
            except InputError as problem:
                self.unusable[file] = str(problem)
                continue
            self._read.setdefault(garment.article.slot, deque()).append((file, garment))
            if garment.article.slot == slot:
                yield known[-1]
        for _ in range(had):
            known.rotate(-1)
            yield known[-1]


def swaps(
    persons: Sequence[Path], wardrobe: Wardrobe, systems: Sequence[str], background: str = "keep"
) -> Iterator[Swap]:
    """Each person in one garment, or why in none; the slots take turns, and what a photo does not show is passed over.

    Nothing is raised for a photo that cannot be used.
    """
    turn = 0
    for person in persons:
        try:
            photo = read_person_photo(person)
        except InputError as problem:
            yield Swap(person, problem=str(problem))
            continue
        chosen = _first_that_fits(photo, wardrobe, turn)
        if chosen is None:
            problem = "none of the garments can be put on: use photos that show more of the person"
            yield Swap(person, photo.image_u8, problem=problem)
            continue
        file, garment, turn = chosen
        made = tuple(compare(photo, GarmentReadings.of(garment), systems, background))
        yield Swap(person, photo.image_u8, file, garment.article.slot, made)


def _first_that_fits(photo: PersonPhoto, wardrobe: Wardrobe, turn: int) -> tuple[Path, GarmentPhoto, int] | None:
    """The next garment, from the slot whose turn it is on, and the turn after it."""
    for number in range(turn, turn + len(TRYON_SLOTS)):
        slot = TRYON_SLOTS[number % len(TRYON_SLOTS)]
        try:
            check_shows(Wearer.of(photo.found, slot))
        except InputError:
            continue
        for file, garment in wardrobe.garments(slot):
            return file, garment, number + 1
    return None


def swap_cell(swap: Swap, number: int) -> np.ndarray:
    """Person | garment | what each system made, under a caption: [274, 192 * columns, 3], uint8."""
    (height, width), pictures = _CELL_HW, [swap.person_u8, load_rgb(swap.garment) if swap.garment else None]
    pictures += [one.result and one.result.image_u8 for one in swap.made]
    cell = np.full((_CAPTION + height, width * len(pictures), 3), _PAPER, np.uint8)
    names = [f"{number} {swap.slot}", "", *(one.system for one in swap.made)]
    for column, (image_u8, name) in enumerate(zip(pictures, names, strict=True)):
        place = cell[:, column * width : (column + 1) * width]
        place[_CAPTION:] = _MISSING if image_u8 is None else fit_to_canvas(image_u8, _CELL_HW, _PAPER)[0]
        cv2.putText(cell, name, (column * width + 3, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, _INK, 1, cv2.LINE_AA)
    return cell
