"""vton.studio.sampling.people: even coverage, plausible persons, names that the painters know."""

import numpy as np
import pytest

from vton.studio.hair.styles import HAIR_COLOURS, STYLES
from vton.studio.likeness.painted_eyes import IRISES
from vton.studio.sampling.coverage import coverage
from vton.studio.sampling.people import AXES, COILED_MEN, COILED_WOMEN, MEN_STYLES, WOMEN_STYLES, person_quantiles
from vton.studio.sampling.people import sample_person as draw


def persons(count, first=0, seed=3):
    return [draw(np.random.default_rng([seed, i]), person_quantiles(seed, i)) for i in range(first, first + count)]


@pytest.mark.parametrize("first", [0, 500])
def test_any_stretch_of_a_run_is_covered_evenly(first):
    rows = coverage(persons(120, first))
    assert sum(count for axis, _, count in rows if axis == "skin") == 120
    for axis, groups in (("body", 4), ("age", 4), ("height", 3), ("skin", 5)):
        counts = [count for a, _, count in rows if a == axis]
        assert len(counts) == groups and min(counts) > 0.6 * 120 / groups, (axis, counts)
    women = next(count for axis, group, count in rows if (axis, group) == ("gender", "female"))
    assert 0.5 < women / 120 < 0.66


def test_axes_are_independent():
    places = np.array([[person_quantiles(0, i)[axis] for axis in AXES] for i in range(2000)])
    correlation = np.corrcoef(places.T) - np.eye(len(AXES))
    assert np.abs(correlation).max() < 0.05 and places.min() >= 0 and places.max() < 1


def test_persons_are_of_known_names_and_in_range():
    for person in persons(200):
        body, hair = person.body, person.hair
        styles = MEN_STYLES | COILED_MEN if body.gender == "male" else WOMEN_STYLES | COILED_WOMEN
        assert hair.style in styles and hair.style in STYLES and hair.colour in HAIR_COLOURS
        assert person.skin.iris in IRISES and 0 <= person.skin.tone <= 9
        assert body.african + body.asian + body.caucasian == pytest.approx(1, abs=1e-3)
        for name in ("age", "muscle", "weight", "height", "proportions", "cup_size", "firmness", "smile"):
            assert 0 <= getattr(body, name) <= 1
        assert all(body.face["r-" + n[2:]] == v for n, v in body.face.items() if n.startswith("l-"))
        assert body.gender == "female" or not person.skin.makeup


def test_bodies_are_as_tall_as_people(model):
    heights = {"female": [], "male": []}
    for person in persons(24):
        heights[person.body.gender].append(model.shape(person.body).measures.height)
    assert 1.42 < min(heights["female"]) and max(heights["female"]) < 1.85
    assert 1.50 < min(heights["male"]) and max(heights["male"]) < 1.98
    assert np.ptp(heights["female"]) > 0.15


def test_the_same_seed_is_the_same_person():
    assert persons(3) == persons(3) and persons(3) != persons(3, seed=4)
