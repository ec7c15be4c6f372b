"""Makes packs of heads."""

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from vton.conditioning.pose.head_window import WINDOW_JOINTS, cut_window, head_window, window_joints
from vton.data.formats.studio_shards import OutfitEntry, read_outfit
from vton.data.heads.pack import HEAD_SIZE
from vton.data.held_out import is_held_out
from vton.data.pack import PackWriter, Progress, write_pack
from vton.data.source import Job, Source
from vton.schema import REGIONS


class HeadWriter(PackWriter):
    """Makes packs of heads, of photos of the whole person.

    Args:
        size: of a window in pixels; photos should give a head about as many.
    """

    kind = "heads"
    nothing = "No head could be read"

    def __init__(self, size: int = HEAD_SIZE):
        self.size = size

    def start(self, sources: dict[str, Source]) -> list[tuple[str, Job]]:
        """An outfit is a job; one that occurs twice is read once."""
        found: dict[str, tuple[str, OutfitEntry]] = {}
        for name, source in sources.items():
            for entry in source.outfits():
                found.setdefault(entry.key, (name, entry))
        return [(name, partial(_read, entry, self.size)) for name, entry in found.values()]

    def shapes(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """See `vton.data.heads.pack`."""
        square = (self.size, self.size)
        return {"heads": ((*square, 3), "uint8"), "regions": (square, "uint8"),
                "joints": ((len(WINDOW_JOINTS), 3), "float32")}

    def add(self, rows: list[tuple[str, int, dict[str, np.ndarray]]], source: str) -> None:
        """Appends heads."""
        for key, photo, arrays in rows:
            self.append(**arrays)
            self.facts.append({"person": key, "photo": photo, "held_out": is_held_out(key)})

    def meta(self) -> dict[str, Any]:
        """Size, counts and the names behind the numbers."""
        return {
            "size": self.size,
            "heads": len(self.facts),
            "persons": len({head["person"] for head in self.facts}),
            "held_out": sum(head["held_out"] for head in self.facts),
            "regions": list(REGIONS),
            "joints": list(WINDOW_JOINTS),
        }


def _read(entry: OutfitEntry, size: int) -> list[tuple[str, int, dict[str, np.ndarray]]]:
    """Worker: the heads of one outfit's photos."""
    rows = []
    for number, photo in enumerate(read_outfit(entry).whole_photos):
        window = head_window(photo.pose)
        if window is not None:
            rows.append((entry.key, number, {
                "heads": cut_window(photo.image_u8, window, size),
                "regions": cut_window(photo.parsing.labels, window, size, nearest=True),
                "joints": window_joints(photo.pose, window),
            }))  # fmt: skip
    return rows


def pack_heads(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    size: int = HEAD_SIZE,
    processes: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Packs every head of whole persons; see `HeadWriter` and `write_pack`."""
    return write_pack(HeadWriter(size), data_dirs, out, None, processes, progress)
