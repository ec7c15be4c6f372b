"""Makes packs of try-on pairs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from vton.data.pack import PackWriter, Progress, write_pack
from vton.data.pairs.rows import PAIR_HW, PairRow
from vton.data.source import Job, Source
from vton.schema import ARTICLE_HW, SIDED_LABELS
from vton.schema.slots import TRYON_SLOTS


class PairWriter(PackWriter):
    """Makes packs of pairs; a photo or garment that comes again, by its folder and key, is stored once."""

    kind = "pairs"
    nothing = "No pair was found"

    def __init__(self) -> None:
        self.slots: Counter[str] = Counter()
        self.held_out_pairs = 0
        self._taken: set[str] = set()
        self._photos: dict[tuple[str, str], int] = {}
        self._garments: dict[tuple[str, str], int] = {}

    def start(self, sources: dict[str, Source]) -> list[tuple[str, Job]]:
        """The jobs of all sources, one after the other."""
        return [(name, job) for name, source in sources.items() for job in source.pairs()]

    def shapes(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """See `vton.data.pairs.pack`."""
        return {
            "photos": ((*PAIR_HW, 3), "uint8"),
            "parsing": (PAIR_HW, "uint8"),
            "keypoints": ((18, 3), "float32"),
            "worn": (PAIR_HW, "uint8"),
            "held_out": ((), "uint8"),
            "garments": ((*ARTICLE_HW, 4), "uint8"),
            "pairs": ((4,), "int32"),
        }

    def add(self, rows: list[PairRow], source: str) -> None:
        """Adds the pairs of one job; a key that another folder has is called ``folder/key``."""
        for row in rows:
            photo, garment = row.photo, row.garment
            photo_key, garment_key = (source, photo.key), (source, garment.key)
            if photo_key not in self._photos:
                self._photos[photo_key] = len(self._photos)
                joints = photo.keypoints.astype(np.float32)
                self.append(photos=photo.image, parsing=photo.parsing, keypoints=joints, worn=photo.worn,
                            held_out=np.uint8(photo.held_out))  # fmt: skip
            if garment_key not in self._garments:
                self._garments[garment_key] = len(self._garments)
                self.append(garments=garment.rgba)
            places = self._photos[photo_key], self._garments[garment_key]
            self.append(pairs=np.array([*places, TRYON_SLOTS.index(row.slot), row.paired], np.int32))
            self.facts.append(f"{source}/{row.key}" if row.key in self._taken else row.key)
            self._taken.add(self.facts[-1])
            self.slots[row.slot] += 1
            self.held_out_pairs += photo.held_out

    def meta(self) -> dict[str, Any]:
        """Size, counts and the names behind the numbers."""
        return {
            "size_hw": list(PAIR_HW),
            "pairs": len(self.facts),
            "photos": len(self._photos),
            "garments": len(self._garments),
            "held_out_pairs": self.held_out_pairs,
            "slots": dict(self.slots),
            "labels": list(SIDED_LABELS),
            "tryon_slots": list(TRYON_SLOTS),
        }


def pack_pairs(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    looks: Sequence[int] | None = None,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Packs the pairs of one data set; see `PairWriter` and `write_pack`."""
    return write_pack(PairWriter(), data_dirs, out, looks, processes, progress)
