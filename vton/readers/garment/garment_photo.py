"""A photo of a garment to what try-on needs of it: the article for the network, and a larger picture of the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.conditioning.canvas import resized
from vton.conditioning.person.frame import FINEST
from vton.conditioning.photos.article_photo import as_article, lay_out, spread_colours
from vton.conditioning.photos.image_io import ImageSource
from vton.readers.base import GarmentSegmenter
from vton.readers.garment.article_reader import FoundArticle, find_article
from vton.schema import ARTICLE_HW, SLOT_TABLE, SLOTS, TRYON_SLOTS, Article, InputError, as_size

_LONGEST_SIDE = 1536  # pixels of the copy in which the garment is cut out
_FLAT = 4 / 3
"""Half of a garment's circumference over its breadth when it is worn: a waist of 75 cm is 28 cm broad."""


@dataclass(frozen=True, eq=False)
class GarmentPhoto:
    """A garment to try on.

    Attributes:
        article: what the network sees.
        sharp_u8: [k * 256, k * 192, 3], uint8, the article's picture k times as large, its colours carried on beyond
            the outline.
    """

    article: Article
    sharp_u8: np.ndarray

    @classmethod
    def of(cls, article: Article) -> GarmentPhoto:
        """The article alone, for which no larger picture is at hand."""
        return cls(article, spread_colours(article.image_u8, article.mask_u8))

    def of_slot(self, slot: str | None) -> GarmentPhoto:
        """The same, taken for an article of another of ``SLOTS``; None leaves it what it is."""
        if slot in (None, self.article.slot):
            return self
        return GarmentPhoto(Article(slot, self.article.image_u8, self.article.mask_u8), self.sharp_u8)


def read_garment(
    source: ImageSource, slot: str | None = None, segmenter: GarmentSegmenter | None = None
) -> GarmentPhoto:
    """Opens somebody's photo of a garment.

    In a snapshot it lies flat or hangs, and shows half its circumference: it is narrowed to what it is on a body, or it
    would be put on too short. A packshot, or what is cut out already, counts as being as broad as it is worn.

    Args:
        source: path, content of a file, PIL image or array.
        slot: one of ``TRYON_SLOTS``; None takes the likely one.
        segmenter: the ``auto`` one by default.

    Raises:
        InputError: the photo cannot be read or shows no garment, or one that cannot be tried on.
    """
    if slot is not None:
        check_tryon_slot(slot)
    found = find_article(source, slot, segmenter=segmenter, longest_side=_LONGEST_SIDE)
    check_tryon_slot(found.slot)
    return _laid_out(found, narrow=found.snapshot)


def read_article(source: ImageSource, slot: str | None = None) -> GarmentPhoto:
    """Opens somebody's photo of an article of any slot, as broad as it lies there.

    Args:
        source: path, content of a file, PIL image or array.
        slot: one of ``SLOTS``; None takes the likely one.

    Raises:
        InputError: the photo cannot be read or shows no article, or there is no such slot.
    """
    return _laid_out(find_article(source, slot, longest_side=_LONGEST_SIDE), narrow=False)


def _laid_out(found: FoundArticle, narrow: bool) -> GarmentPhoto:
    image, mask = found.image_u8, found.mask_u8
    assert mask is not None, "the backdrop was removed"
    if narrow:
        image, mask = _as_broad_as_worn(image), _as_broad_as_worn(mask)
    large_hw = as_size(FINEST * side for side in ARTICLE_HW)
    return GarmentPhoto(as_article(image, mask, found.slot), spread_colours(*lay_out(image, mask, large_hw)))


def _as_broad_as_worn(image_u8: np.ndarray) -> np.ndarray:
    """A picture [h, w, ...] of something that lies flat, narrowed; masks stay 0 or 255."""
    height, width = image_u8.shape[:2]
    narrow = height, max(1, round(width / _FLAT))
    return resized(image_u8, narrow, "mean" if image_u8.ndim == 3 else "corner")


def check_tryon_slot(slot: str) -> None:
    """Raises InputError for shoes, accessories and what is no slot at all."""
    if slot in SLOTS and slot not in TRYON_SLOTS:
        raise InputError(
            f"This looks like {SLOT_TABLE[slot].called}, which cannot be tried on: use a top, outerwear, bottom or "
            "dress, or say which of them it is."
        )
    if slot not in TRYON_SLOTS:
        raise InputError(f"Unknown slot {str(slot)[:40]!r}: use one of {', '.join(TRYON_SLOTS)}.")
