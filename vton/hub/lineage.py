"""Where the weights of a checkpoint come from, as data: ``lineage.json`` beside them.

What nobody wrote down is null there, never guessed. The file may come from the Hub: every value is checked, and no text
in it has control characters that a terminal would obey.
"""

import json
import math
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

from vton.hub.checkpoints import LINEAGE_NAME, revision, write_atomically
from vton.schema import InputError

_REVISION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Dataset:
    """One source of training pictures.

    Attributes:
        name: what is in it, in words.
        commands: what makes it, in order; None when unknown.
    """

    name: str
    commands: tuple | None


@dataclass(frozen=True)
class Phase:
    """One run of ``python -m vton train``.

    Attributes:
        system: what was trained.
        part: the only part that learned, in words; None when all did.
        config: name for ``--config``; None when ``settings`` are the whole configuration.
        settings: name -> value of what was set beside the named configuration, as far as it is known.
        images: pictures seen.
        start: what the phase began from, in words; None for the phase before it (the first: for random weights).
        seed: of the run; None when unknown.
        note: what else mattered.
    """

    system: str
    part: str | None
    config: str | None
    settings: dict
    images: int
    start: str | None
    seed: int | None
    note: str | None


@dataclass(frozen=True)
class Lineage:
    """All that the weights of a checkpoint went through.

    Attributes:
        system: of the checkpoint.
        revision: of the weights that it belongs to, see `vton.hub.revision`.
        parent: ``name@revision`` of the checkpoint whose weights the training began from; None for none. A mean of
            checkpoints has each with its share: "0.5 a@0123456789ab + 0.5 b@ba9876543210".
        data: of the last phases.
        phases: in order, those of the parent included.
        hardware: in words; None when unknown.
        hours: of training, all phases; None when unknown.
        date: of publication, ISO 8601.
        code: version or commit of the program.
    """

    system: str
    revision: str
    parent: str | None
    data: tuple
    phases: tuple
    hardware: str | None
    hours: float | int | None
    date: str | None
    code: str | None

    def write(self, folder: Path) -> None:
        """Writes ``lineage.json`` into a checkpoint folder."""
        write_atomically(Path(folder) / LINEAGE_NAME, json.dumps(asdict(self), indent=1) + "\n")


def read_lineage(folder: Path) -> Lineage:
    """The lineage of a checkpoint folder, every value checked.

    Raises:
        InputError: there is none, it is broken, or it belongs to other weights.
    """
    folder = Path(folder)
    file = folder / LINEAGE_NAME
    if not file.is_file():
        raise InputError(f"Checkpoint '{folder.name}' has no {LINEAGE_NAME}: nothing is known of its training.")
    try:
        lineage = _lineage(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        reason = "it is no JSON" if isinstance(error, json.JSONDecodeError | OSError | RecursionError) else error
        raise InputError(f"Checkpoint '{folder.name}' has a broken {LINEAGE_NAME} ({reason}): mend it.") from None
    if lineage.revision != revision(folder):
        raise InputError(f"The {LINEAGE_NAME} of checkpoint '{folder.name}' is of other weights: publish it again.")
    return lineage


def _lineage(values: Any) -> Lineage:
    """A lineage of what JSON holds; ValueError says what is wrong with it."""
    if not isinstance(values, dict):
        raise ValueError("it is no object")
    if not all(isinstance(values.get(key), list) for key in ("data", "phases")):
        raise ValueError("data and phases must be lists")
    data = tuple(_dataset(entry) for entry in values["data"])
    phases = tuple(_record(Phase, entry) for entry in values["phases"])
    lineage = _record(Lineage, {**values, "data": data, "phases": phases})
    if not phases:
        raise ValueError("it has no phase")
    if not _REVISION.fullmatch(lineage.revision):
        raise ValueError("revision must be 12 hex digits")
    if not all(name.isprintable() for phase in phases for name in phase.settings):
        raise ValueError("a name of a setting is no line of text")
    if min(phase.images for phase in phases) < 0 or not 0 <= (lineage.hours or 0) < math.inf:
        raise ValueError("images and hours cannot be negative")
    if lineage.date is not None:
        date.fromisoformat(lineage.date)
    return lineage


def _dataset(values: Any) -> Dataset:
    if isinstance(values, dict) and isinstance(values.get("commands"), list):
        values = {**values, "commands": tuple(values["commands"])}
    dataset = _record(Dataset, values)
    if not all(isinstance(command, str) and command.isprintable() for command in dataset.commands or ()):
        raise ValueError("commands must be lines of text")
    return dataset


def _record(cls: type, values: Any) -> Any:
    """An object of a class of this file whose every field is there, is of its type, and breaks no message."""
    kinds, name = get_type_hints(cls), cls.__name__.lower()
    if not isinstance(values, dict) or values.keys() != kinds.keys():
        raise ValueError(f"a {name} must have exactly {', '.join(kinds)}")
    for key, kind in kinds.items():
        value = values[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"{key} of a {name} is of a wrong type")
        if isinstance(value, str) and not value.isprintable():
            raise ValueError(f"{key} of a {name} is no line of text")
    return cls(**values)
