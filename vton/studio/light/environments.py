"""Environment maps: how much light comes from each direction, as lobes on a gradient, drawn by code."""

from dataclasses import dataclass

import numpy as np

from vton.studio.light.lighting import Radiance, dome_radiance, unit


@dataclass(frozen=True)
class Lobe:
    """Light from around a direction (x to the key light's side, y up, z to the camera), above what is around it."""

    towards: tuple[float, float, float]
    strength: float
    sharpness: float


@dataclass(frozen=True)
class Sky:
    """A gradient, as light from the horizon, and what is added upwards and towards the camera; and lobes on it."""

    horizon: float
    up: float
    front: float
    lobes: tuple[Lobe, ...] = ()


ENVIRONMENTS: dict[str, Sky] = {
    "even": Sky(0.55, 0.45, 0.35),
    "window": Sky(0.22, 0.10, 0.05, (Lobe((1.0, 0.25, 0.35), 2.4, 4.0), Lobe((-1.0, 0.1, 0.2), 0.25, 2.0))),
    "softboxes": Sky(0.15, 0.05, 0.05, (Lobe((0.8, 0.45, 0.75), 2.0, 6.0), Lobe((-0.8, 0.45, 0.75), 1.5, 6.0))),
    "spots": Sky(0.25, 0.10, 0.10, (Lobe((0.1, 1.0, 0.35), 2.2, 3.0),)),
    "flash": Sky(0.30, 0.15, 0.0, (Lobe((0.1, 0.2, 1.0), 1.5, 8.0),)),
    "overcast": Sky(0.45, 0.70, 0.15),
    "sun": Sky(0.45, 0.40, 0.10, (Lobe((0.7, 0.8, 0.3), 1.2, 5.0),)),
    "evening": Sky(0.40, 0.15, 0.10, (Lobe((0.9, 0.3, 0.2), 1.4, 3.0), Lobe((-0.6, 0.2, -0.8), 0.8, 4.0))),
}
"""Light from all around by name; outdoors are the last three."""

RIM = 6.0
RIMS = (Lobe((0.75, 0.45, -0.7), 1.0, 7.0), Lobe((-0.85, 0.35, -0.6), 0.8, 7.0))
"""Behind the person, on both sides."""

GROUND = 0.10
"""Least light from anywhere: some comes back from the floor."""


def environment(name: str, rim: float, key: tuple[float, float, float]) -> Radiance:
    """The environment of a name, its sides turned to the key light's.

    Args:
        rim: 0..1, light from behind the person.
        key: direction towards the key light.
    """
    sky, side = ENVIRONMENTS[name], -1.0 if key[0] < 0 else 1.0
    lobes = [*sky.lobes, *(Lobe(r.towards, RIM * rim * r.strength, r.sharpness) for r in RIMS if rim)]

    def radiance(directions: np.ndarray) -> np.ndarray:
        light = sky.horizon + sky.up * directions[:, 1] + sky.front * directions[:, 2]
        for lobe in lobes:
            cosine = directions @ (unit(lobe.towards) * np.array([side, 1, 1], np.float32))
            light = light + lobe.strength * np.exp(lobe.sharpness * (cosine - 1))
        return np.maximum(light, GROUND).astype(np.float32)

    return dome_radiance if name == "even" and not rim else radiance
