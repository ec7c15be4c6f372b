"""vton.studio.garments.cutting: patterns in metres from relative cuts."""

import dataclasses

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.garments.cuts import draw_cut
from vton.studio.garments.cutting import KIND, Cut, draft
from vton.studio.garments.wardrobe import KINDS
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

FABRIC = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)


def article(type_: str, **cut) -> ArticleSpec:
    return ArticleSpec("top", type_, cut, FABRIC)


@pytest.fixture(scope="module")
def measures(model):
    return model.mannequin("female").measures


def test_every_type_of_the_wardrobe_can_be_made():
    assert {name: kind.kind for name, kind in KINDS.items()} == KIND


def test_unknown_type(measures):
    with pytest.raises(InputError, match="toga"):
        draft(article("toga"), measures)


def test_hems_follow_the_body(measures):
    assert draft(article("tee", hem=0.0), measures).hem_y == pytest.approx(measures.waist_y)
    assert draft(article("tee", hem=1.0), measures).hem_y == pytest.approx(measures.high_hip_y)
    knee, crotch = (draft(article("midi", hem_leg=at), measures).hem_y for at in (0.0, 1.0))
    assert knee == pytest.approx(measures.knee[1]) and crotch == pytest.approx(measures.crotch_y)
    assert draft(article("coat", hem_leg=-1.0), measures).hem_y == pytest.approx(measures.ankle[1])
    assert draft(article("shorts", thigh=0.5), measures).hem_y > measures.knee[1]


def test_under_an_outer_tops_are_slimmer(measures):
    loose, layered = (draft(article("sweater", sleeve_ease=0.03), measures, layered) for layered in (False, True))
    assert layered.sleeve_ease < loose.sleeve_ease and layered.chest_ease < loose.chest_ease
    assert layered.hem_y == loose.hem_y


def test_sampled_cuts_name_known_parameters(measures):
    names = {field.name for field in dataclasses.fields(Cut)}
    for type_ in KIND:
        cut = draw_cut(np.random.default_rng(3), type_, "female")
        used = set(cut) & names
        assert len(used) >= 3, type_
        pattern = draft(ArticleSpec("top", type_, cut, FABRIC), measures)
        assert pattern.hem_y < (pattern.top_y or measures.neck[1])
