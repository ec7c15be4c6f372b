"""Hangers of wire, wood and plastic, with a hook, and with clips for trousers and skirts."""

from dataclasses import dataclass

import numpy as np

from vton.studio.accessories.shapes import PartMesh, join, tube
from vton.studio.fabrics.painting import linear
from vton.studio.raster.appearance import Material

BODY, METAL, CLIP = range(3)
"""Part numbers."""

HOOK_RADIUS_M, HOOK_NECK_M, HOOK_THICK_M = 0.022, 0.045, 0.0018


@dataclass(frozen=True)
class HangerKind:
    """thick: radius of the arms, metres; colours: sRGB of the body; bar: whether one runs from tip to tip."""

    thick: float
    colours: tuple[tuple[float, float, float], ...]
    bar: bool
    gloss: float


HANGERS: dict[str, HangerKind] = {
    "wire": HangerKind(0.0016, ((0.75, 0.75, 0.76), (0.20, 0.20, 0.21), (0.92, 0.92, 0.92)), True, 1.5),
    "wood": HangerKind(0.0085, ((0.70, 0.50, 0.30), (0.80, 0.64, 0.44), (0.42, 0.26, 0.15)), False, 0.5),
    "plastic": HangerKind(
        0.0050, ((0.06, 0.06, 0.07), (0.93, 0.93, 0.93), (0.25, 0.40, 0.65), (0.85, 0.55, 0.60)), True, 0.7
    ),
}


def shoulder_hanger(kind: str, apex: np.ndarray, tip: np.ndarray) -> PartMesh:
    """A hanger whose arms run from ``apex`` [3] (x = 0) down to ``tip`` [3] and its mirror image."""
    thick = HANGERS[kind].thick
    steps = np.linspace(-1, 1, 41)[:, None]
    share = np.abs(steps)
    arms = apex * (1 - share) + (tip * [0, 1, 1]) * share + np.abs(tip[0]) * steps * [1, 0, 0]
    parts = [tube(arms, thick, BODY), hook(apex)]
    if HANGERS[kind].bar:
        low = tip * [1, 1, 1] - [0, thick, 0]
        parts.append(tube(np.linspace(low * [-1, 1, 1], low, 12), max(0.8 * thick, 0.0014), BODY))
    return join(parts)


def clip_hanger(kind: str, middle: np.ndarray, half_width: float, grips: tuple[np.ndarray, np.ndarray]) -> PartMesh:
    """A straight bar through ``middle`` [3] with two clips that hold the cloth at the points ``grips`` [3]."""
    start, end = middle + np.array([[-half_width, 0, 0], [half_width, 0, 0]])
    parts = [tube(np.linspace(start, end, 12), max(HANGERS[kind].thick * 0.8, 0.002), BODY), hook(middle)]
    for grip in grips:
        top = np.array([grip[0], middle[1] + 0.006, middle[2] + 0.004])
        jaw = np.linspace(top, grip + [0, 0, 0.005], 8)
        parts += [tube(jaw + [x, 0, 0], 0.0055, CLIP, sides=6) for x in (-0.007, 0.0, 0.007)]
    return join(parts)


def hook(apex: np.ndarray) -> PartMesh:
    """A neck and three quarters of a ring above it."""
    turn = np.linspace(-0.5 * np.pi, 0.85 * np.pi, 24)
    centre = apex + [0, HOOK_NECK_M + HOOK_RADIUS_M, 0]
    ring = centre + HOOK_RADIUS_M * np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], 1)
    path = np.concatenate([np.linspace(apex, apex + [0, HOOK_NECK_M, 0], 6)[:-1], ring])
    return tube(path, HOOK_THICK_M, METAL, sides=6)


def hanger_material(kind: str, seed: int) -> Material:
    """Body, hook and clips of a hanger."""
    colours = HANGERS[kind].colours
    body = linear(colours[seed % len(colours)])
    table = np.stack([body, linear((0.72, 0.72, 0.74)), linear((0.12, 0.12, 0.13))]).astype(np.float32)
    return Material("hard", table, spec=np.array([HANGERS[kind].gloss, 2.6, 0.6], np.float32), rough=0.35)
