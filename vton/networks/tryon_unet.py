"""The try-on U-Net of Wang et al. 2018 (arXiv 1807.07688, section 3.3), if wanted with attention on its skips."""

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.cbam import CBAM

LEVELS = 6  # halvings, down to 4x3 cells of 256x192 pixels
MULTIPLES = (1, 2, 4, 8, 8, 8)  # channels of each, times the width
HALF_OUT = 4  # pixels that a cell of half the size is taken apart into


def group_norm(channels: int) -> nn.GroupNorm:
    """Group norm with groups of eight channels, or one group for very few."""
    return nn.GroupNorm(max(1, channels // 8), channels)


class TryOnUNet(nn.Module):
    """Six halvings by 4x4 convolutions, six nearest doublings with 3x3 ones, skips between; raw output.

    The paper normalises instances, down to 4x3 pixels and on the output, which washes out colours; here groups of
    channels are normalised, and neither the first layer nor the output. The last doubling interleaves four pixels per
    cell instead of a convolution at full resolution, the dearest on a processor; ``paper`` has that convolution.

    Args:
        channels_in, channels_out: of the pictures.
        width: channels at half resolution; the paper has 64.
        attention: CBAM on each of the five skips.
        paper: full-resolution output layer.
    """

    def __init__(self, channels_in: int, channels_out: int, width: int = 32, attention: bool = False,
                 paper: bool = False):
        super().__init__()
        wide = [width * m for m in MULTIPLES]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip([channels_in, *wide], wide, strict=False))
        self.down_norm = nn.ModuleList(group_norm(c) for c in wide[1:])
        # The doubling that starts at level i (counted from the finest) gives what level i - 1 has.
        levels = range(LEVELS - 1, 0, -1)
        self.up = nn.ModuleList(
            nn.Conv2d(wide[i] * (1 if i == LEVELS - 1 else 2), wide[i - 1], 3, padding=1) for i in levels
        )
        self.up_norm = nn.ModuleList(group_norm(wide[i - 1]) for i in levels)
        self.attention = nn.ModuleList(CBAM(c) if attention else nn.Identity() for c in wide[:-1])
        self.paper = paper
        self.head = nn.Conv2d(2 * width, channels_out * (1 if paper else HALF_OUT), 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, channels_in, H, W]``, sides multiples of 64 -> [N, channels_out, H, W], without activation."""
        skips = [self.down[0](x)]
        for conv, norm in zip(self.down[1:], self.down_norm, strict=True):
            skips.append(norm(conv(F.leaky_relu(skips[-1], 0.2))))
        x = skips.pop()
        for conv, norm, attention in zip(self.up, self.up_norm, reversed(self.attention), strict=True):
            x = norm(conv(_double(F.relu(x))))
            x = torch.cat([attention(skips.pop()), x], 1)
        if self.paper:
            return self.head(_double(F.relu(x)))
        return F.pixel_shuffle(self.head(F.relu(x)), 2)


def _double(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
