"""The device a pipeline runs on, chosen by Accelerate."""

import torch

from vton.hub.first_use import FIRST_USE


def choose_device(device: str | torch.device | None = None) -> torch.device:
    """The device asked for, else the one Accelerate finds best: CUDA, MPS, XPU, ... or the CPU."""
    if device is not None:
        return torch.device(device)
    with FIRST_USE:
        from accelerate import PartialState

    return PartialState().device
