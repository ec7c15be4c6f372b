"""The one form of all packs: a folder of memory-mapped arrays, what is known of each row, and ``meta.json``.

Rooms beside this file say what the rows of each kind are: `outfits`, `heads`, `persons`, `garments`, `pairs`.
``meta.json`` of every kind has ``format`` (a number), ``kind``, ``forms`` (of the data sets, see `SOURCES`), ``traits``
(of each form, see `Traits`), ``sources`` (names of the folders) and ``skipped`` (what could not be read, and why).
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from vton.data.npy_writer import array_writers
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.data.source import Job, Source, Traits, find_source, source_class
from vton.schema import InputError

FACTS = {
    "outfits": "outfits.json",
    "heads": "heads.json",
    "persons": "people.json",
    "garments": "items.json",
    "pairs": "pairs.json",
}
"""The file of each kind with what is known of its rows; a pack's kind is known by it."""

Progress = Callable[[int, int], None]


class Pack(ABC):
    """A pack, opened as read-only memory maps.

    Attributes:
        kind: key of `FACTS`; array_names: of the files ``<name>.npy`` that every pack of the kind has, and of the
            attributes that hold them.
        facts: what is known of each row; meta: of all of them.
        forms: of the data sets that it was made from.

    Raises:
        InputError: the folder is no pack of the kind, or its arrays disagree with its ``meta.json``.
    """

    kind: ClassVar[str]
    array_names: ClassVar[tuple[str, ...]]

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        with opened_as(folder, f"a pack of {self.kind}", f"python -m vton pack --kind {self.kind}"):
            self.facts, self.meta = read_facts(folder, FACTS[self.kind])
            for name, array in memory_maps(folder, self.array_names).items():
                setattr(self, name, array)
            self.forms: list[str] = self._forms()
            whole = self.is_whole()
        if not whole:
            raise InputError(
                f"Pack '{folder.name}' is damaged or of another version: run `python -m vton pack` again."
            )

    @abstractmethod
    def is_whole(self) -> bool:
        """Whether arrays and facts agree with ``meta.json``, and names with those of this version."""

    @property
    def form(self) -> str:
        """The form of all photos, in packs of one form."""
        (form,) = self.forms
        return form

    @cached_property
    def traits(self) -> Traits:
        """What is true of all photos, in packs of one form; earlier packs do not say it, their form's class does."""
        written = self.meta.get("traits", {}).get(self.form)
        return Traits(**written) if written else source_class(self.form).traits

    def _forms(self) -> list[str]:
        """Earlier packs name at most one; those that name none hold outfits of the studio, or garments of any form."""
        if "forms" in self.meta:
            return self.meta["forms"]
        return [self.meta["form"]] if "form" in self.meta else ["studio"] if self.kind == "outfits" else []


class PackWriter(ABC):
    """Makes packs of one kind.

    Attributes:
        kind, version: key of `FACTS`, and the number of the arrays' form.
        one_form: whether all folders must be of one format.
        nothing: what is said when no row was found.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    one_form: ClassVar[bool] = True
    nothing: ClassVar[str]

    @abstractmethod
    def start(self, sources: dict[str, Source]) -> list[tuple[str, Job]]:
        """Learns what is to be packed, by the sources' names; returns the jobs, each with the name of its source."""

    @abstractmethod
    def shapes(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """Shape and type of a row of each array."""

    @abstractmethod
    def add(self, rows: list[Any], source: str) -> None:
        """Appends what one job has read."""

    @abstractmethod
    def meta(self) -> dict[str, Any]:
        """What ``meta.json`` says beside what it says of every kind; called after the last `add`."""

    def open(self, folder: Path) -> None:
        """Makes the arrays; ``facts`` gets what is known of each row."""
        self.arrays = array_writers(folder, self.shapes())
        self.facts: list[Any] = []

    def append(self, **rows: np.ndarray | np.generic) -> None:
        """Adds a row to each of the arrays."""
        for name, row in rows.items():
            self.arrays[name].append(np.asarray(row)[None])

    def close(self) -> None:
        """Ends the arrays."""
        for array in self.arrays.values():
            array.close()


def write_pack(
    writer: PackWriter,
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    looks: Sequence[int] | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Packs all that ``data_dirs`` hold for a kind of pack into ``out`` (an older one there is replaced at the end).

    Args:
        data_dirs: folders in any format of `SOURCES`.
        looks: of every outfit that has looks, which differ in colours alone, those to take; None takes all.
        processes: worker processes (1: none, work here).
        progress: called with (jobs done, jobs in all).

    Returns:
        What is in ``meta.json``.

    Raises:
        InputError: a folder is of no known format or holds nothing for the kind, folders are of two formats where all
            must be of one, nothing can be read, or ``out`` holds something else than a pack of the kind.
    """
    out = Path(out)
    check_room(out, FACTS[writer.kind], f"a pack of {writer.kind}")
    sources = [find_source(Path(folder)) for folder in data_dirs]
    forms = list(dict.fromkeys(source.form for source in sources))
    if writer.one_form and len(forms) != 1:
        raise InputError("Each format goes into a pack of its own: pack the folders one by one.")
    sources = sources if looks is None else [source.only_looks(looks) for source in sources]
    named = dict(zip(_told_apart([source.name for source in sources]), sources, strict=True))
    jobs, skipped = writer.start(named), []
    with new_pack(out) as folder:
        writer.open(folder)
        for source, rows in results(_read, jobs, processes, skipped, progress):
            writer.add(rows, source)
        writer.close()
        if not writer.facts:
            raise InputError(f"{writer.nothing}: {skipped[0] if skipped else 'the folders hold none'}")
        meta = {
            "format": writer.version,
            "kind": writer.kind,
            "forms": forms,
            "traits": {source.form: asdict(source.traits) for source in sources},
            "sources": list(named),
            **writer.meta(),
            "skipped": skipped,
        }
        write_facts(folder, FACTS[writer.kind], writer.facts, meta)
    return meta


def _told_apart(names: list[str]) -> list[str]:
    """Names of folders; from the second on, equal ones are numbered."""
    return [f"{name}-{names[:i].count(name) + 1}" if name in names[:i] else name for i, name in enumerate(names)]


def _read(job: tuple[str, Job]) -> tuple[str, list[Any]]:
    source, read = job
    return source, read()


def kind_of(folder: Path) -> str | None:
    """The kind of pack that a folder holds, if it holds one."""
    return next((kind for kind, name in FACTS.items() if (folder / name).is_file()), None)
