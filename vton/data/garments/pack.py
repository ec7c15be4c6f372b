"""The garment segmenter's pack: every source decoded once onto its canvas, in memory-mapped uint8 arrays.

A pack is a folder: ``photos.npy`` [M,256,256,3], ``masks.npy`` [M,256,256] (see `GarmentItem`), ``items.json`` (key,
kind, slot, held_out, mask, box for every row) and ``meta.json``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vton.data.garments.items import CANVAS_HW, KINDS, GarmentItem, Job, source_jobs
from vton.data.npy_writer import NpyWriter
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.schema import SLOTS, InputError


def pack_garments(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> dict:
    """Packs all sources of ``data_dirs`` into ``out`` (an older pack there is replaced at the end).

    Args:
        processes: worker processes (1: none, work here).
        progress: called with (pictures or outfits done, in all).

    Returns:
        What is in ``meta.json``.

    Raises:
        InputError: a folder is no source, nothing in it can be read, or ``out`` holds something else than a pack.
    """
    out = Path(out)
    check_room(out)
    jobs = [job for folder in data_dirs for job in source_jobs(Path(folder))]
    with new_pack(out) as folder:
        rows, skipped = _write_rows(folder, jobs, processes, progress)
        if not rows:
            raise InputError(f"No picture could be read: {skipped[0] if skipped else 'the folders are empty'}")
        meta = {
            "format": "garments-1",
            "size_hw": list(CANVAS_HW),
            "slots": list(SLOTS),
            "photos": len(rows),
            "held_out": sum(row["held_out"] for row in rows),
            "kinds": Counter(row["kind"] for row in rows),
            "masks": Counter(row["mask"] or "none" for row in rows if row["kind"] in ("photo", "packshot")),
            "skipped": skipped,
        }
        write_facts(folder, "items.json", rows, meta)
    return meta


def _write_rows(folder: Path, jobs: list[Job], processes: int, progress) -> tuple[list[dict], list[str]]:
    photos = NpyWriter(folder / "photos.npy", (*CANVAS_HW, 3), "uint8")
    masks = NpyWriter(folder / "masks.npy", CANVAS_HW, "uint8")
    rows: list[dict] = []
    skipped: list[str] = []
    for items in results(_run, jobs, processes, skipped, progress):
        for item in items:
            photos.append(item.image_u8[None])
            masks.append(item.mask_u8[None])
            rows.append(item.facts())
    photos.close()
    masks.close()
    return rows, skipped


def _run(job: Job) -> list[GarmentItem]:
    """Worker: read one picture or outfit."""
    return job()


class GarmentPack:
    """A pack, opened as read-only memory maps: ``photos`` and ``masks``, with their ``items``.

    Raises:
        InputError: the folder is no garment pack, or its arrays disagree with its ``meta.json``.
    """

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        with opened_as(folder, "a garment pack", "python -m vton pack --kind garments"):
            self.items, self.meta = read_facts(folder, "items.json")
            self.photos, self.masks = memory_maps(folder, ("photos", "masks")).values()
        if not len(self.photos) == len(self.masks) == len(self.items) == self.meta.get("photos"):
            raise InputError(f"'{folder.name}' is damaged: run `python -m vton pack --kind garments` again.")

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
