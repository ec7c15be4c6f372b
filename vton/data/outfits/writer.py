"""Makes packs of outfits."""

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from vton.conditioning.canvas import resized
from vton.data.formats.studio_shards import OutfitEntry, StudioOutfit, StudioPhoto, read_outfit
from vton.data.held_out import is_held_out
from vton.data.outfits.article_pictures import (
    PICTURE_KINDS,
    kinds_of,
    pack_picture,
    read_article_places,
    read_pictures,
)
from vton.data.outfits.pack import PLACES_STEP
from vton.data.pack import PackWriter, Progress, write_pack
from vton.data.source import Job, Source
from vton.schema import ARTICLE_HW, COCO18, REGIONS, SLOTS, InputError, SizeHW


def pack_outfit(
    outfit: StudioOutfit, entry: OutfitEntry, kinds: Sequence[str], size_hw: SizeHW, article_hw: SizeHW
) -> dict[str, np.ndarray]:
    """An outfit with P photos of the whole person and R pictures of its articles, all of these kinds -> its rows.

    Raises:
        InputError: a member is missing or is not in the studio's format.
        ValueError: no photo shows the whole person.
    """
    whole = [i for i, photo in enumerate(outfit.photos) if photo.whole]
    try:
        pictures = {slot: read_pictures(entry, slot) for slot in SLOTS if slot in outfit.slots}
        places_hw = (size_hw[0] // PLACES_STEP, size_hw[1] // PLACES_STEP)
        places = [read_article_places(entry, i, pictures, places_hw, kinds) for i in whole]
    except (KeyError, ValueError) as error:
        raise InputError(f"Outfit {entry.key} of {entry.shard.name} cannot be read ({error}): render it.") from error
    rows = np.full((len(SLOTS), len(kinds)), -1, np.int32)
    packed = []
    for slot, by_kind in pictures.items():
        for kind, picture in by_kind.items():
            rows[SLOTS.index(slot), kinds.index(kind)] = len(packed)
            packed.append(pack_picture(picture, slot, article_hw))
    photos = _photo_rows(outfit.whole_photos, size_hw)
    return photos | {"places": np.stack(places), "pictures": np.stack(packed), "picture_rows": rows[None]}


def _photo_rows(whole_photos: Sequence[StudioPhoto], size_hw: SizeHW) -> dict[str, np.ndarray]:
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


class OutfitWriter(PackWriter):
    """Makes packs of outfits.

    Photos that show a part of a person, or something in a hand that is no article, are left out (``photos_left_out`` in
    ``meta.json``): they are for parsers and try-on.

    Args:
        size_hw: size of the packed photos; photos of another size are area-averaged to it.
        article_hw: size of the articles' pictures.
    """

    kind, version = "outfits", 2
    nothing = "No photo of a whole person could be read"

    def __init__(self, size_hw: SizeHW = (256, 192), article_hw: SizeHW = ARTICLE_HW):
        self.size_hw, self.article_hw, self.left_out = size_hw, article_hw, 0
        self.kinds: tuple[str, ...] = PICTURE_KINDS

    def start(self, sources: dict[str, Source]) -> list[tuple[str, Job]]:
        """An outfit is a job; all are in the order of their keys, and one that occurs twice is read once."""
        found: dict[str, tuple[str, OutfitEntry]] = {}
        for name, source in sources.items():
            for entry in source.outfits():
                found.setdefault(entry.key, (name, entry))
        self.kinds = kinds_of(entry for _, entry in found.values())
        self.shards = list(dict.fromkeys(entry.shard.name for _, entry in found.values()))
        in_order = [found[key] for key in sorted(found)]
        return [(name, partial(_read, entry, self.kinds, self.size_hw, self.article_hw)) for name, entry in in_order]

    def shapes(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """See `vton.data.outfits.pack`."""
        places_hw = (self.size_hw[0] // PLACES_STEP, self.size_hw[1] // PLACES_STEP)
        return {
            "photos": ((*self.size_hw, 3), "uint8"),
            "parsing": (self.size_hw, "uint8"),
            "keypoints": ((len(COCO18), 3), "float32"),
            "places": ((len(self.kinds), *places_hw, 2), "uint16"),
            "outfit_index": ((), "int32"),
            "pictures": ((*self.article_hw, 4), "uint8"),
            "picture_rows": ((len(SLOTS), len(self.kinds)), "int32"),
            "held_out": ((), "uint8"),
        }

    def add(self, rows: list[tuple[dict | None, dict, int]], source: str) -> None:
        """Appends an outfit, if a photo shows it whole."""
        for arrays, facts, left_out in rows:
            self.left_out += left_out
            if arrays is None:
                continue
            numbers, before = arrays["picture_rows"], self.arrays["pictures"].count
            arrays = arrays | {"picture_rows": np.where(numbers < 0, -1, numbers + before).astype(np.int32)}
            for name, values in arrays.items():
                self.arrays[name].append(values)
            self.arrays["outfit_index"].append(np.full(len(arrays["photos"]), len(self.facts), np.int32))
            self.append(held_out=np.uint8(is_held_out(facts["key"])))
            self.facts.append(facts)

    def meta(self) -> dict[str, Any]:
        """Sizes, counts and the names behind the numbers."""
        return {
            "size_hw": list(self.size_hw),
            "article_hw": list(self.article_hw),
            "picture_kinds": list(self.kinds),
            "outfits": len(self.facts),
            "photos": self.arrays["photos"].count,
            "photos_left_out": self.left_out,
            "held_out_outfits": sum(is_held_out(outfit["key"]) for outfit in self.facts),
            "regions": list(REGIONS),
            "slots": list(SLOTS),
            "joints": list(COCO18),
            "shards": self.shards,
        }


def _read(
    entry: OutfitEntry, kinds: Sequence[str], size_hw: SizeHW, article_hw: SizeHW
) -> list[tuple[dict | None, dict, int]]:
    """Worker: decodes and packs one outfit; None without a photo of the whole person. The other photos are counted."""
    outfit = read_outfit(entry)
    rows = pack_outfit(outfit, entry, kinds, size_hw, article_hw) if outfit.whole_photos else None
    facts = {"key": outfit.key, "gender": outfit.gender, "slots": outfit.slots, "wear": outfit.wear}
    return [(rows, facts, len(outfit.photos) - len(outfit.whole_photos))]


def pack_outfits(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    size_hw: SizeHW = (256, 192),
    article_hw: SizeHW = ARTICLE_HW,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Packs every complete outfit; see `OutfitWriter` and `write_pack`."""
    return write_pack(OutfitWriter(size_hw, article_hw), data_dirs, out, None, processes, progress)
