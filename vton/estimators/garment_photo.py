"""A photo of a garment to what try-on needs of it: the article for the network, and a larger picture of the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.conditioning.article_photo import as_article, lay_out, spread_colours
from vton.conditioning.image_io import ImageSource
from vton.estimators.articles import find_article
from vton.schema import ARTICLE_HW, TRYON_SLOTS, Article, InputError

ENLARGED = 3
_LONGEST_SIDE = 1536


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
        check_tryon_slot(article.slot)
        return cls(article, spread_colours(article.image_u8, article.mask_u8))


def read_garment(source: ImageSource, slot: str | None = None) -> GarmentPhoto:
    """Opens somebody's photo of a garment.

    Args:
        source: path, content of a file, PIL image or array.
        slot: one of ``TRYON_SLOTS``; None takes the likely one.

    Raises:
        InputError: the photo cannot be read or shows no garment, or one that cannot be tried on.
    """
    if slot is not None:
        check_tryon_slot(slot)
    image, mask, slot = find_article(source, slot, longest_side=_LONGEST_SIDE)
    check_tryon_slot(slot)
    large_hw = tuple(ENLARGED * side for side in ARTICLE_HW)
    return GarmentPhoto(as_article(image, mask, slot), spread_colours(*lay_out(image, mask, large_hw)))


def check_tryon_slot(slot: str) -> None:
    """Raises InputError for shoes, accessories and what is no slot at all."""
    if slot in ("shoes", "accessory"):
        kind = "an accessory" if slot == "accessory" else "a pair of shoes"
        raise InputError(
            f"This looks like {kind}, which cannot be tried on: use a top, outerwear, bottom or dress, "
            "or say which of them it is."
        )
    if slot not in TRYON_SLOTS:
        raise InputError(f"Unknown slot {str(slot)[:40]!r}: use one of {', '.join(TRYON_SLOTS)}.")
