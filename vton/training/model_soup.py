"""One network from several trained from the same start: the mean of their weights.

Wortsman et al. 2022, arXiv 2203.05482; of a network and what it was fine-tuned to, arXiv 2109.01903.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from vton.hub import CONFIG_NAME, LINEAGE_NAME, WEIGHTS_NAME, write_manifest
from vton.schema import InputError
from vton.training.run_folder import checkpoint_of
from vton.training.run_lineage import lineage_of_mean


def average_checkpoints(folders: Sequence[Path], out: Path) -> None:
    """Writes a checkpoint with the mean of the weights of others, all alike; the config is that of the first.

    Its lineage names them with their shares, when anything is known of them.

    Args:
        folders: checkpoints, or runs with one.

    Raises:
        InputError: a folder without a checkpoint, one of another network, or one whose lineage is broken.
    """
    mean: dict[str, torch.Tensor] = {}
    for folder in folders:
        weights = {name: value.float() / len(folders) for name, value in weights_of(folder).items()}
        if mean and _shapes(weights) != _shapes(mean):
            raise InputError(f"'{folder.name}' is of another network than '{folders[0].name}': give weights of one.")
        mean = {name: value + mean.get(name, 0.0) for name, value in weights.items()}
    config = (checkpoint_of(folders[0]) / CONFIG_NAME).read_bytes()
    out.mkdir(parents=True, exist_ok=True)
    (out / CONFIG_NAME).write_bytes(config)
    save_file(mean, out / WEIGHTS_NAME, {"format": "pt"})
    write_manifest(out)
    (out / LINEAGE_NAME).unlink(missing_ok=True)  # of other weights, where the folder held some
    if (lineage := lineage_of_mean(folders, out)) is not None:
        lineage.write(out)


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    """The weights of a checkpoint, or of the one in a run, by name, in the shapes they were written in.

    Raises:
        InputError: a folder without a checkpoint.
    """
    checkpoint = checkpoint_of(folder)
    try:
        (checkpoint / CONFIG_NAME).stat()
        return load_file(checkpoint / WEIGHTS_NAME)
    except (OSError, SafetensorError):
        raise InputError(f"'{folder.name}' holds no weights: give checkpoints, or runs of `train`.") from None


def _shapes(weights: dict[str, torch.Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in weights.items()}
