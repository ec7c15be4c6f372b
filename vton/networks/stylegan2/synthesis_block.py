"""The layers of one resolution of the generator."""

import torch
from torch import nn

from vton.networks.stylegan2.article_attention import ArticleAttention
from vton.networks.stylegan2.layers import EqualConv2d, ModulatedConv2d, StyledConv
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS
from vton.schema import SizeHW

_FIRST_FLOW = 0.05  # gain of a fresh flow head: the correspondence starts as the attention found it


class SynthesisBlock(nn.Module):
    """The layers of one resolution: two styled convolutions (one at the start) and the RGB (and parsing) skip."""

    def __init__(self, size_hw: SizeHW, in_channels: int, channels: int, w_dim: int, joined: int = 0,
                 planes: int = 3, attention: ArticleAttention | None = None, flow: bool = False):
        super().__init__()
        self.first = in_channels == 0
        if not self.first:
            self.conv0 = StyledConv(in_channels, channels, w_dim, size_hw, up=True)
        self.conv1 = StyledConv(channels + joined, channels, w_dim, size_hw)
        self.attention = attention
        self.to_planes = ModulatedConv2d(channels, planes, w_dim, kernel=1, demodulate=False)
        self.planes_bias = nn.Parameter(torch.zeros(planes))
        # A flow head sees the correspondence it corrects only through the features that the attention wrote.
        self.flow = EqualConv2d(channels, 2 * NUM_SLOTS, 3, gain=_FIRST_FLOW) if flow else None
