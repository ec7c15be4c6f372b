"""Where a garment lies in its photo, which slot it belongs to, and whether it is a garment at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vton.schema.article import SLOTS
from vton.schema.sizes import SizeHW


@dataclass(frozen=True, eq=False)
class GarmentMask:
    """What a garment segmenter says about a photo.

    Attributes:
        mask_u8: [H, W], uint8, 255 on the garment and 0 elsewhere.
        alpha_u8: [H, W], uint8, 0..255, the same with soft edges.
        slot_scores: how likely each of ``SLOTS`` is, 0..1; together at most 1.
        garment: how likely the photo shows a garment, 0..1.

    Raises:
        ValueError: wrong shapes or types, or scores that are no probabilities.
    """

    mask_u8: np.ndarray
    alpha_u8: np.ndarray
    slot_scores: Mapping[str, float]
    garment: float

    def __post_init__(self) -> None:
        mask, alpha = np.array(self.mask_u8), np.array(self.alpha_u8)
        if mask.ndim != 2 or mask.shape != alpha.shape or mask.dtype != np.uint8 or alpha.dtype != np.uint8:
            raise ValueError(
                f"mask and alpha must be uint8 [H, W]: {mask.dtype} {mask.shape}, {alpha.dtype} {alpha.shape}"
            )
        if not np.isin(mask, (0, 255)).all():
            raise ValueError("mask_u8 must hold only 0 and 255")
        scores = {slot: float(self.slot_scores[slot]) for slot in SLOTS if slot in self.slot_scores}
        if len(scores) != len(SLOTS) or len(self.slot_scores) != len(SLOTS):
            raise ValueError(f"slot_scores must name {', '.join(SLOTS)}")
        # Written so that NaN fails too.
        if not (min(scores.values()) >= 0 and sum(scores.values()) <= 1 + 1e-4 and 0 <= self.garment <= 1):
            raise ValueError(f"scores must be probabilities: {scores}, garment {self.garment}")
        mask.setflags(write=False)
        alpha.setflags(write=False)
        object.__setattr__(self, "mask_u8", mask)
        object.__setattr__(self, "alpha_u8", alpha)
        object.__setattr__(self, "slot_scores", scores)
        object.__setattr__(self, "garment", float(self.garment))

    @property
    def slot(self) -> str:
        """The most likely slot."""
        return max(self.slot_scores, key=self.slot_scores.__getitem__)

    @property
    def size_hw(self) -> SizeHW:
        """Height and width of the photo."""
        return self.mask_u8.shape
