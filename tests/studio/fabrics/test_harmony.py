"""vton.studio.fabrics.harmony: colours are in range, schemes stay calm, seconds stand out on their main colour."""

import numpy as np

from vton.studio.fabrics.harmony import SCHEMES, Scheme, distance, hue_of, luma
from vton.studio.fabrics.painting import NEUTRALS, PALETTE

SLOTS = ("top", "bottom", "outer", "shoes")


def schemes(count=200):
    return [Scheme(np.random.default_rng(i), SLOTS) for i in range(count)]


def saturated(colour):
    return max(colour) - min(colour) > 0.42


def test_all_schemes_occur_and_colours_are_in_range():
    found = schemes()
    assert {s.name for s in found} == set(SCHEMES)
    for scheme in found:
        for slot in SLOTS[:3]:
            main = scheme.draw(slot, "any")
            for colour in (main, scheme.second(main), scheme.third()):
                assert len(colour) == 3 and 0.05 < min(colour) and max(colour) < 0.96


def test_neutral_schemes_are_neutral_and_accents_are_single():
    for scheme in schemes():
        colours = [scheme.draw(slot, "any") for slot in SLOTS[:3]]
        if scheme.name == "neutrals":
            assert all(min(distance(c, PALETTE[n]) for n in NEUTRALS) < 0.25 for c in colours)
        if scheme.name == "neutral_accent":
            assert sum(saturated(c) for c in colours) <= 1


def test_tonal_outfits_stay_near_one_hue():
    for scheme in (s for s in schemes() if s.name == "tonal"):
        base = hue_of(PALETTE[scheme.base])
        for colour in (c for c in (scheme.draw(slot, "any") for slot in SLOTS[:3]) if saturated(c)):
            gap = abs(hue_of(colour) - base)
            assert min(gap, 1 - gap) < 0.2


def test_prints_can_be_read_and_suitings_are_quiet():
    gaps = {"dots": [], "pinstripe": []}
    for scheme in schemes():
        main = scheme.draw("top", "any")
        for pattern, found in gaps.items():
            found.append(abs(luma(scheme.second(main, pattern)) - luma(main)))
    assert np.mean(gaps["dots"]) > 0.3 and np.quantile(gaps["dots"], 0.05) > 0.1
    assert np.mean(gaps["pinstripe"]) < 0.2


def test_families_keep_to_their_dyes():
    scheme = Scheme(np.random.default_rng(0), SLOTS)
    for _ in range(30):
        denim = scheme.draw("bottom", "denim")
        assert denim[2] >= denim[0] - 0.08, "jeans are blue, grey, black or white"
