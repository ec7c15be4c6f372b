"""One try-on pair as a pack has it: the photo, the garment, and where the one shows the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.conditioning.photos.article_photo import load_article
from vton.conditioning.photos.image_io import ImageSource
from vton.schema import SIDED_LABELS, TRYON_SLOTS, tryon_slot

PAIR_HW = (256, 192)

_VISIBLE = 0.9


@dataclass(frozen=True, eq=False)
class PhotoRow:
    """A person photo on the canvas; see `vton.data.pairs.pack` for the arrays."""

    key: str
    held_out: bool
    image: np.ndarray
    parsing: np.ndarray
    keypoints: np.ndarray
    worn: np.ndarray


@dataclass(frozen=True, eq=False)
class GarmentRow:
    """A garment on the article canvas: ``rgba`` [256, 192, 4], uint8."""

    key: str
    rgba: np.ndarray


@dataclass(frozen=True, eq=False)
class PairRow:
    """A photo and a garment to try on; ``paired``: the photo shows that very garment."""

    photo: PhotoRow
    garment: GarmentRow
    slot: str
    paired: bool = True

    @property
    def key(self) -> str:
        """Names the pair within its pack."""
        return f"{self.photo.key}.{self.slot}" if self.paired else f"{self.photo.key}.{self.slot}+{self.garment.key}"


def garment_rgba(picture: ImageSource, slot: str) -> np.ndarray:
    """The garment as an upload would be seen: [256, 192, 4], uint8."""
    article = load_article(picture, slot)
    return np.dstack([article.image_u8, article.mask_u8])


def worn_map(labels: np.ndarray) -> np.ndarray:
    """For each pixel of a parsing in ``SIDED_LABELS`` 1 + the number of its try-on slot, 0 elsewhere: [H, W], uint8."""
    table = [TRYON_SLOTS.index(name) + 1 if name in TRYON_SLOTS else 0 for name in SIDED_LABELS]
    return np.array(table, np.uint8)[labels]


def shows_enough(worn: np.ndarray, slot: str, least: float) -> bool:
    """Whether a photo teaches something about its garment of that slot.

    Args:
        worn: [H, W], uint8, as from `worn_map`.
        least: share of the picture that the garment must cover.

    Returns:
        False also for a top or dress with something worn over it: that is erased with the garment, and nothing says
        what it was.
    """
    area = {name: int((worn == number).sum()) for number, name in enumerate(TRYON_SLOTS, 1)}
    over = sum(area[name] for name in tryon_slot(slot).hidden_by)
    return area[slot] >= least * worn.size and area[slot] >= _VISIBLE * (area[slot] + over)
