"""Which pixel of a person picture belongs to what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

REGIONS = ("background", "hair", "face", "skin", "top", "outer", "bottom", "dress", "shoes", "accessory")
PALETTE = np.array(
    [[240, 240, 240], [94, 60, 30], [255, 214, 170], [230, 160, 120], [66, 133, 244],
     [15, 82, 87], [244, 180, 0], [219, 68, 140], [120, 60, 180], [60, 170, 80]],
    np.uint8,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Parsing:
    """A label per pixel.

    Attributes:
        labels: [H, W], uint8, index into ``names``.
        names: what the labels mean; none of them has a left or right side.

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
    def size_hw(self) -> tuple[int, int]:
        """Height and width."""
        return self.labels.shape

    def mask(self, name: str) -> np.ndarray:
        """Returns where region ``name`` is: [H, W], bool; KeyError when there is no such region."""
        if name not in self.names:
            raise KeyError(f"no region {name!r} among {', '.join(self.names)}")
        return self.labels == self.names.index(name)

    def silhouette(self) -> np.ndarray:
        """Returns where the person is, clothes included: [H, W], bool."""
        return self.labels != self.names.index("background")

    def flip(self) -> Parsing:
        """Returns the mirror image."""
        return Parsing(self.labels[:, ::-1], self.names)

    def colours(self) -> np.ndarray:
        """Returns a picture for overlays: [H, W, 3], uint8, one palette colour per region."""
        return PALETTE[self.labels % len(PALETTE)]
