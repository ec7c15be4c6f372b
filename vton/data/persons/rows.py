"""One person photo on a pack's canvas, and the numbers of its labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vton.data.persons.skin_parts import UNKNOWN_SKIN
from vton.schema.label_sets import PARSER_LABELS

NO_LABEL = 255
"""Number in a pack of a pixel of which nothing is known."""


@dataclass
class PersonRow:
    """One person photo on the pack's canvas; see `vton.data.persons.pack` for the fields."""

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


def number_table(names: Mapping[int, str], table: Mapping[str, str]) -> np.ndarray:
    """Look-up table [256] from a set's numbers to those of a pack; `NO_LABEL` where a number has no name."""
    numbers = np.full(256, NO_LABEL, np.uint8)
    for number, name in names.items():
        ours = table[name]
        numbers[number] = UNKNOWN_SKIN if ours == "skin" else PARSER_LABELS.index(ours)
    return numbers
