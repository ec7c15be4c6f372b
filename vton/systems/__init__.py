"""The systems users call, one folder each. A folder is listed by being here; what it holds is imported when asked for.

Of a folder only ``system.py`` is read for lists: its ``SYSTEM`` says everything else.
"""

import importlib
import pkgutil
from functools import lru_cache
from typing import Any

from vton.hub import bundled_names, find_checkpoint
from vton.hub.first_use import FIRST_USE
from vton.schema import TRY_ONS, InputError, System, Task


def systems(*tasks: Task) -> dict[str, System]:
    """The records by name, in the order of lists; of these tasks if any is given. Loads no network and no torch."""
    return {record.name: record for record in _records() if not tasks or record.task in tasks}


@lru_cache(maxsize=1)
def _records() -> tuple[System, ...]:
    folders = [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]
    found = [importlib.import_module(f"{__name__}.{folder}.system").SYSTEM for folder in folders]
    return tuple(sorted(found, key=lambda record: (record.place, record.name)))


def find_system(name: str, *tasks: Task) -> System:
    """The record of a name.

    Raises:
        InputError: there is no system of that name and of one of the tasks, if any is given.
    """
    known = systems(*tasks)
    if name not in known:
        raise InputError(f"Unknown system '{str(name)[:40]}': choose one of {', '.join(known)}.")
    return known[name]


def leading(task: Task) -> System:
    """The system that is taken where none of the task is named."""
    return next(record for record in systems(task).values() if record.leads)


def usual_tryon() -> str:
    """The try-on system that is offered first: one for whole outfits, where its weights are here, else any that is."""
    leaders = [leading(task).name for task in (Task.OUTFIT_TRY_ON, Task.TRY_ON)]
    return next((name for name in (*leaders, *systems(*TRY_ONS)) if has_weights(name)), leaders[-1])


def parse_tryon_systems(text: str, *tasks: Task) -> list[str]:
    """The names in "A, B,C" as they come, each once; none where there is none. Of all `TRY_ONS`, or of one's tasks.

    Raises:
        InputError: a name that is no try-on system.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = systems(*(tasks or TRY_ONS))
    for name in names:
        if name not in known:
            raise InputError(f"'{name[:40]}' is no try-on system: choose from {', '.join(known)}.")
    return names


def has_weights(system: str) -> bool:
    """Whether the system's own checkpoint came with this copy of the program."""
    return systems()[system].checkpoint in bundled_names()


def named_config(system: System, name: str | None = None) -> Any:
    """A training configuration of a system by its name; without one, the system's usual one.

    Raises:
        InputError: there is none of that name.
    """
    configs = system.load("configs")
    name = name or system.defaults.get("config", "default")
    if name not in configs:
        raise InputError(f"--config {name} is unknown for {system.name}: choose one of {', '.join(configs)}.")
    return configs[name]


def get_pipeline(name: str, checkpoint: str | None = None) -> Any:
    """The pipeline ``name``, loaded once per checkpoint (the bundled one unless another is given).

    Raises:
        InputError: unknown system; missing, corrupt or unfitting checkpoint.
    """
    record = find_system(name)
    checkpoint = checkpoint or record.checkpoint
    find_checkpoint(checkpoint)  # a download takes minutes: not while others wait for the lock
    with FIRST_USE:
        return _load(name, checkpoint)


@lru_cache(maxsize=8)
def _load(name: str, checkpoint: str) -> Any:
    return find_system(name).load("pipeline").from_pretrained(checkpoint)
