"""How far two pictures look apart: LPIPS where its weights are given, else the L1 of Laplacian pyramids."""

import os
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from vton.metrics.pictures.lpips import LPIPS
from vton.networks.stylegan2.layers import upsample2

WEIGHTS_VARIABLE = "VTON_LPIPS"
_COARSEST = 8  # pixels high
_LEAST = 64  # pixels high that LPIPS needs


class PictureDistance(nn.Module):
    """How far two pictures look apart, with what reports call it.

    Attributes:
        name: a short one, for keys; label: what it is, in words.
    """

    name: str
    label: str


class LaplacianDistance(PictureDistance):
    """L1 between the levels of Laplacian pyramids (Bojanowski et al. 2018, arXiv 1707.05776, section 3.2).

    It needs no weights, tells edges from shades as LPIPS does, and knows nothing of faces or cloth.
    """

    name, label = "laplacian", "L1 of Laplacian pyramids"

    def forward(self, image_a: torch.Tensor, image_b: torch.Tensor) -> torch.Tensor:
        """Distances [N] between two batches [N, 3, H, W] in -1..1; 0 for equal pictures."""
        x = image_a.float() - image_b.float()  # a pyramid is linear: that of the difference will do
        total = x.new_zeros(len(x))
        while x.shape[2] > _COARSEST and x.shape[2] % 2 == 0 and x.shape[3] % 2 == 0:
            coarse = F.avg_pool2d(x, 2)
            total = total + (x - upsample2(coarse)).abs().mean((1, 2, 3))
            x = coarse
        return total + x.abs().mean((1, 2, 3))


class PerceptualDistance(PictureDistance):
    """LPIPS, also of pictures that are too small for its network: they are enlarged."""

    def __init__(self, lpips: LPIPS):
        super().__init__()
        self.lpips, self.name, self.label = lpips, f"lpips_{lpips.network}", lpips.label

    def forward(self, image_a: torch.Tensor, image_b: torch.Tensor) -> torch.Tensor:
        """Distances [N] between two batches [N, 3, H, W] in -1..1; 0 for equal pictures."""
        times = -(-_LEAST // image_a.shape[2])
        if times > 1:
            image_a, image_b = (F.interpolate(x, scale_factor=times, mode="bilinear") for x in (image_a, image_b))
        return self.lpips(image_a, image_b)


def load_distance(weights: str | Path | None = None) -> PictureDistance:
    """The distance that searches make smaller, frozen.

    Args:
        weights: LPIPS's, a safetensors file; None takes the one that the variable ``VTON_LPIPS`` names, if it does.

    Raises:
        InputError: the file is missing or is something else.
    """
    weights = weights or os.environ.get(WEIGHTS_VARIABLE)
    found = PerceptualDistance(LPIPS.from_file(weights)) if weights else LaplacianDistance()
    return found.requires_grad_(False)
