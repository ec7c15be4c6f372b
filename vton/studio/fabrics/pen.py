"""Drawing in metres on the atlas of a garment: colour and relief at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from vton.studio.fabrics.patterns import Canvas

Point = tuple[float, float]
SUBTEXEL_BITS = 4


@dataclass(frozen=True)
class Ink:
    """What a stroke does: paints ``colour`` (linear RGB), multiplies by ``dim``, raises by ``relief`` metres."""

    colour: ArrayLike | None = None
    strength: float = 1.0
    dim: float = 1.0
    relief: float = 0.0


class Pen:
    """Draws shapes into albedo [S, S, 3] (linear) and height [S, S] (metres), in place; points are atlas metres."""

    def __init__(self, canvas: Canvas, albedo: np.ndarray, height: np.ndarray) -> None:
        self.canvas, self.albedo, self.height = canvas, albedo, height

    def line(self, points: Sequence[Point], width: float, ink: Ink) -> None:
        """A polyline; what is thinner than a texel gets weaker instead."""
        texels = width / self.canvas.texel
        thickness = max(1, round(texels))
        window = self._window(points, thickness + 2)
        if window is None:
            return
        (x, y), mask = window
        cv2.polylines(mask, [self._fixed(points, x, y)], False, 1.0, thickness, cv2.LINE_AA, SUBTEXEL_BITS)
        self._apply(x, y, mask * min(1.0, max(0.4, texels)), ink)

    def polygon(self, points: Sequence[Point], ink: Ink) -> None:
        """A filled outline."""
        window = self._window(points, 2)
        if window is None:
            return
        (x, y), mask = window
        cv2.fillPoly(mask, [self._fixed(points, x, y)], 1.0, cv2.LINE_AA, SUBTEXEL_BITS)
        self._apply(x, y, mask, ink)

    def rectangle(self, u0: float, v0: float, u1: float, v1: float, ink: Ink) -> None:
        """Between two corners."""
        self.polygon([(u0, v0), (u1, v0), (u1, v1), (u0, v1)], ink)

    def disc(self, u: float, v: float, radius: float, ink: Ink) -> None:
        """A circle."""
        self.ellipse(u, v, radius, radius, ink)

    def ellipse(self, u: float, v: float, half_u: float, half_v: float, ink: Ink) -> None:
        """An upright ellipse."""
        window = self._window([(u - half_u, v - half_v), (u + half_u, v + half_v)], 2)
        if window is None:
            return
        (x, y), mask = window
        columns, rows = np.arange(mask.shape[1]) + x, np.arange(mask.shape[0]) + y
        du, dv = self.canvas.u[0, columns] - u, self.canvas.v[rows, 0] - v
        distance = np.hypot(du[None, :] / half_u, dv[:, None] / half_v)
        self._apply(x, y, self.canvas.edge((1 - distance) * min(half_u, half_v)).astype(np.float32), ink)

    def _texels(self, points: Sequence[Point]) -> np.ndarray:
        p = np.asarray(points, np.float64) / self.canvas.texel
        return np.stack([p[:, 0], self.canvas.size - p[:, 1]], 1)

    def _fixed(self, points: Sequence[Point], x: int, y: int) -> np.ndarray:
        # OpenCV's pixel centres are whole numbers, the atlas' are halves
        return np.round((self._texels(points) - (x + 0.5, y + 0.5)) * 2**SUBTEXEL_BITS).astype(np.int32)

    def _window(self, points: Sequence[Point], margin: int) -> tuple[tuple[int, int], np.ndarray] | None:
        p, size = self._texels(points), self.canvas.size
        x0, y0 = (max(0, int(n) - margin) for n in np.floor(p.min(0)))
        x1, y1 = (min(size, int(n) + margin + 1) for n in np.ceil(p.max(0)))
        if x0 >= x1 or y0 >= y1:
            return None
        return (x0, y0), np.zeros((y1 - y0, x1 - x0), np.float32)

    def _apply(self, x: int, y: int, mask: np.ndarray, ink: Ink) -> None:
        spot = np.s_[y : y + mask.shape[0], x : x + mask.shape[1]]
        albedo = self.albedo[spot]
        if ink.colour is not None:
            albedo += (ink.strength * mask)[..., None] * (np.asarray(ink.colour, np.float32) - albedo)
        if ink.dim != 1.0:
            albedo *= (1 - (1 - ink.dim) * mask)[..., None]
        if ink.relief:
            self.height[spot] += ink.relief * mask
