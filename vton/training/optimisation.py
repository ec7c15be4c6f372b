"""What trainers do alike: rates, decay, and where weights start from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from vton.training.state import load_state

FINAL_RATE = 0.01
ADDED = ("to_planes.weight", "flow.weight")  # what a new size adds to the picture so far
STYLES = "conv.affine.bias"  # of modulated convolutions: the style of each input channel, before anything is learnt


@dataclass(frozen=True)
class RunConfig:
    """What decides the run of an estimator or a try-on system, but for the data and its time.

    Attributes:
        system: its name; network: arguments of its network.
        batch_size: over all processes; lr, weight_decay: of AdamW; warmup: images in which the rate rises to ``lr``.
        decay_from, decay_to: images between which all rates fall along a cosine to a hundredth.
        ema_images: images in which the averaged weights forget half, at most a twentieth of the images seen.
        workers: threads that make batches; what they make does not depend on how many there are.
        precision: of the networks, one of `PRECISIONS`.
    """

    system: str
    network: dict[str, Any] = field(default_factory=dict)
    batch_size: int = 8
    lr: float = 3e-4
    weight_decay: float = 0.01
    warmup: int = 800
    decay_from: int = 0
    decay_to: int = 0
    ema_images: int = 3000
    workers: int = 2
    precision: str = "auto"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self)


def rate(config: RunConfig, images: int) -> float:
    """The learning rate after ``images`` images: warm-up, then constant or along a cosine to a hundredth."""
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

    A convolution, a linear layer or a norm that is wider than the one in the folder has its first channels from there,
    and those do not look at the further ones: the network starts with what it knew (Chen et al. 2016, arXiv
    1511.05641).

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
    shared = {k: _widened(v, own[k]) for k, v in found.items() if k in own and _fits(v, own[k])}
    net.load_state_dict({**own, **shared})
    return len(shared)


def grow_from(networks: Mapping[str, torch.nn.Module], folder: Path) -> None:
    """Copies every weight of equal name from a run (its averages) or a checkpoint: the layers of a smaller size.

    Of wider weights the leading channels are taken (the unconditional model can start from the conditional one, whose
    convolutions see the conditions as further channels); narrower ones are filled up with zeros. A new size starts by
    adding nothing: the picture so far, enlarged.

    Args:
        networks: by their names in a run's state; "ema" alone is in a checkpoint.
    """
    state = load_state(folder)
    tensors = state[0] if state else {
        f"ema.{name}": value for name, value in load_file(folder / "diffusion_pytorch_model.safetensors").items()
    }
    for prefix, net in networks.items():
        own = net.state_dict()
        for name, value in own.items():
            found = tensors.get(f"{prefix}.{name}")
            if found is not None and found.ndim == value.ndim:
                own[name] = leading_part(found, value)
                if name.endswith(STYLES):  # with a style of 0 and weights of 0 a new channel would never get in
                    own[name][len(found) :] = value[len(found) :]
            elif found is None and name.endswith(ADDED):
                own[name] = torch.zeros_like(value)
        net.load_state_dict(own)


def leading_part(found: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """The leading channels of a weight in the shape and type of ``own``, zeros beyond them.

    Args:
        found, own: as [O, I, h, w] or [O]; both have as many axes.
    """
    common = tuple(slice(min(a, b)) for a, b in zip(found.shape, own.shape, strict=True))
    result = torch.zeros_like(own)
    result[common] = found[common].to(own.dtype)
    return result


def _widened(found: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """`leading_part`, with the outputs beyond those of ``found`` as they are in ``own``."""
    if found.shape == own.shape:
        return found
    result = leading_part(found, own)
    result[found.shape[0] :] = own[found.shape[0] :]
    return result


def _fits(found: torch.Tensor, own: torch.Tensor) -> bool:
    """Whether the shapes are equal, or of kernels [O, I, h, w], matrices [O, I] or vectors [O] with ``own`` wider."""
    if found.shape == own.shape:
        return True
    alike = found.ndim == own.ndim and own.ndim in (1, 2, 4) and found.shape[2:] == own.shape[2:]
    return alike and all(a <= b for a, b in zip(found.shape, own.shape, strict=True))
