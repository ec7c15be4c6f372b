"""The pictures of an outfit's articles as the networks see them, and where each pixel of a photo lies in them."""

from collections.abc import Iterable, Sequence

import numpy as np

from vton.conditioning.canvas import resized
from vton.conditioning.photos.article_photo import load_article, placement
from vton.data.cloth import NOT_SHOWN
from vton.data.formats.studio_shards import (
    OutfitEntry,
    article_kinds,
    read_article_photo,
    read_cloth,
    read_packshot,
    read_places,
)
from vton.schema import ARTICLE_HW, SLOTS, SizeHW

PICTURE_KINDS = ("body", "flat", "hanger", "worn")
"""Kinds of pictures of an article: its packshot, laid flat or on a hanger as people photograph it, and cut from the
photo of somebody else who wears it. A new kind is added at the end: earlier packs hold the first ones."""

UNKNOWN, HIDDEN, _FIRST = 0, 1, 2
"""Values of packed places: nothing is known of the pixel; the picture does not show its cloth; else a position."""

STEPS_PER_PIXEL = 16
_SAME_CLOTH = 6.0  # pixels of the article's picture between two neighbours of a photo that is as large as it


def read_pictures(entry: OutfitEntry, slot: str) -> dict[str, np.ndarray]:
    """The pictures of one article by kind, RGBA [256, 192, 4] or RGB; of older shards the packshot alone.

    Raises:
        KeyError, ValueError: one is missing or cannot be decoded.
    """
    pictures = {"body": read_packshot(entry, slot)}
    return pictures | {k: read_article_photo(entry, slot, k) for k in article_kinds(entry, slot) if k in PICTURE_KINDS}


def pack_picture(picture: np.ndarray, slot: str, size_hw: SizeHW) -> np.ndarray:
    """A picture of an article, cut out and laid out as an upload is: RGBA, uint8, of ``size_hw``, area-averaged."""
    article = load_article(picture, slot)
    rgba = np.dstack([article.image_u8, article.mask_u8])
    return rgba if size_hw == ARTICLE_HW else resized(rgba, size_hw, "mean")


def kinds_of(entries: Iterable[OutfitEntry]) -> tuple[str, ...]:
    """The first of `PICTURE_KINDS`, up to the last one that there is a picture of in any outfit."""
    left = list(PICTURE_KINDS[1:])
    for entry in entries:
        found = {kind for slot in SLOTS for kind in article_kinds(entry, slot)}
        while found & set(left):
            left.pop(0)
    return PICTURE_KINDS[:len(PICTURE_KINDS) - len(left)]


def read_article_places(entry: OutfitEntry, number: int, pictures: dict[str, dict[str, np.ndarray]],
                        size_hw: SizeHW, kinds: Sequence[str] = PICTURE_KINDS) -> np.ndarray:
    """Where each pixel of photo ``number`` lies in the pictures of its own article, after these are laid out.

    Args:
        pictures: by slot, then kind, as `read_pictures` gives them.
        size_hw: of the result.
        kinds: of the pictures to read of.

    Returns:
        [kinds, h, w, 2], uint16: `UNKNOWN`, `HIDDEN`, or 2 plus sixteenths of a pixel (x, y) of a 256x192 picture.
    """
    packed = np.zeros((len(kinds), *size_hw, 2), np.uint16)
    slot_of = None
    for k, kind in enumerate(kinds):
        field = read_places(entry, number, kind)
        if field is None:
            continue
        if slot_of is None:
            cloth = read_cloth(entry, f"p{number}")
            assert cloth is not None, "a photo with places has its cloth"
            slot_of = cloth.article
        for s, slot in enumerate(SLOTS):
            worn = slot_of == s + 1
            if worn.any() and kind in pictures.get(slot, {}):
                field[worn] = _laid_out(field[worn], pictures[slot][kind])
            elif worn.any():
                field[worn] = np.nan
        packed[k] = _encoded(_reduced(field, slot_of, size_hw))
    return packed


def _laid_out(xy: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Positions [N, 2] in a picture to those after `lay_out`; what is not shown stays so."""
    if picture.shape[2] == 3:
        return np.full_like(xy, np.nan)
    scale, middle_xy = placement(picture[..., 3] > 127)
    middle, target = np.array(middle_xy, np.float32), np.array(ARTICLE_HW[::-1], np.float32) / 2
    moved = scale * (xy - middle) + target
    return np.where(xy == NOT_SHOWN, NOT_SHOWN, moved)


def _reduced(field: np.ndarray, slot_of: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    """A field [H, W, 2] at a whole fraction of its size: means of blocks that show one piece of cloth, else NaN."""
    step = field.shape[0] // size_hw[0]
    if step * size_hw[0] != field.shape[0] or step * size_hw[1] != field.shape[1]:
        raise ValueError(f"places of {field.shape[:2]} cannot be averaged down to {size_hw}")
    if step == 1:
        return field
    blocks = np.stack([field[i::step, j::step] for i in range(step) for j in range(step)])
    slots = np.stack([slot_of[i::step, j::step] for i in range(step) for j in range(step)])
    hidden = (blocks == NOT_SHOWN).all(-1)
    whole = (slots == slots[0]).all(0) & np.isfinite(blocks).all((0, 3)) & (hidden == hidden[0]).all(0)
    reach = _SAME_CLOTH * step * ARTICLE_HW[0] / field.shape[0]
    whole &= (blocks.max(0) - blocks.min(0)).max(-1) < reach
    return np.where(whole[..., None], blocks.mean(0), np.nan)


def _encoded(field: np.ndarray) -> np.ndarray:
    steps = np.rint(field * STEPS_PER_PIXEL).clip(0, 2**15) + _FIRST
    steps = np.where(field == NOT_SHOWN, HIDDEN, steps)
    return np.where(np.isnan(field), UNKNOWN, steps).astype(np.uint16)


def decode_places(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Packed places [..., h, w, 2] -> positions and what is known.

    Returns:
        Positions [..., h, w, 2], float32, -1..1 over the article's picture (0 where there is none), and
        [..., h, w], int8: 1 the picture shows the cloth, 0 it does not, -1 unknown or no article.
    """
    state = np.where(packed[..., 0] >= _FIRST, 1, np.where(packed[..., 0] == HIDDEN, 0, -1)).astype(np.int8)
    pixels = (packed.astype(np.float32) - _FIRST) / STEPS_PER_PIXEL
    unit = pixels / (np.array(ARTICLE_HW[::-1], np.float32) / 2) - 1
    return np.where(state[..., None] == 1, unit, 0), state
