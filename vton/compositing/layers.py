"""Layers of a try-on's result on the canvas, and how they are laid over each other on a finer one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

_NARROWER, _NARROWEST = 1.3, 4.0  # borders of a finer canvas are that many times its scale as steep, at most so many


class Layer(NamedTuple):
    """A part of the picture.

    Attributes:
        colours: [h, w, 3], float32, 0..255, wherever ``cover`` is not 0.
        cover: [h, w], float32, 0..1, how much of each pixel it covers.
    """

    colours: np.ndarray
    cover: np.ndarray

    def enlarged(self, times: int) -> Layer:
        """The same on a canvas with ``times`` as many pixels on each side, with borders no wider in its pixels."""
        if times == 1:
            return self
        colours = cv2.resize(self.colours, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR)
        cover = cv2.resize(self.cover, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
        return Layer(colours, np.clip((cover - 0.5) * min(_NARROWER * times, _NARROWEST) + 0.5, 0, 1))


def lay(picture: np.ndarray, layers: Sequence[Layer], within: np.ndarray) -> np.ndarray:
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
