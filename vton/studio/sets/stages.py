"""The places that a scene can name."""

from collections.abc import Callable

import numpy as np

from vton.schema import InputError
from vton.studio.sets.interiors import draw_room, draw_shop
from vton.studio.sets.places import Place
from vton.studio.sets.streets import draw_street
from vton.studio.specs.photo import SceneSpec

_DRAWN: dict[str, Callable[[np.random.Generator, str], Place]] = {
    "room": lambda rng, environment: draw_room(rng),
    "shop": lambda rng, environment: draw_shop(rng),
    "street": draw_street,
}

PLACES = ("paper", *_DRAWN)
"""Paper is seamless, in the view's colour."""


def place_of(scene: SceneSpec) -> Place:
    """The place of a scene, the same for the same seed.

    Raises:
        InputError: there is no such place.
    """
    if scene.place not in _DRAWN:
        raise InputError(f"No place {scene.place[:20]!r}: use {', '.join(PLACES)}.")
    return _DRAWN[scene.place](np.random.default_rng([scene.seed, 31]), scene.environment)
