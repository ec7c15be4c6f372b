"""The clothing dataset of A. Grigorev: ``photos/*.jpg`` of single articles, and their categories in ``labels.csv``."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import fit_to_canvas
from vton.data.garments.items import CANVAS_HW, GarmentItem, no_garment_item, on_segmenter_canvas, read_photo
from vton.data.garments.masks import pseudo_mask, without_garment
from vton.data.held_out import is_held_out_photo
from vton.data.source import Job, Source, Traits
from vton.schema import InputError

CATEGORY_SLOT = {
    "T-Shirt": "top", "Longsleeve": "top", "Shirt": "top", "Polo": "top", "Undershirt": "top", "Hoodie": "top",
    "Top": "top", "Blouse": "top", "Outwear": "outer", "Blazer": "outer", "Pants": "bottom", "Shorts": "bottom",
    "Skirt": "bottom", "Dress": "dress", "Shoes": "shoes", "Hat": "accessory",
}  # fmt: skip
"""Categories of the clothing dataset; "Body", "Other", "Not sure" and "Skip" are left out. Hoodies are sweatshirts with
a hood, most of them without a zip; "Blazer" holds denim and leather jackets."""


class ClothingDataset(Source):
    """Photos of garments as their owners took them; see `Source`."""

    form = "clothing"
    traits = Traits(real=True, exact=False)

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether the table of categories is there."""
        return (folder / "labels.csv").is_file()

    def garments(self) -> list[Job]:
        """A job per photo of a category that has a slot."""
        with (self.folder / "labels.csv").open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        if not rows or not {"image", "label"} <= set(rows[0]):
            raise InputError(f"labels.csv of '{self.name}' lacks the columns image and label: download it again.")
        known = [(row["image"], CATEGORY_SLOT[row["label"]]) for row in rows if row["label"] in CATEGORY_SLOT]
        return [partial(_garment_items, self.folder / "photos" / f"{stem}.jpg", slot) for stem, slot in sorted(known)]


def _garment_items(file: Path, slot: str) -> list[GarmentItem]:
    image_u8 = read_photo(file)
    mask_u8, origin = pseudo_mask(image_u8)
    canvas, box = on_segmenter_canvas(image_u8)
    held_out, floors = is_held_out_photo(file.stem), []
    if mask_u8 is None:
        mask_u8 = np.zeros(image_u8.shape[:2], np.uint8)
    elif origin != "rough":
        floors = [no_garment_item(f"{file.stem}-floor", "floor", without_garment(image_u8, mask_u8), held_out)]
    mask_u8, _ = fit_to_canvas(mask_u8, CANVAS_HW, background=0)
    accessory = "hat" if slot == "accessory" else ""  # it has no bags
    return [GarmentItem(file.stem, "photo", slot, held_out, canvas, mask_u8, origin, box, accessory), *floors]
