"""vton.studio.garments.grading: the lines of any body lie on those of the standard body."""

import dataclasses

import numpy as np
import pytest

from vton.studio.body.standards import MANNEQUINS
from vton.studio.garments.cutting import draft
from vton.studio.garments.grading import Grading
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

FABRIC = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)


@pytest.fixture(scope="module")
def heavy(model):
    return model.shape(dataclasses.replace(MANNEQUINS["male"], height=0.4, weight=0.9)).measures


def grading(model, m, slot, type_, **cut):
    article, standard = ArticleSpec(slot, type_, cut, FABRIC), model.standard().measures
    return Grading(m, draft(article, m), standard, draft(article, standard))


def test_the_standard_body_stays_as_it_is(model):
    standard = model.standard().measures
    g = grading(model, standard, "top", "tee", hem=1.0)
    y = np.linspace(0.1, 1.5, 30)
    np.testing.assert_allclose(g.height(y), y, atol=1e-9)
    assert g.sleeve(np.array([-0.02, 0.3])) == pytest.approx([-0.02, 0.3])


@pytest.mark.parametrize(
    ("slot", "type_", "cut", "lines"),
    [
        ("bottom", "straight", {"rise": 0.2}, [lambda m: m.knee[1], lambda m: m.crotch_y]),
        ("dress", "aline", {"hem_leg": -0.3, "belt": True}, [lambda m: m.waist_y, lambda m: m.neck[1]]),
        ("top", "tee", {"hem": 1.1}, [lambda m: m.neck[1]]),
        ("bottom", "midi", {"hem_leg": -0.2}, []),
    ],
)
def test_lines_and_edges_lie_on_those_of_the_standard_body(model, heavy, slot, type_, cut, lines):
    standard = model.standard().measures
    g = grading(model, heavy, slot, type_, **cut)
    edges = ["hem_y", "top_y"] if slot == "bottom" else ["hem_y"]
    for name in edges:
        assert g.height(getattr(g.pattern, name)) == pytest.approx(getattr(g.standard_pattern, name)), name
    for line in lines:
        assert g.height(line(heavy)) == pytest.approx(line(standard))
    assert (np.diff(g.height(np.linspace(0, 1.6, 400))) > 0).all(), "no cloth is turned over"


def test_cuffs_lie_on_those_of_the_standard_body(model, heavy):
    g = grading(model, heavy, "top", "tee", hem=1.0, sleeve=0.6)
    assert g.sleeve(np.array([g.pattern.sleeve])) == pytest.approx(g.standard_pattern.sleeve)


def test_stripes_are_even_from_the_hem_to_the_chest(model, heavy):
    g = grading(model, heavy, "top", "tee", hem=1.2)
    steps = np.diff(g.height(np.linspace(g.pattern.hem_y, heavy.neck[1] - 0.15, 30)))
    assert np.ptp(steps) < 1e-6


def test_widths_are_shares_at_the_waist_and_metres_at_the_neck(model, heavy):
    standard = model.standard().measures
    g = grading(model, heavy, "top", "tee", hem=1.0)
    wide, standard_wide = (float(m.half_width(m.bust_y)) for m in (heavy, standard))
    assert wide > 1.1 * standard_wide
    for y, x, expected in ((heavy.waist_y, 0.1, 0.1 * standard_wide / wide), (float(heavy.neck[1]), 0.08, 0.08)):
        z = (heavy.front(max(y, heavy.crotch_y)) + heavy.back(max(y, heavy.crotch_y))) / 2 + 0.05
        deep = float(heavy.front(heavy.bust_y) - heavy.back(heavy.bust_y)) / 2
        angle, _ = g.torso(np.array([[x, y, z]]))
        assert np.tan(angle) * 0.05 / deep * standard_wide == pytest.approx(expected, rel=0.01)


def test_both_edges_of_an_open_front_lie_on_those_of_the_standard(model, heavy):
    """The gap is in metres, however wide the body."""
    g = grading(model, heavy, "outer", "coat", open=0.04, hem=1.2)
    y, z = heavy.waist_y, float(heavy.front(heavy.waist_y)) + 0.02
    angle = [g.torso(np.array([[sign * 0.04, y, z]]))[0][0] for sign in (-1, 1)]
    away = z - (heavy.front(y) + heavy.back(y)) / 2
    deep = float(heavy.front(heavy.bust_y) - heavy.back(heavy.bust_y)) / 2
    standard_wide = float(model.standard().measures.half_width(model.standard().measures.bust_y))
    assert angle[0] == pytest.approx(-angle[1])
    assert np.tan(angle[1]) * away / deep * standard_wide == pytest.approx(0.04, abs=0.003)


def test_front_middle_and_side_of_pants_are_kept(model, heavy):
    standard = model.standard().measures
    g = grading(model, heavy, "bottom", "straight", rise=0.1)
    own, there = heavy.high_hip_y, standard.high_hip_y
    front = np.array([[0.0, own, heavy.front(own)]])
    angle, height = g.leg(front)
    same = grading(model, standard, "bottom", "straight", rise=0.1)
    expected, _ = same.leg(np.array([[0.0, there, standard.front(there)]]))
    assert height == pytest.approx(there, abs=0.01) and angle == pytest.approx(expected, abs=0.05)
