"""ACGPN's "Refine" U-Net (arXiv 2003.05863): pairs of 3x3 convolutions, max pooling, nearest doubling."""

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.tryon_unet import group_norm


class _DoubleConv(nn.Sequential):
    def __init__(self, channels_in: int, channels_out: int):
        layers = []
        for a in (channels_in, channels_out):
            layers += [nn.Conv2d(a, channels_out, 3, padding=1, bias=False), group_norm(channels_out), nn.ReLU()]
        super().__init__(*layers)


class DoubleConvUNet(nn.Module):
    """A U-Net at half resolution: 4x4 halving, ``levels`` of double convolutions, four pixels per cell at the end.

    The released network doubles its convolutions at full resolution, where most of its time goes, and has five levels;
    ``paper`` has both. Groups of channels are normalised instead of instances, see `TryOnUNet`.

    Args:
        width: channels of the first level, doubled at each following one.
        levels: the deepest is at 1 / 2^levels of the picture (``paper``: 1 / 2^(levels - 1)).
    """

    def __init__(self, channels_in: int, channels_out: int, width: int = 24, levels: int = 4, paper: bool = False):
        super().__init__()
        self.paper = paper
        wide = [width << i for i in range(levels)]
        self.stem = nn.Identity() if paper else nn.Conv2d(channels_in, width, 4, 2, 1)
        first = channels_in if paper else width
        self.down = nn.ModuleList(_DoubleConv(a, b) for a, b in zip([first, *wide], wide, strict=False))
        pairs = list(zip(wide[:0:-1], wide[-2::-1], strict=True))
        self.narrow = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, padding=1, bias=False), group_norm(b), nn.ReLU()) for a, b in pairs
        )
        self.up = nn.ModuleList(_DoubleConv(2 * b, b) for _, b in pairs)
        self.head = nn.Conv2d(width, channels_out * (1 if paper else 4), 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, channels_in, H, W]`` -> [N, channels_out, H, W], without activation."""
        x, skips = self.stem(x), []
        for i, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if i else x)
            skips.append(x)
        skips.pop()
        for narrow, block in zip(self.narrow, self.up, strict=True):
            x = narrow(F.interpolate(x, scale_factor=2.0, mode="nearest"))
            x = block(torch.cat([skips.pop(), x], 1))
        x = self.head(x)
        return x if self.paper else F.pixel_shuffle(x, 2)
