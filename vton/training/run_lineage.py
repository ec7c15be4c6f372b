"""Where the weights of a run come from: recorded in its folder when it starts, a lineage when it is published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
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


def lineage_of_mean(folders: Sequence[Path], mean: Path) -> Lineage | None:
    """What is known of the mean of the weights of checkpoints or runs; None when nothing is known of any of them.

    Its ``parent`` names each of them with its share, as in "0.5 a@0123456789ab + 0.5 b@ba9876543210". Its phases are
    those of all of them, each once, and a last one in which nothing was trained, with the settings of the first.

    Args:
        mean: the folder with the averaged weights.

    Raises:
        InputError: the lineage of one is broken.
    """
    known = [lineage for folder in folders if (lineage := _known_lineage(folder)) is not None]
    if not known:
        return None
    share = f"{1 / len(folders):.3g}"
    parent = " + ".join(f"{share} {_run_of(folder).name}@{revision(checkpoint_of(folder))}" for folder in folders)
    phases = tuple(dict.fromkeys(json.dumps(asdict(phase)) for lineage in known for phase in lineage.phases))
    before = tuple(Phase(**json.loads(phase)) for phase in phases)
    start, note = f"mean of the weights: {parent}", "nothing was trained"
    averaged = replace(known[0].phases[-1], images=0, start=start, note=note)
    hours = {lineage.hours for lineage in known if len(lineage.phases) == len(before)}  # which counts all the others'
    hardware = dict.fromkeys(lineage.hardware for lineage in known)
    return Lineage(
        system=known[0].system,
        revision=revision(mean),
        parent=parent,
        data=tuple(dict.fromkeys(dataset for lineage in known for dataset in lineage.data)),
        phases=(*before, averaged),
        hardware="; ".join(name for name in hardware if name) or None,
        hours=hours.pop() if len(known) == len(folders) and len(hours) == 1 else None,
        date=None,
        code=vton.__version__,
    )


def _weights_before(initial: Path | None) -> dict[str, Any]:
    """Parent, phases and hours of the weights that a run starts from."""
    if initial is None:
        return {"parent": None, "phases": [], "hours": 0}
    lineage = _known_lineage(initial)
    if lineage is None:
        return {"parent": f"{initial.name}@{revision(checkpoint_of(initial))}", "phases": [], "hours": None}
    parent = lineage.parent if _is_run(_run_of(initial)) else f"{initial.name}@{lineage.revision}"
    return {"parent": parent, "phases": [asdict(phase) for phase in lineage.phases], "hours": lineage.hours}


def _known_lineage(folder: Path) -> Lineage | None:
    """The lineage of a run or checkpoint; None for a checkpoint without one."""
    if _is_run(_run_of(folder)):
        return lineage_of(_run_of(folder))
    return read_lineage(folder) if (folder / LINEAGE_NAME).exists() else None


def _run_of(folder: Path) -> Path:
    """The run that a folder is, or is the checkpoint of; a checkpoint that belongs to no run as it is."""
    run = folder.parent if folder.name == "checkpoint" else folder
    return run if _is_run(run) else folder


def _is_run(folder: Path) -> bool:
    return (folder / "config.json").exists() and (folder / "state" / "meta.json").exists()


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
