"""Frozen networks with random weights of the right names and shapes, for tests of what is trained against them."""

import torch

from vton.models.efficientnet_lite import STAGES


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
