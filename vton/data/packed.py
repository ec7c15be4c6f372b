"""The packed form of a dataset: all decoded once into memory-mapped uint8 arrays, so that reading is free.

A pack is a folder: ``photos.npy`` [M,H,W,3] uint8, ``parsing.npy`` [M,H,W] uint8 (numbers of `REGIONS`),
``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence), ``outfit_index.npy`` [M] int32,
``articles.npy`` [K,6,128,96,4] uint8 RGBA, ``presence.npy`` [K,6] uint8, ``held_out.npy`` [K] uint8,
``outfits.json``, ``meta.json``.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from vton.conditioning.article_photo import load_article
from vton.data.npy_writer import NpyWriter, array_writers
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.data.studio_shards import OutfitEntry, StudioOutfit, StudioShards, read_outfit
from vton.schema import (
    ARTICLE_HW,
    COCO18,
    EMPTY_GREY,
    REGIONS,
    SLOTS,
    Article,
    InputError,
    Outfit,
    Parsing,
    Pose,
)

PACKED_ARTICLE_HW = (128, 96)
HELD_OUT_ONE_IN = 20
HELD_OUT_PHOTO_ONE_IN = 10
HELD_OUT_SEEDS_FROM = 900
ARRAYS = ("photos", "parsing", "keypoints", "outfit_index", "articles", "presence", "held_out")


def is_held_out(key: str) -> bool:
    """Whether the outfit of this key is kept for evaluation: about one in 20, the same in every pack.

    The looks of one geometry (``<outfit>-<look>``) differ in colours alone, so all of them lie on one side. A key
    starts with the three digits of the seed that rendered it; everything rendered from seed 900 on is held out.
    """
    outfit, _, _ = key.partition("-")
    return _one_in(outfit, HELD_OUT_ONE_IN) or (outfit[:3].isdecimal() and int(outfit[:3]) >= HELD_OUT_SEEDS_FROM)


def is_held_out_photo(stem: str) -> bool:
    """Whether a real photo is kept for evaluation: one in ten, by the file's name without its ending."""
    return _one_in(stem, HELD_OUT_PHOTO_ONE_IN)


def _one_in(name: str, count: int) -> bool:
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % count == 0


def pack_article(article: Article | None) -> np.ndarray:
    """Article -> RGBA uint8 [128,96,4], area-averaged; grey with alpha 0 for an empty slot (None)."""
    h, w = PACKED_ARTICLE_HW
    if article is None:
        return np.broadcast_to(np.array([*[EMPTY_GREY] * 3, 0], np.uint8), (h, w, 4)).copy()
    rgba = np.dstack([article.image_u8, article.mask_u8])
    return cv2.resize(rgba, (w, h), interpolation=cv2.INTER_AREA)


def unpack_article(slot: str, rgba: np.ndarray) -> Article:
    """RGBA uint8 [128,96,4] -> Article that gives ``rgba`` back (within rounding) when averaged again.

    A packed pixel whose mask is, say, 3/4 becomes a block in which 3 of 4 pixels are set, in the colour that
    the grey beneath the fourth has diluted.
    """
    (full_h, full_w), (h, w) = ARTICLE_HW, rgba.shape[:2]
    fy, fx = full_h // h, full_w // w
    alpha = rgba[..., 3:].astype(np.float32) / 255
    colour = (rgba[..., :3] - (1 - alpha) * EMPTY_GREY) / np.maximum(alpha, 1e-3)
    colour = np.clip(np.rint(colour), 0, 255).astype(np.uint8)
    order = (np.arange(fy * fx, dtype=np.float32).reshape(fy, fx) + 0.5) / (fy * fx)
    mask = np.repeat(np.repeat(alpha[..., 0], fy, axis=0), fx, axis=1) > np.tile(order, (h, w))
    image_u8 = np.repeat(np.repeat(colour, fy, axis=0), fx, axis=1)
    return Article(slot, image_u8, np.where(mask, 255, 0).astype(np.uint8))


def pack_outfit(outfit: StudioOutfit, size_hw: tuple[int, int]) -> dict[str, np.ndarray]:
    """One outfit with P photos of the whole person -> its rows: photos, parsing, keypoints [P,...]; articles, presence
    [6,...].

    Raises:
        ValueError: no photo shows the whole person.
    """
    h, w = size_hw
    photos, parsings, keypoints = [], [], []
    for photo in outfit.whole_photos:
        image_u8, labels, pose = photo.image_u8, photo.parsing.labels, photo.pose
        if image_u8.shape[:2] != (h, w):
            image_u8 = cv2.resize(image_u8, (w, h), interpolation=cv2.INTER_AREA)
            labels = cv2.resize(labels, (w, h), interpolation=cv2.INTER_NEAREST_EXACT)
            pose = pose.resized(size_hw)
        photos.append(image_u8)
        parsings.append(labels)
        keypoints.append(np.column_stack([pose.keypoints_xy, pose.confidence]).astype(np.float32))
    articles = [load_article(outfit.articles[s], s) if s in outfit.articles else None for s in SLOTS]
    return {
        "photos": np.stack(photos),
        "parsing": np.stack(parsings),
        "keypoints": np.stack(keypoints),
        "articles": np.stack([pack_article(a) for a in articles]),
        "presence": np.array([a is not None for a in articles], np.uint8),
    }


def _writers(folder: Path, size_hw: tuple[int, int]) -> dict[str, NpyWriter]:
    rows = {
        "photos": ((*size_hw, 3), "uint8"),
        "parsing": (size_hw, "uint8"),
        "keypoints": ((len(COCO18), 3), "float32"),
        "outfit_index": ((), "int32"),
        "articles": ((len(SLOTS), *PACKED_ARTICLE_HW, 4), "uint8"),
        "presence": ((len(SLOTS),), "uint8"),
        "held_out": ((), "uint8"),
    }
    return array_writers(folder, rows)


def _pack_entry(job: tuple[OutfitEntry, tuple[int, int]]) -> tuple[dict | None, dict, int]:
    """Worker: decode and pack one outfit; None without a photo of the whole person. The other photos are counted."""
    entry, size_hw = job
    outfit = read_outfit(entry)
    rows = pack_outfit(outfit, size_hw) if outfit.whole_photos else None
    cut = len(outfit.photos) - len(outfit.whole_photos)
    return rows, {"key": outfit.key, "gender": outfit.gender, "slots": outfit.slots}, cut


def pack(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    size_hw: tuple[int, int] = (256, 192),
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> dict:
    """Pack every complete outfit of ``data_dirs`` into ``out`` (an older pack there is replaced at the end).

    Photos that show a part of a person, or something in a hand that is no article, are left out (``photos_left_out`` in
    ``meta.json``): they are for parsers and try-on.

    Args:
        size_hw: size of the packed photos; photos of another size are area-averaged to it.
        processes: worker processes (1: none, work here).
        progress: called with (outfits done, outfits in all).

    Returns:
        What is in ``meta.json``.

    Raises:
        InputError: no usable outfit, or ``out`` is a folder that holds something else than a pack.
    """
    out = Path(out)
    check_room(out)
    shards = StudioShards(data_dirs)
    with new_pack(out) as folder:
        jobs = [(entry, size_hw) for entry in shards.entries]
        outfits, photos, left_out, skipped = _write(folder, jobs, processes, progress)
        meta = {
            "format": 1,
            "size_hw": list(size_hw),
            "article_hw": list(PACKED_ARTICLE_HW),
            "outfits": len(outfits),
            "photos": photos,
            "photos_left_out": left_out,
            "held_out_outfits": sum(is_held_out(o["key"]) for o in outfits),
            "regions": list(REGIONS),
            "slots": list(SLOTS),
            "joints": list(COCO18),
            "shards": [shard.name for shard in shards.shards],
            "skipped": skipped,
        }
        write_facts(folder, "outfits.json", outfits, meta)
    return meta


def _write(
    folder: Path,
    jobs: list[tuple[OutfitEntry, tuple[int, int]]],
    processes: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[dict], int, int, list[str]]:
    """Writes all arrays; returns what is known of each outfit, how many photos were taken and left out, and why outfits
    were skipped."""
    writers = _writers(folder, jobs[0][1])
    outfits, left_out, skipped = [], 0, []
    for rows, info, cut in results(_pack_entry, jobs, processes, skipped, progress):
        left_out += cut
        if rows is not None:
            _append(writers, rows, info, index=len(outfits))
            outfits.append(info)
    for writer in writers.values():
        writer.close()
    if not outfits:
        raise InputError(f"No outfit could be read: {skipped[0] if skipped else 'no photo shows a whole person'}")
    return outfits, writers["photos"].count, left_out, skipped


def _append(writers: dict[str, NpyWriter], rows: dict[str, np.ndarray], info: dict, index: int) -> None:
    for name in ("photos", "parsing", "keypoints"):
        writers[name].append(rows[name])
    for name in ("articles", "presence"):
        writers[name].append(rows[name][None])
    writers["outfit_index"].append(np.full(len(rows["photos"]), index, np.int32))
    writers["held_out"].append(np.array([is_held_out(info["key"])], np.uint8))


class PackedDataset:
    """A pack, opened as read-only memory maps (attributes named as the files: ``photos``, ``parsing``, ...).

    ``len()`` counts photos. Outfits are numbered 0..K-1; ``outfit_index[m]`` is the outfit of photo m.

    Raises:
        InputError: the folder is no pack, or its arrays disagree with its ``meta.json``.
    """

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        with opened_as(folder, "a pack", "python -m vton pack"):
            self.outfits, self.meta = read_facts(folder, "outfits.json")
            for name, array in memory_maps(folder, ARRAYS).items():
                setattr(self, name, array)
        self.size_hw = tuple(self.meta["size_hw"])
        rows_ok = len(self.photos) == len(self.outfit_index) == len(self.parsing) == self.meta["photos"]
        if not rows_ok or len(self.articles) != len(self.outfits) or self.meta["regions"] != list(REGIONS):
            raise InputError(
                f"Pack '{folder.name}' is damaged or of another version: run `python -m vton pack` again."
            )

    def __len__(self) -> int:
        return len(self.photos)

    def photo_indices(self, held_out: bool) -> np.ndarray:
        """Numbers of the photos whose outfit is (or is not) held out, ascending."""
        return np.flatnonzero(self.held_out[self.outfit_index].astype(bool) == held_out)

    def outfit_photos(self, outfit: int) -> np.ndarray:
        """Numbers of the photos of one outfit."""
        return np.flatnonzero(self.outfit_index == outfit)

    def outfit(self, outfit: int) -> Outfit:
        """The articles of one outfit, ready for a pipeline."""
        worn = {
            s: unpack_article(s, self.articles[outfit, i])
            for i, s in enumerate(SLOTS)
            if self.presence[outfit, i]
        }
        return Outfit.of(**worn)

    def pose(self, photo: int) -> Pose:
        """The pose of one photo, in pixels of ``size_hw``."""
        joints = np.array(self.keypoints[photo])
        return Pose(joints[:, :2].copy(), joints[:, 2].copy(), self.size_hw)

    def photo_parsing(self, photo: int) -> Parsing:
        """The parsing of one photo."""
        return Parsing(np.array(self.parsing[photo]))
