"""Frozen networks with random weights of the right names and shapes, for tests of what is trained against them."""

import torch

from vton.networks.efficientnet_lite import STAGES

VGG = [(3, 4), (4, 4), (4, 6), (6, 6), (6, 8), (8, 8), (8, 8)] + [(8, 8)] * 6
TAPS = {"vgg16": (1, 3, 6, 9, 12), "alexnet": (0, 1, 2, 3, 4)}
ALEX = [(3, 4, 11), (4, 6, 5), (6, 8, 3), (8, 8, 3), (8, 8, 3)]


def random_efficientnet() -> dict[str, torch.Tensor]:
    """Weights with the TensorFlow release's names and shapes."""
    weights = {}

    def conv(name, norm, out, inp, kernel):
        weights[f"{name}.weight"] = torch.randn(out, inp, kernel, kernel) / (inp * kernel * kernel) ** 0.5
        for key, value in (("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 1)):
            weights[f"{norm}.{key}"] = torch.full((out,), float(value))

    conv("_conv_stem", "_bn0", 32, 3, 3)
    channels, index = 32, 0
    for repeats, kernel, _, expansion, out in STAGES:
        for _ in range(repeats):
            name, wide = f"_blocks.{index}", channels * expansion
            if expansion > 1:
                conv(f"{name}._expand_conv", f"{name}._bn0", wide, channels, 1)
            conv(f"{name}._depthwise_conv", f"{name}._bn1", wide, 1, kernel)
            conv(f"{name}._project_conv", f"{name}._bn2", out, wide, 1)
            channels, index = out, index + 1
    return weights



def random_lpips(network: str) -> dict[str, torch.Tensor]:
    """Small weights in the layout of the real LPIPS files, "vgg16" or "alexnet"."""
    layers = [(i, o, 3) for i, o in VGG] if network == "vgg16" else ALEX
    generator = torch.Generator().manual_seed(3)
    weights = {}
    for n, (i, o, k) in enumerate(layers):
        weights[f"conv{n}.weight"] = torch.randn(o, i, k, k, generator=generator) / (i * k * k) ** 0.5
        weights[f"conv{n}.bias"] = torch.zeros(o)
    for n, tap in enumerate(TAPS[network]):
        weights[f"lpips{n}.weight"] = torch.rand(1, layers[tap][1], 1, 1, generator=generator)
    return weights
