"""A checkpoint folder to a generator whose every key was there and used."""

import logging
from pathlib import Path

import torch
from safetensors import SafetensorError

from vton.models.stylegan2 import StyleGAN2Generator
from vton.schema import InputError

_log = logging.getLogger(__name__)


def load_generator(folder: Path) -> StyleGAN2Generator:
    """Load the generator of a checkpoint folder and make sure that every key was there and used.

    Raises:
        InputError: unreadable, or its keys or shapes are not those of the config.
    """
    try:
        generator, report = StyleGAN2Generator.from_pretrained(
            folder,
            use_safetensors=True,
            output_loading_info=True,
            torch_dtype=torch.float32,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AssertionError, SafetensorError) as error:
        _log.debug("loading failed", exc_info=error)
        raise InputError(
            f"Checkpoint '{folder.name}' is corrupt or of another version: fetch it again."
        ) from None
    wrong = [f"lacks {key}" for key in report["missing_keys"]] + [
        f"adds {key}" for key in report["unexpected_keys"]
    ]
    wrong += [f"has another shape for {item[0]}" for item in report["mismatched_keys"]]
    if wrong:
        raise InputError(
            f"Checkpoint '{folder.name}' does not fit its config: it {wrong[0]}"
            + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")
            + "; fetch it again."
        )
    for tensor in (*generator.parameters(), *generator.buffers()):
        tensor.data = (
            tensor.data.clone()
        )  # safetensors maps the file: replacing it must not change live weights
    return generator
