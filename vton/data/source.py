"""What every data set offers, whatever its format: its traits, and what packs can be made of it."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from vton.schema import InputError, SizeHW

if TYPE_CHECKING:
    from vton.data.formats.studio_shards import OutfitEntry

SOURCES = {
    "clothing": "vton.data.formats.clothing:ClothingDataset",
    "ccp": "vton.data.formats.ccp:ClothingCoParsing",
    "viton": "vton.data.formats.viton:Viton",
    "viton-hd": "vton.data.formats.viton_hd:VitonHd",
    "dresscode": "vton.data.formats.dresscode:DressCode",
    "acgpn": "vton.data.formats.acgpn:AcgpnViton",
    "studio": "vton.data.formats.studio:StudioSet",
}
"""By form, in the order in which they are asked whether a folder is theirs."""

Job = Callable[[], list[Any]]
"""Reads a part of a source, in another process too: no row, one or several, of what the pack holds. Raises InputError
when a file of that part is missing or damaged."""


@dataclass(frozen=True)
class Traits:
    """What is true of all photos of a data set. Packs carry it, so that whoever reads one need not know the data set.

    Attributes:
        real: a camera took them; the others are drawn by the studio.
        exact: joints, labels and outlines are those that the photo was drawn from. Otherwise people or machines marked
            them, skin may be of no known part, and hips lie not quite where the studio has them.
        cut_out: the garments of pairs are cut out of the very photos that show them.
        surroundings: they show a street or a room beside the person.
    """

    real: bool
    exact: bool
    cut_out: bool = False
    surroundings: bool = False


class Source(ABC):
    """A folder in the format of one data set.

    Attributes:
        form: the format's key in `SOURCES`; it also names the figures that are measured on such photos.
        traits: of its photos.
        person_hw: size of the canvas on which a pack of persons has them.
        folder, name: where it is, and the folder's own name.
    """

    form: ClassVar[str]
    traits: ClassVar[Traits]
    person_hw: ClassVar[SizeHW] = (256, 192)

    def __init__(self, folder: Path):
        self.folder, self.name = folder, folder.name

    @classmethod
    @abstractmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether the folder is of this format."""

    def only_looks(self, looks: Sequence[int]) -> Self:
        """The same without the other looks of each outfit; data sets whose outfits have no looks stay whole."""
        return self

    def outfits(self) -> list[OutfitEntry]:
        """Outfits whose articles each have a picture of their own."""
        raise self._has_no("outfits")

    def persons(self, size_hw: SizeHW) -> list[Job]:
        """Jobs for `PersonRow` on canvases of that size."""
        raise self._has_no("persons")

    def garments(self) -> list[Job]:
        """Jobs for `GarmentItem`."""
        raise self._has_no("garments")

    def pairs(self) -> list[Job]:
        """Jobs for `PairRow`."""
        raise self._has_no("pairs")

    def _has_no(self, kind: str) -> InputError:
        return InputError(f"'{self.name}' is {self.form} data, which gives no pack of {kind}: choose another --data.")


def source_class(form: str) -> type[Source]:
    """The class of a format.

    Raises:
        InputError: there is none of that name.
    """
    if form not in SOURCES:
        raise InputError(f"Form '{form[:40]}' is unknown: it is none of {', '.join(SOURCES)}.")
    module, _, attribute = SOURCES[form].partition(":")
    return getattr(importlib.import_module(module), attribute)


def find_source(folder: Path) -> Source:
    """The reader of a folder.

    Raises:
        InputError: the folder does not exist, is of no known format, or lacks files of its format.
    """
    if not folder.exists():
        raise InputError(f"Data folder '{folder.name}' does not exist: check --data.")
    for source in map(source_class, SOURCES):
        if source.recognises(folder):
            return source(folder)
    raise InputError(f"'{folder.name}' is in no format that is known: {', '.join(SOURCES)}.")
