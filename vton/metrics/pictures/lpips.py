"""Learned perceptual distance: LPIPS v0.1, Zhang et al. 2018 (arXiv 1801.03924), eq. 1, on VGG-16 or AlexNet.

Own forward pass over a weights file (``conv0..``, ``lpips0..4``; safetensors) or over the networks of package
``lpips``. Differentiable, so that training may use it too.
"""

import importlib
import os
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from vton.schema import InputError

# Per network: (stride, padding) of every convolution, the convolutions preceded by a max-pool (kernel,
# stride), and the convolutions after whose ReLU a feature map is taken.
ARCHITECTURES = {
    "vgg16": ([(1, 1)] * 13, {2, 4, 7, 10}, (2, 2), (1, 3, 6, 9, 12)),
    "alexnet": ([(4, 2), (1, 2), (1, 1), (1, 1), (1, 1)], {1, 2}, (3, 2), (0, 1, 2, 3, 4)),
}
SHIFT = (-0.030, -0.088, -0.188)
SCALE = (0.458, 0.448, 0.450)


class LPIPS(nn.Module):
    """LPIPS with frozen weights.

    Args:
        weights: ``convI.weight/bias`` and ``lpipsI.weight`` [1,C,1,1]; 13 convolutions make it vgg16, 5
        alexnet.
        source: where the weights are from, for reports.

    Raises:
        InputError: keys or shapes are not those of one of the two networks.
    """

    shift: torch.Tensor
    scale: torch.Tensor

    def __init__(self, weights: dict[str, torch.Tensor], source: str):
        super().__init__()
        count = sum(key.startswith("conv") and key.endswith(".weight") for key in weights)
        self.network = {13: "vgg16", 5: "alexnet"}.get(count, "")
        wrong = f"'{source}' holds no LPIPS weights (conv0.., lpips0..4): give lpips_vgg16 or lpips_alexnet."
        if not self.network:
            raise InputError(wrong)
        self.layers, self.pooled, self.pool, self.taps = ARCHITECTURES[self.network]
        self.label = f"LPIPS v0.1 {self.network} ({source})"
        expected = {f"conv{i}.{kind}" for i in range(count) for kind in ("weight", "bias")}
        expected |= {f"lpips{i}.weight" for i in range(5)}
        if set(weights) != expected:
            raise InputError(wrong)
        channels = 3
        for i in range(count):
            weight = weights[f"conv{i}.weight"]
            if weight.ndim != 4 or weight.shape[1] != channels:
                raise InputError(wrong)
            channels = weight.shape[0]
        for key, value in weights.items():
            self.register_buffer(key.replace(".", "_"), value.float(), persistent=False)
        self.register_buffer("shift", torch.tensor(SHIFT).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(SCALE).view(1, 3, 1, 1), persistent=False)

    @classmethod
    def from_file(cls, path: str | os.PathLike) -> "LPIPS":
        """Read a safetensors file; InputError when it is missing or is something else."""
        path = Path(path)
        if not path.is_file():
            raise InputError(f"LPIPS weights '{path.name}' do not exist: give another --lpips-weights file.")
        try:
            weights = load_file(path)
        except Exception as error:  # safetensors raises its own, unexported error types
            raise InputError(
                f"'{path.name}' is no safetensors file: give lpips_vgg16 or lpips_alexnet."
            ) from error
        return cls(weights, path.name)

    @classmethod
    def from_package(cls, network: str = "vgg16", pretrained: bool = True) -> "LPIPS":
        """The weights of package ``lpips`` (which fetches torchvision's); ImportError when not installed."""
        package = importlib.import_module("lpips")  # which has this file's name
        net = package.LPIPS(
            net={"vgg16": "vgg", "alexnet": "alex"}[network], pnet_rand=not pretrained, verbose=False
        )
        convolutions = [m for m in net.net.modules() if isinstance(m, nn.Conv2d)]
        weights = {}
        for i, convolution in enumerate(convolutions):
            assert convolution.bias is not None
            weights[f"conv{i}.weight"], weights[f"conv{i}.bias"] = (
                convolution.weight.data,
                convolution.bias.data,
            )
        for i in range(5):
            weights[f"lpips{i}.weight"] = getattr(net, f"lin{i}").model[-1].weight.data
        return cls(weights, f"package lpips {getattr(package, '__version__', '')}".strip())

    def features(self, image: torch.Tensor) -> list[torch.Tensor]:
        """``image``: [N,3,H,W], -1..1 -> five ReLU maps, each scaled to unit length over channels."""
        x, maps = (image - self.shift) / self.scale, []
        for i, (stride, padding) in enumerate(self.layers):
            if i in self.pooled:
                x = F.max_pool2d(x, *self.pool)
            weight, bias = getattr(self, f"conv{i}_weight"), getattr(self, f"conv{i}_bias")
            x = F.relu(F.conv2d(x, weight, bias, stride=stride, padding=padding))
            if i in self.taps:
                # Inside the root, where its slope stays finite: training divides by pixels without any feature too.
                maps.append(x / (x.square().sum(1, keepdim=True) + 1e-20).sqrt())
        return maps

    def forward(self, image_a: torch.Tensor, image_b: torch.Tensor) -> torch.Tensor:
        """Distances [N] between two batches [N,3,H,W] in -1..1; 0 for equal images."""
        total = torch.zeros(len(image_a), device=image_a.device)
        for i, (a, b) in enumerate(zip(self.features(image_a), self.features(image_b), strict=True)):
            total = total + F.conv2d((a - b).square(), getattr(self, f"lpips{i}_weight")).mean(dim=(1, 2, 3))
        return total
