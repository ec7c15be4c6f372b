"""What is known of a system before anything of it is loaded: the record that stands in its folder."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Part = Literal["pipeline", "network", "recipe", "configs", "run", "evaluation"]


class Task(StrEnum):
    """What a system is asked for; systems of one task have the same kind of pipeline and the same trainer."""

    GENERATION = "generation"
    TRY_ON = "try-on"
    """Of a garment that a photo shows alone."""
    OUTFIT_TRY_ON = "try-on of outfits"
    """Of up to six articles at once, each alone in its photo."""
    WORN_TRY_ON = "try-on of worn garments"
    """Of a garment that a photo shows on somebody."""


ALONE_TRY_ONS = (Task.TRY_ON, Task.OUTFIT_TRY_ON)
"""What puts on a garment that a photo shows alone."""
TRY_ONS = (*ALONE_TRY_ONS, Task.WORN_TRY_ON)
"""What puts a garment on the person of a photo."""


@dataclass(frozen=True)
class System:
    """The record of a system. Verbs, tabs, endpoints, tests and tables are made from it.

    Attributes:
        name: as in commands and recipes: the folder's, with hyphens; title: as in texts.
        task: what it is asked for; does: what goes in and what comes out, in a few words.
        paper: the full citation; cited: authors and year, and where to find it; arxiv: its number there, if any.
        year: of the paper; None where nobody could tell.
        pipeline, network, recipe, configs: import strings "module:name" of the pipeline's class, the network's, the
            class of its training, and the training configurations by name.
        run: the same of what makes its trainer; empty for the one that systems of its task share.
        evaluation: the same of what `python -m vton evaluate` measures it by; empty where its task is measured alike.
        checkpoint: name of the bundled checkpoint, which need not be here.
        slots: of the articles that it takes; none for a system that takes no articles.
        tiny: arguments of the network at a size for tests.
        cannot: what it cannot do, a sentence each.
        defaults: options of commands that are this system's own, by the name of the option.
        parts: what `--without` can leave out beside the repairs: name -> what is good about it.
        switches: numbers of its configuration that `python -m vton ablate` sets to 0.
        licence: of code and bundled weights.
        place: in lists, ascending; leads: whether it is the one that is taken where none of its task is named.
    """

    name: str
    title: str
    task: Task
    does: str
    paper: str
    cited: str
    year: int | None
    pipeline: str
    network: str
    recipe: str
    configs: str
    checkpoint: str
    slots: tuple[str, ...]
    tiny: Mapping[str, Any]
    cannot: tuple[str, ...]
    run: str = ""
    evaluation: str = ""
    arxiv: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    switches: tuple[str, ...] = ()
    licence: str = "Apache-2.0"
    place: int = 100
    leads: bool = False

    def load(self, part: Part) -> Any:
        """What an import string names, imported now."""
        module, _, name = getattr(self, part).partition(":")
        return getattr(importlib.import_module(module), name)
