"""Persons on canvases from two kinds of folders: Clothing Co-Parsing (real) and the studio's shards (drawn)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from vton.conditioning.canvas import fit_to_canvas, resized
from vton.data.packed import is_held_out, is_held_out_photo
from vton.data.skin_parts import UNKNOWN_SKIN, split_skin
from vton.data.studio_shards import VISIBILITY_TO_CONFIDENCE, OutfitEntry, StudioShards, decode
from vton.schema import InputError
from vton.schema.label_sets import CCP_TAGS_ALSO, LABEL_MAPS, PARSER_LABELS, TAGGED_LABELS

NO_LABEL = 255
# COCO-18 from Halpe-26; the neck is the middle of the shoulders.
_HALPE_TO_COCO18 = (0, 5, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
_SHOULDERS = (5, 6)


@dataclass
class PersonRow:
    """One person photo on the pack's canvas; see `vton.data.person_pack` for the fields."""

    key: str
    held_out: bool
    photo: np.ndarray
    content: np.ndarray
    keypoints: np.ndarray
    box: np.ndarray
    parsing: np.ndarray
    has_parsing: bool
    silhouette: np.ndarray | None = None
    possible: np.ndarray = field(default_factory=lambda: np.ones(len(PARSER_LABELS), np.uint8))


class CcpSource:
    """Clothing Co-Parsing: ``photos/*.jpg``, ``keypoints.json``, ``labels.json``, ``parsing/*.png`` for some.

    Its annotations of whole photos may stand in ``tags.json``: per photo the numbers of the labels that it shows.

    Raises:
        InputError: a file of that list is missing or broken.
    """

    form = "ccp"

    def __init__(self, folder: Path):
        self.folder, self.name = folder, folder.name
        try:
            self.people = json.loads((folder / "keypoints.json").read_text("utf-8-sig"))
            names = json.loads((folder / "labels.json").read_text("utf-8-sig"))
            tags = folder / "tags.json"
            self.tags = json.loads(tags.read_text("utf-8-sig")) if tags.is_file() else {}
        except (OSError, ValueError) as error:
            raise InputError(f"'{folder.name}' is not Clothing Co-Parsing ({error}): see the data's notes.") from None
        self.names = names
        self.table = _number_table(dict(enumerate(names)), LABEL_MAPS["ccp-59"])
        self.jobs = sorted(self.people)

    def rows(self, stem: str, size_hw: tuple[int, int]) -> list[PersonRow]:
        """The one photo of ``stem``.

        Raises:
            InputError: the photo cannot be read.
        """
        image = cv2.imread(str(self.folder / "photos" / f"{stem}.jpg"))
        if image is None:
            raise InputError(f"Photo {stem} of '{self.name}' cannot be read.")
        canvas, transform = fit_to_canvas(np.ascontiguousarray(image[..., ::-1]), size_hw)
        person = self.people[stem]
        halpe = np.array(person["halpe26"], np.float32)
        joints = halpe[list(_HALPE_TO_COCO18)]
        joints[1] = [*halpe[_SHOULDERS, :2].mean(0), halpe[_SHOULDERS, 2].min()]
        joints[:, :2] = transform.forward(joints[:, :2])
        joints[:, 2] = joints[:, 2].clip(0, 1)
        box = transform.forward(np.array(person["box_xyxy"], np.float32).reshape(2, 2)).ravel()
        content = np.array([transform.dx, transform.dy, image.shape[1] * transform.scale + transform.dx,
                            image.shape[0] * transform.scale + transform.dy]).round().astype(np.int32)  # fmt: skip
        parsing = self._parsing(stem, size_hw, content, joints)
        has_parsing = parsing is not None
        if parsing is None:
            parsing = np.full(size_hw, NO_LABEL, np.uint8)
        return [PersonRow(stem, is_held_out_photo(stem), canvas, content, joints, box, parsing, has_parsing,
                          possible=self._possible(stem))]  # fmt: skip

    def _possible(self, stem: str) -> np.ndarray:
        """Which of `PARSER_LABELS` the photo may show by its tags, [14], uint8; all of them without any."""
        possible = np.ones(len(PARSER_LABELS), np.uint8)
        if stem in self.tags:
            names = [self.names[number] for number in self.tags[stem]]
            shown = {LABEL_MAPS["ccp-59"][name] for name in names} | {CCP_TAGS_ALSO.get(name) for name in names}
            possible[[PARSER_LABELS.index(name) for name in TAGGED_LABELS if name not in shown]] = 0
        return possible

    def _parsing(self, stem: str, size_hw: tuple[int, int], content: np.ndarray, joints: np.ndarray):
        file = self.folder / "parsing" / f"{stem}.png"
        if not file.is_file():
            return None
        raw = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        x0, y0, x1, y1 = content
        labels = np.zeros(size_hw, np.uint8)
        inner = self.table[raw]
        labels[y0:y1, x0:x1] = resized(inner, (int(y1 - y0), int(x1 - x0)), "labels")
        return split_skin(labels, joints)


class StudioSource:
    """Folders of studio shards; every photo of the outfits whose look is asked for.

    Args:
        looks: numbers of the looks to take (the part of a key after "-"; 0 without one); None takes all.

    Raises:
        InputError: no outfit is left.
    """

    form = "studio"

    def __init__(self, folder: Path, looks: Sequence[int] | None = None):
        self.name = folder.name
        self.shards = StudioShards(folder)
        wanted = None if looks is None else set(looks)
        self.jobs = [e for e in self.shards.entries if wanted is None or int(e.key.partition("-")[2] or 0) in wanted]
        if not self.jobs:
            raise InputError(f"'{folder.name}' has no outfit with look {looks}: give other --looks.")

    def rows(self, entry: OutfitEntry, size_hw: tuple[int, int]) -> list[PersonRow]:
        """All photos of one outfit.

        Raises:
            InputError: a member is missing or is not in the studio's format.
        """
        try:
            meta = json.loads(entry.read("json"))
            table = _number_table({int(k): v for k, v in meta["labels"].items()}, LABEL_MAPS["studio-18"])
            return [self._row(entry, i, photo, table, size_hw) for i, photo in enumerate(meta["photos"])]
        except (KeyError, ValueError, TypeError, IndexError, cv2.error) as error:
            where = f"Outfit {entry.key} of {entry.shard.name}"
            raise InputError(f"{where} is not in the studio's format ({error}): render it.") from None

    def _row(self, entry: OutfitEntry, number: int, photo: dict, table: np.ndarray, size_hw) -> PersonRow:
        canvas, transform = fit_to_canvas(decode(entry.read(f"p{number}.webp"), cv2.IMREAD_COLOR), size_hw)
        labels = table[decode(entry.read(f"p{number}.png"), cv2.IMREAD_GRAYSCALE)]
        h, w = (int(round(side * transform.scale)) for side in labels.shape)
        x0, y0 = int(transform.dx), int(transform.dy)
        parsing = np.zeros(size_hw, np.uint8)
        parsing[y0 : y0 + h, x0 : x0 + w] = resized(labels, (h, w), "labels")
        silhouette = np.zeros(size_hw, np.uint8)
        silhouette[y0 : y0 + h, x0 : x0 + w] = self._silhouette(entry, number, labels, (h, w))
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

    def _silhouette(self, entry: OutfitEntry, number: int, labels: np.ndarray, size_hw) -> np.ndarray:
        """The renderer's share of covered pixels, or, in shards that lack it, the parsing's edge softened."""
        member = f"p{number}.silhouette.png"
        if member in entry.members:
            cover = decode(entry.read(member), cv2.IMREAD_GRAYSCALE)
        else:
            cover = cv2.GaussianBlur(np.where(labels > 0, 255, 0).astype(np.uint8), (0, 0), 0.7)
        return resized(cover, size_hw, "mean")


def find_source(folder: Path, looks: Sequence[int] | None = None) -> CcpSource | StudioSource:
    """The reader for a folder: Clothing Co-Parsing if it has ``keypoints.json``, else studio shards.

    Raises:
        InputError: it is neither.
    """
    if (folder / "keypoints.json").is_file():
        return CcpSource(folder)
    return StudioSource(folder, looks)


def _number_table(names: dict[int, str], table: dict[str, str]) -> np.ndarray:
    """Look-up table [256] from a set's numbers to those of a pack; `NO_LABEL` where a number has no name."""
    numbers = np.full(256, NO_LABEL, np.uint8)
    for number, name in names.items():
        ours = table[name]
        numbers[number] = UNKNOWN_SKIN if ours == "skin" else PARSER_LABELS.index(ours)
    return numbers
