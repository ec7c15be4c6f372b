"""What every image-based try-on network returns, and the one composition that keeps the photo's own pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from diffusers.utils.outputs import BaseOutput

from vton.conditioning.person.agnostic import TryOnInput


@dataclass
class TryOnOutput(BaseOutput):
    """Result and intermediates of N try-ons.

    Attributes:
        result: [N, 3, H, W], -1..1; exactly the photo's pixels outside the erased region.
        warped: [N, 3, H, W], -1..1, the garment after warping, and warped_mask: [N, 1, H, W], 0..1.
        composition_mask: [N, 1, H, W], 0..1, how much of each pixel of ``result`` is a pixel of ``warped``.
        worn: [N, 1, H, W], 0..1, where the system sees the new garment, whoever drew its pixels.
        grid: [N, H, W, 2], where in the garment picture (-1..1, corners aligned) each pixel of ``warped`` comes from.
        steps: every other intermediate by name, [N, C, H, W] each: colours -1..1, masks 0..1.
    """

    result: torch.Tensor
    warped: torch.Tensor
    warped_mask: torch.Tensor
    composition_mask: torch.Tensor
    worn: torch.Tensor
    grid: torch.Tensor | None = None
    steps: dict[str, torch.Tensor] = field(default_factory=dict)

    def alone(self, index: int) -> TryOnOutput:
        """One of the try-ons, without its steps: N is 1."""
        part = {name: plane[index : index + 1] for name, plane in self.items() if name != "steps"}
        return type(self)(**part)


def compose(inputs: TryOnInput, warped: torch.Tensor, mask: torch.Tensor, rendered: torch.Tensor) -> torch.Tensor:
    """``erased * (mask * warped + (1 - mask) * rendered) + (1 - erased) * kept``: [N, 3, H, W], -1..1.

    It selects and does not multiply: outside the erased region the result is the photo bit for bit.
    """
    inside = mask * warped + (1 - mask) * rendered
    return torch.where(inputs.erased > 0.5, inside, inputs.kept)
