"""Fifteen constructions of cloth: how they scatter light, what a texel of them looks like and how stiff they hang."""

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from vton.studio.fabrics.patterns import Canvas, canvas_of, noise


@dataclass(frozen=True)
class Weave:
    """Light and stiffness of a fabric; spec, rough, sheen, translucency as in ``appearance.Material``.

    bend: stiffness for the drape, 0.01 flows .. 0.2 stands; folds: height of creases, metres.
    """

    spec: float
    rough: float
    sheen: float
    bend: float
    translucency: float
    folds: float = 0.0030


WEAVES: dict[str, Weave] = {
    "cotton": Weave(0.0, 0.60, 0.06, 0.03, 0.18),
    "rib": Weave(0.0, 0.70, 0.16, 0.04, 0.20),
    "knit": Weave(0.0, 0.70, 0.22, 0.05, 0.22, 0.0024),
    "cable": Weave(0.0, 0.70, 0.25, 0.08, 0.22, 0.0020),
    "fleece": Weave(0.0, 0.80, 0.30, 0.15, 0.20, 0.0022),
    "satin": Weave(1.1, 0.42, 0.10, 0.012, 0.12, 0.0034),
    "chiffon": Weave(0.1, 0.50, 0.10, 0.01, 0.30, 0.0034),
    "linen": Weave(0.0, 0.60, 0.06, 0.06, 0.20, 0.0034),
    "denim": Weave(0.0, 0.60, 0.05, 0.12, 0.12, 0.0024),
    "twill": Weave(0.15, 0.55, 0.05, 0.07, 0.15, 0.0026),
    "wool": Weave(0.0, 0.70, 0.16, 0.12, 0.18, 0.0022),
    "tweed": Weave(0.0, 0.70, 0.15, 0.15, 0.15, 0.0018),
    "corduroy": Weave(0.0, 0.60, 0.30, 0.12, 0.15, 0.0022),
    "leather": Weave(1.5, 0.38, 0.0, 0.20, 0.02, 0.0026),
    "nylon": Weave(0.7, 0.45, 0.05, 0.06, 0.10, 0.0028),
}

VARIANTS = 3
"""Different random textures per weave; more only fill the memory."""


def weave_maps(name: str, size: int, side_m: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Factor of the colour and height in metres of a weave, [size, size] f32 each; do not write into them."""
    return _maps(name, size, side_m, seed % VARIANTS)


@functools.lru_cache(maxsize=12)
def _maps(name: str, size: int, side_m: float, variant: int) -> tuple[np.ndarray, np.ndarray]:
    canvas = canvas_of(size, side_m)
    rng = np.random.default_rng([variant, size, list(WEAVES).index(name)])
    factor, height = _BUILDERS.get(name, _plain)(canvas, rng)
    factor, height = (np.broadcast_to(m, (size, size)).astype(np.float32) for m in (factor, height))
    return np.ascontiguousarray(factor), np.ascontiguousarray(height)


def _grain(rng: np.random.Generator, size: int, blur_x: float, blur_y: float) -> np.ndarray:
    """White noise, blurred by so many texels, of unit variance."""
    grain = rng.standard_normal((size, size)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), blur_x, sigmaY=blur_y, borderType=cv2.BORDER_REFLECT)
    return grain / grain.std()


def _bumps(canvas: Canvas, rng: np.random.Generator, width: float, octaves: int) -> np.ndarray:
    """Smooth noise of unit variance, so many metres from bump to bump at whatever size of the canvas."""
    return noise(rng, canvas.size, min(canvas.size / 2, canvas.size * canvas.texel / width), octaves)


def _plain(canvas: Canvas, rng: np.random.Generator):
    return 1 + 0.025 * _grain(rng, canvas.size, 0.6, 0.6), np.zeros(1)


def _smooth(canvas: Canvas, rng: np.random.Generator):
    return np.ones(1), np.zeros(1)


def _denim(canvas: Canvas, rng: np.random.Generator):
    slub = _grain(rng, canvas.size, 0.5, 4.0) + 0.6 * _grain(rng, canvas.size, 0.6, 0.6)
    cloudy = _bumps(canvas, rng, 0.107, 3)
    return 1 + 0.045 * slub + 0.045 * cloudy, 0.0002 * slub


def _knit(canvas: Canvas, rng: np.random.Generator):
    wale = max(0.008, 2.4 * canvas.texel)
    phase = (canvas.u / wale) % 1.0
    columns = np.abs(np.sin(np.pi * canvas.u / wale))
    lean = np.where(phase < 0.5, 1.0, -1.0) * 3.8 * (phase % 0.5)
    rows = np.sin(2 * np.pi * canvas.v / (0.8 * wale) + lean)
    fuzz = _grain(rng, canvas.size, 0.7, 0.7)
    return 0.78 + 0.24 * columns + 0.05 * rows + 0.02 * fuzz, 0.0012 * (columns + 0.35 * rows)


def _rib(canvas: Canvas, rng: np.random.Generator):
    ridges = np.abs(np.sin(np.pi * canvas.u / max(0.011, 2.6 * canvas.texel)))
    return 0.72 + 0.28 * ridges + 0 * canvas.v, 0.0015 * ridges + 0 * canvas.v


def _cable(canvas: Canvas, rng: np.random.Generator):
    across = (canvas.u / 0.075) % 1.0
    sway = 0.13 * np.sin(2 * np.pi * canvas.v / 0.065)
    strands = sum(np.exp(-(((across - 0.5 + s * sway) / 0.09) ** 2)) for s in (-1, 1))
    ridges = np.abs(np.sin(np.pi * canvas.u / max(0.009, 2.6 * canvas.texel)))
    return 0.75 + 0.27 * np.clip(strands, 0, 1), 0.0036 * strands + 0.0005 * ridges


def _linen(canvas: Canvas, rng: np.random.Generator):
    slubs = _grain(rng, canvas.size, 0.5, 5.0) + _grain(rng, canvas.size, 5.0, 0.5)
    return 1 + 0.05 * slubs, 0.00025 * slubs


def _tweed(canvas: Canvas, rng: np.random.Generator):
    flecks = _grain(rng, canvas.size, 0.7, 0.7)
    return np.clip(1 + 0.17 * flecks, 0.4, 1.8), 0.0004 * flecks


def _corduroy(canvas: Canvas, rng: np.random.Generator):
    wales = np.abs(np.sin(np.pi * canvas.u / max(0.009, 2.6 * canvas.texel)))
    return 0.5 + 0.5 * wales + 0 * canvas.v, 0.0017 * wales + 0 * canvas.v


def _leather(canvas: Canvas, rng: np.random.Generator):
    creases, folds = _bumps(canvas, rng, 0.043, 3), _bumps(canvas, rng, 0.025, 1)
    grain = _bumps(canvas, rng, 0.004, 1)
    return 1 + 0.08 * creases, 0.0005 * creases + 0.0003 * folds + 0.00006 * grain


def _fleece(canvas: Canvas, rng: np.random.Generator):
    pile = _bumps(canvas, rng, 0.02, 2)
    return 1 + 0.05 * pile, 0.0008 * pile


def _nylon(canvas: Canvas, rng: np.random.Generator):
    return 1 + 0.015 * _bumps(canvas, rng, 0.043, 2), 0.0004 * _bumps(canvas, rng, 0.028, 2)


_BUILDERS = {
    "denim": _denim,
    "knit": _knit,
    "rib": _rib,
    "cable": _cable,
    "linen": _linen,
    "tweed": _tweed,
    "corduroy": _corduroy,
    "leather": _leather,
    "fleece": _fleece,
    "nylon": _nylon,
    "satin": _smooth,
    "chiffon": _smooth,
}
