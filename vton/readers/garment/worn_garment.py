"""Garments that somebody wears in the photo: cut out of it by the parser, as shops and friends photograph them."""

from __future__ import annotations

import numpy as np

from vton.conditioning.canvas import resized, shrink_to
from vton.conditioning.person.wearer import Wearer
from vton.readers.person_photo import WORKING_SIDE, read_person
from vton.schema import SLOT_TABLE, SLOTS, TRYON_SLOTS, InputError
from vton.schema.label_sets import PARSER_LABELS

_LABELS = {slot: (slot,) for slot in SLOTS if slot in PARSER_LABELS} | {"accessory": ("hat", "bag")}
# In parts of the squared distance from neck to hips, of which a top has about half; smaller pieces are no article.
_LEAST, _LEAST_SMALL = 0.15, 0.02
_HIPS = [8, 11]
_MEANT = {"top": 2.0, "outer": 2.0}  # times the area: most photos that show legs too are of what is worn above


def worn_garments(image_u8: np.ndarray) -> dict[str, np.ndarray]:
    """What the main person of a photo wears, the likeliest to be meant first; nothing where nobody is found.

    What hair, arms and other clothes hide is missing. A portrait that ends above the hips shows nothing.

    Args:
        image_u8: [H, W, 3], uint8.

    Returns:
        Slot -> mask [H, W], uint8, 0 or 255.
    """
    try:
        person = Wearer.of(read_person(shrink_to(image_u8, WORKING_SIDE)), TRYON_SLOTS[0])
    except InputError:
        return {}
    if not person.pose.present[_HIPS].any():  # a portrait shows no garment
        return {}
    found = {slot: person.mask(*labels) for slot, labels in _LABELS.items()}
    large = {slot: mask for slot, mask in found.items()
             if mask.sum() >= person.unit**2 * (_LEAST if slot in TRYON_SLOTS else _LEAST_SMALL)}  # fmt: skip
    meant = sorted(large, key=lambda slot: -large[slot].mean() * _MEANT.get(slot, 1.0))
    full = {slot: resized(large[slot].astype(np.uint8) * 255, image_u8.shape[:2], "linear") for slot in meant}
    return {slot: np.where(mask > 127, np.uint8(255), np.uint8(0)) for slot, mask in full.items()}


def chosen_garment(worn: dict[str, np.ndarray], slot: str | None) -> str:
    """The slot that is meant: what is told, else the likeliest.

    Raises:
        InputError: nobody wears anything of that slot in the photo.
    """
    if slot is None:
        return next(iter(worn))
    if slot not in worn:
        raise InputError(
            f"The person in this photo does not wear {SLOT_TABLE[slot].called}: take {', '.join(worn)} from it, or use "
            "another photo."
        )
    return slot
