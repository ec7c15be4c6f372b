"""One try-on on its canvas, before it is put back: the person, and what the network made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from vton.conditioning.person.wearer import Wearer, once
from vton.conditioning.value_range import to_u8
from vton.networks.tryon_output import TryOnOutput
from vton.schema import Person


@dataclass(frozen=True, eq=False)
class Scene:
    """What every repair looks at. Each property is worked out once, and no array can be changed.

    Attributes:
        person: on the canvas.
        wearer: what is known of them and the garment's slot.
        output: of the network, for this person alone.
        without: names of repairs that are left out.
    """

    person: Person
    wearer: Wearer
    output: TryOnOutput
    without: frozenset[str] = frozenset()

    @once
    def drawn(self) -> np.ndarray:
        """The network's picture: [h, w, 3], uint8."""
        return to_u8(self.output.result)[0]

    @once
    def own(self) -> np.ndarray:
        """The warped garment's own colours: [h, w, 3], uint8."""
        return to_u8(self.output.warped)[0]

    @once
    def warped(self) -> np.ndarray:
        """Where the warped garment is: [h, w], float32, 0..1."""
        return _plane(self.output.warped_mask)

    @once
    def worn(self) -> np.ndarray:
        """Where the network sees the garment worn: [h, w], float32, 0..1."""
        return _plane(self.output.worn)


def _plane(mask: torch.Tensor) -> np.ndarray:
    """The first of [N, 1, h, w]: [h, w], float32, 0..1."""
    return mask[0, 0].float().cpu().numpy().clip(0, 1)
