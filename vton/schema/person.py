"""A photo of a person with what is known of it, and a garment that is tried on there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.schema.article import Article
from vton.schema.label_sets import SIDED_LABELS
from vton.schema.parsing import Parsing
from vton.schema.pose import Pose
from vton.schema.sizes import SizeHW
from vton.schema.slots import TRYON_SLOTS


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


@dataclass(frozen=True, eq=False)
class TryOnSample:
    """What a try-on system gets, and for training and metrics what it should give.

    Attributes:
        key: names the pair within its data.
        person: the photo with parsing and pose; in a pair the photo is also the truth.
        garment: the article alone, of a slot in ``TRYON_SLOTS``.
        worn_mask: [H, W], bool, where the photo shows this garment; None when it does not (an unpaired sample).

    Raises:
        ValueError: a slot that cannot be tried on, or a mask of another size.
    """

    key: str
    person: Person
    garment: Article
    worn_mask: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.garment.slot not in TRYON_SLOTS:
            raise ValueError(f"slot {self.garment.slot!r} is not one of {', '.join(TRYON_SLOTS)}")
        if self.worn_mask is not None:
            worn = np.array(self.worn_mask, bool)
            if worn.shape != self.person.size_hw:
                raise ValueError(f"worn_mask {worn.shape} does not fit the photo {self.person.size_hw}")
            worn.setflags(write=False)
            object.__setattr__(self, "worn_mask", worn)

    @property
    def slot(self) -> str:
        """Of the garment."""
        return self.garment.slot

    @property
    def worn(self) -> np.ndarray:
        """``worn_mask`` of a pair.

        Raises:
            ValueError: the photo does not show the garment.
        """
        if self.worn_mask is None:
            raise ValueError(f"sample {self.key} is no pair")
        return self.worn_mask

    @property
    def paired(self) -> bool:
        """Whether the photo shows the garment."""
        return self.worn_mask is not None

    def flip(self) -> TryOnSample:
        """Returns the mirror image of person and garment."""
        garment = Article(self.slot, self.garment.image_u8[:, ::-1], self.garment.mask_u8[:, ::-1])
        worn = None if self.worn_mask is None else self.worn_mask[:, ::-1]
        return TryOnSample(self.key, self.person.flip(), garment, worn)
