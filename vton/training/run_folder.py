"""A run's resolved configuration: the settings of its command, and the record in its folder."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from vton.schema import InputError
from vton.training.configs import TrainConfig
from vton.training.estimator_configs import EstimatorConfig
from vton.training.tryon_configs import TryOnConfig

Config = TypeVar("Config", bound=TrainConfig | EstimatorConfig | TryOnConfig)


def prepare_run(config: TrainConfig | EstimatorConfig | TryOnConfig, out: Path, seed: int) -> None:
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


def checkpoint_of(folder: Path) -> Path:
    """The checkpoint in a run folder; any other folder itself."""
    return folder / "checkpoint" if (folder / "checkpoint").is_dir() else folder
