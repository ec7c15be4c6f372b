"""The packed form of a dataset: all decoded once into memory-mapped uint8 arrays, so that reading is free.

A pack is a folder: ``photos.npy`` [M,H,W,3] uint8, ``parsing.npy`` [M,H,W] uint8 (numbers of `REGIONS`),
``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence), ``places.npy`` [M,3,H/2,W/2,2] uint16 (where in each
kind of picture of its article a pixel lies, see `article_pictures`), ``outfit_index.npy`` [M] int32, ``pictures.npy``
[R,h,w,4] uint8 RGBA, ``picture_rows.npy`` [K,6,3] int32 (row of each kind of picture of each slot, -1 for none),
``held_out.npy`` [K] uint8, ``outfits.json``, ``meta.json``.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import resized
from vton.data.article_pictures import (
    PICTURE_KINDS,
    decode_places,
    pack_picture,
    read_article_places,
    read_pictures,
)
from vton.data.npy_writer import NpyWriter, array_writers
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.data.studio_shards import OutfitEntry, StudioOutfit, StudioPhoto, StudioShards, read_outfit
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

HELD_OUT_ONE_IN = 20
HELD_OUT_PHOTO_ONE_IN = 10
HELD_OUT_SEEDS_FROM = 900
PLACES_STEP = 2
ARRAYS = ("photos", "parsing", "keypoints", "places", "outfit_index", "pictures", "picture_rows", "held_out")


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


def unpack_article(slot: str, rgba: np.ndarray) -> Article:
    """RGBA uint8 [h,w,4] -> Article that gives ``rgba`` back (within rounding) when averaged again.

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


def pack_outfit(
    outfit: StudioOutfit, entry: OutfitEntry, size_hw: tuple[int, int], article_hw: tuple[int, int]
) -> dict[str, np.ndarray]:
    """An outfit with P photos of the whole person and R pictures of its articles -> its rows.

    Raises:
        InputError: a member is missing or is not in the studio's format.
        ValueError: no photo shows the whole person.
    """
    whole = [i for i, photo in enumerate(outfit.photos) if photo.whole]
    try:
        pictures = {slot: read_pictures(entry, slot) for slot in SLOTS if slot in outfit.slots}
        places_hw = (size_hw[0] // PLACES_STEP, size_hw[1] // PLACES_STEP)
        places = [read_article_places(entry, i, pictures, places_hw) for i in whole]
    except (KeyError, ValueError) as error:
        raise InputError(f"Outfit {entry.key} of {entry.shard.name} cannot be read ({error}): render it.") from error
    rows = np.full((len(SLOTS), len(PICTURE_KINDS)), -1, np.int32)
    packed = []
    for slot, by_kind in pictures.items():
        for kind, picture in by_kind.items():
            rows[SLOTS.index(slot), PICTURE_KINDS.index(kind)] = len(packed)
            packed.append(pack_picture(picture, slot, article_hw))
    photos = _photo_rows(outfit.whole_photos, size_hw)
    return photos | {"places": np.stack(places), "pictures": np.stack(packed), "picture_rows": rows[None]}


def _photo_rows(whole_photos: Sequence[StudioPhoto], size_hw: tuple[int, int]) -> dict[str, np.ndarray]:
    h, w = size_hw
    photos, parsings, keypoints = [], [], []
    for photo in whole_photos:
        image_u8, labels, pose = photo.image_u8, photo.parsing.labels, photo.pose
        if image_u8.shape[:2] != (h, w):
            image_u8 = resized(image_u8, (h, w), "mean")
            labels = resized(labels, (h, w), "labels")
            pose = pose.resized(size_hw)
        photos.append(image_u8)
        parsings.append(labels)
        keypoints.append(np.column_stack([pose.keypoints_xy, pose.confidence]).astype(np.float32))
    return {"photos": np.stack(photos), "parsing": np.stack(parsings), "keypoints": np.stack(keypoints)}


def _writers(folder: Path, size_hw: tuple[int, int], article_hw: tuple[int, int]) -> dict[str, NpyWriter]:
    places_hw = (size_hw[0] // PLACES_STEP, size_hw[1] // PLACES_STEP)
    rows = {
        "photos": ((*size_hw, 3), "uint8"),
        "parsing": (size_hw, "uint8"),
        "keypoints": ((len(COCO18), 3), "float32"),
        "places": ((len(PICTURE_KINDS), *places_hw, 2), "uint16"),
        "outfit_index": ((), "int32"),
        "pictures": ((*article_hw, 4), "uint8"),
        "picture_rows": ((len(SLOTS), len(PICTURE_KINDS)), "int32"),
        "held_out": ((), "uint8"),
    }
    return array_writers(folder, rows)


def _pack_entry(job: tuple[OutfitEntry, tuple[int, int], tuple[int, int]]) -> tuple[dict | None, dict, int]:
    """Worker: decode and pack one outfit; None without a photo of the whole person. The other photos are counted."""
    entry, size_hw, article_hw = job
    outfit = read_outfit(entry)
    rows = pack_outfit(outfit, entry, size_hw, article_hw) if outfit.whole_photos else None
    cut = len(outfit.photos) - len(outfit.whole_photos)
    return rows, {"key": outfit.key, "gender": outfit.gender, "slots": outfit.slots}, cut


def pack(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    size_hw: tuple[int, int] = (256, 192),
    article_hw: tuple[int, int] = ARTICLE_HW,
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> dict:
    """Pack every complete outfit of ``data_dirs`` into ``out`` (an older pack there is replaced at the end).

    Photos that show a part of a person, or something in a hand that is no article, are left out (``photos_left_out`` in
    ``meta.json``): they are for parsers and try-on.

    Args:
        size_hw: size of the packed photos; photos of another size are area-averaged to it.
        article_hw: size of the articles' pictures.
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
        jobs = [(entry, size_hw, article_hw) for entry in shards.entries]
        outfits, photos, left_out, skipped = _write(folder, jobs, processes, progress)
        meta = {
            "format": 2,
            "size_hw": list(size_hw),
            "article_hw": list(article_hw),
            "picture_kinds": list(PICTURE_KINDS),
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
    jobs: list[tuple[OutfitEntry, tuple[int, int], tuple[int, int]]],
    processes: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[dict], int, int, list[str]]:
    """Writes all arrays; returns what is known of each outfit, how many photos were taken and left out, and why outfits
    were skipped."""
    writers = _writers(folder, *jobs[0][1:])
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
    numbers, before = rows["picture_rows"], writers["pictures"].count
    rows = rows | {"picture_rows": np.where(numbers < 0, -1, numbers + before).astype(np.int32)}
    for name, values in rows.items():
        writers[name].append(values)
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
        self.size_hw, self.article_hw = tuple(self.meta["size_hw"]), tuple(self.meta["article_hw"])
        rows_ok = len(self.photos) == len(self.outfit_index) == len(self.parsing) == self.meta["photos"]
        if not rows_ok or len(self.picture_rows) != len(self.outfits) or self.meta["regions"] != list(REGIONS):
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

    def kinds(self, outfit: int, slot: int) -> np.ndarray:
        """Numbers of `PICTURE_KINDS` that there are of an article; none for an empty slot."""
        return np.flatnonzero(self.picture_rows[outfit, slot] >= 0)

    def article(self, outfit: int, slot: int, kind: int = 0) -> np.ndarray | None:
        """A picture of an article, RGBA uint8 [h,w,4], of the kind of that number; None where there is none."""
        row = self.picture_rows[outfit, slot, kind]
        return None if row < 0 else np.array(self.pictures[row])

    def places_of(self, photo: int, kind: int) -> tuple[np.ndarray, np.ndarray]:
        """Where each pixel of a photo lies in its article's picture of that kind: see `decode_places`."""
        return decode_places(self.places[photo, kind])

    def outfit(self, outfit: int) -> Outfit:
        """The articles of one outfit by their packshots, ready for a pipeline."""
        worn = {s: self.article(outfit, i) for i, s in enumerate(SLOTS)}
        return Outfit.of(**{s: unpack_article(s, rgba) for s, rgba in worn.items() if rgba is not None})

    def pose(self, photo: int) -> Pose:
        """The pose of one photo, in pixels of ``size_hw``."""
        joints = np.array(self.keypoints[photo])
        return Pose(joints[:, :2].copy(), joints[:, 2].copy(), self.size_hw)

    def photo_parsing(self, photo: int) -> Parsing:
        """The parsing of one photo."""
        return Parsing(np.array(self.parsing[photo]))
