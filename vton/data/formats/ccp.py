"""Clothing Co-Parsing (Yang, Luo and Lin, CVPR 2014): street photos of people, some with a human parsing.

``photos/*.jpg``, ``keypoints.json`` (joints and boxes of all photos), ``labels.json`` (names of the 59 labels),
``parsing/*.png`` for some, ``tags.json`` for others.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from vton.data.formats.ccp_pairs import pair_rows
from vton.data.formats.ccp_persons import CcpPersons, read_list
from vton.data.garments.items import GarmentItem, no_garment_item, read_photo
from vton.data.held_out import is_held_out_photo
from vton.data.source import Job, Source, Traits
from vton.schema import InputError, SizeHW

_SCENE_SIDE, _SCENE_MARGIN = 64, 12  # pixels of the photo: least width beside the person, and room left to them


class ClothingCoParsing(Source):
    """See `Source`.

    Raises:
        InputError: ``keypoints.json`` is broken.
    """

    form = "ccp"
    traits = Traits(real=True, exact=False, cut_out=True, surroundings=True)
    person_hw = (384, 288)

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.people: dict[str, dict] = read_list(folder, "keypoints.json")

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether the joints are there."""
        return (folder / "keypoints.json").is_file()

    def persons(self, size_hw: SizeHW) -> list[Job]:
        """A job per photo."""
        reader = CcpPersons(self.folder, self.people)
        return [partial(reader.rows, stem, size_hw) for stem in sorted(self.people)]

    def pairs(self) -> list[Job]:
        """A job per photo that has a human parsing.

        Raises:
            InputError: none has one.
        """
        reader = CcpPersons(self.folder, self.people)
        stems = [stem for stem in sorted(self.people) if (self.folder / "parsing" / f"{stem}.png").is_file()]
        if not stems:
            raise InputError(f"'{self.name}' has no file parsing/*.png: pairs need the human parsings.")
        return [partial(pair_rows, reader, stem) for stem in stems]

    def garments(self) -> list[Job]:
        """A job per photo; it shows no garment by itself."""
        return [partial(_scenes, self.folder / "photos" / f"{stem}.jpg", facts["box_xyxy"])
                for stem, facts in sorted(self.people.items())]  # fmt: skip


def _scenes(file: Path, box_xyxy: list[float]) -> list[GarmentItem]:
    """The whole photo, and two squares of what is beside the person on the wider side."""
    image_u8 = read_photo(file)
    h, w = image_u8.shape[:2]
    left, right = int(box_xyxy[0]) - _SCENE_MARGIN, int(box_xyxy[2]) + _SCENE_MARGIN
    first, last = (0, left) if left > w - right else (right, w)
    pictures = [("person", image_u8)]
    side = last - first
    if side >= _SCENE_SIDE:
        tops = (0, h - side)
        pictures += [("scene", image_u8[y:y + side, first:last]) for y in tops if side <= h]
    held_out = is_held_out_photo(file.stem)
    return [no_garment_item(f"{file.stem}-{i}", kind, image, held_out) for i, (kind, image) in enumerate(pictures)]
