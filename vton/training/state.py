"""Run folders: state in pieces of at most 15 MiB, replaced atomically, and a log that survives a kill."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import split_torch_state_dict_into_shards
from safetensors.torch import load_file, save_file

PIECE_BYTES = 15 * 2**20 - 2**16


def save_state(folder: Path, tensors: dict[str, torch.Tensor], meta: dict[str, Any]) -> None:
    """Writes ``state/`` of a run: safetensors pieces of at most 15 MiB and ``meta.json``.

    The old state stays in place until the new one is complete.

    Args:
        tensors: by name, of any shape and device; meta: what JSON can hold.
    """
    new, old, current = folder / "state.new", folder / "state.old", folder / "state"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    # Cloned: safetensors refuses tensors that share memory, as views of optimiser state may.
    tensors = {k: v.detach().cpu().contiguous().clone() for k, v in tensors.items()}
    plan = split_torch_state_dict_into_shards(
        tensors, filename_pattern="piece{suffix}.safetensors", max_shard_size=PIECE_BYTES
    )
    for name, keys in plan.filename_to_tensors.items():
        save_file({k: tensors[k] for k in keys}, new / name)
    (new / "meta.json").write_text(json.dumps(meta, indent=1))
    shutil.rmtree(old, ignore_errors=True)
    if current.exists():
        os.replace(current, old)
    os.replace(new, current)
    shutil.rmtree(old, ignore_errors=True)


def load_state(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Reads what `save_state` wrote, or the state before it if the run was killed between.

    Returns:
        The tensors on the CPU in their own shapes, and ``meta``; None for a new run.
    """
    for name in ("state", "state.old"):
        path = folder / name
        if (path / "meta.json").exists():
            tensors: dict[str, torch.Tensor] = {}
            for piece in sorted(path.glob("piece*.safetensors")):
                tensors.update(load_file(piece))
            return tensors, json.loads((path / "meta.json").read_text())
    return None


def flatten_optimizer(name: str, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Adam's moments, in the shapes of the parameters, and step counts, scalars, by ``name.number.entry``."""
    state = optimizer.state_dict()["state"]
    return {f"{name}.{i}.{key}": torch.as_tensor(value) for i, entry in state.items() for key, value in entry.items()}


def restore_optimizer(name: str, optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    """The inverse of `flatten_optimizer`; tensors whose names begin otherwise, of whatever shapes, are left alone."""
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(f"{name}."):
            _, index, entry = key.rsplit(".", 2)
            state.setdefault(int(index), {})[entry] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def append_log(folder: Path, row: dict[str, Any]) -> None:
    """Adds one line to ``log.jsonl``."""
    with open(folder / "log.jsonl", "a") as file:
        file.write(json.dumps(row) + "\n")
