"""Persons of the studio's shards: drawn photos with exact joints, labels and outlines."""

import json

import cv2
import numpy as np

from vton.conditioning.canvas import fit_to_canvas, resized
from vton.data.formats.studio_shards import VISIBILITY_TO_CONFIDENCE, OutfitEntry, decode
from vton.data.held_out import is_held_out
from vton.data.persons.rows import PersonRow, number_table
from vton.schema import InputError, SizeHW
from vton.schema.label_sets import LABEL_MAPS


def person_rows(entry: OutfitEntry, size_hw: SizeHW) -> list[PersonRow]:
    """All photos of one outfit.

    Raises:
        InputError: a member is missing or is not in the studio's format.
    """
    try:
        meta = json.loads(entry.read("json"))
        table = number_table({int(k): v for k, v in meta["labels"].items()}, LABEL_MAPS["studio-19"])
        return [_row(entry, i, photo, table, size_hw) for i, photo in enumerate(meta["photos"])]
    except (KeyError, ValueError, TypeError, IndexError, cv2.error) as error:
        where = f"Outfit {entry.key} of {entry.shard.name}"
        raise InputError(f"{where} is not in the studio's format ({error}): render it.") from None


def _row(entry: OutfitEntry, number: int, photo: dict, table: np.ndarray, size_hw) -> PersonRow:
    canvas, transform = fit_to_canvas(decode(entry.read(f"p{number}.webp"), cv2.IMREAD_COLOR), size_hw)
    labels = table[decode(entry.read(f"p{number}.png"), cv2.IMREAD_GRAYSCALE)]
    h, w = (int(round(side * transform.scale)) for side in labels.shape)
    x0, y0 = int(transform.dx), int(transform.dy)
    parsing = np.zeros(size_hw, np.uint8)
    parsing[y0 : y0 + h, x0 : x0 + w] = resized(labels, (h, w), "labels")
    silhouette = np.zeros(size_hw, np.uint8)
    silhouette[y0 : y0 + h, x0 : x0 + w] = _silhouette(entry, number, labels, (h, w))
    joints = np.array(photo["keypoints"], np.float32)
    joints[:, 2] = VISIBILITY_TO_CONFIDENCE[joints[:, 2].astype(int)]
    joints[:, :2] = transform.forward(joints[:, :2])
    y, x = np.nonzero(parsing)
    if not len(y):
        raise ValueError("nobody in the parsing")
    box = np.array([x.min(), y.min(), x.max() + 1, y.max() + 1], np.float32)
    content = np.array([x0, y0, x0 + w, y0 + h], np.int32)
    return PersonRow(f"{entry.key}.p{number}", is_held_out(entry.key), canvas, content, joints, box, parsing, True,
                     silhouette)


def _silhouette(entry: OutfitEntry, number: int, labels: np.ndarray, size_hw) -> np.ndarray:
    """The renderer's share of covered pixels, or, in shards that lack it, the parsing's edge softened."""
    member = f"p{number}.silhouette.png"
    if member in entry.members:
        cover = decode(entry.read(member), cv2.IMREAD_GRAYSCALE)
    else:
        cover = cv2.GaussianBlur(np.where(labels > 0, 255, 0).astype(np.uint8), (0, 0), 0.7)
    return resized(cover, size_hw, "mean")
