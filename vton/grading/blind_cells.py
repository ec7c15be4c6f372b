"""Pictures to be graded without their makers' names: a numbered file each, and a key that graders do not see."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vton.provenance import made_png
from vton.schema import DigitalSourceType, InputError

KEY, CELLS = "key.csv", "cells"


@dataclass(frozen=True)
class Made:
    """One picture to be graded.

    Attributes:
        cell: [H, W, 3], uint8, what graders see: the inputs and the picture.
        system: what made it.
        sample: number of the sample; several systems draw the same one.
        inputs: name -> value, for the key.
    """

    cell: np.ndarray
    system: str
    sample: int
    inputs: dict[str, str]


def write_cells(made: Iterable[Made], folder: Path, seed: int) -> int:
    """Writes ``cells/001.png`` ... in an order drawn from the seed, and ``key.csv``; returns how many.

    Raises:
        InputError: there is nothing to write, or the folder holds cells already: they would be graded as these.
    """
    every = list(made)
    if not every:
        raise InputError("Nothing could be drawn: see above why.")
    check_new(folder)
    (folder / CELLS).mkdir(parents=True)
    order = np.random.default_rng(seed).permutation(len(every))
    names = sorted({name for one in every for name in one.inputs})
    with open(folder / KEY, "w", newline="") as file:
        key = csv.writer(file)
        key.writerow(["cell", "system", "sample", *names])
        for number, index in enumerate(order, 1):
            one = every[index]
            (folder / CELLS / f"{number:03d}.png").write_bytes(made_png(one.cell, DigitalSourceType.COMPOSITE))
            key.writerow([number, one.system, one.sample, *(one.inputs.get(name, "") for name in names)])
    return len(every)


def check_new(folder: Path) -> None:
    """Makes sure that cells can be written there.

    Raises:
        InputError: there are some.
    """
    if (folder / KEY).exists() or (folder / CELLS).exists():
        raise InputError(f"'{folder.name}' holds cells already: choose another folder.")


def beside(pictures: Sequence[np.ndarray], gap: int = 8) -> np.ndarray:
    """Pictures [H, W, 3] from left to right on white, as high as the highest."""
    height = max(picture.shape[0] for picture in pictures)
    parts: list[np.ndarray] = []
    for picture in pictures:
        part = np.full((height, picture.shape[1] + gap, 3), 255, np.uint8)
        part[: picture.shape[0], : picture.shape[1]] = picture
        parts.append(part)
    return np.hstack(parts)[:, :-gap]
