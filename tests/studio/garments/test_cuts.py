"""vton.studio.garments.wardrobe and cuts: tailor and painter know every type, cuts hold no colours, men's differ."""

import numpy as np
import pytest

from vton.studio.fabrics.patterns import PATTERNS
from vton.studio.fabrics.weaves import WEAVES
from vton.studio.garments.cuts import draw_cut
from vton.studio.garments.cutting import KIND
from vton.studio.garments.wardrobe import KINDS, same_drape
from vton.studio.sampling.outfits import DRESSES, MEN_PANTS, MEN_TOPS, OUTERS, SKIRTS, WOMEN_PANTS, WOMEN_TOPS


def test_tailor_and_painter_know_every_type():
    assert {name: kind.kind for name, kind in KINDS.items()} == KIND
    for kind in KINDS.values():
        assert set(kind.weaves) <= set(WEAVES) and set(kind.patterns) <= set(PATTERNS)
    sold = set().union(WOMEN_TOPS, MEN_TOPS, WOMEN_PANTS, MEN_PANTS, SKIRTS, DRESSES, OUTERS)
    assert sold == set(KINDS)


@pytest.mark.parametrize("type_", KINDS)
def test_cuts_are_numbers_names_and_flags(type_):
    rng = np.random.default_rng(5)
    cuts = [draw_cut(rng, type_, gender) for gender in ("female", "male") for _ in range(4)]
    for cut in cuts:
        assert all(isinstance(value, float | int | bool | str) for value in cut.values())
        assert "ease" in cut and not {"colour", "weave", "pattern"} & set(cut)
    assert len({str(cut) for cut in cuts}) > 1


def test_men_wear_their_own_cuts():
    rng = np.random.default_rng(0)

    def mean(type_, gender, name):
        return np.mean([draw_cut(rng, type_, gender)[name] for _ in range(60)])

    assert mean("tee", "male", "straight") > mean("tee", "female", "straight") + 0.1
    assert mean("tee", "male", "hem") > mean("tee", "female", "hem")
    assert mean("straight", "male", "rise") > mean("straight", "female", "rise") + 0.15
    assert mean("shorts", "male", "thigh") < mean("shorts", "female", "thigh")


def test_wide_trousers_are_rare():
    share = sum(WOMEN_PANTS[t] for t in ("wide", "flare")) / sum(WOMEN_PANTS.values())
    assert share < 0.2 and MEN_PANTS["wide"] / sum(MEN_PANTS.values()) < 0.05


def test_a_look_keeps_how_stiff_the_cloth_is():
    assert set(same_drape("satin", KINDS["aline"])) == {"cotton", "satin", "chiffon", "linen"}
    assert set(same_drape("denim", KINDS["shorts"])) == {"denim", "twill"}
