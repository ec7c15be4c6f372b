"""What the widgets of Create say, for all that reads them: Create itself, and Mix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from vton.schema import SLOTS, Wear
from vton.ui.panels.wear import WearPanel


class Asked(NamedTuple):
    """Values of `CreateTab.inputs`.

    tiles: paths in the order of ``SLOTS``; wear: which of a dress and top or bottom is worn; worn: how each article is.
    """

    tiles: tuple[str | None, ...]
    wear: str | None
    pose: str
    seed: float | None
    count: float
    psi: float | None
    worn: Wear

    @classmethod
    def of(cls, values: Sequence[Any]) -> Asked:
        """From the values, in the order of the widgets."""
        wear, pose, seed, count, psi, *topics = values[len(SLOTS):]
        return cls(tuple(values[:len(SLOTS)]), wear, pose, seed, count, psi, WearPanel.wear(tuple(topics)))
