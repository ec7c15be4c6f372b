"""Many persons in many garments, none of which they wore: the papers' unpaired setting, for looking."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vton.conditioning.image_io import load_rgb
from vton.estimators.garment_photo import GarmentPhoto, read_garment
from vton.estimators.person_photo import PersonPhoto, check_shows, read_person_photo
from vton.pipelines.comparison import Compared, compare
from vton.schema import TRYON_SLOTS, InputError

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp")
PATIENCE = 60
_CELL_HW, _CAPTION = (256, 192), 18
_INK, _PAPER, _MISSING = (28, 26, 25), (255, 255, 255), (238, 236, 232)


@dataclass(frozen=True)
class Swap:
    """A person's photo in another garment: the files, the garment's slot, and what each system made of them."""

    person: Path
    garment: Path
    slot: str
    made: tuple[Compared, ...]


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
) -> Iterator[Swap | tuple[Path, str]]:
    """Each person in one garment; the slots take turns, and what a photo does not show is passed over.

    Yields:
        A swap, or a person's file with the reason for which there is none.
    """
    turn = 0
    for person in persons:
        try:
            photo = read_person_photo(person)
        except InputError as problem:
            yield person, str(problem)
            continue
        chosen = _first_that_fits(photo, wardrobe, turn)
        if chosen is None:
            yield person, "none of the garments can be put on: use photos that show more of the person"
            continue
        file, garment, turn = chosen
        yield Swap(person, file, garment.article.slot, tuple(compare(photo, garment, systems, background)))


def _first_that_fits(photo: PersonPhoto, wardrobe: Wardrobe, turn: int) -> tuple[Path, GarmentPhoto, int] | None:
    """The next garment, from the slot whose turn it is on, and the turn after it."""
    for number in range(turn, turn + len(TRYON_SLOTS)):
        slot = TRYON_SLOTS[number % len(TRYON_SLOTS)]
        try:
            check_shows(photo.found, slot)
        except InputError:
            continue
        for file, garment in wardrobe.garments(slot):
            return file, garment, number + 1
    return None


def swap_cell(swap: Swap, number: int) -> np.ndarray:
    """Person | garment | what each system made, under a caption: [274, 192 * columns, 3], uint8."""
    pictures = [load_rgb(swap.person), load_rgb(swap.garment)]
    pictures += [one.result and one.result.image_u8 for one in swap.made]
    (height, width), names = _CELL_HW, [f"{number} {swap.slot}", "", *(one.system for one in swap.made)]
    cell = Image.new("RGB", (width * len(pictures), height + _CAPTION), _PAPER)
    draw = ImageDraw.Draw(cell)
    for column, (image_u8, name) in enumerate(zip(pictures, names, strict=True)):
        x = column * width
        draw.text((x + 3, 2), name, fill=_INK, font=ImageFont.load_default(12))
        if image_u8 is None:
            draw.rectangle((x, _CAPTION, x + width - 1, _CAPTION + height), fill=_MISSING)
            continue
        picture = Image.fromarray(image_u8)
        picture.thumbnail((width, height), Image.Resampling.LANCZOS)
        cell.paste(picture, (x + (width - picture.width) // 2, _CAPTION + (height - picture.height) // 2))
    return np.array(cell)
