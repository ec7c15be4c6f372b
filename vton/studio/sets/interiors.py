"""Rooms and shops that photos are taken in, drawn at random."""

import numpy as np

from vton.studio.sets.places import Patch, Place, Plane, Thing, scaled
from vton.studio.specs.choices import chance
from vton.studio.specs.form import Colour

WALLS: tuple[Colour, ...] = (
    (0.66, 0.64, 0.60), (0.72, 0.71, 0.69), (0.52, 0.47, 0.40), (0.34, 0.40, 0.36), (0.36, 0.42, 0.48),
    (0.58, 0.44, 0.36), (0.24, 0.25, 0.27),
)  # fmt: skip
WOODS: tuple[Colour, ...] = ((0.34, 0.20, 0.10), (0.48, 0.32, 0.18), (0.20, 0.11, 0.06), (0.55, 0.44, 0.31))
FLOORS: tuple[tuple[Colour, tuple[float, float] | None], ...] = (
    *((wood, (0.14, 1.1)) for wood in WOODS), ((0.45, 0.43, 0.40), (0.6, 0.6)), ((0.40, 0.37, 0.33), None),
    ((0.30, 0.30, 0.31), (1.2, 1.2)),
)  # fmt: skip
CLOTHS: tuple[Colour, ...] = (
    (0.05, 0.06, 0.09), (0.55, 0.53, 0.48), (0.30, 0.10, 0.08), (0.10, 0.16, 0.12), (0.34, 0.26, 0.15),
    (0.62, 0.60, 0.58), (0.08, 0.12, 0.24), (0.42, 0.20, 0.19), (0.03, 0.03, 0.03), (0.50, 0.40, 0.12),
)  # fmt: skip
DAYLIGHT: Colour = (2.2, 2.4, 2.6)
LAMPLIGHT: Colour = (5.0, 3.6, 2.0)


def draw_room(rng: np.random.Generator) -> Place:
    """A living room: a corner of two walls, a window, furniture, plants and a lamp."""
    wall = _one_of(rng, WALLS)
    colour, tiles = _one_of(rng, FLOORS)
    back, left, right = rng.uniform(2.0, 4.2), rng.uniform(1.3, 3.0), rng.uniform(1.3, 3.0)
    on_back = [*_skirting(-9, 9), *(_pictures(rng, left, right) if chance(rng, 0.7) else ())]
    if chance(rng, 0.55):
        on_back += _window(rng, rng.uniform(-left, right - 1.2))
    elif chance(rng, 0.5):
        on_back += _door(rng, rng.uniform(-left, right - 0.9))
    beside = [*_skirting(-9, 9), *_window(rng, -back + rng.uniform(0.3, 1.2)), *_window(rng, -back + 2.6)]
    rug = Patch(-1.3, 1.3, -rng.uniform(1.0, 2.2), 1.2, _one_of(rng, CLOTHS)) if chance(rng, 0.4) else None
    things = [_sofa(rng, back - 0.7)] if chance(rng, 0.6) else [_cabinet(rng, back - 0.25)]
    for put, share in ((_plant, 0.6), (_lamp, 0.6), (_cabinet, 0.3)):
        if chance(rng, share):
            things.append(put(rng, back - rng.uniform(0.2, 0.6)))
    planes = {
        "floor": Plane(colour, (rug,) if rug else (), tiles),
        "sky": Plane((0.70, 0.70, 0.69)),
        "back": Plane(wall, tuple(on_back)),
        "left": Plane(scaled(wall, 0.85), tuple(beside)),
        "right": Plane(scaled(wall, 0.7), tuple(_skirting(-9, 9))),
    }
    return Place(left, right, back, 2.6, planes, tuple(things), float(rng.uniform(-32, 32)))


def draw_shop(rng: np.random.Generator) -> Place:
    """A clothes shop: rails and shelves along the walls, tables with folded clothes, spotlights."""
    wall = _one_of(rng, WALLS[:3] + WALLS[-1:])
    colour, tiles = _one_of(rng, FLOORS)
    back, left, right = rng.uniform(3.0, 7.0), rng.uniform(1.8, 3.2), rng.uniform(1.8, 3.2)
    planes = {
        "floor": Plane(colour, (), tiles),
        "sky": Plane((0.30, 0.30, 0.30), tuple(_spots(rng, -back))),
        "back": Plane(wall, tuple(_shelves(rng, -left, right) + _high_lamps(rng, -left, right))),
        "left": Plane(scaled(wall, 0.8), tuple(_rail(rng, -back, 2.0) + _high_lamps(rng, -back, 2.0))),
        "right": Plane(scaled(wall, 0.8), tuple(_shelves(rng, -back, 2.0) + _high_lamps(rng, -back, 2.0))),
    }
    things = [Thing(back - 0.6, tuple(_rail(rng, -left, right)))] if chance(rng, 0.6) else []
    if chance(rng, 0.5):
        things.append(_table(rng, back - rng.uniform(1.0, 1.8)))
    if chance(rng, 0.3):
        things.append(_plant(rng, back - 0.5))
    return Place(left, right, back, 3.1, planes, tuple(things), float(rng.uniform(-30, 30)))


def _one_of(rng: np.random.Generator, table: tuple) -> tuple:
    return table[int(rng.integers(len(table)))]


def _skirting(low: float, high: float) -> list[Patch]:
    return [Patch(low, high, 0, 0.09, (0.72, 0.72, 0.71))]


def _window(rng: np.random.Generator, left: float) -> list[Patch]:
    """A window with its frame, glass in panes, and often curtains."""
    width, low, high = rng.uniform(1.0, 1.6), rng.uniform(0.0, 0.9), rng.uniform(2.1, 2.35)
    middle, light = left + width / 2, scaled(DAYLIGHT, rng.uniform(0.6, 1.4))
    frame = (0.75, 0.75, 0.74)
    patches = [
        Patch(left - 0.06, left + width + 0.06, low - 0.06, high + 0.06, frame),
        Patch(left, middle - 0.03, low, high, light, fade=0.35),
        Patch(middle + 0.03, left + width, low, high, light, fade=0.35),
    ]
    if chance(rng, 0.6):
        cloth = scaled(_one_of(rng, ((0.75, 0.73, 0.70), (0.60, 0.52, 0.42), (0.35, 0.40, 0.42))), 1.0)
        for start in (left - 0.28, left + width - 0.08):
            patches += [
                Patch(x, x + 0.036, 0.04, 2.45, scaled(cloth, 0.75 + 0.35 * (k % 2)))
                for k, x in enumerate(np.arange(start, start + 0.36, 0.036))
            ]
    return patches


def _door(rng: np.random.Generator, left: float) -> list[Patch]:
    colour = _one_of(rng, ((0.70, 0.69, 0.67), *WOODS))
    return [
        Patch(left - 0.07, left + 0.92, 0, 2.12, scaled(colour, 0.8)),
        Patch(left, left + 0.85, 0, 2.05, colour, fade=0.15),
        Patch(left + 0.76, left + 0.80, 0.98, 1.04, (0.9, 0.85, 0.7)),
    ]


def _pictures(rng: np.random.Generator, left: float, right: float) -> list[Patch]:
    patches = []
    for _ in range(int(rng.integers(1, 4))):
        x, y, w, h = rng.uniform(-left, right), rng.uniform(1.25, 1.7), rng.uniform(0.2, 0.45), rng.uniform(0.25, 0.5)
        patches += [
            Patch(x - 0.03, x + w + 0.03, y - 0.03, y + h + 0.03, _one_of(rng, ((0.02, 0.02, 0.02), *WOODS))),
            Patch(x, x + w, y, y + h, (0.80, 0.79, 0.76)),
            Patch(x + 0.2 * w, x + 0.8 * w, y + 0.2 * h, y + 0.7 * h, _one_of(rng, CLOTHS), chance(rng, 0.4)),
        ]
    return patches


def _sofa(rng: np.random.Generator, behind: float) -> Thing:
    colour, x = scaled(_one_of(rng, CLOTHS), 1.0), rng.uniform(-2.0, 0.4)
    patches = [
        Patch(x, x + 1.9, 0.10, 0.82, scaled(colour, 0.8), fade=0.4),
        Patch(x + 0.12, x + 0.94, 0.34, 0.74, colour, fade=0.35),
        Patch(x + 0.96, x + 1.78, 0.34, 0.74, scaled(colour, 0.93), fade=0.35),
        Patch(x - 0.1, x + 0.12, 0.08, 0.60, scaled(colour, 0.7), fade=0.4),
        Patch(x + 1.78, x + 2.0, 0.08, 0.60, scaled(colour, 0.7), fade=0.4),
        Patch(x, x + 1.9, 0.10, 0.36, scaled(colour, 0.62), fade=0.5),
    ]
    for _ in range(int(rng.integers(0, 3))):
        at = x + rng.uniform(0.1, 1.4)
        patches.append(Patch(at, at + 0.4, 0.38, 0.74, _one_of(rng, CLOTHS), fade=0.3))
    return Thing(behind, tuple(patches))


def _cabinet(rng: np.random.Generator, behind: float) -> Thing:
    """Shelves with books, boxes and bowls."""
    colour, x, w = _one_of(rng, WOODS + ((0.66, 0.66, 0.65),)), rng.uniform(-2.0, 0.8), rng.uniform(0.7, 1.3)
    top = rng.uniform(0.7, 2.0)
    patches = [Patch(x, x + w, 0, top, colour, fade=0.3)]
    for y in np.arange(0.12, top - 0.25, 0.36):
        patches.append(Patch(x + 0.03, x + w - 0.03, y, y + 0.32, scaled(colour, 0.35)))
        at = x + 0.05
        while at < x + w - 0.1:
            wide = rng.uniform(0.02, 0.14)
            if chance(rng, 0.75):
                thing = scaled(_one_of(rng, CLOTHS), 1.2)
                patches.append(Patch(at, min(at + wide, x + w - 0.04), y, y + rng.uniform(0.12, 0.29), thing))
            at += wide + 0.005
    return Thing(behind, tuple(patches))


def _plant(rng: np.random.Generator, behind: float) -> Thing:
    x, tall = rng.uniform(-1.6, 1.6), rng.uniform(0.7, 1.7)
    patches = [Patch(x - 0.16, x + 0.16, 0, 0.32, _one_of(rng, ((0.65, 0.63, 0.60), (0.40, 0.18, 0.10))), fade=0.4)]
    for _ in range(int(rng.integers(16, 34))):
        y = 0.35 + tall * rng.beta(2.2, 1.4)
        at, wide, high = x + rng.normal(0, 0.18), rng.uniform(0.04, 0.14), rng.uniform(0.05, 0.2)
        green = scaled((0.07, 0.16, 0.05), rng.uniform(0.5, 2.2))
        patches.append(Patch(at - wide, at + wide, y - high, y + high, green, True, 0.4))
    return Thing(behind, tuple(patches))


def _lamp(rng: np.random.Generator, behind: float) -> Thing:
    x, y = rng.uniform(-1.5, 1.5), rng.uniform(1.25, 1.6)
    light = scaled(LAMPLIGHT, rng.uniform(0.35, 0.9))
    return Thing(behind, (
        Patch(x - 0.012, x + 0.012, 0, y, (0.03, 0.03, 0.03)),
        Patch(x - 0.15, x + 0.15, 0, 0.03, (0.03, 0.03, 0.03)),
        Patch(x - 0.19, x + 0.19, y, y + 0.3, light, fade=0.3),
    ))  # fmt: skip


def _table(rng: np.random.Generator, behind: float) -> Thing:
    """A table with folded clothes in piles."""
    x, wood = rng.uniform(-1.8, 0.6), _one_of(rng, WOODS)
    patches = [Patch(x, x + 1.4, 0.80, 0.86, wood), Patch(x + 0.05, x + 1.35, 0.0, 0.80, scaled(wood, 0.3), fade=0.5)]
    for at in np.arange(x + 0.08, x + 1.1, 0.36):
        for k in range(int(rng.integers(1, 6))):
            y = 0.86 + 0.045 * k
            patches.append(Patch(at, at + 0.29, y, y + 0.04, scaled(_one_of(rng, CLOTHS), 1.2), fade=0.3))
    return Thing(behind, tuple(patches))


def _rail(rng: np.random.Generator, low: float, high: float) -> list[Patch]:
    """Clothes on a rail, each a narrow upright piece."""
    patches = [Patch(low, high, 1.62, 1.645, (0.10, 0.10, 0.10))]
    x, colour = low, _one_of(rng, CLOTHS)
    while x < high:
        if chance(rng, 0.3):
            colour = _one_of(rng, CLOTHS)
        wide, long = rng.uniform(0.03, 0.075), rng.uniform(0.55, 1.1)
        shade = scaled(colour, rng.uniform(0.75, 1.3))
        patches.append(Patch(x, x + wide, 1.58 - long, 1.58, shade, fade=0.45))
        x += wide + rng.uniform(0.0, 0.02) + (rng.uniform(0.15, 0.5) if chance(rng, 0.04) else 0)
    return patches


def _shelves(rng: np.random.Generator, low: float, high: float) -> list[Patch]:
    """Boards with piles of folded clothes, shoes and bags, lit from above."""
    wood, patches = _one_of(rng, WOODS + ((0.68, 0.67, 0.66),)), []
    for y in np.arange(0.25, 2.1, 0.42):
        patches += [Patch(low, high, y - 0.03, y, wood), Patch(low, high, y, y + 0.06, (1.1, 1.0, 0.85), fade=0.5)]
        x = low
        while x < high:
            wide, count = rng.uniform(0.2, 0.34), int(rng.integers(0, 7))
            for k in range(count):
                shade = scaled(_one_of(rng, CLOTHS), 1.25)
                patches.append(Patch(x, x + wide, y + 0.045 * k, y + 0.045 * k + 0.04, shade, fade=0.3))
            x += wide + rng.uniform(0.03, 0.12)
    return patches


def _spots(rng: np.random.Generator, back: float) -> list[Patch]:
    """Round lamps in a ceiling."""
    light = scaled(LAMPLIGHT, 5.0)
    return [
        Patch(x - 0.06, x + 0.06, z - 0.06, z + 0.06, light, True)
        for x in np.arange(-2.7, 2.8, rng.uniform(0.7, 1.2))
        for z in np.arange(back + 0.4, 0.0, rng.uniform(0.8, 1.4))
    ]


def _high_lamps(rng: np.random.Generator, low: float, high: float) -> list[Patch]:
    """Small bright lamps and their pools of light high on a wall."""
    patches, step = [], rng.uniform(0.5, 1.1)
    for x in np.arange(low + 0.3, high, step):
        light = scaled(LAMPLIGHT, rng.uniform(3, 7))
        patches.append(Patch(x - 0.03, x + 0.03, 2.30, 2.36, light, True))
    return patches
