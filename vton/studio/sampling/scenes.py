"""Places, light and lens, drawn for looks that exist already: nothing else of them changes."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.studio.fabrics.painting import linear
from vton.studio.light.lighting import LIGHT_DIRECTIONS
from vton.studio.rendering.framing import CROPS
from vton.studio.sets.backdrops import PALETTES
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.form import Colour
from vton.studio.specs.look import LookSpec
from vton.studio.specs.photo import SceneSpec, ViewSpec

Range = tuple[float, float]


@dataclass(frozen=True)
class Light:
    """Ranges of what a light is drawn from.

    key, fill, dome: strength; warmth: of the key, and of fill and dome, 0 neutral, below it blue; beside, up, ahead:
    direction to the key light, either side; softness_deg: half-angle of the key.
    """

    key: Range
    fill: Range
    dome: Range
    warmth: tuple[float, float]
    beside: Range
    up: Range
    ahead: Range
    softness_deg: Range = (9, 24)


LIGHTS: dict[str, Light] = {
    "even": Light((0.52, 0.66), (0.20, 0.30), (0.42, 0.50), (0.0, 0.0), (0.2, 0.9), (0.7, 0.95), (0.6, 0.95)),
    "window": Light((0.55, 0.80), (0.04, 0.14), (0.26, 0.40), (-0.03, 0.0), (0.8, 1.0), (0.2, 0.6), (0.25, 0.7),
                    (18, 24)),
    "softboxes": Light((0.50, 0.70), (0.25, 0.45), (0.20, 0.34), (0.0, 0.0), (0.5, 1.0), (0.4, 0.8), (0.6, 0.9),
                       (18, 24)),
    "spots": Light((0.50, 0.72), (0.08, 0.20), (0.30, 0.42), (0.06, 0.03), (0.1, 0.6), (0.9, 1.3), (0.5, 0.9)),
    "flash": Light((0.60, 0.80), (0.02, 0.08), (0.18, 0.30), (0.0, 0.03), (0.05, 0.2), (0.1, 0.3), (0.9, 1.0), (9, 12)),
    "overcast": Light((0.08, 0.22), (0.04, 0.10), (0.68, 0.82), (0.0, -0.04), (0.1, 0.5), (0.9, 1.2), (0.4, 0.8)),
    "sun": Light((0.72, 0.95), (0.05, 0.14), (0.32, 0.44), (0.05, -0.05), (0.4, 1.0), (0.7, 1.2), (0.3, 0.9), (9, 12)),
    "evening": Light((0.28, 0.50), (0.08, 0.20), (0.26, 0.38), (0.13, -0.06), (0.6, 1.0), (0.3, 0.6), (0.3, 0.8)),
}  # fmt: skip
"""By the environment that they go with."""

KINDS = {"studio": 0.4, "indoors": 0.33, "outdoors": 0.27}
ENVIRONMENTS: dict[str, dict[str, float]] = {
    "studio": {"even": 0.3, "softboxes": 0.4, "window": 0.2, "flash": 0.1},
    "indoors": {"window": 0.4, "spots": 0.35, "flash": 0.15, "even": 0.1},
    "outdoors": {"overcast": 0.4, "sun": 0.35, "evening": 0.25},
}
PLACES: dict[str, dict[str, float]] = {
    "studio": {"paper": 1.0},
    "indoors": {"room": 0.6, "shop": 0.4},
    "outdoors": {"street": 1.0},
}
RIM_SHARE = 0.4
GREY_SHARE, GREYS = 0.45, (0.03, 0.62)
"""Of paper that is grey, and its linear brightness."""

BLUR = {"full": (0.08, 0.20), "crop": (0.035, 0.09)}
SOFT_PX = (0.0, 0.45)


def with_scenes(rng: np.random.Generator, looks: Sequence[LookSpec], share: float) -> list[LookSpec]:
    """The looks of one geometry, in ``share`` of all calls in other places and lights: one light, a place per look."""
    if not chance(rng, share):
        return list(looks)
    kind = choose(rng, KINDS)
    name = choose(rng, ENVIRONMENTS[kind])
    light, side = LIGHTS[name], -1 if chance(rng, 0.5) else 1
    key = (side * between(rng, *light.beside), between(rng, *light.up), between(rng, *light.ahead))
    if name == "even":
        key = LIGHT_DIRECTIONS[int(rng.integers(len(LIGHT_DIRECTIONS)))]
    rim = between(rng, 0.2, 1.0) if chance(rng, RIM_SHARE) else 0.0
    softness = between(rng, *light.softness_deg, 1)
    drawn = []
    for look in looks:
        scene = SceneSpec(choose(rng, PLACES[kind]), seed_of(rng), name, rim, soft_px=between(rng, *SOFT_PX))
        lit = _lit(rng, look.views[0], light, scene)
        shares = {part: between(rng, *limits) for part, limits in BLUR.items()}
        views = tuple(
            dataclasses.replace(
                view, key_direction=key, softness_deg=softness, key_colour=lit.key_colour, fill_colour=lit.fill_colour,
                dome_colour=lit.dome_colour, backdrop=lit.backdrop,
                scene=dataclasses.replace(scene, blur=shares["crop" if view.framing in CROPS else "full"]),
            )
            for view in look.views
        )  # fmt: skip
        drawn.append(dataclasses.replace(look, views=views))
    return drawn


def _lit(rng: np.random.Generator, view: ViewSpec, light: Light, scene: SceneSpec) -> ViewSpec:
    """The view with colours of light and paper."""
    key, fill, dome = (between(rng, *limits) for limits in (light.key, light.fill, light.dome))
    warm, cool = (limit + float(rng.normal(0, 0.015)) for limit in light.warmth)
    backdrop = _paper(rng) if scene.place == "paper" else view.backdrop
    return dataclasses.replace(
        view, key_colour=_tinted(key, warm), fill_colour=_tinted(fill, cool), dome_colour=_tinted(dome, cool),
        backdrop=backdrop,
    )  # fmt: skip


def _paper(rng: np.random.Generator) -> Colour:
    if chance(rng, GREY_SHARE):
        colour = np.full(3, between(rng, *GREYS)) * (1 + rng.normal(0, 0.02, 3))
    else:
        table = PALETTES["paper"]
        colour = linear(table[int(rng.integers(len(table)))]) ** rng.uniform(0.7, 1.3)
    red, green, blue = (round(float(c), 4) for c in np.clip(colour, 0.01, 0.9))
    return red, green, blue


def _tinted(strength: float, warmth: float) -> Colour:
    return round(strength * (1 + warmth), 4), round(strength, 4), round(strength * (1 - 1.4 * warmth), 4)
