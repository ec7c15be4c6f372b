"""Convolutional block attention (Woo et al. 2018, arXiv 1807.06521): which channels, then which places."""

import torch
from torch import nn


class ChannelAttention(nn.Module):
    """sigmoid(MLP(mean) + MLP(max)) per channel, one shared two-layer MLP (section 3.1, "channel")."""

    def __init__(self, channels: int, reduction: int = 16):
        super().__init__()
        hidden = max(4, channels // reduction)
        self.mlp = nn.Sequential(nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, C, H, W]`` -> the same, channels scaled."""
        attention = torch.sigmoid(self.mlp(x.mean((2, 3))) + self.mlp(x.amax((2, 3))))
        return x * attention[:, :, None, None].to(x.dtype)


class SpatialAttention(nn.Module):
    """sigmoid(7x7 convolution of the mean and the maximum over channels) per pixel (section 3.1, "spatial")."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, C, H, W]`` -> the same, pixels scaled."""
        planes = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
        return x * torch.sigmoid(self.conv(planes)).to(x.dtype)


class CBAM(nn.Sequential):
    """Channel, then spatial attention."""

    def __init__(self, channels: int, reduction: int = 16):
        super().__init__(ChannelAttention(channels, reduction), SpatialAttention())
