"""A person and a garment to try on, with the truth where the photo shows that very garment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.schema.article import Article
from vton.schema.person import Person
from vton.schema.slots import TRYON_SLOTS


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
