"""The device a pipeline runs on, chosen by Accelerate."""

import torch
from torch import nn

from vton.hub.first_use import FIRST_USE


def choose_device(device: str | torch.device | None = None) -> torch.device:
    """The device asked for, else the one Accelerate finds best: CUDA, MPS, XPU, ... or the CPU."""
    if device is not None:
        return torch.device(device)
    with FIRST_USE:
        from accelerate import PartialState

    best = PartialState().device
    assert best is not None
    return best


def channels_last(network: nn.Module, device: torch.device | None = None) -> None:
    """Moves a network to a device (None: it stays), and lays the weights of its convolutions channels last."""
    network.to(device=device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] (not in the stubs)
