"""The perceptual loss: LPIPS (arXiv 1801.03924) on crops around the region that the system draws.

The papers take L1 distances of VGG features with weights by layer (arXiv 1807.07688, eq. 4); here the layers'
weights are LPIPS's, fitted to people's judgements. A crop of a few samples costs a fraction of whole pictures of all.
"""

from pathlib import Path

import torch

from vton.hub.device import channels_last
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import InputError
from vton.tryon.training.windows import cut, window_places

MISSING = (
    "The perceptual loss needs ImageNet features: give --lpips-weights FILE (VGG-16 or AlexNet), or pip install lpips, "
    "or leave the loss out with --set perceptual=0."
)
LEAST_SHARE = 0.2  # of a crop: a smaller region is not raised further, or a few pixels would outweigh a garment


def load_features(weights: str | Path | None) -> LPIPS:
    """LPIPS from a file, or VGG-16's from package ``lpips``, frozen.

    Raises:
        InputError: neither is to be had; random features are no substitute.
    """
    if weights:
        lpips = LPIPS.from_file(weights)
    else:
        try:
            lpips = LPIPS.from_package("vgg16")
        except ImportError:
            raise InputError(MISSING) from None
    channels_last(lpips.requires_grad_(False))
    return lpips


class PerceptualLoss:
    """LPIPS of crops.

    Args:
        lpips: frozen; crop: side of the squares in pixels.
        count: samples of a batch that are compared, the first ones; 0 means all.
    """

    def __init__(self, lpips: LPIPS, crop: int = 128, count: int = 0):
        self.lpips, self.crop, self.count = lpips, crop, count

    def __call__(self, image: torch.Tensor, target: torch.Tensor, region: torch.Tensor) -> torch.Tensor:
        """Mean distance by the region's share of the crop: pictures [N, 3, H, W], -1..1, region [N, 1, H, W], 0 or 1.

        Outside the region both are the photo, so that a small region would count little without the division.
        """
        n = self.count or len(image)
        size_hw = (self.crop, self.crop)
        places = window_places(region[:n], size_hw)
        image, target, region = (cut(x[:n], places, size_hw) for x in (image, target, region))
        share = region.float().mean((1, 2, 3)).clamp(min=LEAST_SHARE)
        return (self.distance(image, target) / share).mean()

    def distance(self, image: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """LPIPS [N]; no gradient flows into the target."""
        image, target = (x.contiguous(memory_format=torch.channels_last) for x in (image, target.detach()))
        with torch.no_grad():
            true = self.lpips.features(target)
        total = image.new_zeros(len(image), dtype=torch.float32)
        for level, (a, b) in enumerate(zip(self.lpips.features(image), true, strict=True)):
            weight = getattr(self.lpips, f"lpips{level}_weight")
            total = total + torch.conv2d((a.float() - b.float()).square(), weight).float().mean((1, 2, 3))
        return total
