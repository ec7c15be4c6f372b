"""The bundled garment segmenter: mask and slot of a single garment's photo from one PhotoUNet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from vton.conditioning.masks import grown, pieces, shrunk, square
from vton.conditioning.photos.guided_filter import guided_filter
from vton.readers.base import check_photo
from vton.readers.photo_network import BundledBackend, PhotoNetwork, View
from vton.schema import SLOTS, GarmentMask

CHECKPOINT = "garment-bundled"
HAT = len(SLOTS) + 1
"""Logit that says that an accessory is a hat and no bag; before it come the slots, and that there is no garment."""

_SPECK = 0.15  # of the largest piece's area: smaller pieces are not of the garment
_MAX_PIECES = 2  # a pair of shoes
_STEEPER = 2.0  # factor of the logits
_REACH, _FLAT = 0.04, 2e-5  # of the guided filter that lays the outline on the photo's edges
_CRISPER = 2.5  # shares of a pixel below 0.3 and above 0.7 are rounded off
_SURE = 7.0  # logit at which alpha is 0 or 255
_HOLE = 0.002  # of the garment's area: smaller holes are mistakes, larger ones lie between arm and body


class BundledGarmentSegmenter(BundledBackend):
    """Foreground, slot, and whether it is a garment.

    Args:
        checkpoint: bundled name, folder or Hub id; ``garment-bundled`` by default.

    Raises:
        InputError: the checkpoint is missing, corrupt or of another network.
    """

    bundled_as = CHECKPOINT

    def __init__(self, checkpoint: str | Path | None = None) -> None:
        self._network = PhotoNetwork(checkpoint or CHECKPOINT, map_channels=1, pooled=HAT + 1)

    def segment(self, image_u8: np.ndarray) -> GarmentMask:
        """Finds the garment; see `GarmentMask`. The photo and its mirror image are judged, and the mean is taken.

        Args:
            image_u8: [H, W, 3] or [H, W], uint8.
        """
        image = check_photo(image_u8)
        h, w = image.shape[:2]
        view = View.of(image, (0, 0, w, h), self._network.size_hw)
        mirrored = replace(view, canvas_u8=np.ascontiguousarray(view.canvas_u8[:, ::-1]))
        maps, logits = self._network([view, mirrored])
        logit = (maps[0, 0] + maps[1, 0, :, ::-1]) / 2
        slots, hat = logits[:, :HAT], logits[:, HAT].mean()
        share = np.exp(slots - slots.max(axis=1, keepdims=True))
        share = (share / share.sum(axis=1, keepdims=True)).mean(axis=0)
        logit = view.spread(_soft_at_the_outline(logit, _whole(logit > 0)))
        share_of_pixel = 1 / (1 + np.exp(-np.clip(_STEEPER * logit, -30, 30)))
        fitted = guided_filter(image, share_of_pixel.astype(np.float32), _REACH, _FLAT)
        alpha_u8 = np.round(255 * np.clip(0.5 + _CRISPER * (fitted - 0.5), 0, 1)).astype(np.uint8)
        mask_u8 = np.where(alpha_u8 > 127, 255, 0).astype(np.uint8)
        scores = dict(zip(SLOTS, map(float, share[:-1]), strict=True))
        garment, is_hat = np.clip(1 - share[-1], 0, 1), 1 / (1 + np.exp(-hat))
        return GarmentMask(mask_u8, alpha_u8, scores, float(garment), float(is_hat))


def _whole(mask: np.ndarray) -> np.ndarray:
    """Keeps the largest pieces and fills the smallest holes of a mask: [h, w], bool."""
    found = pieces(mask)
    if not len(found):
        return mask
    large = found.areas >= _SPECK * found.areas.max()
    large[np.argsort(-found.areas)[_MAX_PIECES:]] = False
    kept = found.where(large)
    gaps = pieces(~kept, diagonal=False)
    return kept | gaps.where(gaps.enclosed & (gaps.areas < _HOLE * kept.sum()))


def _soft_at_the_outline(logit: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Makes the logits [h, w] agree with the mask [h, w], and sure of it everywhere but along its outline."""
    agreeing = np.where(mask, np.abs(logit), -np.abs(logit))
    core, beyond = shrunk(mask, square(1)), ~grown(mask, square(1))
    agreeing[core] = np.maximum(agreeing[core], _SURE)
    agreeing[beyond] = np.minimum(agreeing[beyond], -_SURE)
    return agreeing
