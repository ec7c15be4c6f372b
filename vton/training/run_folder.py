"""A run's resolved configuration: the settings of its command, and the record in its folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from vton.schema import InputError


class RunSettings(Protocol):
    """A configuration: a frozen dataclass whose values are numbers, words, and what JSON can hold of them."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        ...


Config = TypeVar("Config", bound=RunSettings)


def prepare_run(config: RunSettings, out: Path, seed: int) -> None:
    """Makes the run folder and records the resolved configuration.

    Raises:
        InputError: the folder belongs to a run with another configuration or seed.
    """
    resolved = json.loads(json.dumps({"seed": seed, **config.to_dict()}))
    path = out / "config.json"
    if path.exists() and json.loads(path.read_text()) != resolved:
        raise InputError(f"{out.name} holds a run with another configuration or seed: choose another --out.")
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(resolved, indent=1))


def override(config: Config, settings: Sequence[str]) -> Config:
    """Applies ``name=value`` settings to the top-level numbers of a configuration.

    Raises:
        InputError: unknown name or a value that is no number.
    """
    for setting in settings:
        name, _, value = setting.partition("=")
        current = getattr(config, name, None)
        if not isinstance(current, int | float):
            raise InputError(f"--set {setting}: {name} is no number of the configuration.")
        try:
            config = replace(config, **{name: type(current)(float(value))})
        except ValueError:
            raise InputError(f"--set {setting}: {value!r} is no number.") from None
    return config


def adopt(config: Config, values: Mapping[str, Any]) -> tuple[Config, list[str]]:
    """Gives a configuration values of another one, which an earlier version of this program may have written.

    Args:
        values: name -> value as JSON gives it back: lists for tuples, objects for dataclasses.

    Returns:
        The configuration, and the names that it does not have: those values are left out.

    Raises:
        InputError: a value of another type than the configuration's.
    """
    known = {field.name: getattr(config, field.name) for field in fields(config)}
    unknown = [name for name in values if name not in known]
    taken = {}
    for name, value in values.items():
        if is_dataclass(known.get(name)) and isinstance(value, dict):
            taken[name], missing = adopt(known[name], value)
            unknown += [f"{name}.{inner}" for inner in missing]
        elif name in known:
            taken[name] = _fitted(name, value, known[name])
    return replace(config, **taken), unknown


def _fitted(name: str, value: Any, current: Any) -> Any:
    """A value of JSON in the type of the value that it replaces."""
    if isinstance(current, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    value = _with_tuples(value)
    if type(value) is not type(current):
        raise InputError(f"Setting {name} cannot be {json.dumps(value)[:40]}: it needs another type.")
    return value


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(inner) for key, inner in value.items()}
    return tuple(_with_tuples(inner) for inner in value) if isinstance(value, list | tuple) else value


def checkpoint_of(folder: Path) -> Path:
    """The checkpoint in a run folder; any other folder itself."""
    return folder / "checkpoint" if (folder / "checkpoint").is_dir() else folder
