"""Trousers, skirt or dress that go on above the hem of the old top."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vton.compositing.layer import Layer
from vton.compositing.measures import LEAST_SEEN, SHADOW, TAPER
from vton.compositing.uncovered import Uncovered
from vton.conditioning.masks import distance_to, soft


class Sides(NamedTuple):
    """First and last column in each row of what a lower garment goes on behind: [h], int, each."""

    left: np.ndarray
    right: np.ndarray


def lower(gap: Uncovered) -> Layer | None:
    """Beneath a shorter top the lower garment goes on, mirrored at the old hem; None where it is itself put on."""
    image, wearer = gap.scene.person.image_u8, gap.scene.wearer
    if wearer.garment.on_legs:
        return None
    pixels, mirrored = _mirrored(gap.lower, gap.gone, round(wearer.waist), _sides(gap), wearer.unit)
    colours, cover = image.astype(np.float32), gap.lower.copy()
    colours[pixels], cover[pixels] = image[mirrored], True
    return Layer(colours, soft(cover)).within(gap.around)


def _sides(gap: Uncovered) -> Sides:
    """The new garment's sides; in rows where it does not hide the body, those of the body."""
    torso, legs, arms = (part.cover > 0.5 for part in gap.scene.wearer.parts)
    over, body = gap.worn & (distance_to(torso) < distance_to(arms)), torso | legs
    hides = over.sum(axis=1) > 0.5 * body.sum(axis=1)
    there = np.where(hides[:, None], over, body)
    return Sides(there.argmax(axis=1), there.shape[1] - 1 - there[:, ::-1].argmax(axis=1))


def _mirrored(
    seen: np.ndarray, hidden: np.ndarray, top: int, sides: Sides, unit: float
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Hidden pixels above seen ones, and the pixels that they mirror.

    Args:
        seen, hidden: [h, w], bool.
        top: the row up to which they may reach.
        sides: the outline of what is seen goes on towards them.
        unit: of the body, in pixels.

    Returns:
        Rows and columns of the pixels, and of those that they mirror, [K] each.
    """
    height, width = seen.shape
    # 1. In each column, where what is seen begins below something hidden, and how far down it goes.
    first, length = _columns(seen, hidden, top)
    known = np.flatnonzero(length >= max(LEAST_SEEN, length.max() // 2))
    if not len(known):
        none = np.zeros(0, int)
        return (none, none), (none, none)
    # 2. Above the gap between the legs there is little or nothing to mirror: such columns are like the nearest other.
    source = known[np.abs(np.arange(width)[:, None] - known).argmin(axis=1)]
    # 3. The outline goes on from its outermost columns, and gets no wider.
    outer = np.flatnonzero(length > 0)[[0, -1]]
    left, right = (_onward(int(first[x]), int(x), side, unit) for x, side in zip(outer, sides, strict=True))
    left, right = np.maximum(left, outer[0]), np.minimum(right, outer[1])
    across = (np.arange(width) >= left[:, None]) & (np.arange(width) <= right[:, None])
    rows, columns = np.nonzero(hidden & across & (np.arange(height)[:, None] > top))
    # 4. A pixel mirrors the one as far below the edge; a mirror longer than what is seen turns back, once. Beside what
    # is seen, below the edge, it is its own row.
    edge, length = first[source][columns], length[source][columns]
    step = edge - 1 - rows
    near = step < 2 * length
    step = np.where(step < 0, -1 - step, np.minimum(step, 2 * length - 1 - step))
    mirrored = np.minimum(edge + SHADOW + step, height - 1)
    return (rows[near], columns[near]), (mirrored[near], source[columns][near])


def _columns(seen: np.ndarray, hidden: np.ndarray, top: int) -> tuple[np.ndarray, np.ndarray]:
    """The first seen row below something hidden (``top`` if there is none), and how many follow: [w], int, each."""
    height, width = seen.shape
    lengths = np.zeros((height + 1, width), int)
    for y in range(height - 1, -1, -1):
        lengths[y] = np.where(seen[y], lengths[y + 1] + 1, 0)
    borders = seen[1:] & hidden[:-1]
    bordered = borders.any(axis=0)
    first = np.where(bordered, borders.argmax(axis=0) + 1, top)
    return first, np.where(bordered, lengths[first, np.arange(width)] - SHADOW, 0)


def _onward(edge: int, outermost: int, side: np.ndarray, unit: float) -> np.ndarray:
    """The outline above an edge, from its outermost column straight to ``side`` over `TAPER`, then along it: [h]."""
    taper = max(TAPER * unit, 1)
    above = edge - np.arange(len(side))
    inner = np.where(above > taper, side, side[max(edge - round(taper), 0)])
    return outermost + np.clip(above / taper, 0, 1) * (inner - outermost)
