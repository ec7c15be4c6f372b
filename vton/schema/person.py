"""A photo of a person together with what the estimators, or the labels of a dataset, say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.schema.label_sets import SIDED_LABELS
from vton.schema.parsing import Parsing
from vton.schema.pose import Pose
from vton.schema.sizes import SizeHW


@dataclass(frozen=True, eq=False)
class Person:
    """A photo, its parsing and its pose, all in the same pixels.

    Attributes:
        image_u8: [H, W, 3], uint8 RGB.
        parsing: [H, W] in ``SIDED_LABELS``.
        pose: COCO-18, on a canvas of H x W.

    Raises:
        ValueError: wrong shapes, or another label set.
    """

    image_u8: np.ndarray
    parsing: Parsing
    pose: Pose

    def __post_init__(self) -> None:
        image = np.array(self.image_u8)
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise ValueError(f"image_u8 must be uint8 [H, W, 3], got {image.dtype} {image.shape}")
        if not image.shape[:2] == self.parsing.size_hw == tuple(self.pose.size_hw):
            sizes = f"photo {image.shape[:2]}, parsing {self.parsing.size_hw}, pose {self.pose.size_hw}"
            raise ValueError(f"{sizes} differ")
        if self.parsing.names != SIDED_LABELS:
            raise ValueError("the parsing must be in SIDED_LABELS")
        image.setflags(write=False)
        object.__setattr__(self, "image_u8", image)

    @property
    def size_hw(self) -> SizeHW:
        """Height and width."""
        return self.image_u8.shape[:2]

    def flip(self) -> Person:
        """Returns the mirror image: left and right limbs and joints change names."""
        return Person(self.image_u8[:, ::-1], self.parsing.flip(), self.pose.flip())
