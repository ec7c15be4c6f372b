"""Which pixel of a person picture belongs to what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.schema.sizes import SizeHW

REGIONS = ("background", "hair", "face", "skin", "top", "outer", "bottom", "dress", "shoes", "accessory")
PALETTE = np.array(
    [[240, 240, 240], [94, 60, 30], [255, 214, 170], [230, 160, 120], [66, 133, 244],
     [15, 82, 87], [244, 180, 0], [219, 68, 140], [120, 60, 180], [60, 170, 80]],
    np.uint8,
)  # fmt: skip

COLOURS = dict(zip(REGIONS, map(tuple, PALETTE.tolist()), strict=True)) | {
    "hat": (150, 110, 60), "torso_skin": (236, 150, 140), "arms": (214, 120, 90), "legs": (190, 140, 110),
    "bag": (150, 200, 60), "left_arm": (240, 130, 60), "right_arm": (170, 80, 60), "left_leg": (236, 176, 130),
    "right_leg": (150, 110, 90),
}  # fmt: skip
"""RGB per label, of `REGIONS` and of the parsers' label sets."""


@dataclass(frozen=True, eq=False)
class Parsing:
    """A label per pixel.

    Attributes:
        labels: [H, W], uint8, index into ``names``.
        names: what the labels mean; ``left_`` and ``right_`` are the person's own.

    Raises:
        ValueError: wrong shape or type, or a label without a name.
    """

    labels: np.ndarray
    names: tuple[str, ...] = REGIONS

    def __post_init__(self) -> None:
        labels, names = np.array(self.labels), tuple(self.names)
        if labels.ndim != 2 or labels.dtype != np.uint8:
            raise ValueError(f"labels must be uint8 [H, W], got {labels.dtype} {labels.shape}")
        if labels.size and labels.max() >= len(names):
            raise ValueError(f"label {labels.max()} has no name among {len(names)}")
        labels.setflags(write=False)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "names", names)

    @property
    def size_hw(self) -> SizeHW:
        """Height and width."""
        return self.labels.shape

    def mask(self, *names: str) -> np.ndarray:
        """Returns where one of the regions ``names`` is: [H, W], bool; KeyError when there is no such region."""
        for name in names:
            if name not in self.names:
                raise KeyError(f"no region {name!r} among {', '.join(self.names)}")
        return np.array([name in names for name in self.names])[self.labels]

    def silhouette(self) -> np.ndarray:
        """Returns where the person is, clothes included: [H, W], bool."""
        return self.labels != self.names.index("background")

    def flip(self) -> Parsing:
        """Returns the mirror image: left and right parts change names."""
        swapped = [_other_side(name) for name in self.names]
        numbers = np.array([self.names.index(name) for name in swapped], np.uint8)
        return Parsing(numbers[self.labels[:, ::-1]], self.names)

    def colours(self) -> np.ndarray:
        """Returns a picture for overlays: [H, W, 3], uint8, one colour per label (`COLOURS`)."""
        fallback = [tuple(PALETTE[i % len(PALETTE)].tolist()) for i in range(len(self.names))]
        table = [COLOURS.get(name, other) for name, other in zip(self.names, fallback, strict=True)]
        return np.array(table, np.uint8)[self.labels]


def _other_side(name: str) -> str:
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(side):
            return other + name[len(side) :]
    return name
