"""The packed form of heads: windows around the heads of studio photos, with regions and joints, decoded once.

A pack is a folder: ``heads.npy`` [M,S,S,3] uint8, ``regions.npy`` [M,S,S] uint8 (numbers of `REGIONS`), ``joints.npy``
[M,8,3] float32 (`window_joints`), ``person.npy`` [M] int32 (photos of one person in one look share a number),
``held_out.npy`` [M] uint8, ``keys.json``, ``meta.json``.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vton.conditioning.head_window import WINDOW_JOINTS, cut_window, head_window, window_joints
from vton.data.formats.studio_shards import OutfitEntry, StudioShards, read_outfit
from vton.data.held_out import is_held_out
from vton.data.npy_writer import array_writers
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.schema import InputError

ARRAYS = ("heads", "regions", "joints", "person", "held_out")
HEAD_SIZE = 128


def pack_heads(folders: Sequence[str | os.PathLike], out: str | os.PathLike, size: int = HEAD_SIZE, processes: int = 1,
               progress: Callable[[int, int], None] | None = None) -> dict:
    """Writes the heads of all whole persons of studio shards; returns what stands in ``meta.json``.

    Args:
        size: of a window in pixels; photos should give a head about as many.
        processes: worker processes; progress: called with (outfits done, outfits in all).

    Raises:
        InputError: no shards, nothing to pack, or ``out`` is something else.
    """
    out = Path(out)
    check_room(out)
    entries = StudioShards(folders).entries
    skipped: list[str] = []
    with new_pack(out) as folder:
        rows = {"heads": ((size, size, 3), "uint8"), "regions": ((size, size), "uint8"),
                "joints": ((len(WINDOW_JOINTS), 3), "float32"), "person": ((), "int32"), "held_out": ((), "uint8")}
        writers, keys = array_writers(folder, rows), []
        for key, found in results(_heads, [(entry, size) for entry in entries], processes, skipped, progress):
            if not len(found["heads"]):
                continue
            count = len(found["heads"])
            found |= {"person": np.full(count, len(keys), np.int32),
                      "held_out": np.full(count, is_held_out(key), np.uint8)}
            for name, writer in writers.items():
                writer.append(found[name])
            keys.append(key)
        for writer in writers.values():
            writer.close()
        if not keys:
            raise InputError("No head was found: give a folder of studio .tar shards with whole persons.")
        meta = {"format": 1, "size": size, "persons": len(keys), "heads": writers["heads"].count, "skipped": skipped}
        write_facts(folder, "keys.json", keys, meta)
    return meta


def _heads(job: tuple[OutfitEntry, int]) -> tuple[str, dict[str, np.ndarray]]:
    entry, size = job
    heads, regions, joints = [], [], []
    for photo in read_outfit(entry).whole_photos:
        window = head_window(photo.pose)
        if window is not None:
            heads.append(cut_window(photo.image_u8, window, size))
            regions.append(cut_window(photo.parsing.labels, window, size, nearest=True))
            joints.append(window_joints(photo.pose, window))
    shapes = ((0, size, size, 3), (0, size, size), (0, len(WINDOW_JOINTS), 3))
    arrays = [np.stack(a) if a else np.zeros(shape, np.uint8) for a, shape in
              zip((heads, regions, joints), shapes, strict=True)]
    return entry.key, dict(zip(("heads", "regions", "joints"), arrays, strict=True))


class HeadPack:
    """A pack of heads, read from memory maps.

    Attributes:
        heads, regions, joints, person: see the module; size: of the windows in pixels.

    Raises:
        InputError: it is no such pack.
    """

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        with opened_as(folder, "a pack of heads", "python -m vton pack --kind heads"):
            self.keys, meta = read_facts(folder, "keys.json")
            arrays = memory_maps(folder, ARRAYS)
            self.size = int(meta["size"])
        self.heads, self.regions, self.joints = arrays["heads"], arrays["regions"], arrays["joints"]
        self.person, self._held_out = np.array(arrays["person"]), np.array(arrays["held_out"])

    def indices(self, held_out: bool) -> np.ndarray:
        """Numbers of the heads that are held out, or of the others."""
        return np.flatnonzero(self._held_out == held_out)
