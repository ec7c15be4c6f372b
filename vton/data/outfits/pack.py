"""The pack of outfits: all decoded once into memory-mapped uint8 arrays, so that reading is free.

It holds ``photos.npy`` [M,H,W,3] uint8, ``parsing.npy`` [M,H,W] uint8 (numbers of `REGIONS`),
``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence), ``places.npy`` [M,P,H/2,W/2,2] uint16 (where in each
kind of picture of its article a pixel lies, see `article_pictures`), ``outfit_index.npy`` [M] int32, ``pictures.npy``
[R,h,w,4] uint8 RGBA, ``picture_rows.npy`` [K,6,P] int32 (row of each kind of picture of each slot, -1 for none),
``held_out.npy`` [K] uint8, ``outfits.json``, ``meta.json``. P counts the ``picture_kinds`` that ``meta.json`` names.
"""

from typing import Any

import numpy as np

from vton.data.outfits.article_pictures import PICTURE_KINDS, decode_places
from vton.data.pack import Pack
from vton.schema import ARTICLE_HW, EMPTY_GREY, REGIONS, SLOTS, Article, Outfit, Parsing, Pose, SizeHW

PLACES_STEP = 2
"""Pixels of a photo, in height and width, for which a pack has one place."""


class OutfitPack(Pack):
    """A pack of outfits; ``len()`` counts photos. Outfits are numbered 0..K-1; ``outfit_index[m]`` is that of photo m.

    See `Pack`; the arrays are told at the top of this file.
    """

    kind = "outfits"
    array_names = ("photos", "parsing", "keypoints", "places", "outfit_index", "pictures", "picture_rows", "held_out")
    photos: np.ndarray
    parsing: np.ndarray
    keypoints: np.ndarray
    places: np.ndarray
    outfit_index: np.ndarray
    pictures: np.ndarray
    picture_rows: np.ndarray
    held_out: np.ndarray

    @property
    def outfits(self) -> list[dict[str, Any]]:
        """What is known of each outfit: ``key``, ``gender``, the types of its ``slots``, and ``wear``, see `Wear`."""
        return self.facts

    @property
    def size_hw(self) -> SizeHW:
        """Height and width of the photos."""
        height, width = self.meta["size_hw"]
        return height, width

    @property
    def picture_kinds(self) -> tuple[str, ...]:
        """The first of `PICTURE_KINDS`, up to the last one that any article has a picture of."""
        return tuple(self.meta["picture_kinds"])

    def is_whole(self) -> bool:
        """See `Pack`."""
        rows_ok = len(self.photos) == len(self.outfit_index) == len(self.parsing) == self.meta["photos"]
        rows_ok &= len(self.picture_rows) == len(self.outfits)
        kinds = self.picture_kinds
        kinds_ok = kinds == PICTURE_KINDS[:self.places.shape[1]] and self.picture_rows.shape[2] == len(kinds)
        return rows_ok and kinds_ok and self.meta["regions"] == list(REGIONS)

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
