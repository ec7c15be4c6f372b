"""EfficientNet-Lite0 feature extractor (Tan & Le 2019, arXiv 1905.11946; Lite variants: no squeeze-excite, ReLU6).

Frozen, ImageNet-pretrained features for projected discriminators (Sauer et al. 2021, arXiv 2111.01007, section 3) and
for perceptual losses. Weights: a safetensors file with the TensorFlow release's key names, or timm's
``tf_efficientnet_lite0.in1k``. They are used in training only and are not part of any checkpoint.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

# (repeats, kernel, stride, expansion, channels out) of the seven stages, table 1 of the paper.
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320))
# Blocks whose outputs are the last of their stride: 4, 8, 16 and 32.
FEATURE_BLOCKS = (2, 4, 10, 15)
FEATURE_CHANNELS = (24, 40, 112, 320)


def _same_pad(x: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    """TensorFlow's "same" padding: the odd pixel goes right and below."""
    if stride == 1:
        return F.pad(x, (kernel // 2,) * 4)
    pads = [max((-(-s // stride) - 1) * stride + kernel - s, 0) for s in x.shape[2:]]
    return F.pad(x, (pads[1] // 2, pads[1] - pads[1] // 2, pads[0] // 2, pads[0] - pads[0] // 2))


class _ConvNorm(nn.Module):
    """Convolution with its frozen batch norm folded in."""

    def __init__(self, weights: dict[str, torch.Tensor], conv: str, norm: str, kernel: int, stride: int = 1,
                 depthwise: bool = False, activate: bool = True):
        super().__init__()
        scale = weights[f"{norm}.weight"].float() * (weights[f"{norm}.running_var"].float() + 1e-3).rsqrt()
        shift = weights[f"{norm}.bias"].float() - weights[f"{norm}.running_mean"].float() * scale
        self.register_buffer("weight", weights[f"{conv}.weight"].float() * scale[:, None, None, None])
        self.register_buffer("bias", shift)
        self.kernel, self.stride, self.activate = kernel, stride, activate
        self.groups = self.weight.shape[0] if depthwise else 1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.kernel > 1 and self.stride > 1:
            x, padding = _same_pad(x, self.kernel, self.stride), 0
        else:
            padding = self.kernel // 2
        x = F.conv2d(x, self.weight, self.bias, stride=self.stride, groups=self.groups, padding=padding)
        return F.relu6(x) if self.activate else x


class _MBConv(nn.Module):
    """Inverted residual: expand, depthwise, project; skip connection at equal shapes."""

    def __init__(self, weights: dict[str, torch.Tensor], index: int, kernel: int, stride: int, expansion: int,
                 skip: bool):
        super().__init__()
        name = f"_blocks.{index}"
        self.expand = _ConvNorm(weights, f"{name}._expand_conv", f"{name}._bn0", 1) if expansion > 1 else nn.Identity()
        self.depthwise = _ConvNorm(weights, f"{name}._depthwise_conv", f"{name}._bn1", kernel, stride, depthwise=True)
        self.project = _ConvNorm(weights, f"{name}._project_conv", f"{name}._bn2", 1, activate=False)
        self.skip = skip

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.skip else y


class EfficientNetLite0Features(nn.Module):
    """Frozen features of the strides 4, 8, 16 and 32."""

    def __init__(self, weights: dict[str, torch.Tensor]):
        super().__init__()
        self.stem = _ConvNorm(weights, "_conv_stem", "_bn0", 3, 2)
        blocks, channels = [], 32
        for repeats, kernel, stride, expansion, out in STAGES:
            for r in range(repeats):
                s = stride if r == 0 else 1
                blocks.append(_MBConv(weights, len(blocks), kernel, s, expansion, skip=s == 1 and channels == out))
                channels = out
        self.blocks = nn.ModuleList(blocks)

    @classmethod
    def from_file(cls, path: str | Path) -> "EfficientNetLite0Features":
        """Reads a safetensors file with the TensorFlow release's key names."""
        from safetensors.torch import load_file

        return cls(load_file(str(path))).requires_grad_(False).eval()

    def forward(self, image: torch.Tensor) -> list[torch.Tensor]:
        """``image: [N, 3, H, W]``, -1..1 -> four maps with 24, 40, 112 and 320 channels, strides 4 to 32."""
        x, features = self.stem(image), []
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in FEATURE_BLOCKS:
                features.append(x)
        return features
