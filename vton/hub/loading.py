"""A checkpoint folder to a network whose every key was there and used."""

import logging
from pathlib import Path
from typing import TypeVar

import torch
from diffusers.models.modeling_utils import ModelMixin
from safetensors import SafetensorError

from vton.schema import InputError

_log = logging.getLogger(__name__)
Network = TypeVar("Network", bound=ModelMixin)


def load_network(network_class: type[Network], folder: Path) -> Network:
    """Load the network of a checkpoint folder in float32 and make sure that every key was there and used.

    Raises:
        InputError: unreadable, or its keys or shapes are not those of the config.
    """
    try:
        network, report = network_class.from_pretrained(
            folder,
            use_safetensors=True,
            output_loading_info=True,
            torch_dtype=torch.float32,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AssertionError, SafetensorError) as error:
        _log.debug("loading failed", exc_info=error)
        raise InputError(f"Checkpoint '{folder.name}' is corrupt or of another version: fetch it again.") from None
    wrong = [f"lacks {key}" for key in report["missing_keys"]]
    wrong += [f"adds {key}" for key in report["unexpected_keys"]]
    wrong += [f"has another shape for {item[0]}" for item in report["mismatched_keys"]]
    if wrong:
        raise InputError(
            f"Checkpoint '{folder.name}' does not fit its config: it {wrong[0]}"
            + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")
            + "; fetch it again."
        )
    for tensor in (*network.parameters(), *network.buffers()):
        # safetensors maps the file: replacing it must not change live weights
        tensor.data = tensor.data.clone()
    return network
