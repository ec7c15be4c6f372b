"""Try-on pairs of the studio's shards: every photo with the packshot of each garment that it shows."""

from __future__ import annotations

import json

import cv2
import numpy as np

from vton.conditioning.canvas import resized
from vton.conditioning.person.sides import sided
from vton.data.formats.studio_persons import person_rows
from vton.data.formats.studio_shards import OutfitEntry, decode, read_packshot
from vton.data.pairs.rows import PAIR_HW, GarmentRow, PairRow, PhotoRow, garment_rgba, shows_enough, worn_map
from vton.data.persons.rows import PersonRow
from vton.schema import PARSER_LABELS, InputError, Parsing, Pose
from vton.schema.slots import TRYON_SLOTS

_LEAST = 0.015
_LEAST_OF_CROPS = 0.08  # a strip of trousers at the edge of a photo teaches nothing about them
_TURNED_AWAY = 100.0  # degrees; beyond it the photo shows the back and the packshot the front


def pair_rows(entry: OutfitEntry) -> list[PairRow]:
    """The pairs of one outfit: up to one per photo and slot.

    Raises:
        InputError: a member is missing or is not in the studio's format.
    """
    people = person_rows(entry, PAIR_HW)
    try:
        meta = json.loads(entry.read("json"))
        return _pairs(entry, meta, people)
    except (KeyError, ValueError, TypeError, cv2.error) as error:
        where = f"Outfit {entry.key} of {entry.shard.name}"
        raise InputError(f"{where} is not in the studio's format ({error}): render it.") from None


def _pairs(entry: OutfitEntry, meta: dict, people: list[PersonRow]) -> list[PairRow]:
    garments: dict[str, GarmentRow] = {}
    pairs = []
    slots = [slot for slot in TRYON_SLOTS if slot in meta["slots"]]
    for number, (person, facts) in enumerate(zip(people, meta["photos"], strict=True)):
        if abs(facts.get("yaw_deg", 0.0)) > _TURNED_AWAY:
            continue
        photo = _photo(entry, number, person)
        least = _LEAST if facts.get("framing", "full") == "full" else _LEAST_OF_CROPS
        for slot in slots:
            if not shows_enough(photo.worn, slot, least):
                continue
            if slot not in garments:
                garments[slot] = GarmentRow(f"{entry.key}.{slot}", garment_rgba(read_packshot(entry, slot), slot))
            pairs.append(PairRow(photo, garments[slot], slot))
    return pairs


def _photo(entry: OutfitEntry, number: int, person: PersonRow) -> PhotoRow:
    pose = Pose(person.keypoints[:, :2], person.keypoints[:, 2], PAIR_HW)
    labels = sided(Parsing(person.parsing, PARSER_LABELS), pose).labels
    worn = worn_map(labels)
    member = f"p{number}.article.png"
    if member in entry.members:  # older shards have none
        x0, y0, x1, y1 = person.content
        numbers = decode(entry.read(member), cv2.IMREAD_GRAYSCALE)
        numbers = resized(numbers, (int(y1 - y0), int(x1 - x0)), "labels")
        worn = np.zeros(PAIR_HW, np.uint8)
        worn[y0:y1, x0:x1] = np.where(numbers <= len(TRYON_SLOTS), numbers, 0)
    return PhotoRow(person.key, person.held_out, person.photo, labels, person.keypoints, worn)
