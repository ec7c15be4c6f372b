"""The pack of garments, for the segmenter: every source decoded once onto its canvas, in memory-mapped uint8 arrays.

It holds ``photos.npy`` [M,256,256,3], ``masks.npy`` [M,256,256] (see `GarmentItem`), ``items.json`` (key,
kind, slot, held_out, mask, box for every row) and ``meta.json``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from vton.data.garments.items import CANVAS_HW, KINDS, GarmentItem
from vton.data.pack import Pack, PackWriter, Progress, write_pack
from vton.data.source import Job, Source
from vton.schema import SLOTS


class GarmentPack(Pack):
    """A pack of garments: ``photos`` and ``masks``, with their ``items``. See `Pack`."""

    kind = "garments"
    array_names = ("photos", "masks")
    photos: np.ndarray
    masks: np.ndarray

    @property
    def items(self) -> list[dict[str, Any]]:
        """What is known of each picture; see `GarmentItem.facts`."""
        return self.facts

    def is_whole(self) -> bool:
        """See `Pack`."""
        return len(self.photos) == len(self.masks) == len(self.facts) == self.meta["photos"]

    def __len__(self) -> int:
        return len(self.items)

    def rows(self, kind: str, held_out: bool, masks: Sequence[str] | None = None) -> np.ndarray:
        """Numbers of the rows of one of `KINDS`, training or held out, with masks of the named origins (None: any)."""
        if kind not in KINDS:
            raise KeyError(f"no kind {kind!r} among {', '.join(KINDS)}")
        return np.array(
            [i for i, item in enumerate(self.items)
             if item["kind"] == kind and item["held_out"] == held_out and (masks is None or item["mask"] in masks)],
            int,
        )  # fmt: skip

    def photo(self, row: int) -> np.ndarray:
        """The photo without the canvas around it: [h, w, 3], uint8."""
        top, left, bottom, right = self.items[row]["box"]
        return np.array(self.photos[row, top:bottom, left:right])

    def mask(self, row: int) -> np.ndarray:
        """The mask without the canvas around it: [h, w], uint8."""
        top, left, bottom, right = self.items[row]["box"]
        return np.array(self.masks[row, top:bottom, left:right])


class GarmentWriter(PackWriter):
    """Makes packs of garments, from data sets of all formats together."""

    kind, one_form = "garments", False
    nothing = "No picture could be read"

    def start(self, sources: dict[str, Source]) -> list[tuple[str, Job]]:
        """A picture or an outfit is a job."""
        return [(name, job) for name, source in sources.items() for job in source.garments()]

    def shapes(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """See the top of this file."""
        return {"photos": ((*CANVAS_HW, 3), "uint8"), "masks": (CANVAS_HW, "uint8")}

    def add(self, rows: list[GarmentItem], source: str) -> None:
        """Appends the pictures of a job."""
        for item in rows:
            self.append(photos=item.image_u8, masks=item.mask_u8)
            self.facts.append(item.facts())

    def meta(self) -> dict[str, Any]:
        """Size and counts."""
        return {
            "size_hw": list(CANVAS_HW),
            "slots": list(SLOTS),
            "photos": len(self.facts),
            "held_out": sum(item["held_out"] for item in self.facts),
            "kinds": Counter(item["kind"] for item in self.facts),
            "masks": Counter(item["mask"] or "none" for item in self.facts if item["kind"] in ("photo", "packshot")),
        }


def pack_garments(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Packs the pictures of all folders; see `GarmentWriter` and `write_pack`."""
    return write_pack(GarmentWriter(), data_dirs, out, None, processes, progress)
