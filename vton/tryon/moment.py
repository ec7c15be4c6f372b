"""Where a search is: what systems say that look for their picture step by step."""

from dataclasses import dataclass

import numpy as np
import torch

from vton.conditioning.value_range import to_u8


@dataclass(frozen=True)
class Moment:
    """A step of a search.

    Attributes:
        stage: what is searched for.
        done, of: steps; ``of`` may shrink, since a stage ends early when nothing gets better.
        seconds: since the stage began.
        image: ``[N, 3, h, w]``, about -1..1, the pictures so far.
    """

    stage: str
    done: int
    of: int
    seconds: float
    image: torch.Tensor

    @property
    def picture_u8(self) -> np.ndarray:
        """The first picture: [h, w, 3], uint8."""
        return np.ascontiguousarray(to_u8(self.image[:1])[0])

    def text(self) -> str:
        """Stage, steps, and how long the rest of the stage takes at this speed."""
        left = self.seconds / self.done * (self.of - self.done)
        return f"{self.stage} {self.done} of {self.of}, about {left:.0f} s left"
