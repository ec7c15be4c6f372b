"""The parser's teacher: a U-Net whose way down is EfficientNet-Lite0, for labels where nobody has drawn any."""

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.networks.efficientnet_lite import FEATURE_BLOCKS, FEATURE_CHANNELS, STEM_CHANNELS, EfficientNetLite0Features
from vton.readers.photo_unet import ConvNorm, PhotoUNetOutput, ResidualBlock
from vton.schema import SizeHW

_DROPPED = 0.1  # share of the features that training drops


class _Up(nn.Module):
    """Twice the size, added to what the way down left there, then a residual block."""

    def __init__(self, channels_in: int, channels_beside: int, channels_out: int):
        super().__init__()
        self.narrow = ConvNorm(channels_in, channels_out, kernel=1)
        self.beside = ConvNorm(channels_beside, channels_out, kernel=1)
        self.block = ResidualBlock(channels_out)

    def forward(self, x: torch.Tensor, beside: torch.Tensor) -> torch.Tensor:
        return self.block(F.relu(F.interpolate(self.narrow(x), beside.shape[2:], mode="nearest") + self.beside(beside)))


class ParserTeacher(ModelMixin, ConfigMixin):
    """A photo to label logits at stride 2; too slow and, with its ImageNet weights, not ours to be bundled.

    Args:
        size_hw: the canvas it is trained on; others are read as well.
        channels: widths of the way up at strides 16, 8, 4 and 2.
        map_channels: how many labels.
    """

    @register_to_config
    def __init__(self, size_hw: SizeHW = (320, 240), channels: tuple[int, ...] = (192, 96, 64, 48),
                 map_channels: int = 14):
        super().__init__()
        self.features = EfficientNetLite0Features()
        # What is seen at stride 4 is general, and to train it on would cost a third of the time.
        for part in (self.features.stem, *self.features.blocks[: FEATURE_BLOCKS[0] + 1]):
            part.requires_grad_(False)
        self.deepest = nn.Sequential(ConvNorm(FEATURE_CHANNELS[-1], channels[0], kernel=1), nn.ReLU(),
                                     ResidualBlock(channels[0]))  # fmt: skip
        beside = (*FEATURE_CHANNELS[-2::-1], STEM_CHANNELS)
        self.up = nn.ModuleList(
            _Up(a, b, c) for a, b, c in zip((channels[0], *channels), beside, channels, strict=False)
        )
        self.drop = nn.Dropout2d(_DROPPED)
        self.head = nn.Conv2d(channels[-1], map_channels, 3, padding=1)
        self.pool_head = nn.Linear(FEATURE_CHANNELS[-1], 1)

    def forward(self, image: torch.Tensor) -> PhotoUNetOutput:
        """``image: [N, 3, H, W]``, -1..1 -> maps of stride 2, and whether anybody is there."""
        *beside, deepest = self.features.pyramid(image)
        x = self.deepest(deepest)
        for up in self.up:
            x = up(x, beside.pop())
        return PhotoUNetOutput(self.head(self.drop(x)), self.pool_head(deepest.mean((2, 3))))
