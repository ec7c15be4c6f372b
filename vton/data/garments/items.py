"""One row of a pack of garments, and how pictures get onto its canvas."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from vton.conditioning.canvas import fit_to_canvas
from vton.schema import InputError

CANVAS_HW = (256, 256)
KINDS = ("photo", "packshot", "person", "scene", "floor")
"""A photo of one garment; a studio packshot; people wearing clothes; a street; where a garment lay, without it."""


@dataclass(frozen=True)
class GarmentItem:
    """One row of a garment pack.

    Attributes:
        key: file stem or outfit and slot; kind: one of `KINDS`; slot: of the garment, "" for the last three kinds.
        image_u8: [256, 256, 3]; a packshot's colours go on beyond its mask.
        mask_u8: [256, 256], share of the garment in each pixel times 255; all 0 without a garment or a mask.
        mask: "exact", "plain" (found on a plain backdrop), "grabcut" (or "rough"
            where it is less sure) or "".
        box: top, left, bottom, right of the photo on its canvas.
        accessory: "hat" or "bag"; "" of other slots, or where nobody says so.
    """

    key: str
    kind: str
    slot: str
    held_out: bool
    image_u8: np.ndarray = field(repr=False)
    mask_u8: np.ndarray = field(repr=False)
    mask: str
    box: tuple[int, int, int, int]
    accessory: str = ""

    def facts(self) -> dict:
        """Everything but the pixels, as JSON types."""
        names = ("key", "kind", "slot", "held_out", "mask", "accessory")
        return {name: getattr(self, name) for name in names} | {"box": list(self.box)}


def no_garment_item(key: str, kind: str, image_u8: np.ndarray, held_out: bool) -> GarmentItem:
    """A picture [H, W, 3], uint8, that shows no garment by itself."""
    canvas, box = on_segmenter_canvas(image_u8)
    return GarmentItem(key, kind, "", held_out, canvas, np.zeros(CANVAS_HW, np.uint8), "", box)


def on_segmenter_canvas(image_u8: np.ndarray) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """The picture on the canvas as the segmenter sees it, and where it lies there."""
    canvas, transform = fit_to_canvas(image_u8, CANVAS_HW)
    (h, w), top, left = image_u8.shape[:2], int(transform.dy), int(transform.dx)
    bottom, right = top + round(h * transform.scale), left + round(w * transform.scale)
    return canvas, (top, left, min(bottom, CANVAS_HW[0]), min(right, CANVAS_HW[1]))


def read_photo(file: Path) -> np.ndarray:
    """A photo of a data set: [H, W, 3], uint8.

    Raises:
        InputError: it is missing or damaged.
    """
    image = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if image is None:
        raise InputError(f"Cannot read {file.parent.name}/{file.name}: download the dataset again.")
    return np.ascontiguousarray(image[..., ::-1])
