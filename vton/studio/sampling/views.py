"""Views drawn at random: camera, light and backdrop of a photo."""

import dataclasses

import numpy as np

from vton.studio.light.lighting import LIGHT_DIRECTIONS
from vton.studio.specs.choices import between, chance
from vton.studio.specs.form import Colour
from vton.studio.specs.photo import ViewSpec

BACKDROPS = ((0.838, 0.838, 0.848), (0.868, 0.858, 0.838), (0.798, 0.798, 0.808), (0.9, 0.9, 0.9),
             (0.758, 0.768, 0.777), (0.847, 0.828, 0.809))  # fmt: skip


def sample_view(rng: np.random.Generator, half: float = 0.0) -> ViewSpec:
    """Camera, light and backdrop of a photo. ``half``: share of half-body framings."""
    framing = "half" if chance(rng, half) else "full"
    view = ViewSpec(
        framing=framing,
        zoom=between(rng, 1.06, 1.14),
        shift_x=round(float(rng.normal(0, 0.018)), 4),
        eye_height=between(rng, 0.95, 1.3),
        key_direction=LIGHT_DIRECTIONS[int(rng.integers(len(LIGHT_DIRECTIONS)))],
        softness_deg=between(rng, 9, 24, 1),
    )
    return relight(rng, view)


def relight(rng: np.random.Generator, view: ViewSpec) -> ViewSpec:
    """The view with other light colours and another backdrop; the camera and the light's direction stay."""
    tint = 1 + rng.normal(0, 0.018, 3)
    key = between(rng, 0.52, 0.66) * np.array([1, 0.98, 0.96]) * tint
    return dataclasses.replace(
        view,
        key_colour=_colour(key),
        fill_colour=_colour(np.full(3, between(rng, 0.20, 0.30))),
        dome_colour=_colour(between(rng, 0.42, 0.50) * np.array([1, 1.01, 1.03])),
        backdrop=BACKDROPS[int(rng.integers(len(BACKDROPS)))],
    )


def _colour(values: np.ndarray) -> Colour:
    red, green, blue = (round(float(v), 4) for v in values)
    return red, green, blue
