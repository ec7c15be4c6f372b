"""Eighteen patterns of cloth on a metric canvas. Colours are linear RGB."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from vton.studio.fabrics.motifs import blossom, rosette, scatter, sprig

TEXEL_M = 0.0025
"""The finest patterns are made for texels of this size, whatever the canvas, so that a cloth is the same on each."""


@dataclass(frozen=True)
class Canvas:
    """The atlas of a garment, S x S texels of ``texel`` metres; row 0 is the top.

    u [1, S], v [S, 1]: metres of the texels' centres, v upwards.
    """

    size: int
    texel: float
    u: np.ndarray
    v: np.ndarray

    @classmethod
    def of(cls, size: int, side_m: float) -> "Canvas":
        """A square of side_m metres."""
        centres = ((np.arange(size) + 0.5) * (side_m / size)).astype(np.float32)
        return cls(size, side_m / size, centres[None, :], centres[::-1, None].copy())

    def plain(self, colour: np.ndarray) -> np.ndarray:
        """[S, S, 3] f32 of one colour."""
        return np.tile(np.asarray(colour, np.float32), (self.size, self.size, 1))

    def edge(self, metres: np.ndarray) -> np.ndarray:
        """0..1 coverage of texels that lie so far inside a shape."""
        return np.clip(metres / self.texel + 0.5, 0.0, 1.0)


def over(albedo: np.ndarray, colour: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Paints a colour through a mask, in place; the mask may be a row, a column or whole."""
    colour = np.asarray(colour, np.float32)
    albedo += mask[..., None].astype(np.float32) * (colour - albedo)
    return albedo


def noise(rng: np.random.Generator, size: int, cells: float, octaves: int = 3, width: float = 1.0) -> np.ndarray:
    """[size, size] f32 smooth noise of unit variance that tiles; cells: bumps along a side (width: their stretch)."""
    total = np.zeros((size, size), np.float32)
    for k in range(octaves):
        rows, columns = (max(2, min(size, int(cells * 2**k / w))) for w in (1.0, width))
        grid = np.pad(rng.standard_normal((rows, columns)).astype(np.float32), 2, mode="wrap")
        high, wide = round(size * (rows + 4) / rows), round(size * (columns + 4) / columns)
        big = cv2.resize(grid, (wide, high), interpolation=cv2.INTER_CUBIC)
        top, left = round(size * 2 / rows), round(size * 2 / columns)
        total += 0.5**k * big[top : top + size, left : left + size]
    return total / (total.std() + 1e-6)


def _fraction(x: np.ndarray, period: float) -> np.ndarray:
    return (x / period) % 1.0


def _band(canvas: Canvas, x: np.ndarray, period: float, centre: float, half: float) -> np.ndarray:
    """Coverage of stripes: half and centre in periods."""
    return canvas.edge((half - np.abs((_fraction(x, period) - centre + 0.5) % 1.0 - 0.5)) * period)


def _solid(canvas, rng, colours, scale):
    return canvas.plain(colours[0])


def _melange(canvas, rng, colours, scale):
    fibres = rng.standard_normal((canvas.size, canvas.size)).astype(np.float32)
    fibres = cv2.GaussianBlur(fibres, (0, 0), 0.45, sigmaY=0.9)
    return canvas.plain(colours[0]) * np.clip(1 + 0.15 * fibres, 0.4, 1.8)[..., None]


def _stripes(canvas, rng, colours, scale, x, widths):
    period = scale * rng.choice([0.022, 0.032, 0.045, 0.07, 0.1])
    albedo = over(canvas.plain(colours[0]), colours[1], _band(canvas, x, period, 0.5, rng.uniform(*widths) / 2))
    if rng.random() < 0.25:
        over(albedo, colours[2], _band(canvas, x, period, 0.0, 0.05))
    return albedo


def _hstripe(canvas, rng, colours, scale):
    return _stripes(canvas, rng, colours, scale, canvas.v, (0.25, 0.6))


def _vstripe(canvas, rng, colours, scale):
    return _stripes(canvas, rng, colours, scale, canvas.u, (0.2, 0.5))


def _pinstripe(canvas, rng, colours, scale):
    period = max(0.022, 4 * TEXEL_M)
    return over(canvas.plain(colours[0]), colours[1], 0.8 * _band(canvas, canvas.u, period, 0.5, 0.06))


def _gingham(canvas, rng, colours, scale):
    period = max(scale * rng.choice([0.014, 0.02, 0.035, 0.05]), 3 * TEXEL_M)
    across, along = (_band(canvas, x, period, 0.25, 0.25) for x in (canvas.u, canvas.v))
    return over(canvas.plain(colours[0]), colours[1], 0.45 * (across + along))


def _plaid(canvas, rng, colours, scale):
    period = scale * rng.choice([0.06, 0.09, 0.13, 0.17])
    main, second, _ = colours
    albedo = canvas.plain(main)
    axes = (canvas.u, canvas.v)
    for x, strength in zip(axes, (0.6, 0.55), strict=True):
        over(albedo, second, strength * _band(canvas, x, period, 0.3, 0.18))
    for x in axes:
        over(albedo, colours[2], 0.7 * _band(canvas, x, period, 0.72, 0.025))
        over(albedo, 0.25 * main, 0.4 * _band(canvas, x, period, 0.3, 0.05))
    return albedo


def _windowpane(canvas, rng, colours, scale):
    period = scale * rng.choice([0.05, 0.08])
    lines = [_band(canvas, x, period, 0.5, 0.03) for x in (canvas.u, canvas.v)]
    return over(canvas.plain(colours[0]), colours[1], 0.8 * np.maximum(*lines))


def _houndstooth(canvas, rng, colours, scale):
    period = max(scale * rng.choice([0.022, 0.032, 0.045]), 6 * TEXEL_M)
    across, along = _fraction(canvas.u, period) < 0.5, _fraction(canvas.v, period) < 0.5
    diagonal = _fraction(canvas.u + canvas.v, period / 2) < 0.5
    mask = (across & along) | ((across ^ along) & diagonal)
    return over(canvas.plain(colours[0]), colours[1], cv2.blur(mask.astype(np.float32), (2, 2)))


def _dots(canvas, rng, colours, scale):
    period = max(scale * rng.choice([0.022, 0.032, 0.05, 0.08]), 4 * TEXEL_M)
    radius = period * rng.uniform(0.16, 0.3)
    mask = np.zeros((canvas.size, canvas.size), np.float32)
    for shift in (0.0, 0.5):
        x, y = ((x / period + shift) % 1.0 - 0.5 for x in (canvas.u, canvas.v))
        mask = np.maximum(mask, canvas.edge(radius - np.hypot(x, y) * period))
    return over(canvas.plain(colours[0]), colours[1], mask)


def _zigzag(canvas, rng, colours, scale):
    period = 0.09 * scale
    height = canvas.v + np.abs(_fraction(canvas.u, period) - 0.5) * period * 0.8
    albedo = over(canvas.plain(colours[0]), colours[1], _band(canvas, height, period * 0.7, 0.165, 0.165))
    return over(albedo, colours[2], _band(canvas, height, period * 0.7, 0.415, 0.085))


def _abstract(canvas, rng, colours, scale):
    field = noise(rng, canvas.size, canvas.size * canvas.texel / (0.22 * scale), 2)
    albedo = canvas.plain(colours[0])
    for colour, level in ((colours[1], 0.3), (colours[2], 0.9)):
        over(albedo, colour, np.clip((field - level) / 0.04 + 0.5, 0, 1))
    return albedo


def _camo(canvas, rng, colours, scale):
    albedo = canvas.plain(colours[0])
    for colour, cell in ((0.5 * (colours[0] + colours[1]), 0.2), (colours[0] * 0.45, 0.17), (colours[0] * 1.5, 0.14)):
        field = noise(rng, canvas.size, canvas.size * canvas.texel / (cell * scale), 2)
        over(albedo, np.minimum(colour, 0.9), np.clip((field - 0.5) / 0.08 + 0.5, 0, 1))
    return albedo


def _tiedye(canvas, rng, colours, scale):
    warp = noise(rng, canvas.size, canvas.size * canvas.texel / 0.18, 3)
    wave = 0.5 + 0.5 * np.sin(canvas.v * rng.uniform(14, 30) / scale + 2.2 * warp)
    albedo = over(canvas.plain(colours[0]), colours[1], wave**1.5)
    return over(albedo, colours[2], np.clip(wave - 0.8, 0, 1) * 2.0)


def _ombre(canvas, rng, colours, scale):
    return over(canvas.plain(colours[0]), colours[1], np.clip((canvas.v - 0.8) / 0.53, 0, 1))


def _block(canvas, rng, colours, scale):
    height = rng.uniform(1.11, 1.26)
    albedo = over(canvas.plain(colours[0]), colours[1], canvas.edge(height - canvas.v))
    if rng.random() < 0.5:
        over(albedo, colours[2], canvas.edge(0.017 - np.abs(canvas.v - height)))
    return albedo


def _floral(canvas, rng, colours, scale):
    size = canvas.size // 4 if rng.random() < 0.5 else canvas.size // 2
    radius = scale * (rng.uniform(0.018, 0.026) if size == canvas.size // 4 else rng.uniform(0.03, 0.05))
    texels = max(6, round(2 * radius / canvas.texel))
    leaf = np.array([0.05, 0.13, 0.04], np.float32) * rng.uniform(0.6, 1.8)
    heart = np.array([0.70, 0.42, 0.08], np.float32)
    palette = [colours[1], colours[2], np.clip(0.5 * colours[1] + 0.3, 0, 0.85)]
    petals = int(rng.integers(4, 8))
    blooms = [
        blossom(max(6, int(texels * rng.uniform(0.75, 1.2))), petals, rng.uniform(0, 6.28), palette[k % 3], heart)
        for k in range(5)
    ]
    sprigs = [sprig(max(6, int(texels * 1.1)), rng.uniform(0, 6.28), leaf) for _ in range(4)]
    tile = np.tile(np.asarray(colours[0], np.float32), (size, size, 1))
    columns = round(size * canvas.texel / (2 * radius * rng.uniform(1.1, 1.7)))
    scatter(rng, tile, sprigs, columns)
    scatter(rng, tile, blooms + sprigs[:1], columns)
    return np.tile(tile, (canvas.size // size, canvas.size // size, 1))


def _leopard(canvas, rng, colours, scale):
    size = canvas.size // 4
    width = 0.042 * scale
    texels = max(7, round(width / canvas.texel))
    tile = np.tile(np.asarray(colours[0], np.float32), (size, size, 1))
    spots = [rosette(rng, int(texels * rng.uniform(0.7, 1.15)), colours) for _ in range(9)]
    scatter(rng, tile, spots, round(size * canvas.texel / (0.98 * width)))
    return np.tile(tile, (canvas.size // size, canvas.size // size, 1))


PATTERNS: dict[str, Callable[[Canvas, np.random.Generator, np.ndarray, float], np.ndarray]] = {
    "solid": _solid,
    "melange": _melange,
    "hstripe": _hstripe,
    "vstripe": _vstripe,
    "pinstripe": _pinstripe,
    "gingham": _gingham,
    "plaid": _plaid,
    "windowpane": _windowpane,
    "houndstooth": _houndstooth,
    "dots": _dots,
    "floral": _floral,
    "abstract": _abstract,
    "block": _block,
    "zigzag": _zigzag,
    "tiedye": _tiedye,
    "leopard": _leopard,
    "camo": _camo,
    "ombre": _ombre,
}


@functools.lru_cache(maxsize=4)
def canvas_of(size: int, side_m: float) -> Canvas:
    """``Canvas.of``, remembered."""
    return Canvas.of(size, side_m)
