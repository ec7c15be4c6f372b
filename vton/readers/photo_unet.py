"""PhotoUNet: one small dense U-Net (Ronneberger et al. 2015) reads joints, body parts or garments off a photo."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.attention_processor import Attention
from diffusers.models.modeling_utils import ModelMixin
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from vton.schema import SizeHW

MAP_STRIDES = (1, 2, 4)  # pixels per cell that the maps can have
_HEAD_CHANNELS = 48  # of one head of the attention, at least


class PhotoUNetOutput(NamedTuple):
    """Raw logits: ``maps [N, map_channels, H / stride, W / stride]`` and ``pooled [N, pooled]`` (None if 0)."""

    maps: torch.Tensor
    pooled: torch.Tensor | None


class ConvNorm(nn.Sequential):
    """3x3 (or 1x1) convolution and batch norm."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int = 3, stride: int = 1):
        super().__init__(
            nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(channels_out)
        )

    def fold(self) -> None:
        conv, norm = self
        assert isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
        self[0], self[1] = fuse_conv_bn_eval(conv, norm), nn.Identity()


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with batch norm around a skip (He et al. 2016); the block starts as the identity."""

    def __init__(self, channels: int):
        super().__init__()
        self.first, self.second = ConvNorm(channels, channels), ConvNorm(channels, channels)
        _, norm = self.second
        assert isinstance(norm, nn.BatchNorm2d)
        nn.init.zeros_(norm.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, C, H, W]`` -> the same shape."""
        return F.relu(x + self.second(F.relu(self.first(x))))


class _Down(nn.Module):
    """Half the size by a strided convolution, then residual blocks."""

    def __init__(self, channels_in: int, channels_out: int, depth: int):
        super().__init__()
        self.reduce = ConvNorm(channels_in, channels_out, stride=2)
        self.blocks = nn.Sequential(*(ResidualBlock(channels_out) for _ in range(depth)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.blocks(F.relu(self.reduce(x)))


class _Attention(Attention):
    """Self-attention over all cells around a skip (Wang et al. 2018, arXiv 1711.07971); starts as the identity.

    Parts far from each other are compared: a dress under an open coat is known by its cloth, once more below the hem.
    """

    def __init__(self, channels: int):
        heads = max(1, channels // _HEAD_CHANNELS)
        super().__init__(
            channels, heads=heads, dim_head=channels // heads, norm_num_groups=channels // 8, residual_connection=True
        )
        assert self.to_out is not None
        last = self.to_out[0]
        assert isinstance(last, nn.Linear)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)


class _Up(nn.Module):
    """Twice the size, added to what the way down left there, then a residual block, perhaps attention."""

    def __init__(self, channels_in: int, channels_out: int, attention: bool):
        super().__init__()
        self.narrow = ConvNorm(channels_in, channels_out, kernel=1)
        after = [_Attention(channels_out)] if attention else []
        self.blocks = nn.Sequential(ResidualBlock(channels_out), *after)

    def forward(self, x: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        return self.blocks(F.relu(F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest") + skip))


class _InFloat32(nn.Sequential):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.float())


class PhotoUNet(ModelMixin, ConfigMixin):
    """A photo on a canvas to maps of logits and to logits of the whole picture.

    Args:
        size_hw: the canvas; multiples of 32.
        channels: widths at strides 2, 4, 8, 16 and 32.
        depths: residual blocks on the way down at strides 4, 8, 16 and 32; on the way up there is one per stride.
        map_channels: how many maps; map_stride: canvas pixels per cell of a map: 4, 2 or 1.
        pooled: how many logits of the whole picture, 0 for none.
        attention: whether all cells of stride 16 are compared on the way up.

    Raises:
        ValueError: a size that 32 does not divide, or another map_stride.
    """

    @register_to_config
    def __init__(self, size_hw: SizeHW = (256, 192), channels: tuple[int, ...] = (32, 48, 96, 192, 240),
                 depths: tuple[int, ...] = (1, 2, 2, 2), map_channels: int = 18, map_stride: int = 4, pooled: int = 19,
                 attention: bool = False):
        super().__init__()
        if any(side % 32 for side in size_hw) or map_stride not in MAP_STRIDES:
            raise ValueError(f"32 must divide both sides of {size_hw}, and map_stride {map_stride} be 1, 2 or 4")
        self.stem = ConvNorm(3, channels[0], stride=2)
        self.down = nn.ModuleList(
            _Down(a, b, depth) for a, b, depth in zip(channels, channels[1:], depths, strict=False)
        )
        # Up to stride 4 for maps of that stride, to stride 2 for finer ones.
        levels = range(len(channels) - 1, 1 if map_stride == 4 else 0, -1)
        self.up = nn.ModuleList(_Up(channels[i], channels[i - 1], attention and i == levels[0]) for i in levels)
        last = channels[1 if map_stride == 4 else 0]
        # Stride 1 comes from four maps per cell, interleaved.
        self.head = nn.Conv2d(last, map_channels * (4 if map_stride == 1 else 1), 3, padding=1)
        self.shuffle = nn.PixelShuffle(2) if map_stride == 1 else nn.Identity()
        self.pool_head = nn.Linear(2 * channels[-1], pooled) if pooled else None

    def folded(self) -> "PhotoUNet":
        """Itself for inference: every batch norm becomes a part of its convolution, for good."""
        self.eval().requires_grad_(False)
        for part in list(self.modules()):
            if isinstance(part, ConvNorm):
                part.fold()
        return self

    def narrowed(self, dtype: torch.dtype) -> "PhotoUNet":
        """Itself with a body that takes and computes ``dtype``, for good; logits stay float32."""
        for part in (self.stem, self.down, self.up):
            part.to(dtype)
        self.head = _InFloat32(self.head)
        if self.pool_head is not None:
            self.pool_head = _InFloat32(self.pool_head)
        return self

    def forward(self, image: torch.Tensor) -> PhotoUNetOutput:
        """``image: [N, 3, H, W]``, -1..1; H and W of the config, or other multiples of 32."""
        features = [F.relu(self.stem(image))]
        for down in self.down:
            features.append(down(features[-1]))
        x = deepest = features.pop()
        for up in self.up:
            x = up(x, features.pop())
        pooled = None
        if self.pool_head is not None:
            pooled = self.pool_head(torch.cat([deepest.mean((2, 3)), deepest.amax((2, 3))], 1))
        return PhotoUNetOutput(self.shuffle(self.head(x)), pooled)
