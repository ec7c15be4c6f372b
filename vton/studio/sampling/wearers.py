"""Somebody else who wears an outfit, drawn for looks that exist already: nothing else of them changes."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from vton.studio.sampling.people import AXES, sample_person
from vton.studio.sampling.poses import sample_poses
from vton.studio.sampling.views import relight, sample_view
from vton.studio.specs.choices import chance
from vton.studio.specs.look import LookSpec, WearerSpec

GENDER_QUANTILE = {"female": 0.0, "male": 1.0}


def with_wearer(rng: np.random.Generator, looks: Sequence[LookSpec], share: float) -> list[LookSpec]:
    """The looks of one geometry, in ``share`` of all calls with another wearer of the same gender, lit anew in each."""
    if not chance(rng, share):
        return list(looks)
    first = looks[0]
    quantiles = dict(zip(AXES, rng.random(len(AXES)).tolist(), strict=True))
    person = sample_person(rng, quantiles | {"gender": GENDER_QUANTILE[first.person.body.gender]})
    (pose,) = sample_poses(rng, 1, first.outfit, 0.0)
    view = sample_view(rng)
    return [dataclasses.replace(look, wearer=WearerSpec(person, pose, relight(rng, view))) for look in looks]
