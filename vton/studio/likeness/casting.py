"""Who is photographed as whom: a likeness for every spec, by sex, age and tone, none of one portrait alone."""

import dataclasses
from collections.abc import Sequence

import cv2
import numpy as np

from vton.studio.likeness.hair_meshes import MESHES
from vton.studio.likeness.painted_skin import tone_colour
from vton.studio.likeness.portraits import Portrait, Portraits
from vton.studio.likeness.skins import SKINS
from vton.studio.specs.look import LookSpec
from vton.studio.specs.person import LikenessSpec, PersonSpec

YEARS_SPREAD, LIGHTNESS_SPREAD = 10.0, 5.0
PAIR_YEARS, PAIR_LIGHTNESS = 8.0, 3.0
FACE = {
    "eyebrows-trans-up": 0.8, "l-eye-scale-incr": -0.25, "l-eye-height1-incr": -0.15, "l-eye-height2-incr": -0.2,
    "l-eye-trans-up": -0.2, "mouth-scale-horiz-incr": 0.3, "nose-trans-up": 0.3,
}  # fmt: skip
"""Changes of the face that lead the mean of the studio's bodies to the mean of the portraits' points, found by least
squares; ``l-`` stands for both sides. Without them brows lie too near to eyes that are too wide open."""

MESH_SHARE = 0.7
COILED, COILED_MESHES = 0.45, ("short01", "braid01")
"""From which share of African ancestry on hair is coiled, and the meshes of such hair."""

OLD_FROM, DARK_FROM = 50.0, 5.5


def years_of(age: float) -> float:
    """Years of anny's scale of age: 2/3 is 25, 1 is 90."""
    return 25 + (age - 2 / 3) * 195


def lightness_of(tone: float) -> float:
    """CIE L of a skin tone 0..9."""
    return float(cv2.cvtColor(tone_colour(tone).reshape(1, 1, 3).astype(np.float32), cv2.COLOR_RGB2LAB)[0, 0, 0])


def cast(looks: Sequence[LookSpec], portraits: Portraits) -> list[LookSpec]:
    """The looks with a likeness each, the same for the same spec."""
    return [dataclasses.replace(look, person=_cast(look.person, portraits)) for look in looks]


def _cast(person: PersonSpec, portraits: Portraits) -> PersonSpec:
    rng = np.random.default_rng([person.skin.seed, 4241])
    years, lightness = years_of(person.body.age), lightness_of(person.skin.tone)
    same = [p for p in portraits.usable if p.sex == person.body.gender]
    upper = _draw(rng, same, years, lightness, YEARS_SPREAD, LIGHTNESS_SPREAD)
    others = [p for p in same if p is not upper]
    lower = _draw(rng, others, upper.years, upper.lightness, PAIR_YEARS, PAIR_LIGHTNESS)
    dark = person.skin.tone > DARK_FROM and person.body.gender == "male"
    of_whom = (person.body.gender, "old" if years > OLD_FROM else "young", dark)
    fitting = [name for name, kind in SKINS.items() if kind == of_whom]
    skin = fitting[int(rng.integers(len(fitting)))]
    body = dataclasses.replace(person.body, face=_nearer_to_portraits(person.body.face))
    likeness = LikenessSpec(skin, (upper.name, lower.name), _hair(person))
    return dataclasses.replace(person, body=body, likeness=likeness)


def _hair(person: PersonSpec) -> str | None:
    """A mesh for some of the persons whose style has any; it is geometry, so the same for all looks of an outfit.

    No mesh falls over a shoulder that it was not made for.
    """
    if person.hair.fall:
        return None
    rng = np.random.default_rng([person.hair.seed, 4242])
    fitting = MESHES.get(person.hair.style, ())
    if person.body.african > COILED:
        fitting = tuple(name for name in fitting if name in COILED_MESHES)
    return fitting[int(rng.integers(len(fitting)))] if fitting and rng.random() < MESH_SHARE else None


def _nearer_to_portraits(face: dict[str, float]) -> dict[str, float]:
    changed = dict(face)
    for name, amount in FACE.items():
        for side in (name, "r-" + name[2:]) if name.startswith("l-") else (name,):
            changed[side] = round(float(np.clip(changed.get(side, 0.0) + amount, -1, 1)), 3)
    return changed


def _draw(
    rng: np.random.Generator, portraits: Sequence[Portrait], years: float, lightness: float, *spread: float
) -> Portrait:
    """One of the portraits, those nearest in age and lightness most often."""
    miss = [((p.years - years) / spread[0]) ** 2 + ((p.lightness - lightness) / spread[1]) ** 2 for p in portraits]
    weights = np.exp(-0.5 * (np.array(miss) - min(miss)))
    return portraits[int(rng.choice(len(portraits), p=weights / weights.sum()))]
