"""Prints on the chest: abstract shapes, landscapes, plants and animals. Never words, letters or signs."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vton.studio.fabrics.pen import Ink, Pen, Point

Colours = Sequence[np.ndarray]


@dataclass(frozen=True)
class Stamp:
    """A square of the cloth with coordinates -1..1, y up."""

    pen: Pen
    u: float
    v: float
    half: float

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(self.u + x * self.half, self.v + y * self.half) for x, y in points]

    def polygon(self, points: Sequence[Point], colour: np.ndarray) -> None:
        self.pen.polygon(self._at(points), Ink(colour, 0.95))

    def disc(self, x: float, y: float, radius: float, colour: np.ndarray) -> None:
        self.ellipse(x, y, radius, radius, colour)

    def ellipse(self, x: float, y: float, half_x: float, half_y: float, colour: np.ndarray) -> None:
        ((u, v),) = self._at([(x, y)])
        self.pen.ellipse(u, v, half_x * self.half, half_y * self.half, Ink(colour, 0.95))

    def line(self, points: Sequence[Point], width: float, colour: np.ndarray) -> None:
        self.pen.line(self._at(points), width * self.half, Ink(colour, 0.95))


def _turned(points: Sequence[Point], angle: float, x: float = 0.0, y: float = 0.0, size: float = 1.0) -> list[Point]:
    c, s = math.cos(angle) * size, math.sin(angle) * size
    return [(x + c * px - s * py, y + s * px + c * py) for px, py in points]


def _arc(x: float, y: float, radius: float, start: float, stop: float, count: int = 24) -> list[Point]:
    angles = np.linspace(start, stop, count)
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


LEAF: list[Point] = [
    (0, 0),
    (0.25, 0.17),
    (0.55, 0.19),
    (0.85, 0.1),
    (1, 0),
    (0.85, -0.1),
    (0.55, -0.19),
    (0.25, -0.17),
]


def _eclipse(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.disc(0, 0, 0.85, c[0])
    s.disc(0.2, 0.12, 0.6, c[1])


def _rays(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    count, turn = int(rng.integers(7, 12)), rng.random()
    for k in range(count):
        angle = turn + 2 * math.pi * k / count
        s.polygon(_turned([(0.5, 0.12), (0.98, 0.0), (0.5, -0.12)], angle), c[0])
    s.disc(0, 0, 0.42, c[1])


def _rainbow(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for k, colour in enumerate((c[0], c[1], c[2], c[0])):
        s.line(_arc(0, -0.45, 0.9 - 0.2 * k, 0, math.pi), 0.15, colour)


def _bauhaus(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for k in range(9):
        x, y, colour = k % 3 * 0.6 - 0.6, k // 3 * 0.6 - 0.6, c[int(rng.integers(3))]
        turn = math.pi / 2 * int(rng.integers(4))
        if rng.random() < 0.4:
            s.disc(x, y, 0.27, colour)
        elif rng.random() < 0.5:
            quarter = [(-0.28, -0.28), *_arc(-0.28, -0.28, 0.56, 0, math.pi / 2)]
            s.polygon(_turned(quarter, turn, x, y), colour)
        else:
            s.polygon(_turned([(-0.28, -0.28), (0.28, -0.28), (0.28, 0.28)], turn, x, y), colour)


def _blobs(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for k in range(3):
        wobble = 1 + 0.22 * np.sin(np.arange(28) / 28 * 2 * math.pi * int(rng.integers(2, 4)) + rng.uniform(0, 6.28))
        angles = np.arange(28) / 28 * 2 * math.pi
        x, y = rng.uniform(-0.35, 0.35, 2)
        radius = (0.6, 0.42, 0.28)[k] * wobble
        s.polygon([(x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(radius, angles, strict=True)], c[k])


def _ripples(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for k in range(4):
        s.line(_arc(0, 0, 0.9 - 0.23 * k, 0, 2 * math.pi, 40), 0.1, c[k % 2])


def _mountains(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.polygon([(-0.8, -0.9), (0.8, -0.9), (0.8, 0.9), (-0.8, 0.9)], c[0])
    s.disc(rng.uniform(-0.35, 0.35), 0.35, 0.3, c[2])
    s.polygon([(-0.8, -0.35), (-0.25, 0.25), (0.15, -0.2), (0.4, 0.05), (0.8, -0.4), (0.8, -0.9), (-0.8, -0.9)], c[1])
    s.polygon([(-0.8, -0.6), (-0.1, -0.35), (0.8, -0.65), (0.8, -0.9), (-0.8, -0.9)], 0.45 * c[1])


def _sea(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.disc(0, 0, 0.9, c[0])
    s.polygon(_arc(0, 0.05, 0.45, 0, math.pi), c[2])
    for k in range(3):
        x = np.linspace(-0.85 + 0.1 * k, 0.85 - 0.1 * k, 24)
        s.line([(a, -0.12 - 0.22 * k + 0.06 * math.sin(9 * a + 2 * k)) for a in x], 0.1, c[1])


def _dunes(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.disc(0.35, 0.4, 0.3, c[2])
    for k, colour in enumerate((c[0], c[1], 0.5 * c[1])):
        x = np.linspace(-0.95, 0.95, 30)
        ridge = [(a, -0.1 - 0.3 * k + 0.16 * math.sin(2.6 * a + 1.7 * k)) for a in x]
        s.polygon([*ridge, (0.95, -0.9), (-0.95, -0.9)], colour)


def _fern(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.line([(0, -0.95), (0.03, 0.0), (0.0, 0.9)], 0.07, c[0])
    for k in range(6):
        for side in (-1, 1):
            angle = math.pi / 2 - side * (0.95 - 0.07 * k)
            s.polygon(_turned(LEAF, angle, 0.0, -0.65 + 0.25 * k, 0.62 - 0.07 * k), c[k % 2])


def _flower(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.line([(0, -0.95), (0.04, 0.1)], 0.07, np.array([0.05, 0.13, 0.05]))
    s.polygon(_turned(LEAF, 0.7, 0.02, -0.75, 0.6), np.array([0.06, 0.16, 0.05]))
    petals = int(rng.integers(5, 8))
    for k in range(petals):
        s.polygon(_turned(LEAF, 2 * math.pi * k / petals + 0.3, 0.04, 0.35, 0.58), c[0])
    s.disc(0.04, 0.35, 0.16, c[1])


def _cactus(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for points in (
        [(0, -0.6), (0, 0.7)],
        [(-0.45, 0.35), (-0.45, -0.05), (0, -0.1)],
        [(0.45, 0.5), (0.45, 0.1), (0, 0)],
    ):
        s.line(points, 0.26, c[0])
        (x, y), *_ = points
        s.disc(x, y, 0.13, c[0])
    s.disc(0, 0.7, 0.13, c[0])
    s.polygon([(-0.4, -0.5), (0.4, -0.5), (0.28, -0.95), (-0.28, -0.95)], c[1])


def _cat(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for side in (-1, 1):
        s.polygon([(side * 0.72, 0.85), (side * 0.15, 0.42), (side * 0.68, 0.0)], c[0])
    s.ellipse(0, -0.05, 0.74, 0.62, c[0])
    for side in (-1, 1):
        s.ellipse(side * 0.3, 0.05, 0.13, 0.16, c[1])
        s.ellipse(side * 0.3, 0.05, 0.05, 0.14, 0.1 * c[1])
    s.polygon([(-0.09, -0.2), (0.09, -0.2), (0, -0.32)], c[2])


def _bear(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for side in (-1, 1):
        s.disc(side * 0.55, 0.55, 0.27, c[0])
        s.disc(side * 0.55, 0.55, 0.14, c[1])
    s.ellipse(0, 0, 0.74, 0.68, c[0])
    s.ellipse(0, -0.25, 0.32, 0.26, c[1])
    for x, y, radius in ((-0.28, 0.12, 0.08), (0.28, 0.12, 0.08), (0, -0.15, 0.1)):
        s.disc(x, y, radius, 0.05 * c[0])


def _bird(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    s.polygon([(-0.95, -0.15), (-0.3, 0.1), (-0.35, -0.3)], 0.6 * c[0])
    s.ellipse(0.05, -0.1, 0.52, 0.36, c[0])
    s.disc(0.5, 0.25, 0.27, c[0])
    s.polygon([(0.72, 0.32), (0.98, 0.22), (0.72, 0.15)], c[2])
    s.polygon(_turned(LEAF, 2.6, 0.3, -0.05, 0.85), c[1])
    s.disc(0.56, 0.3, 0.05, 0.03 * c[0])


def _whale(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    body = [*_arc(-0.1, -0.1, 0.62, math.pi * 1.05, math.pi * 0.12, 20), (0.95, 0.4), (0.7, -0.15), (0.2, -0.55)]
    s.polygon([*body, (-0.4, -0.55)], c[0])
    s.polygon([(0.72, 0.3), (0.98, 0.75), (0.8, 0.35), (1.0, 0.45)], c[0])
    s.polygon([(-0.68, -0.25), (0.2, -0.3), (0.05, -0.53), (-0.4, -0.55)], c[1])
    s.disc(-0.42, 0.02, 0.06, 0.03 * c[0])


def _butterfly(s: Stamp, rng: np.random.Generator, c: Colours) -> None:
    for side in (-1, 1):
        s.polygon([(0.04 * side, 0.1), (0.35 * side, 0.75), (0.85 * side, 0.7), (0.8 * side, 0.15)], c[0])
        s.polygon([(0.04 * side, 0.0), (0.65 * side, 0.0), (0.6 * side, -0.55), (0.25 * side, -0.6)], c[1])
        s.disc(0.55 * side, 0.45, 0.13, c[2])
    s.ellipse(0, -0.02, 0.06, 0.5, 0.1 * c[0])


PRINTS: dict[str, Callable[[Stamp, np.random.Generator, Colours], None]] = {
    name.__name__[1:]: name
    for name in (
        _eclipse,
        _rays,
        _rainbow,
        _bauhaus,
        _blobs,
        _ripples,
        _mountains,
        _sea,
        _dunes,
        _fern,
        _flower,
        _cactus,
        _cat,
        _bear,
        _bird,
        _whale,
        _butterfly,
    )  # fmt: skip
}


def print_chest(pen: Pen, rng: np.random.Generator, u: float, v: float, colours: Colours) -> None:
    """A print whose middle is at u, v (atlas metres): large, or seldom a small one on the left of the chest."""
    draw = list(PRINTS.values())[int(rng.integers(len(PRINTS)))]
    small, side_m = rng.random() < 0.15, rng.uniform(0.17, 0.27)
    if small:
        u, v, side_m = u + 0.075, v + 0.02, 0.055
    draw(Stamp(pen, u, v, side_m / 2), rng, colours)
