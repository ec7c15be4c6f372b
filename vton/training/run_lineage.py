"""Where the weights of a run come from: recorded in its folder when it starts, a lineage when it is published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

import vton
from vton.hub import LINEAGE_NAME, read_lineage, revision
from vton.hub.checkpoints import write_atomically
from vton.hub.lineage import Dataset, Lineage, Phase
from vton.metrics.machine import describe_machine
from vton.training.run_folder import checkpoint_of

START_NAME = "start.json"
_UNKNOWN: dict[str, Any] = {
    "parent": None, "phases": [], "hours": None, "data": [], "start": "not recorded", "hardware": None,
    "code": None,
}  # fmt: skip


def record_start(
    out: Path, data: Sequence[str], initial: Path | None, parts_from: Mapping[str, Path] | None = None
) -> None:
    """Writes down once what a run begins with; a run that goes on keeps what stands there.

    Args:
        out: the run folder, which exists.
        data: folders of packs; their names alone are kept.
        initial: run or checkpoint folder whose weights the run starts from.
        parts_from: part -> folder that this part is taken from.

    Raises:
        InputError: the checkpoint it starts from has a broken lineage.
    """
    if (out / START_NAME).exists():
        return
    before = _weights_before(initial)
    taken = [f"{part} of {folder.name}" for part, folder in (parts_from or {}).items()]
    if initial and not before["phases"]:
        taken.insert(0, f"weights of {initial.name}")
    elif taken and initial:
        taken.insert(0, "the phase before")
    start = {
        **before,
        "data": [Path(folder).name for folder in data],
        "start": "; ".join(taken) or None,
        "hardware": _hardware(),
        "code": vton.__version__,
    }
    write_atomically(out / START_NAME, json.dumps(start, indent=1) + "\n")


def lineage_of(run: Path) -> Lineage:
    """What is known of the weights of a run up to now, without a date.

    Raises:
        OSError, ValueError, KeyError: it is no run folder with a checkpoint.
        InputError: the same.
    """
    config = json.loads((run / "config.json").read_text())
    images = json.loads((run / "state" / "meta.json").read_text())["images"]
    start = json.loads((run / START_NAME).read_text()) if (run / START_NAME).exists() else _UNKNOWN
    settings = {name: value for name, value in config.items() if name not in ("system", "seed")}
    phase = Phase(config["system"], None, None, settings, images, start["start"], config["seed"], None)
    own = _hours(run / "log.jsonl")
    return Lineage(
        system=phase.system,
        revision=revision(run / "checkpoint"),
        parent=start["parent"],
        data=tuple(Dataset(name, None) for name in start["data"]),
        phases=(*(Phase(**values) for values in start["phases"]), phase),
        hardware=start["hardware"],
        hours=None if own is None or start["hours"] is None else round(start["hours"] + own, 2),
        date=None,
        code=start["code"],
    )


def _weights_before(initial: Path | None) -> dict[str, Any]:
    """Parent, phases and hours of the weights that a run starts from."""
    if initial is None:
        return {"parent": None, "phases": [], "hours": 0}
    run = initial.parent if initial.name == "checkpoint" else initial
    if (run / "config.json").exists() and (run / "state" / "meta.json").exists():
        lineage = lineage_of(run)
        parent = lineage.parent
    elif (initial / LINEAGE_NAME).exists():
        lineage = read_lineage(initial)
        parent = f"{initial.name}@{lineage.revision}"
    else:  # a checkpoint of which nothing else is known, such as the mean of others
        return {"parent": f"{initial.name}@{revision(checkpoint_of(initial))}", "phases": [], "hours": None}
    return {"parent": parent, "phases": [asdict(phase) for phase in lineage.phases], "hours": lineage.hours}


def _hours(log: Path) -> float | None:
    """Hours of training that the rows of a run's log tell of; None when there is no such row."""
    seconds, seen = 0.0, 0
    for line in log.read_text().splitlines() if log.exists() else ():
        row = json.loads(line)
        if row.get("images_per_s"):
            seconds += max(row["images"] - seen, 0) / row["images_per_s"]
            seen = row["images"]
    return seconds / 3600 if seen else None


def _hardware() -> str:
    """Accelerator, else processor, in words."""
    machine = describe_machine("cuda" if torch.cuda.is_available() else "cpu")
    return machine["device"] if machine["device"] != "cpu" else f"{machine['cores']} cores of {machine['cpu']}"
