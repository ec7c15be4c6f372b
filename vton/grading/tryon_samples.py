"""Persons in garments that they did not wear, for grading what try-on systems make of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import fit_to_canvas, shrink_to
from vton.conditioning.photos.image_io import load_rgb
from vton.grading.blind_cells import Made, beside
from vton.systems.swaps import Swap

_LONGEST = 768  # pixels: side of a picture
_GARMENT_HW = (384, 288)


def shuffled(files: list[Path], seed: int) -> list[Path]:
    """In an order drawn from the seed."""
    return [files[i] for i in np.random.default_rng(seed).permutation(len(files))]


def swap_cells(swaps: Iterable[Swap], count: int) -> Iterator[Made]:
    """Person, garment and result beside each other, for each system that could run, of the first ``count`` swaps.

    Args:
        swaps: those in which nobody wears anything new are passed over.
    """
    worn = (swap for swap in swaps if swap.person_u8 is not None and swap.garment is not None)
    for number, swap in enumerate(islice(worn, count), 1):
        assert swap.person_u8 is not None
        assert swap.garment is not None
        facts = {"person": swap.person.name, "garment": swap.garment.name, "slot": swap.slot or ""}
        garment = fit_to_canvas(load_rgb(swap.garment), _GARMENT_HW, 255)[0]
        for made in swap.made:
            if made.result is not None:
                pictures = [shrink_to(swap.person_u8, _LONGEST), garment, shrink_to(made.result.image_u8, _LONGEST)]
                yield Made(beside(pictures), made.system, number, facts)
