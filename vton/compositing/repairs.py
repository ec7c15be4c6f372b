"""The repairs in order: what is done to a network's picture before it lies in the photo.

`python -m vton tryon --without hem,skin` leaves some out; `python -m vton evaluate tryon --without hem,skin` measures
the pictures without them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vton.compositing.garment import WornGarment, as_drawn, border, hem
from vton.compositing.layer import Layer
from vton.compositing.lower_garment import lower
from vton.compositing.scene import Scene
from vton.compositing.skin import skin
from vton.compositing.uncovered import Uncovered, backdrop, uncovered

GARMENT: dict[str, Callable[[Scene, WornGarment], WornGarment]] = {"hem": hem, "border": border}
"""They change the new garment, one after the other."""
UNCOVERED: dict[str, Callable[[Uncovered], Layer | None]] = {"backdrop": backdrop, "skin": skin, "lower": lower}
"""They are laid over the photo in this order, below the garment."""


def garment_of(scene: Scene) -> WornGarment:
    """The new garment on the canvas, with its repairs."""
    garment = as_drawn(scene)
    for name, repair in GARMENT.items():
        if name not in scene.without:
            garment = repair(scene, garment)
    return garment


def layers_of(scene: Scene, garment: WornGarment) -> list[Layer]:
    """Everything that is laid over the photo on the canvas, from the background to the garment."""
    above = garment.layer(scene)
    return [*layers_under(uncovered(scene, above.cover > 0.5)), above]


def layers_under(gap: Uncovered) -> list[Layer]:
    """What is laid below the garment; where a repair is left out, the network's own picture."""
    layers = []
    for name, repair in UNCOVERED.items():
        layer = repair(gap)
        if layer is not None:
            left_out = name in gap.scene.without
            layers.append(Layer(gap.scene.drawn.astype(np.float32), layer.cover) if left_out else layer)
    return layers
