"""A checkpoint folder to a network whose every key was there and used.

The network is built as any other object is. The ``from_pretrained`` of diffusers switches all threads to parameters
without memory while it builds one, and what another thread makes meanwhile stays without numbers for good.
"""

import json
import logging
from pathlib import Path
from typing import NamedTuple, TypeVar

import safetensors.torch
import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from safetensors import SafetensorError

from vton.hub.checkpoints import CONFIG_NAME, WEIGHTS_NAME, find_checkpoint, revision, verify
from vton.hub.device import choose_device
from vton.schema import InputError, System

_log = logging.getLogger(__name__)
Network = TypeVar("Network", bound=ModelMixin)


class Opened(NamedTuple):
    """A network ready to run, and what recipes keep to name its weights."""

    network: ModelMixin
    checkpoint: str
    revision: str


def open_checkpoint(
    system: System, checkpoint: str | Path | None = None, device: str | torch.device | None = None
) -> Opened:
    """The network of a system from a bundled checkpoint's name, a folder, or a Hub id.

    Args:
        checkpoint: None for the system's own.
        device: None for the one that Accelerate finds best.

    Raises:
        InputError: it is missing, corrupt, lacks or adds keys, or belongs to another network.
    """
    checkpoint = system.checkpoint if checkpoint is None else checkpoint
    folder = find_checkpoint(checkpoint)
    verify(folder)
    is_hub_id = isinstance(checkpoint, str) and not Path(checkpoint).expanduser().is_dir() and "/" in checkpoint
    name = str(checkpoint) if is_hub_id else folder.resolve().name
    return Opened(load_network(system.load("network"), folder).to(choose_device(device)), name, revision(folder))


def load_network(network_class: type[Network], folder: Path) -> Network:
    """Load the network of a checkpoint folder in float32, ready to run: every key was there, used, and finite.

    Raises:
        InputError: unreadable, its keys or shapes are not those of the config, or numbers that are not finite.
    """
    assert issubclass(network_class, ConfigMixin), network_class
    try:
        config = json.loads((folder / CONFIG_NAME).read_text("utf-8"))
        with torch.random.fork_rng(devices=()):  # its first weights are of no use: they cost nobody a random number
            network = network_class.from_config(config)
        assert isinstance(network, network_class)
        weights = read_weights(folder / WEIGHTS_NAME, f"Checkpoint '{folder.name}'")
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AssertionError, SafetensorError) as error:
        _log.debug("loading failed", exc_info=error)
        raise InputError(f"Checkpoint '{folder.name}' is corrupt or of another version: fetch it again.") from None
    wrong = _differences(network.state_dict(), weights)
    if wrong:
        raise InputError(
            f"Checkpoint '{folder.name}' does not fit its config: it {wrong[0]}"
            + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")
            + "; fetch it again."
        )
    network.load_state_dict(weights)
    return network.eval()


def read_weights(file: Path, what: str) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file as `checked`; copies, so that replacing the file changes no live weights.

    Raises:
        InputError: numbers that are not finite.
        OSError, SafetensorError: no such file, or none of this format.
    """
    return checked(safetensors.torch.load(file.read_bytes()), what)


def checked(weights: dict[str, torch.Tensor], what: str) -> dict[str, torch.Tensor]:
    """The same weights, floats as float32.

    Args:
        what: the subject of the error message.

    Raises:
        InputError: numbers that are not finite; one of them is enough to spoil every picture.
    """
    weights = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in weights.items()}
    for name, tensor in weights.items():
        if not tensor.isfinite().all():
            raise InputError(f"{what} is damaged: {name} has numbers that are not finite; fetch it again.")
    return weights


def _differences(wanted: dict[str, torch.Tensor], given: dict[str, torch.Tensor]) -> list[str]:
    """What is wrong with the keys and shapes of weights, in words that follow "it"."""
    wrong = [f"lacks {name}" for name in wanted if name not in given]
    wrong += [f"adds {name}" for name in given if name not in wanted]
    both = [name for name in wanted if name in given]
    return wrong + [f"has another shape for {name}" for name in both if wanted[name].shape != given[name].shape]
