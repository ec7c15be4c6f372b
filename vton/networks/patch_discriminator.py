"""Discriminators of patches: pix2pix's 70x70 (arXiv 1611.07004) and pix2pixHD's several scales (arXiv 1711.11585)."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """4x4 convolutions, three of stride 2 and two of stride 1: one logit per 70x70 pixels of the picture.

    Args:
        channels_in: of the condition and the picture together.
        width: channels of the first layer; 64 in the papers.
        spectral: spectral norm on all layers; else instance norm without scale, none on the first and the last.
    """

    def __init__(self, channels_in: int, width: int = 64, spectral: bool = True):
        super().__init__()
        wide = [channels_in, width, 2 * width, 4 * width, 8 * width, 1]
        self.layers = nn.ModuleList()
        for i, (a, b) in enumerate(zip(wide, wide[1:], strict=False)):
            conv = nn.Conv2d(a, b, 4, 2 if i < 3 else 1, 1)
            if spectral:
                self.layers.append(spectral_norm(conv))
            else:
                self.layers.append(nn.Sequential(conv, nn.InstanceNorm2d(b)) if 0 < i < 4 else conv)

    def forward(self, condition: torch.Tensor, image: torch.Tensor) -> list[torch.Tensor]:
        """Condition and picture [N, C, H, W] each.

        Returns:
            The activations of all layers, for feature matching; the last are the logits: [N, 1, 30, 22] for 256x192.
        """
        x, found = torch.cat([condition, image], 1), []
        for layer in self.layers[:-1]:
            x = F.leaky_relu(layer(x), 0.2)
            found.append(x)
        return [*found, self.layers[-1](x).float()]


class MultiscaleDiscriminator(nn.Module):
    """The same at full, half, ... resolution, each with its own weights (pix2pixHD, section 3.2)."""

    def __init__(self, channels_in: int, width: int = 64, spectral: bool = False, scales: int = 2):
        super().__init__()
        self.scales = nn.ModuleList(PatchDiscriminator(channels_in, width, spectral) for _ in range(scales))

    def forward(self, condition: torch.Tensor, image: torch.Tensor) -> list[list[torch.Tensor]]:
        """What `PatchDiscriminator.forward` returns for [N, C, H, W], at every scale, the finest first."""
        found = []
        for i, discriminator in enumerate(self.scales):
            if i:
                condition, image = (F.avg_pool2d(x, 3, 2, 1, count_include_pad=False) for x in (condition, image))
            found.append(discriminator(condition, image))
        return found
