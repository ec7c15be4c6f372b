"""Equalised-learning-rate layers and the modulated convolution shared by all networks (StyleGAN2, arXiv 1912.04958)."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from vton.schema import SizeHW

LRELU_GAIN = math.sqrt(2)
_SLOPE = 0.2  # of the leaky ReLU below 0, as in the paper
_LEAST_POWER = 1e-8  # below what is divided by its root


def lrelu(x: torch.Tensor) -> torch.Tensor:
    """Leaky ReLU (slope 0.2) of any shape, times sqrt(2), which keeps the second moment of a unit-variance input."""
    return F.leaky_relu(x, _SLOPE) * LRELU_GAIN


def second_moment_normalise(x: torch.Tensor, eps: float = 1e-8) -> torch.Tensor:
    """Scales each row of ``x: [N, C]`` to a mean square of one."""
    x = x.float()
    return x * (x.square().mean(1, keepdim=True) + eps).rsqrt()


class EqualLinear(nn.Module):
    """Linear layer, weight N(0, 1) scaled by ``lr_mult / sqrt(fan_in)`` at run time (arXiv 1710.10196, 4.1)."""

    def __init__(self, in_features: int, out_features: int, bias_init: float = 0.0, lr_mult: float = 1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / lr_mult)
        self.bias = nn.Parameter(torch.full((out_features,), bias_init / lr_mult))
        self.gain = lr_mult / math.sqrt(in_features)
        self.lr_mult = lr_mult

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [..., in_features]`` -> ``[..., out_features]``."""
        return F.linear(x, self.weight * self.gain, self.bias * self.lr_mult)


class EqualConv2d(nn.Module):
    """Convolution with a run-time weight scale of ``1 / sqrt(fan_in)``; zero padding keeps the size at stride 1."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int = 3, stride: int = 1, gain: float = 1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.gain = gain / math.sqrt(in_channels * kernel * kernel)
        self.stride, self.padding = stride, kernel // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x: [N, C_in, H, W]`` -> ``[N, C_out, H / stride, W / stride]``."""
        return F.conv2d(x, self.weight * self.gain, self.bias, stride=self.stride, padding=self.padding)


class ModulatedConv2d(nn.Module):
    """Weight (de)modulation of StyleGAN2, eq. 1-3, computed on the activations instead of on the weights.

    Scaling the inputs by the style and the outputs by the demodulation factor is the same linear map as the
    paper's per-sample weights, needs no grouped convolution and stays within bf16's range.
    """

    def __init__(self, in_channels: int, out_channels: int, w_dim: int, kernel: int = 3, demodulate: bool = True):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel, kernel))
        self.affine = EqualLinear(w_dim, in_channels, bias_init=1.0)
        self.gain = 1 / math.sqrt(in_channels * kernel * kernel)
        self.padding, self.demodulate = kernel // 2, demodulate

    def forward(self, x: torch.Tensor, w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """``x: [N, C_in, H, W]``, ``w: [N, w_dim]``: see `modulated`."""
        return self.modulated(x, self.style(w))

    def style(self, w: torch.Tensor) -> torch.Tensor:
        """``w: [N, w_dim]`` -> the scale of each input channel ``[N, C_in]``, float32."""
        with torch.autocast(w.device.type, enabled=False):
            return self.affine(w.float())

    def modulated(self, x: torch.Tensor, style: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """``x: [N, C_in, H, W]``, ``style: [N, C_in]`` -> ``[N, C_out, H, W]`` and the demodulation.

        The caller multiplies by the demodulation ``[N, C_out, 1, 1]`` (None without), in one operation with its bias.
        """
        assert x.shape[1] == self.weight.shape[1], (x.shape, self.weight.shape)
        with torch.autocast(x.device.type, enabled=False):
            weight = self.weight * self.gain
            scale = None
            if self.demodulate:
                power = style.square() @ weight.square().sum((2, 3)).t()
                scale = (power + _LEAST_POWER).rsqrt().to(x.dtype)[:, :, None, None]
        return F.conv2d(x * style.to(x.dtype)[:, :, None, None], weight.to(x.dtype), padding=self.padding), scale


class StyledConv(nn.Module):
    """Modulated convolution, optional doubling, noise, bias and activation: one style layer of the generator.

    The convolution runs before the bilinear doubling: a quarter of the cost of the paper's order.
    """

    noise_const: torch.Tensor

    def __init__(self, in_channels: int, out_channels: int, w_dim: int, size_hw: SizeHW, up: bool = False):
        super().__init__()
        self.conv = ModulatedConv2d(in_channels, out_channels, w_dim)
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.noise_strength = nn.Parameter(torch.zeros([]))
        self.register_buffer("noise_const", torch.randn(size_hw))
        self.up = up

    def forward(self, x: torch.Tensor, w: torch.Tensor, noise: str = "const") -> torch.Tensor:
        """``x: [N, C_in, h, w]``, ``w: [N, w_dim]`` -> ``[N, C_out, *size_hw]``, twice as large where it doubles.

        Args:
            noise: "const" (the same plane each time), "random" (a new plane per picture) or "none".
        """
        return self.styled(x, self.conv.style(w), noise)

    def styled(self, x: torch.Tensor, style: torch.Tensor, noise: str = "const") -> torch.Tensor:
        """The layer under ``style: [N, C_in]``, which may be another than that of a w."""
        x, scale = self.conv.modulated(x, style)
        assert scale is not None, "this convolution demodulates"
        if self.up:
            x = upsample2(x)
        # The activation's gain rides on the demodulation: one pass over the activations less.
        x = torch.addcmul((self.bias * LRELU_GAIN).to(x.dtype)[:, None, None], x, scale * LRELU_GAIN)
        if noise == "const":
            x = x + (self.noise_const * self.noise_strength).to(x.dtype)
        elif noise == "random":
            plane = torch.randn(x.shape[0], 1, *x.shape[2:], device=x.device)
            x = x + (plane * self.noise_strength).to(x.dtype)
        return F.leaky_relu(x, _SLOPE)


def upsample2(x: torch.Tensor) -> torch.Tensor:
    """Bilinear doubling of ``x: [N, C, H, W]``, the [1, 3, 3, 1] filter of StyleGAN2."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
