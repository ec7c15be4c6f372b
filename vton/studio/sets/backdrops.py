"""What articles lie on or hang before: floors, beds, walls and doors, drawn as textures."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from vton.studio.fabrics.painting import linear
from vton.studio.fabrics.patterns import noise
from vton.studio.specs.form import Colour
from vton.studio.specs.photo import ArticleViewSpec

TEXTURE_PX = 384
PALETTES: dict[str, tuple[Colour, ...]] = {
    "white": ((0.93, 0.93, 0.93), (0.96, 0.95, 0.94), (0.90, 0.91, 0.93)),
    "grey": ((0.62, 0.62, 0.62), (0.75, 0.75, 0.76), (0.45, 0.45, 0.46), (0.30, 0.30, 0.31)),
    "wood": ((0.62, 0.45, 0.28), (0.76, 0.60, 0.40), (0.45, 0.29, 0.18), (0.68, 0.63, 0.57), (0.80, 0.72, 0.58),
             (0.85, 0.62, 0.32)),
    "carpet": ((0.45, 0.42, 0.38), (0.62, 0.57, 0.49), (0.30, 0.31, 0.34), (0.45, 0.18, 0.16), (0.70, 0.68, 0.64),
               (0.55, 0.47, 0.22)),
    "rug": ((0.50, 0.25, 0.22), (0.32, 0.38, 0.33), (0.66, 0.57, 0.45), (0.36, 0.36, 0.44), (0.55, 0.53, 0.50)),
    "linen": ((0.92, 0.91, 0.89), (0.80, 0.12, 0.13), (0.62, 0.10, 0.28), (0.86, 0.80, 0.72), (0.72, 0.79, 0.87),
              (0.90, 0.66, 0.72), (0.45, 0.47, 0.50), (0.93, 0.92, 0.90), (0.15, 0.16, 0.19)),
    "print": ((0.90, 0.88, 0.84), (0.78, 0.84, 0.90), (0.92, 0.84, 0.76), (0.88, 0.86, 0.90)),
    "tiles": ((0.82, 0.78, 0.72), (0.70, 0.70, 0.70), (0.90, 0.89, 0.87), (0.60, 0.52, 0.44)),
    "paper": ((0.85, 0.16, 0.16), (0.10, 0.62, 0.60), (0.93, 0.72, 0.78), (0.95, 0.80, 0.25), (0.30, 0.45, 0.75),
              (0.55, 0.70, 0.48)),
    "wall": ((0.86, 0.84, 0.80), (0.78, 0.80, 0.84), (0.90, 0.88, 0.85), (0.80, 0.72, 0.62), (0.70, 0.76, 0.70)),
    "door": ((0.92, 0.91, 0.89), (0.58, 0.38, 0.22), (0.80, 0.77, 0.72), (0.40, 0.24, 0.14)),
    "wardrobe": ((0.72, 0.54, 0.36), (0.50, 0.32, 0.19), (0.88, 0.87, 0.85), (0.32, 0.22, 0.16)),
}  # fmt: skip
"""Main colours of every kind of backdrop, sRGB."""

FLOORS = ("white", "grey", "wood", "carpet", "rug", "linen", "print", "tiles", "paper")
WALLS = ("white", "grey", "wall", "door", "wardrobe", "tiles", "paper")


@dataclass(frozen=True)
class _Canvas:
    """Metres of the texels: x [1, S] from the left, y [S, 1] from the top; and what is drawn at random."""

    side_m: float
    x: np.ndarray
    y: np.ndarray
    rng: np.random.Generator

    def noise(self, length_m: float, octaves: int = 3, width: float = 1.0) -> np.ndarray:
        """Noise [S, S] of unit variance with bumps of a length."""
        return noise(self.rng, TEXTURE_PX, max(2.0, self.side_m / length_m), octaves, width)


Painted = tuple[np.ndarray, np.ndarray]
"""Albedo as a factor of the main colour, [S, S] or [S, S, 3], and height in metres [S, S]."""


def paint(view: ArticleViewSpec, side_m: float) -> Painted:
    """A piece of the backdrop ``side_m`` metres wide: albedo [S, S, 3] f32 linear, and height [S, S] f32 metres."""
    rng = np.random.default_rng([view.seed, 2])
    centres = ((np.arange(TEXTURE_PX) + 0.5) * (side_m / TEXTURE_PX)).astype(np.float32)
    factor, height = _PAINTERS[view.backdrop](_Canvas(side_m, centres[None, :], centres[:, None], rng))
    factor = factor if factor.ndim == 3 else factor[..., None]
    albedo = np.clip(factor * linear(view.backdrop_colour), 0.01, 0.92)
    return albedo.astype(np.float32), height.astype(np.float32)


def _smooth_paper(c: _Canvas) -> Painted:
    return 1 + 0.012 * c.noise(0.4), 0.0004 * c.noise(0.3, 2)


def _wall(c: _Canvas) -> Painted:
    return 1 + 0.02 * c.noise(0.5), 0.00012 * c.noise(0.01, 2)


def _planks(c: _Canvas, width: float, length: float, grain: float, seam: float) -> Painted:
    """Boards along y, each with its own tone and grain."""
    column = np.floor(c.x / width).astype(int)
    offsets = c.rng.uniform(0, length, column.max() + 1)
    along = (c.y + offsets[column]) / length
    row = np.floor(along).astype(int)
    tones = c.rng.normal(1, 0.09, (column.max() + 1, row.max() + 1))
    tone = tones[column, row]
    fibres = c.noise(0.012, 2, 0.12) * 0.5 + c.noise(0.05, 3, 0.10) * 0.5
    from_side = np.abs(c.x / width - np.rint(c.x / width)) * width
    from_end = np.abs(along - np.rint(along)) * length
    gap = np.minimum(np.broadcast_to(from_side, from_end.shape), from_end)
    groove = np.exp(-((gap / 0.0016) ** 2))
    return tone * (1 + grain * fibres) * (1 - seam * groove), -0.0012 * groove + 0.0001 * fibres


def _wood(c: _Canvas) -> Painted:
    width = c.rng.uniform(0.06, 0.19)
    return _planks(c, width, width * c.rng.uniform(4, 8), 0.10, 0.55)


def _wardrobe(c: _Canvas) -> Painted:
    return _planks(c, c.rng.uniform(0.45, 0.7), 9.0, 0.12, 0.7)


def _carpet(c: _Canvas) -> Painted:
    pile = c.noise(0.008, 3)
    return (1 + 0.16 * pile) * (1 + 0.05 * c.noise(0.25)), 0.0012 * pile


def _rug(c: _Canvas) -> Painted:
    """An ornamental rug: repeated medallions in three colours."""
    period = c.rng.uniform(0.22, 0.5)
    x, y = (c.x % period) / period - 0.5, (c.y % period) / period - 0.5
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    petals = int(c.rng.integers(4, 9))
    wave = np.cos(2 * np.pi * (radius * c.rng.uniform(3, 5) + 0.12 * np.cos(petals * angle))) + 0.3 * c.noise(0.02, 2)
    second, third = c.rng.uniform(0.4, 2.2, (2, 1)) * c.rng.uniform(0.8, 1.25, (2, 3))
    factor = np.ones((TEXTURE_PX, TEXTURE_PX, 3), np.float32)
    factor[wave > 0.35] = second
    factor[wave < -0.55] = third
    pile = c.noise(0.007, 2)
    return factor * (1 + 0.13 * pile)[..., None], 0.001 * pile


def _linen(c: _Canvas) -> Painted:
    """A sheet that nobody ironed."""
    soft = c.noise(0.4, 3, c.rng.uniform(0.3, 1))
    ridge = np.clip(1 - np.abs(c.noise(0.5, 2, c.rng.uniform(0.15, 0.5))) / 0.8, 0, 1) ** 1.5
    amount = c.rng.uniform(0.3, 1.2)
    return 1 + 0.01 * c.noise(0.004, 1), amount * (0.008 * soft + 0.006 * ridge)


def _print(c: _Canvas) -> Painted:
    """A bed cover with blots that stand for flowers."""
    factor, height = _linen(c)
    blots = c.noise(c.rng.uniform(0.05, 0.15), 2)
    tints = c.rng.uniform(0.25, 1.3, (2, 3))
    colour = np.ones((TEXTURE_PX, TEXTURE_PX, 3), np.float32)
    colour[blots > 0.9] = tints[0]
    colour[blots < -1.2] = tints[1]
    return cv2.GaussianBlur(colour, (0, 0), 0.8) * factor[..., None], height


def _tiles(c: _Canvas) -> Painted:
    side = c.rng.uniform(0.2, 0.42)
    column, row = np.floor(c.x / side).astype(int), np.floor(c.y / side).astype(int)
    tone = c.rng.normal(1, 0.025, (row.max() + 1, column.max() + 1))[row, column]
    gap = np.minimum(np.abs(c.x / side - np.rint(c.x / side)), np.abs(c.y / side - np.rint(c.y / side))) * side
    grout = np.exp(-((gap / 0.003) ** 2))
    shade = c.rng.uniform(0.5, 1.1)
    return tone * (1 + 0.04 * c.noise(0.12)) * (1 - (1 - shade) * grout), -0.001 * grout


def _door(c: _Canvas) -> Painted:
    """Raised panels with mouldings."""
    width, height = c.rng.uniform(0.32, 0.45), c.rng.uniform(0.6, 0.9)
    x, y = np.abs((c.x % width) / width - 0.5) * width, np.abs((c.y % height) / height - 0.5) * height
    inside = np.minimum(width / 2 - 0.06 - x, height / 2 - 0.06 - y)
    moulding = np.exp(-((inside / 0.008) ** 2))
    return 1 + 0.03 * c.noise(0.03, 2, 0.1) - 0.1 * moulding, 0.006 * np.clip(inside / 0.012, -1, 1)


_PAINTERS: dict[str, Callable[[_Canvas], Painted]] = {
    "white": _smooth_paper, "grey": _smooth_paper, "paper": _smooth_paper, "wall": _wall, "wood": _wood,
    "wardrobe": _wardrobe, "carpet": _carpet, "rug": _rug, "linen": _linen, "print": _print, "tiles": _tiles,
    "door": _door,
}  # fmt: skip

BACKDROPS = tuple(_PAINTERS)
"""Names of all backdrops."""
