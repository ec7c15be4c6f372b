"""The list of repairs: what is done to a network's picture before it lies in the photo, in this order.

`python -m vton tryon --without hem,skin` leaves some out; `python -m vton evaluate tryon` measures what each is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from vton.compositing.garment import Garment, as_drawn, border, hem, sleeves
from vton.compositing.layers import Layer
from vton.compositing.lower_garment import lower
from vton.compositing.prints import printed
from vton.compositing.scene import Scene
from vton.compositing.skin import skin
from vton.compositing.uncovered import Uncovered, backdrop, uncovered
from vton.schema import InputError

GARMENT: dict[str, Callable[[Scene, Garment], Garment]] = {"hem": hem, "border": border, "sleeves": sleeves}
"""Repairs of the new garment, one after the other."""
UNCOVERED: dict[str, Callable[[Uncovered], Layer | None]] = {"backdrop": backdrop, "skin": skin, "lower": lower}
"""What is laid over the photo below the garment; left out, the network's own picture lies there instead."""
PRINT = "print"
REPAIRS: dict[str, Callable] = {**GARMENT, **UNCOVERED, PRINT: printed}


def garment_of(scene: Scene) -> Garment:
    """The new garment with its repairs."""
    garment = as_drawn(scene)
    for name, repair in GARMENT.items():
        if name not in scene.without:
            garment = repair(scene, garment)
    return garment


def layers_of(scene: Scene, garment: Garment) -> list[Layer]:
    """All layers on the canvas, from the background to the garment."""
    above = garment.layer(scene)
    return [*layers_under(uncovered(scene, above.cover > 0.5)), above]


def layers_under(gap: Uncovered) -> list[Layer]:
    """The layers below the garment; in the colours of the network's picture those whose repair is left out."""
    layers = []
    for name, repair in UNCOVERED.items():
        layer = repair(gap)
        if layer is not None and name in gap.scene.without:
            layer = replace(layer, colours=gap.scene.drawn.astype(np.float32))
        layers.append(layer)
    return [layer for layer in layers if layer is not None]


def described() -> str:
    """One line for each repair: its name and what it is good for."""
    return "\n".join(f"{name}: {(repair.__doc__ or '').splitlines()[0]}" for name, repair in REPAIRS.items())


def parse_without(text: str) -> frozenset[str]:
    """The repairs in "A, B,C".

    Raises:
        InputError: a name that is no repair.
    """
    return checked_without(name.strip() for name in text.split(",") if name.strip())


def checked_without(names: Iterable[str]) -> frozenset[str]:
    """The names, all of which are repairs.

    Raises:
        InputError: one is not.
    """
    names = list(names)
    for name in names:
        if name not in REPAIRS:
            raise InputError(f"'{str(name)[:40]}' is no repair: choose from {', '.join(REPAIRS)}.")
    return frozenset(names)
