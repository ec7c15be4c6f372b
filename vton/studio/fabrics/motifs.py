"""Small pictures that patterns are scattered with: flowers, sprigs, leopard spots."""

import math
from collections.abc import Callable

import cv2
import numpy as np

Motif = tuple[np.ndarray, np.ndarray]
"""Colour [n, n, 3] and mask [n, n] f32."""


def _drawn(size: int, draw: Callable[[np.ndarray, np.ndarray, int], None]) -> Motif:
    """Draws at four times the size and shrinks."""
    big = 4 * size
    colour, mask = np.zeros((big, big, 3), np.float32), np.zeros((big, big), np.float32)
    draw(colour, mask, big)
    colour, mask = (cv2.resize(a, (size, size), interpolation=cv2.INTER_AREA) for a in (colour, mask))
    return colour / np.maximum(mask, 1e-3)[..., None], mask


def blossom(size: int, petals: int, turn: float, colour: np.ndarray, heart: np.ndarray) -> Motif:
    """A flower from above."""

    def draw(image, mask, n):
        for k in range(petals):
            angle = turn + k * 2 * math.pi / petals
            centre = (int(n / 2 + math.cos(angle) * n * 0.25), int(n / 2 + math.sin(angle) * n * 0.25))
            axes = (int(n * 0.23), int(n * 0.8 / petals))
            tint = colour * (1.0 if k % 2 else 0.82)
            for canvas, value in ((image, tint.tolist()), (mask, 1.0)):
                cv2.ellipse(canvas, centre, axes, math.degrees(angle), 0, 360, value, -1)
        for canvas, value in ((image, heart.tolist()), (mask, 1.0)):
            cv2.circle(canvas, (n // 2, n // 2), n // 10, value, -1)

    return _drawn(size, draw)


def sprig(size: int, turn: float, colour: np.ndarray) -> Motif:
    """A stem with pairs of leaves."""

    def draw(image, mask, n):
        along = np.array([math.cos(turn), math.sin(turn)])
        start, stop = n * (0.5 - 0.42 * along), n * (0.5 + 0.42 * along)
        ends = tuple(map(int, start)), tuple(map(int, stop))
        for canvas, value in ((image, (0.7 * colour).tolist()), (mask, 1.0)):
            cv2.line(canvas, *ends, value, max(1, n // 24))
        for k in range(3):
            root = start + (stop - start) * (0.3 + 0.3 * k)
            for side in (-1, 1):
                angle = turn + side * 0.8
                centre = root + 0.13 * n * np.array([math.cos(angle), math.sin(angle)])
                axes = (int(n * 0.14), int(n * 0.055))
                for canvas, value in ((image, (colour * (1.0 + 0.1 * side)).tolist()), (mask, 1.0)):
                    cv2.ellipse(canvas, tuple(map(int, centre)), axes, math.degrees(angle), 0, 360, value, -1)

    return _drawn(size, draw)


def scatter(rng: np.random.Generator, tile: np.ndarray, motifs: list[Motif], columns: int) -> None:
    """Pastes motifs on a jittered brick grid, so many each way, over a tile that wraps around."""
    size = len(tile)
    step = size / columns
    for row in range(columns):
        for column in range(columns):
            x = (column + 0.5 * (row % 2) + rng.uniform(-0.22, 0.22)) * step
            y = (row + rng.uniform(-0.22, 0.22)) * step
            colour, mask = motifs[rng.integers(len(motifs))]
            half = len(mask) // 2
            rows = (np.arange(len(mask)) + int(y) - half) % size
            across = (np.arange(len(mask)) + int(x) - half) % size
            spot = np.ix_(rows, across)
            tile[spot] += mask[..., None] * (colour - tile[spot])


def rosette(rng: np.random.Generator, size: int, colours: np.ndarray) -> Motif:
    """A leopard's spot: a broken dark ring around a darker ground."""
    gap, lean = rng.uniform(0, 360), rng.uniform(0, 180)

    def draw(image, mask, n):
        axes = (int(n * rng.uniform(0.26, 0.36)), int(n * rng.uniform(0.22, 0.32)))
        dark = (0.012, 0.009, 0.007)
        for canvas, value in ((image, (0.55 * colours[1] + 0.1 * colours[0]).tolist()), (mask, 1.0)):
            cv2.ellipse(canvas, (n // 2, n // 2), axes, lean, 0, 360, value, -1)
        arcs = ((gap, gap + 95), (gap + 130, gap + 225), (gap + 255, gap + 330))
        for start, stop in arcs[: int(rng.integers(2, 4))]:
            for canvas, value in ((image, dark), (mask, 1.0)):
                cv2.ellipse(canvas, (n // 2, n // 2), axes, lean, start, stop, value, max(2, n // 6))

    return _drawn(size, draw)
