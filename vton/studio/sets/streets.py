"""Streets that photos are taken in, drawn at random: fronts, trees, cars, people and lamps by day or at dusk."""

import numpy as np

from vton.studio.sets.places import Patch, Place, Plane, Thing, scaled
from vton.studio.specs.choices import chance, choose
from vton.studio.specs.form import Colour

FRONTS: tuple[Colour, ...] = (
    (0.42, 0.36, 0.29), (0.36, 0.17, 0.12), (0.55, 0.52, 0.47), (0.30, 0.29, 0.28), (0.50, 0.41, 0.27),
    (0.38, 0.41, 0.43), (0.55, 0.44, 0.40),
)  # fmt: skip
GROUNDS: tuple[tuple[Colour, tuple[float, float] | None], ...] = (
    ((0.30, 0.29, 0.28), (0.5, 0.5)), ((0.20, 0.20, 0.205), None), ((0.36, 0.32, 0.28), (0.2, 0.4)),
    ((0.34, 0.34, 0.34), (0.9, 0.9)),
)  # fmt: skip
PAINTS: tuple[Colour, ...] = (
    (0.50, 0.50, 0.51), (0.03, 0.03, 0.035), (0.30, 0.04, 0.04), (0.05, 0.09, 0.20), (0.62, 0.62, 0.60),
    (0.16, 0.17, 0.18),
)  # fmt: skip
LAMPS = {(9.0, 6.2, 3.0): 0.5, (8.0, 7.4, 6.2): 0.3, (7.0, 1.0, 0.6): 0.13, (1.2, 5.0, 3.0): 0.07}
SKIES: dict[str, tuple[Colour, float]] = {
    "overcast": ((0.85, 0.89, 0.95), 1.0), "sun": ((0.42, 0.62, 0.98), 1.3), "dusk": ((0.20, 0.22, 0.38), 0.35),
}  # fmt: skip
"""Colour of the sky, and how much light falls on everything."""

TIMES = {"overcast": "overcast", "sun": "sun", "even": "overcast", "evening": "dusk"}
"""Of the light's environments: what the sky is like."""


def draw_street(rng: np.random.Generator, environment: str) -> Place:
    """A street that runs off to the back, seen along one of its sides.

    Args:
        environment: of `environments.ENVIRONMENTS`; decides the time of day.
    """
    sky, day = SKIES[TIMES.get(environment, "overcast")]
    lit = 0.45 if day < 0.5 else 0.06
    near, far, back = rng.uniform(3.0, 6.5), rng.uniform(8.0, 14.0), rng.uniform(24, 45)
    (ground, slabs), side = GROUNDS[int(rng.integers(len(GROUNDS)))], float(rng.choice([-1, 1]))
    sun = rng.uniform(0.6, 1.5) if day > 1 else 1.0
    spans = ((-back, 8.0, day / sun), (-back, 8.0, day * sun), (-far, far, day))
    front, other, end = (_front(rng, light, lit, low, high) for low, high, light in spans)
    road = [Patch(1.6, far - 2, -back, 9, scaled((0.16, 0.16, 0.17), day)),
            Patch(1.5, 1.6, -back, 9, scaled((0.42, 0.41, 0.40), day))]  # fmt: skip
    walls = {"left": (near, front), "right": (far, other)}
    things = [*_trees(rng, day, back), *_cars(rng, day, back, far), *_people(rng, day, back, near),
              *_lamps(rng, day, back, near, far)]  # fmt: skip
    if side < 0:
        walls = {"left": (far, other), "right": (near, front)}
        road = [_mirrored(patch) for patch in road]
        things = [Thing(t.behind, tuple(map(_mirrored, t.patches))) for t in things]
    planes = {
        "floor": Plane(scaled(ground, day), tuple(road), slabs),
        "sky": Plane(sky),
        "back": end,
        "left": walls["left"][1],
        "right": walls["right"][1],
    }
    turn = side * rng.uniform(-4, 26)
    roofs = {name: float(rng.uniform(7, 16)) for name in ("left", "right", "back")}
    return Place(walls["left"][0], walls["right"][0], back, 400.0, planes, tuple(things), float(turn), roofs)


def _mirrored(patch: Patch) -> Patch:
    return Patch(-patch.right, -patch.left, patch.low, patch.high, patch.colour, patch.round, patch.fade)


def _front(rng: np.random.Generator, day: float, lit: float, low: float, high: float) -> Plane:
    """Houses side by side: storeys of windows, shops at the bottom."""
    patches: list[Patch] = []
    at = low
    while at < high:
        wide = rng.uniform(5, 11)
        colour = scaled(FRONTS[int(rng.integers(len(FRONTS)))], day * rng.uniform(0.7, 1.1))
        patches.append(Patch(at, at + wide, 0, 40, colour))
        bay, storey, ground = rng.uniform(1.5, 2.6), rng.uniform(2.9, 3.6), rng.uniform(3.0, 3.8)
        for x in np.arange(at + 0.5, at + wide - 1.2, bay):
            for y in np.arange(ground + 0.8, 15, storey):
                shine = (1.6, 1.1, 0.55) if chance(rng, lit) else scaled((0.10, 0.13, 0.17), 0.6 + 1.2 * day)
                patches.append(Patch(x - 0.08, x + 1.0, y - 0.1, y + 1.75, scaled((0.6, 0.58, 0.55), day)))
                patches.append(Patch(x, x + 0.92, y, y + 1.65, shine, fade=0.3))
        patches += _shop(rng, day, lit, at, at + wide, ground)
        at += wide
    return Plane(scaled((0.3, 0.3, 0.3), day), tuple(patches))


def _shop(rng: np.random.Generator, day: float, lit: float, left: float, right: float, top: float) -> list[Patch]:
    """Windows of a shop, its sign or awning, and what lies in them."""
    if chance(rng, 0.2):
        return _house(rng, day, left, right)
    paint = scaled(PAINTS[int(rng.integers(len(PAINTS)))], 0.6 * day + 0.15)
    glow = scaled((1.5, 1.15, 0.75), rng.uniform(0.5, 1.2)) if chance(rng, 0.45 + lit) else (0.09, 0.10, 0.11)
    patches = [Patch(left + 0.2, right - 0.2, 0, top - 0.1, paint),
               Patch(left + 0.2, right - 0.2, top - 0.7, top - 0.15, scaled(paint, 1.6))]  # fmt: skip
    for x in np.arange(left + 0.5, right - 1.6, 1.9):
        patches.append(Patch(x, x + 1.6, 0.45, top - 0.8, glow, fade=0.4))
        for _ in range(int(rng.integers(1, 5))):
            a, h = x + rng.uniform(0.1, 1.2), rng.uniform(0.3, 1.2)
            thing = scaled(PAINTS[int(rng.integers(len(PAINTS)))], 0.3 + day)
            patches.append(Patch(a, a + rng.uniform(0.15, 0.4), 0.45, 0.45 + h, thing))
    if chance(rng, 0.35):
        stripe = scaled(PAINTS[2 + int(rng.integers(2))], 2.0 * day + 0.2)
        for k, x in enumerate(np.arange(left + 0.3, right - 0.4, 0.3)):
            colour = stripe if k % 2 else scaled((0.75, 0.73, 0.69), day)
            patches.append(Patch(x, x + 0.3, top - 1.2, top - 0.5, colour))
    return patches


def _house(rng: np.random.Generator, day: float, left: float, right: float) -> list[Patch]:
    """A plinth, a door and windows at street level."""
    stone, door = scaled((0.22, 0.21, 0.20), day), scaled(PAINTS[int(rng.integers(len(PAINTS)))], 0.4 + 0.6 * day)
    patches, at = [Patch(left, right, 0, 0.6, stone)], rng.uniform(left + 0.4, right - 1.6)
    for x in np.arange(left + 0.4, right - 1.2, 1.8):
        patches.append(Patch(x - 0.1, x + 1.15, 0.95, 2.65, scaled((0.55, 0.53, 0.50), day)))
        patches.append(Patch(x, x + 1.05, 1.05, 2.55, scaled((0.12, 0.15, 0.18), 0.4 + day), fade=0.4))
    return [*patches, Patch(at - 0.12, at + 1.2, 0, 2.5, stone), Patch(at, at + 1.08, 0, 2.4, door, fade=0.3)]


def _trees(rng: np.random.Generator, day: float, back: float) -> list[Thing]:
    trees = []
    for _ in range(int(rng.integers(0, 5))):
        behind, x = rng.uniform(5, back), rng.uniform(0.6, 1.5)
        green = (0.10, 0.20, 0.05) if chance(rng, 0.75) else (0.34, 0.20, 0.05)
        patches = [Patch(x - 0.12, x + 0.12, 0, 2.6, scaled((0.09, 0.07, 0.05), day))]
        for _ in range(int(rng.integers(30, 60))):
            a, y, r = x + rng.normal(0, 1.0), rng.uniform(2.0, 5.5), rng.uniform(0.15, 0.55)
            leaf = scaled(green, day * rng.uniform(0.4, 2.2))
            patches.append(Patch(a - r, a + r, y - 0.7 * r, y + 0.7 * r, leaf, True, 0.4))
        trees.append(Thing(float(behind), tuple(patches)))
    return trees


def _cars(rng: np.random.Generator, day: float, back: float, far: float) -> list[Thing]:
    """From behind or in front, parked or on their way."""
    cars = []
    for _ in range(int(rng.integers(1, 6))):
        behind, x = rng.uniform(5, back), rng.uniform(2.6, max(3.0, far - 3))
        paint = scaled(PAINTS[int(rng.integers(len(PAINTS)))], day * rng.uniform(0.8, 1.2))
        lamp = (6.0, 0.5, 0.3) if chance(rng, 0.5) else (9.0, 8.5, 7.0)
        strength = 1.0 if day < 0.5 else 0.12
        cars.append(Thing(float(behind), (
            Patch(x - 0.8, x + 0.8, 0.0, 0.3, (0.02, 0.02, 0.02)),
            Patch(x - 0.88, x + 0.88, 0.25, 0.95, paint, fade=0.45),
            Patch(x - 0.66, x + 0.66, 0.85, 1.45, scaled(paint, 0.9)),
            Patch(x - 0.58, x + 0.58, 0.92, 1.38, scaled((0.20, 0.25, 0.30), 0.3 + day)),
            Patch(x - 0.82, x - 0.58, 0.62, 0.76, scaled(lamp, strength)),
            Patch(x + 0.58, x + 0.82, 0.62, 0.76, scaled(lamp, strength)),
        )))  # fmt: skip
    return cars


def _people(rng: np.random.Generator, day: float, back: float, near: float) -> list[Thing]:
    people = []
    for _ in range(int(rng.integers(0, 6))):
        behind, x, tall = rng.uniform(7, back), rng.uniform(-near + 0.4, 1.4), rng.uniform(1.55, 1.85)
        coat, legs = (scaled(PAINTS[int(rng.integers(len(PAINTS)))], 0.2 + 0.8 * day) for _ in range(2))
        skin = scaled((0.45, 0.28, 0.20), day * rng.uniform(0.3, 1.2))
        people.append(Thing(float(behind), (
            Patch(x - 0.15, x - 0.01, 0.0, 0.5 * tall, legs), Patch(x + 0.01, x + 0.15, 0.0, 0.5 * tall, legs),
            Patch(x - 0.20, x + 0.20, 0.40 * tall, 0.86 * tall, coat, True),
            Patch(x - 0.17, x + 0.17, 0.46 * tall, 0.80 * tall, coat, fade=0.3),
            Patch(x - 0.085, x + 0.085, 0.85 * tall, tall, skin, True),
            Patch(x - 0.09, x + 0.09, 0.93 * tall, 1.01 * tall, (0.03, 0.02, 0.02), True),
        )))  # fmt: skip
    return people


def _lamps(rng: np.random.Generator, day: float, back: float, near: float, far: float) -> list[Thing]:
    """Far points of light, which the lens turns into discs: many at dusk, a few by day."""
    lamps = []
    for _ in range(int(rng.integers(14, 40)) if day < 0.5 else int(rng.integers(0, 4))):
        behind = rng.uniform(0.5 * back, back - 0.5)
        x, y, r = rng.uniform(-near, far), rng.uniform(0.6, 5.0), rng.uniform(0.04, 0.10)
        light = scaled(choose(rng, LAMPS), rng.uniform(0.8, 2.5))
        lamps.append(Thing(float(behind), (Patch(x - r, x + r, y - r, y + r, light, True),)))
    return lamps
