"""Layers of a try-on's result on the canvas, and how they are laid over each other on a finer one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from vton.compositing.measures import NARROWER, NARROWEST
from vton.conditioning.canvas import scaled


class Layer(NamedTuple):
    """A part of the picture.

    Attributes:
        colours: [h, w, 3], float32, 0..255, wherever ``cover`` is not 0.
        cover: [h, w], float32, 0..1, how much of each pixel it covers.
    """

    colours: np.ndarray
    cover: np.ndarray

    def within(self, mask: np.ndarray) -> Layer:
        """The part of it that lies in a mask [h, w], bool."""
        return Layer(self.colours, self.cover * mask)

    def enlarged(self, times: int) -> Layer:
        """The same on a canvas with ``times`` as many pixels on each side, with borders no wider in its pixels."""
        if times == 1:
            return self
        steeper = min(NARROWER * times, NARROWEST)
        cover = np.clip((scaled(self.cover, times, "cubic") - 0.5) * steeper + 0.5, 0, 1)
        return Layer(scaled(self.colours, times, "linear"), cover)


def lay(picture: np.ndarray, layers: Iterable[Layer], within: np.ndarray) -> np.ndarray:
    """Lays layers over a picture in place, from the first to the last.

    Args:
        picture: [H, W, 3], float32, 0..255.
        within: [H, W], float32, 0..1: as much of each pixel may change.

    Returns:
        How much of each pixel of the picture is no longer seen: [H, W], float32, 0..1.
    """
    seen = np.ones_like(within)
    for layer in layers:
        share = layer.cover * within
        picture += share[..., None] * (layer.colours - picture)
        seen *= 1 - share
    return 1 - seen
