"""Bare skin where the old garment was."""

from __future__ import annotations

import cv2
import numpy as np

from vton.compositing.layer import Layer
from vton.compositing.measures import DARKEST, EDGE, KNOWN, LEAST_SKIN, LIGHTEST, MIXED, NEXT, RIM, ROUND, TONE
from vton.compositing.uncovered import Uncovered
from vton.conditioning.masks import distance_to, grown, nearest_colours, shrunk, soft
from vton.conditioning.person.wearer import SKIN, TELLING_SKIN


def skin(gap: Uncovered) -> Layer:
    """Bare skin has the tone that the photo shows, and the light and shade that the network drew.

    Beneath an old outer garment the body, which may be dressed, is as the network drew it.
    """
    person, wearer = gap.scene.person, gap.scene.wearer
    bare = np.maximum.reduce([part.cover for part in gap.shown])
    # 1. Parts of the body, as drawn or in the photo's tone.
    colours = gap.scene.drawn.astype(np.float32)
    if not wearer.garment.over:
        _tint(colours, gap, bare)
    # 2. Skin that stays is the photo's own, up to its border without what adjoins it.
    kept = wearer.mask(*SKIN) & ~gap.gone
    colours[kept] = person.image_u8[kept]
    inner = shrunk(kept, NEXT)
    if inner.any():
        beside = (soft(kept) > 0) & ~kept & (bare == 0)
        colours[beside] = nearest_colours(person.image_u8, inner)[0][beside]
    return Layer(colours, np.maximum(bare, soft(kept))).within(gap.around)


def _tint(colours: np.ndarray, gap: Uncovered, bare: np.ndarray) -> None:
    """Gives each part of the body its tone, in place.

    Args:
        colours: [h, w, 3], float32, 0..255.
        bare: [h, w], float32, 0..1, how much of each pixel any part covers.
    """
    wearer, drawn = gap.scene.wearer, gap.scene.drawn
    tells = gap.gone & ~grown(gap.worn, RIM)
    depth = distance_to(~((bare > 0.5) | wearer.mask(*SKIN)))
    shade = EDGE + (1 - EDGE) * np.sqrt(np.clip(depth / (ROUND * wearer.unit), 0, 1))
    for part in gap.shown:
        there = (part.cover > 0) & (part.cover >= bare)
        tone = _tone(gap, part.labels)
        if tone is not None:
            light = shade * _light(drawn, tone, tells & (part.cover > 0.5))
            colours[there] = (light[..., None] * tone)[there]


def _tone(gap: Uncovered, labels: tuple[str, ...]) -> np.ndarray | None:
    """The median colour of the skin of these labels, or of any outside tights, that the photo shows: [3], 0..255."""
    for names, least in ((labels, LEAST_SKIN), (TELLING_SKIN, 1)):
        seen = gap.scene.person.image_u8[gap.scene.wearer.mask(*names) & ~gap.gone]
        if len(seen) >= least:
            return np.maximum(np.median(seen, axis=0), 1)
    return None


def _light(drawn: np.ndarray, tone: np.ndarray, believed: np.ndarray) -> np.ndarray:
    """How bright skin of that tone is everywhere: [h, w], 1 where nothing tells.

    Args:
        drawn: [h, w, 3], uint8, by the network; ``believed`` [h, w], bool, where it has about that tone.
    """
    good = believed & (np.abs(drawn - tone).max(axis=2) < TONE)
    if not good.any():
        return np.ones(good.shape)
    nearest, distance = nearest_colours(drawn, good)
    light = cv2.blur(nearest.mean(axis=2) / tone.mean(), (MIXED, MIXED)).clip(DARKEST, LIGHTEST)
    return 1 + (light - 1) * np.clip(2 - distance / KNOWN, 0, 1)
