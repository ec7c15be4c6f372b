"""The packed form of try-on pairs: a photo, a garment, and where the photo shows it, in memory-mapped uint8 arrays.

A pack is a folder: ``photos.npy`` [M,256,192,3] uint8, ``parsing.npy`` [M,256,192] uint8 (numbers of `SIDED_LABELS`),
``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence), ``worn.npy`` [M,256,192] uint8 (1 + number in
`TRYON_SLOTS` of the garment that is seen there, 0: none), ``held_out.npy`` [M] uint8, ``garments.npy``
[K,256,192,4] uint8 RGBA, ``pairs.npy`` [R,4] int32 (photo, garment, number of the slot, 1 if the photo shows the
garment and else 0), ``pairs.json`` (keys of pairs), ``meta.json``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vton.data.npy_writer import array_writers
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.data.pairs.rows import PAIR_HW, PairRow, PairSource, find_pair_source
from vton.schema import ARTICLE_HW, SIDED_LABELS, Article, InputError, Parsing, Person, Pose
from vton.schema.tryon import TRYON_SLOTS, TryOnSample

ARRAYS = ("photos", "parsing", "keypoints", "worn", "held_out", "garments", "pairs")


def pack_pairs(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    looks: Sequence[int] | None = None,
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> dict:
    """Packs the pairs of ``data_dirs`` into ``out`` (an older pack there is replaced at the end).

    Args:
        data_dirs: folders of one of the formats of `vton.data.pairs.rows`; all of the same.
        looks: of every studio outfit, the looks to take; None takes all.
        processes: worker processes (1: none, work here).
        progress: called with (jobs done, jobs in all).

    Returns:
        What is in ``meta.json``.

    Raises:
        InputError: folders of two formats, nothing that can be read, or ``out`` holds something else.
    """
    out = Path(out)
    check_room(out, "pairs.json", "a pack of pairs")
    sources = [find_pair_source(Path(folder), looks) for folder in data_dirs]
    if len({source.form for source in sources}) != 1:
        raise InputError("Each format goes into a pack of its own: pack the folders one by one.")
    names = _told_apart([source.name for source in sources])
    jobs = [(place, source, job) for place, source in enumerate(sources) for job in source.jobs]
    skipped: list[str] = []
    with new_pack(out) as folder:
        table = _PairWriter(folder)
        for place, rows in results(_read, jobs, processes, skipped, progress):
            table.add(rows, names[place])
        counts = table.close()
        if not table.keys:
            raise InputError(f"No pair was found: {skipped[0] if skipped else 'no garment shows enough'}")
        meta = {
            "format": 1,
            "kind": "pairs",
            "form": sources[0].form,
            "size_hw": list(PAIR_HW),
            **counts,
            "slots": dict(table.slots),
            "labels": list(SIDED_LABELS),
            "tryon_slots": list(TRYON_SLOTS),
            "sources": names,
            "skipped": skipped,
        }
        write_facts(folder, "pairs.json", table.keys, meta)
    return meta


def _read(job: tuple[int, PairSource, object]) -> tuple[int, list[PairRow]]:
    place, source, item = job
    return place, source.rows(item)


def _told_apart(names: list[str]) -> list[str]:
    """Names of folders; from the second on, equal ones are numbered."""
    return [f"{name}-{names[:i].count(name) + 1}" if name in names[:i] else name for i, name in enumerate(names)]


class _PairWriter:
    """Appends pairs; a photo or garment that comes again, by its folder and key, is stored once."""

    def __init__(self, folder: Path):
        rows = {
            "photos": ((*PAIR_HW, 3), "uint8"),
            "parsing": (PAIR_HW, "uint8"),
            "keypoints": ((18, 3), "float32"),
            "worn": (PAIR_HW, "uint8"),
            "held_out": ((), "uint8"),
            "garments": ((*ARTICLE_HW, 4), "uint8"),
            "pairs": ((4,), "int32"),
        }
        self.writers = array_writers(folder, rows)
        self.keys: list[str] = []
        self._taken: set[str] = set()
        self.slots: Counter[str] = Counter()
        self.held_out_pairs = 0
        self._photos: dict[tuple[str, str], int] = {}
        self._garments: dict[tuple[str, str], int] = {}

    def add(self, rows: list[PairRow], folder: str) -> None:
        """Adds the pairs of one job; a key that another folder has is called ``folder/key``."""
        for row in rows:
            photo, garment = row.photo, row.garment
            photo_key, garment_key = (folder, photo.key), (folder, garment.key)
            if photo_key not in self._photos:
                self._photos[photo_key] = len(self._photos)
                joints = photo.keypoints.astype(np.float32)
                self._append(photos=photo.image, parsing=photo.parsing, keypoints=joints, worn=photo.worn,
                             held_out=np.uint8(photo.held_out))  # fmt: skip
            if garment_key not in self._garments:
                self._garments[garment_key] = len(self._garments)
                self._append(garments=garment.rgba)
            places = self._photos[photo_key], self._garments[garment_key]
            self._append(pairs=np.array([*places, TRYON_SLOTS.index(row.slot), row.paired], np.int32))
            self.keys.append(f"{folder}/{row.key}" if row.key in self._taken else row.key)
            self._taken.add(self.keys[-1])
            self.slots[row.slot] += 1
            self.held_out_pairs += photo.held_out

    def _append(self, **values: np.ndarray) -> None:
        for name, value in values.items():
            self.writers[name].append(np.asarray(value)[None])

    def close(self) -> dict[str, int]:
        """Ends the files; returns how much is in them."""
        for writer in self.writers.values():
            writer.close()
        return {"pairs": len(self.keys), "photos": len(self._photos), "garments": len(self._garments),
                "held_out_pairs": self.held_out_pairs}  # fmt: skip


@dataclass
class PairArrays:
    """One pair as arrays of its own, free to be changed.

    Attributes:
        image: [H, W, 3], uint8; labels: [H, W], uint8, of ``SIDED_LABELS``; worn: [H, W], uint8, see ``worn.npy``.
        joints: [18, 3], float32, x, y in pixels, confidence; garment: [256, 192, 4], uint8.
        slot: of the garment; paired: whether the photo shows it.
    """

    image: np.ndarray
    labels: np.ndarray
    worn: np.ndarray
    joints: np.ndarray
    garment: np.ndarray
    slot: str
    paired: bool

    @property
    def worn_mask(self) -> np.ndarray:
        """Where the photo shows the garment: [H, W], bool; nowhere when it is no pair."""
        return (self.worn == TRYON_SLOTS.index(self.slot) + 1) & self.paired


class PairPack:
    """A pack, opened as read-only memory maps (attributes named as the files: ``photos``, ``garments``, ...).

    ``len()`` counts pairs; ``form`` names the format it was made from, ``keys`` names each pair.

    Raises:
        InputError: the folder is no pack of pairs, or its arrays disagree with its ``meta.json``.
    """

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        with opened_as(folder, "a pack of pairs", "python -m vton pack --kind pairs"):
            self.keys, self.meta = read_facts(folder, "pairs.json")
            self.form: str = self.meta["form"]
            arrays = memory_maps(folder, ARRAYS)
        self.photos, self.parsing, self.keypoints, self.worn, self.held_out, self.garments, self.pairs = (
            arrays[name] for name in ARRAYS
        )
        self.size_hw = tuple(self.meta["size_hw"])
        photos = {len(array) for array in (self.photos, self.parsing, self.keypoints, self.worn, self.held_out)}
        whole = photos == {self.meta["photos"]} and len(self.garments) == self.meta["garments"]
        same = self.meta["labels"] == list(SIDED_LABELS) and self.meta["tryon_slots"] == list(TRYON_SLOTS)
        if not (whole and same and len(self.pairs) == len(self.keys) == self.meta["pairs"]):
            raise InputError(
                f"Pack '{folder.name}' is damaged or of another version: run `python -m vton pack` again."
            )

    def __len__(self) -> int:
        return len(self.pairs)

    def indices(self, held_out: bool, slot: str | None = None, paired: bool = True) -> np.ndarray:
        """Numbers of the pairs whose photo is (not) held out, ascending; of one slot if it is named.

        Args:
            paired: False gives the rows whose photo does not show the garment (test lists of VITON and the like).
        """
        photo, _, slots, shown = np.asarray(self.pairs).T
        chosen = (np.asarray(self.held_out)[photo].astype(bool) == held_out) & (shown.astype(bool) == paired)
        if slot is not None:
            chosen &= slots == TRYON_SLOTS.index(slot)
        return np.flatnonzero(chosen)

    def arrays(self, index: int) -> PairArrays:
        """Copies of one pair's arrays, for augmentation."""
        photo, garment, slot, paired = (int(v) for v in self.pairs[index])
        images = self.photos[photo], self.parsing[photo], self.worn[photo], self.keypoints[photo]
        image, labels, worn, joints = (np.array(array) for array in images)
        return PairArrays(image, labels, worn, joints, np.array(self.garments[garment]), TRYON_SLOTS[slot],
                          bool(paired))  # fmt: skip

    def sample(self, index: int) -> TryOnSample:
        """One pair as the pipelines take it."""
        return sample_of(self.arrays(index), self.keys[index])


def sample_of(pair: PairArrays, key: str) -> TryOnSample:
    """Arrays -> what the pipelines take; InputError when fewer than four joints are left."""
    h, w = pair.image.shape[:2]
    person = Person(pair.image, Parsing(pair.labels, SIDED_LABELS), Pose(pair.joints[:, :2], pair.joints[:, 2], (h, w)))
    mask = np.where(pair.garment[..., 3] > 127, 255, 0).astype(np.uint8)
    garment = Article(pair.slot, pair.garment[..., :3], mask)
    return TryOnSample(key, person, garment, pair.worn_mask if pair.paired else None)
