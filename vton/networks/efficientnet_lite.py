"""EfficientNet-Lite0 feature extractor (Tan & Le 2019, arXiv 1905.11946; Lite variants: no squeeze-excite, ReLU6).

ImageNet-pretrained features: frozen for projected discriminators (Sauer et al. 2021, arXiv 2111.01007, section 3),
trained on in the parser's teacher. Weights: a safetensors file with the TensorFlow release's key names, or timm's
``tf_efficientnet_lite0.in1k``. They are used in training only and are not part of any checkpoint.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

# (repeats, kernel, stride, expansion, channels out) of the seven stages, table 1 of the paper.
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320))
# Blocks whose outputs are the last of their stride: 4, 8, 16 and 32.
FEATURE_BLOCKS = (2, 4, 10, 15)
FEATURE_CHANNELS = (24, 40, 112, 320)
STEM_CHANNELS = 32
WEIGHT_SIZE = 2.0  # root of the mean square: fresh layers' weights change twice as fast, as a share


def _for_same_padding(weight: torch.Tensor, size_hw: torch.Size) -> torch.Tensor:
    """The kernel that with a padding of half its size does at stride 2 what TensorFlow's "same" padding means.

    There the odd pixel goes right and below. A row and a column of zeros before the kernel move it by one where the
    size is even; to pad the maps instead takes as long as the convolution.
    """
    height, width = size_hw
    return F.pad(weight, (1 - width % 2, 0, 1 - height % 2, 0))


class _ConvNorm(nn.Module):
    """Convolution with its frozen batch norm folded in; see `EfficientNetLite0Features` for ``scale``."""

    scale: torch.Tensor

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, depthwise: bool = False,
                 activate: bool = True):
        super().__init__()
        self.groups = channels_out if depthwise else 1
        self.weight = nn.Parameter(torch.zeros(channels_out, channels_in // self.groups, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(channels_out))
        self.register_buffer("scale", torch.ones(channels_out, 1, 1, 1))
        self.kernel, self.stride, self.activate = kernel, stride, activate

    @torch.no_grad()
    def read(self, weights: dict[str, torch.Tensor], conv: str, norm: str) -> None:
        gain = weights[f"{norm}.weight"].float() * (weights[f"{norm}.running_var"].float() + 1e-3).rsqrt()
        folded = weights[f"{conv}.weight"].float() * gain[:, None, None, None]
        size = folded.square().mean((1, 2, 3), keepdim=True).sqrt().clamp(min=1e-6)
        self.scale.copy_(size / WEIGHT_SIZE)
        self.weight.copy_(folded / self.scale)
        self.bias.copy_(weights[f"{norm}.bias"].float() - weights[f"{norm}.running_mean"].float() * gain)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = self.weight * self.scale
        if self.stride == 2:
            weight = _for_same_padding(weight, x.shape[2:])
        x = F.conv2d(x, weight, self.bias, stride=self.stride, groups=self.groups, padding=self.kernel // 2)
        return F.relu6(x, inplace=True) if self.activate else x


class _MBConv(nn.Module):
    """Inverted residual: expand, depthwise, project; skip connection at equal shapes."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        wide = channels_in * expansion
        self.expand = _ConvNorm(channels_in, wide, 1) if expansion > 1 else nn.Identity()
        self.depthwise = _ConvNorm(wide, wide, kernel, stride, depthwise=True)
        self.project = _ConvNorm(wide, channels_out, 1, activate=False)
        self.skip = stride == 1 and channels_in == channels_out

    def read(self, weights: dict[str, torch.Tensor], name: str) -> None:
        if isinstance(self.expand, _ConvNorm):
            self.expand.read(weights, f"{name}._expand_conv", f"{name}._bn0")
        self.depthwise.read(weights, f"{name}._depthwise_conv", f"{name}._bn1")
        self.project.read(weights, f"{name}._project_conv", f"{name}._bn2")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.skip else y


class EfficientNetLite0Features(nn.Module):
    """Features of the strides 4, 8, 16 and 32.

    Its batch norms stay as they were trained, as parts of their convolutions. Each channel's weights are kept at the
    size `WEIGHT_SIZE` beside a constant ``scale``, so that Adam's steps, where it is trained on, change all of them by
    the same share.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _ConvNorm(3, STEM_CHANNELS, 3, 2)
        blocks, channels = [], STEM_CHANNELS
        for repeats, kernel, stride, expansion, out in STAGES:
            for r in range(repeats):
                blocks.append(_MBConv(channels, out, kernel, stride if r == 0 else 1, expansion))
                channels = out
        self.blocks = nn.ModuleList(blocks)

    def read(self, weights: dict[str, torch.Tensor]) -> None:
        """Takes over weights with the TensorFlow release's key names, convolutions as [O, I, h, w].

        Raises:
            KeyError: one is missing.
        """
        self.stem.read(weights, "_conv_stem", "_bn0")
        for i, block in enumerate(self.blocks):
            assert isinstance(block, _MBConv)
            block.read(weights, f"_blocks.{i}")

    @classmethod
    def from_file(cls, path: str | Path) -> "EfficientNetLite0Features":
        """The frozen features of a safetensors file with the TensorFlow release's key names."""
        features = cls()
        features.read(load_file(str(path)))
        return features.requires_grad_(False).eval()

    def pyramid(self, image: torch.Tensor) -> list[torch.Tensor]:
        """As `forward`, with the stem's map [N, 32, H / 2, W / 2] before the others."""
        x = self.stem(image)
        features = [x]
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in FEATURE_BLOCKS:
                features.append(x)
        return features

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        """``image: [N, 3, H, W]``, -1..1 -> four maps with 24, 40, 112 and 320 channels, strides 4 to 32."""
        return self.pyramid(image)[1:]
