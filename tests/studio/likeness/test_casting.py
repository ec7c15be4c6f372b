"""Who is photographed as whom."""

import numpy as np
import pytest
from drawn.portraits import draw_portrait, write_portraits

from vton.studio.likeness.casting import cast, lightness_of, years_of
from vton.studio.likeness.hair_meshes import MESHES
from vton.studio.likeness.portraits import Portraits
from vton.studio.likeness.skins import SKINS
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.look import LookSpec

NAMES = {
    "female": "female05 female10 female20 female06 female18 female53 female01 female02 female04",
    "male": "male00 male07 male19 male03 male37 male10 male02 male09 male12",
}
"""Three portraits each of dark, medium and light skin, as `Portraits` knows their names."""


@pytest.fixture(scope="module")
def portraits(tmp_path_factory):
    drawn = {}
    for sex, names in NAMES.items():
        for i, name in enumerate(names.split()):
            facts = {"sex": sex, "age": (25, 45, 75)[i % 3], "cheek_lab": [(35, 60, 80)[i // 3], 15, 20]}
            drawn[name] = (draw_portrait()[:8, :8], facts)
    drawn["aside"] = (draw_portrait()[:8, :8], {"yaw": 0.6})
    return Portraits(write_portraits(tmp_path_factory.mktemp("portraits"), drawn))


def looks(count):
    return [look for i in range(count) for look in sample_looks(11, i, 1, 2)]


def test_faces_are_of_the_persons_sex_and_age_and_never_of_one_portrait(portraits):
    years_off, lightness_off = [], []
    for look in cast(looks(40), portraits):
        person, likeness = look.person, look.person.likeness
        upper, lower = (portraits.all[name] for name in likeness.portraits)
        assert upper is not lower and {upper.sex, lower.sex} == {person.body.gender}
        assert SKINS[likeness.skin][0] == person.body.gender
        years_off.append(abs(upper.years - years_of(person.body.age)))
        lightness_off.append(abs(upper.lightness - lightness_of(person.skin.tone)))
    assert np.mean(years_off) < 13 and np.mean(lightness_off) < 12  # by chance 24 and 25
    assert "aside" not in {p.name for p in portraits.usable}


def test_the_same_spec_has_the_same_likeness_and_all_looks_of_an_outfit_the_same_hair(portraits):
    once, again = cast(looks(12), portraits), cast(looks(12), portraits)
    assert once == again
    for first, second in zip(once[::2], once[1::2], strict=True):
        assert first.person.likeness.hair == second.person.likeness.hair
        assert first.person.likeness.hair in (None, *MESHES.get(first.person.hair.style, ()))
        assert first.person.body == second.person.body
    assert any(look.person.likeness.hair for look in once)


def test_a_likeness_is_part_of_the_json_and_its_absence_is_not(portraits):
    (bare,) = sample_looks(11, 3, 1, 1)
    assert "likeness" not in bare.to_dict()["person"] and LookSpec.from_dict(bare.to_dict()) == bare
    (cast_look,) = cast([bare], portraits)
    assert cast_look.to_dict()["person"]["likeness"]["portraits"]
    assert LookSpec.from_dict(cast_look.to_dict()) == cast_look
