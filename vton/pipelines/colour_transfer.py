"""Colour transfer between two articles: mean and deviation per Lab channel (Reinhard et al. 2001)."""

import cv2
import numpy as np

from vton.schema import SLOTS, Article, Outfit
from vton.schema.slots import worn_instead

_SPREAD_LIMITS = (
    0.25,
    4.0,
)  # a plain article has almost no deviation; do not blow up its noise, nor flatten a print


def transfer_colour(target: Article, source: Article, strength: float) -> Article:
    """Give ``target`` the colours of ``source`` and keep its own mask, slot and place of the pattern.

    Args:
        target: the article whose texture is recoloured.
        source: where mean and deviation of each Lab channel are taken, inside its mask.
        strength: 0 keeps the target as it is, 1 takes the source's colours fully.
    """
    target_in, source_in = target.mask_u8 > 127, source.mask_u8 > 127
    if strength == 0 or not target_in.any() or not source_in.any():
        return target
    target_lab, source_lab = _lab(target.image_u8), _lab(source.image_u8)
    target_mean, target_std = target_lab[target_in].mean(0), target_lab[target_in].std(0)
    source_mean, source_std = source_lab[source_in].mean(0), source_lab[source_in].std(0)
    gain = np.clip((source_std + 1) / (target_std + 1), *_SPREAD_LIMITS)
    moved = _rgb((target_lab - target_mean) * gain + source_mean)
    blended = target.image_u8 + strength * (moved - target.image_u8)
    image_u8 = target.image_u8.copy()
    image_u8[target_in] = np.clip(np.rint(blended[target_in]), 0, 255).astype(np.uint8)
    return Article(target.slot, image_u8, target.mask_u8)


def recolour_outfit(target: Outfit, source: Outfit, strength: float) -> Outfit:
    """Recolour each article of ``target`` after the source's article of the same slot.

    A dress stands for both top and bottom, and the top (or else the bottom) for a dress. A slot that the
    source leaves empty keeps the target's colours.
    """
    sources = {article.slot: article for article in source.articles if article is not None}
    recoloured = {}
    for article in target.articles:
        if article is None:
            continue
        names = (article.slot, *worn_instead(article.slot))
        match = next((sources[name] for name in names if name in sources), None)
        recoloured[article.slot] = article if match is None else transfer_colour(article, match, strength)
    return Outfit(tuple(recoloured.get(slot) for slot in SLOTS))


def _lab(image_u8: np.ndarray) -> np.ndarray:
    """RGB uint8 [H,W,3] -> CIE Lab float32 (L 0..100)."""
    return cv2.cvtColor(image_u8.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _rgb(lab: np.ndarray) -> np.ndarray:
    """CIE Lab [H,W,3] -> RGB float32 0..255, clipped to the gamut."""
    lab = lab.astype(np.float32)
    lab[..., 0] = lab[..., 0].clip(0, 100)
    return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1) * 255
