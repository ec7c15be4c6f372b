"""The new garment: as the network drew it, then one repair after the other."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from vton.compositing.layer import Layer
from vton.compositing.measures import NEXT, PIECE, WORN
from vton.compositing.scene import Scene
from vton.conditioning.masks import grown, nearest_colours, shrunk, soft, without_specks


class WornGarment(NamedTuple):
    """The new garment on the canvas, between two repairs.

    Attributes:
        colours: [h, w, 3], uint8.
        cover: [h, w], float32, 0..1, how much of each pixel it covers.
        inner: [h, w], bool, where it surely is.
    """

    colours: np.ndarray
    cover: np.ndarray
    inner: np.ndarray

    def layer(self, scene: Scene) -> Layer:
        """What may be seen of it, in the erased region."""
        return Layer(self.colours.astype(np.float32), self.cover * scene.wearer.erased)

    def own_pixels(self, scene: Scene) -> np.ndarray:
        """How much of each pixel is well inside of it and of the warped garment: [h, w], float32, 0..1."""
        return soft(shrunk(shrunk(self.inner, NEXT) & (scene.warped > WORN), NEXT))


def as_drawn(scene: Scene) -> WornGarment:
    """The garment where the network sees it worn, in the colours that it drew there."""
    return WornGarment(scene.drawn, scene.worn, scene.worn > WORN)


def hem(scene: Scene, garment: WornGarment) -> WornGarment:
    """Hems lie where those of the warped garment are.

    Networks notch hems between the legs, as if skirts were trousers, and end tops where the old one ended.
    """
    wearer, own = scene.wearer, scene.own.astype(np.float32)
    # 1. The warped garment shows more than the network,
    more = wearer.erased & (scene.warped > garment.cover)
    # 2. below the hips; of tops and outer garments below the waist, without sleeves and the opening.
    if wearer.garment.on_legs:
        more &= wearer.rows > wearer.hips
    else:
        more &= (wearer.rows > wearer.waist) & ~wearer.near_arms & ~_opening(garment.inner, round(wearer.waist))
    # 3. There it is worn, and as bright as the network drew the rest.
    both = garment.inner & (scene.warped > WORN)
    tone = np.median(garment.colours[both] - own[both], axis=0) if both.any() else 0
    colours = np.where(more[..., None], np.clip(own + tone, 0, 255).astype(np.uint8), garment.colours)
    cover = np.where(more, scene.warped, garment.cover)
    return WornGarment(colours, cover, cover > WORN)


def border(scene: Scene, garment: WornGarment) -> WornGarment:
    """Up to its border it has its own colours, and there are no specks.

    Networks mix what adjoins a garment into the pixels at its border: there the nearest colours within are spread.
    """
    inner = without_specks(garment.inner, PIECE)
    core = shrunk(inner, NEXT)
    if not core.any():
        return WornGarment(garment.colours, np.zeros_like(garment.cover), core)
    colours, _ = nearest_colours(garment.colours, core)
    return WornGarment(colours, cv2.blur(garment.cover * grown(inner, NEXT), (3, 3)), inner)


def _opening(inner: np.ndarray, row: int) -> np.ndarray:
    """The columns between the two sides of an open garment [h, w], bool, in this row: [w], bool."""
    there = inner[np.clip(row, 0, len(inner) - 1)]
    return ~there & np.maximum.accumulate(there) & np.maximum.accumulate(there[::-1])[::-1]
