"""What the garment segmenter learns from: photos of garments, packshots, and pictures without a garment of its own.

Sources are folders: the clothing dataset of A. Grigorev (``labels.csv``, ``photos/``), Clothing Co-Parsing
(``keypoints.json``, ``photos/``) and studio shards (``*.tar``).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from vton.conditioning.article_photo import spread_colours
from vton.conditioning.canvas import fit_to_canvas
from vton.data.formats.studio_shards import OutfitEntry, StudioShards, read_outfit
from vton.data.garments.masks import pseudo_mask, without_garment
from vton.data.outfits.pack import is_held_out, is_held_out_photo
from vton.schema import InputError

CANVAS_HW = (256, 256)
CATEGORY_SLOT = {
    "T-Shirt": "top", "Longsleeve": "top", "Shirt": "top", "Polo": "top", "Undershirt": "top", "Hoodie": "top",
    "Top": "top", "Blouse": "top", "Outwear": "outer", "Blazer": "outer", "Pants": "bottom", "Shorts": "bottom",
    "Skirt": "bottom", "Dress": "dress", "Shoes": "shoes", "Hat": "accessory",
}  # fmt: skip
"""Categories of the clothing dataset; "Body", "Other", "Not sure" and "Skip" are left out. Hoodies are sweatshirts with
a hood, most of them without a zip; "Blazer" holds denim and leather jackets."""

KINDS = ("photo", "packshot", "person", "scene", "floor")
"""A photo of one garment; a studio packshot; people wearing clothes; a street; where a garment lay, without it."""

_SCENE_SIDE, _SCENE_MARGIN = 64, 12  # pixels of the photo: least width beside the person, and room left to them


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
    """

    key: str
    kind: str
    slot: str
    held_out: bool
    image_u8: np.ndarray = field(repr=False)
    mask_u8: np.ndarray = field(repr=False)
    mask: str
    box: tuple[int, int, int, int]

    def facts(self) -> dict:
        """Everything but the pixels, as JSON types."""
        names = ("key", "kind", "slot", "held_out", "mask")
        return {name: getattr(self, name) for name in names} | {"box": list(self.box)}


Job = Callable[[], list[GarmentItem]]


def source_jobs(folder: Path, looks: int = 1) -> list[Job]:
    """The reading of a folder in pieces that can run in other processes.

    Args:
        looks: of every studio outfit, how many of its looks (they differ in colours alone) are read.

    Raises:
        InputError: the folder is none of the three sources, or lacks a file.
    """
    if (folder / "labels.csv").is_file():
        return _clothing_jobs(folder)
    if (folder / "keypoints.json").is_file():
        return _co_parsing_jobs(folder)
    entries = StudioShards(folder).entries
    return [partial(_studio_items, entry) for entry in entries if int(entry.key.partition("-")[2] or 0) < looks]


def _clothing_jobs(folder: Path) -> list[Job]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"image", "label"} <= set(rows[0]):
        raise InputError(f"labels.csv of '{folder.name}' lacks the columns image and label: download it again.")
    known = [(row["image"], CATEGORY_SLOT[row["label"]]) for row in rows if row["label"] in CATEGORY_SLOT]
    return [partial(_clothing_items, folder / "photos" / f"{stem}.jpg", slot) for stem, slot in sorted(known)]


def _clothing_items(file: Path, slot: str) -> list[GarmentItem]:
    image_u8 = _read(file)
    mask_u8, origin = pseudo_mask(image_u8)
    canvas, box = _on_canvas(image_u8)
    held_out, floors = is_held_out_photo(file.stem), []
    if mask_u8 is None:
        mask_u8 = np.zeros(image_u8.shape[:2], np.uint8)
    elif origin != "rough":
        floors = [_without_garment(f"{file.stem}-floor", "floor", without_garment(image_u8, mask_u8), held_out)]
    mask_u8, _ = fit_to_canvas(mask_u8, CANVAS_HW, background=0)
    return [GarmentItem(file.stem, "photo", slot, held_out, canvas, mask_u8, origin, box), *floors]


def _co_parsing_jobs(folder: Path) -> list[Job]:
    people = json.loads((folder / "keypoints.json").read_text("utf-8-sig"))
    return [partial(_co_parsing_items, folder / "photos" / f"{stem}.jpg", facts["box_xyxy"])
            for stem, facts in sorted(people.items())]  # fmt: skip


def _co_parsing_items(file: Path, box_xyxy: list[float]) -> list[GarmentItem]:
    """The whole photo, and two squares of what is beside the person on the wider side."""
    image_u8 = _read(file)
    h, w = image_u8.shape[:2]
    left, right = int(box_xyxy[0]) - _SCENE_MARGIN, int(box_xyxy[2]) + _SCENE_MARGIN
    first, last = (0, left) if left > w - right else (right, w)
    pictures = [("person", image_u8)]
    side = last - first
    if side >= _SCENE_SIDE:
        tops = (0, h - side)
        pictures += [("scene", image_u8[y:y + side, first:last]) for y in tops if side <= h]
    held_out = is_held_out_photo(file.stem)
    return [_without_garment(f"{file.stem}-{i}", kind, image, held_out) for i, (kind, image) in enumerate(pictures)]


def _studio_items(entry: OutfitEntry) -> list[GarmentItem]:
    """Every packshot that has its mask, and one photo of the person."""
    outfit, held_out = read_outfit(entry), is_held_out(entry.key)
    items = [_without_garment(f"{entry.key}-person", "person", outfit.photos[0].image_u8, held_out)]
    for slot, rgba in outfit.articles.items():
        if rgba.shape[2] == 4 and (rgba[..., 3] > 127).any():
            hard = np.where(rgba[..., 3] > 127, 255, 0).astype(np.uint8)
            image_u8, box = _on_canvas(spread_colours(rgba[..., :3], hard))
            mask_u8, _ = fit_to_canvas(rgba[..., 3], CANVAS_HW, background=0)
            key = f"{entry.key}-{slot}"
            items.append(GarmentItem(key, "packshot", slot, held_out, image_u8, mask_u8, "exact", box))
    return items


def _without_garment(key: str, kind: str, image_u8: np.ndarray, held_out: bool) -> GarmentItem:
    canvas, box = _on_canvas(image_u8)
    return GarmentItem(key, kind, "", held_out, canvas, np.zeros(CANVAS_HW, np.uint8), "", box)


def _on_canvas(image_u8: np.ndarray) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """The picture on the canvas as the segmenter sees it, and where it lies there."""
    canvas, transform = fit_to_canvas(image_u8, CANVAS_HW)
    (h, w), top, left = image_u8.shape[:2], int(transform.dy), int(transform.dx)
    bottom, right = top + round(h * transform.scale), left + round(w * transform.scale)
    return canvas, (top, left, min(bottom, CANVAS_HW[0]), min(right, CANVAS_HW[1]))


def _read(file: Path) -> np.ndarray:
    image = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if image is None:
        raise InputError(f"Cannot read {file.parent.name}/{file.name}: download the dataset again.")
    return np.ascontiguousarray(image[..., ::-1])
