"""Persons of Clothing Co-Parsing: real photos with machine-made joints, some with a human parsing."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vton.conditioning.canvas import fit_to_canvas, resized
from vton.data.held_out import is_held_out_photo
from vton.data.persons.rows import NO_LABEL, PersonRow, number_table
from vton.data.persons.skin_parts import split_skin
from vton.schema import InputError, SizeHW
from vton.schema.label_sets import CCP_TAGS_ALSO, LABEL_MAPS, PARSER_LABELS, TAGGED_LABELS

# COCO-18 from Halpe-26; the neck is the middle of the shoulders.
_HALPE_TO_COCO18 = (0, 5, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
_SHOULDERS = (5, 6)


class CcpPersons:
    """Reads the persons of a folder of Clothing Co-Parsing.

    Its annotations of whole photos may stand in ``tags.json``: per photo the numbers of the labels that it shows.

    Args:
        people: what ``keypoints.json`` says of each photo.

    Raises:
        InputError: ``labels.json`` is missing, or a list is broken.
    """

    def __init__(self, folder: Path, people: dict[str, dict]):
        self.folder, self.people = folder, people
        self.names = read_list(folder, "labels.json")
        self.tags = read_list(folder, "tags.json") if (folder / "tags.json").is_file() else {}
        self.table = number_table(dict(enumerate(self.names)), LABEL_MAPS["ccp-59"])

    def rows(self, stem: str, size_hw: SizeHW) -> list[PersonRow]:
        """The one photo of ``stem``.

        Raises:
            InputError: the photo cannot be read.
        """
        image = cv2.imread(str(self.folder / "photos" / f"{stem}.jpg"))
        if image is None:
            raise InputError(f"Photo {stem} of '{self.folder.name}' cannot be read.")
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

    def raw_labels(self, stem: str) -> np.ndarray | None:
        """A photo's labels as the data set numbers them: [H, W], uint8; None where there are none."""
        file = self.folder / "parsing" / f"{stem}.png"
        return np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8) if file.is_file() else None

    def _parsing(self, stem: str, size_hw: SizeHW, content: np.ndarray, joints: np.ndarray):
        raw = self.raw_labels(stem)
        if raw is None:
            return None
        x0, y0, x1, y1 = content
        labels = np.zeros(size_hw, np.uint8)
        inner = self.table[raw]
        labels[y0:y1, x0:x1] = resized(inner, (int(y1 - y0), int(x1 - x0)), "labels")
        return split_skin(labels, joints)


def read_list(folder: Path, name: str) -> Any:
    """A JSON file of the data set.

    Raises:
        InputError: it is missing or broken.
    """
    try:
        return json.loads((folder / name).read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"'{folder.name}' is not Clothing Co-Parsing ({error}): see the data's notes.") from None
