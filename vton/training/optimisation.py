"""What the trainers of estimators and of try-on systems do alike: rates, decay, and where weights start from."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from vton.training.state import load_state

FINAL_RATE = 0.01


def rate(config: Any, images: int) -> float:
    """The learning rate after ``images`` images: warm-up, then constant or along a cosine to a hundredth.

    Args:
        config: has ``lr``, ``batch_size``, ``warmup``, ``decay_from`` and ``decay_to``, the last four in images.
    """
    warm = min(1.0, (images + config.batch_size) / max(config.warmup, 1))
    if config.decay_to <= config.decay_from:
        return config.lr * warm
    done = min(max((images - config.decay_from) / (config.decay_to - config.decay_from), 0.0), 1.0)
    return config.lr * warm * (FINAL_RATE + (1 - FINAL_RATE) * (1 + np.cos(np.pi * done)) / 2)


def weight_groups(net: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Parameter groups for AdamW: norms and biases do not decay."""
    kernels = [p for p in net.parameters() if p.ndim > 1]
    rest = [p for p in net.parameters() if p.ndim <= 1]
    return [{"params": kernels, "weight_decay": weight_decay}, {"params": rest, "weight_decay": 0.0}]


def start_from(net: torch.nn.Module, folder: Path, part: str = "") -> int:
    """Copies the weights of equal name and shape from a run (its average) or a checkpoint; returns how many fitted.

    Args:
        part: only those of this submodule.
    """
    state = load_state(folder)
    if state is None:
        found = load_file(folder / "diffusion_pytorch_model.safetensors")
    else:
        found = {k.removeprefix("ema."): v for k, v in state[0].items() if k.startswith("ema.")}
    own = net.state_dict()
    found = {k: v for k, v in found.items() if not part or k.startswith(f"{part}.")}
    shared = {k: v.to(own[k].dtype) for k, v in found.items() if k in own and own[k].shape == v.shape}
    net.load_state_dict({**own, **shared})
    return len(shared)
