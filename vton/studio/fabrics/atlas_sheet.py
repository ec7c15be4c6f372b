"""A garment's atlas under the painter's hands: bands, ribs and stitches along its borders, buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vton.studio.fabrics.patterns import Canvas
from vton.studio.fabrics.pen import Ink, Pen
from vton.studio.garments.atlas import AtlasMarks

STEEL, BRASS, IVORY = (np.array(c, np.float32) for c in ((0.36, 0.36, 0.38), (0.45, 0.30, 0.13), (0.80, 0.77, 0.70)))
RIB_PERIOD_M = 0.009


@dataclass(frozen=True)
class Strip:
    """The texels near a border: flat indices and their distance to it in metres."""

    indices: np.ndarray
    distance: np.ndarray


@dataclass
class Sheet:
    """A garment's atlas under the painter's hands.

    colour, second: of the fabric, stitching: of the thread, all linear RGB; borders: by name; cut: of the article.
    """

    pen: Pen
    canvas: Canvas
    marks: AtlasMarks
    kind: str
    type: str
    cut: Mapping[str, Any]
    borders: Mapping[str, Strip]
    seams: Strip | None
    colour: np.ndarray
    second: np.ndarray
    weave: str
    rng: np.random.Generator

    @property
    def contrast_seams(self) -> bool:
        """Jeans: thread that shows."""
        return bool(self.cut.get("stitch")) and self.weave == "denim"

    @property
    def rib_period(self) -> float:
        """Metres from rib to rib that the texels can show."""
        return max(RIB_PERIOD_M, 2.4 * self.canvas.texel)

    @property
    def stitching(self) -> np.ndarray:
        """Colour of the thread."""
        if self.contrast_seams:
            return np.array([0.50, 0.235, 0.06], np.float32)
        return self.colour * 0.5 if self.colour.mean() > 0.03 else self.colour * 2.2 + 0.006

    def band(self, border: str | Strip | None, width: float, ink: Ink) -> None:
        """From a border inwards."""
        strip = self.borders.get(border) if isinstance(border, str) else border
        if strip is not None:
            self._touch(strip, self.canvas.edge(width - strip.distance), ink)

    def row(self, border: str | Strip | None, distance: float, width: float, ink: Ink) -> None:
        """A line along a border."""
        strip = self.borders.get(border) if isinstance(border, str) else border
        if strip is not None:
            inside = width / 2 - np.abs(strip.distance - distance)
            weak = min(1.0, max(0.45, width / self.canvas.texel))
            self._touch(strip, weak * self.canvas.edge(inside), ink)

    def stitch(self, border: str | Strip | None, distance: float, strength: float = 0.8) -> None:
        """A row of stitches along a border, and the small step that it makes."""
        self.row(border, distance, 0.0018, Ink(self.stitching, strength))
        self.band(border, distance, Ink(relief=0.0006))

    def rib(self, border: str, width: float, dim: float = 0.86) -> None:
        """A knitted rib along a border."""
        strip = self.borders.get(border)
        if strip is None:
            return
        size = self.canvas.size
        near = strip.distance < width + 2 * self.canvas.texel
        at, mask = strip.indices[near], self.canvas.edge(width - strip.distance[near])
        ridge = np.abs(np.sin(np.pi * self.canvas.u[0, at % size] / self.rib_period))
        albedo, height = self.pen.albedo.reshape(-1, 3), self.pen.height.reshape(-1)
        albedo[at] *= (1 - mask * (1 - dim + 0.18 * (1 - ridge)))[:, None]
        height[at] += mask * (0.0012 * ridge - height[at])
        self.row(border, width, 0.003, Ink(dim=0.6, relief=-0.001))

    def button(self, u: float, v: float, radius: float, colour: np.ndarray) -> None:
        """A button and its shadow."""
        self.pen.disc(u, v - 0.0012, radius + 0.0012, Ink(dim=0.35, relief=0.001))
        self.pen.disc(u, v, radius, Ink(colour, relief=0.001))

    def _touch(self, strip: Strip, mask: np.ndarray, ink: Ink) -> None:
        some = mask > 0
        at, mask = strip.indices[some], mask[some]
        albedo, height = self.pen.albedo.reshape(-1, 3), self.pen.height.reshape(-1)
        if ink.colour is not None:
            albedo[at] += (ink.strength * mask)[:, None] * (np.asarray(ink.colour, np.float32) - albedo[at])
        if ink.dim != 1.0:
            albedo[at] *= (1 - (1 - ink.dim) * mask)[:, None]
        if ink.relief:
            height[at] += ink.relief * mask
