"""The table of label sets: complete for every set, in the papers' order, and the same there and back."""

import numpy as np
import pytest

from vton.schema import PARSER_LABELS, REGIONS, SIDED_LABELS
from vton.schema.label_sets import (
    ACGPN14,
    ATR18,
    CIHP20,
    LABEL_MAPS,
    LIP20,
    SKIN_LABELS,
    STUDIO_TO_REGION,
    relabel,
)
from vton.studio.specs.labels import LABELS as STUDIO19

# As the data sets' papers and released files number them.
LIP20_NUMBERS = {0: "background", 1: "hat", 2: "hair", 3: "glove", 4: "sunglasses", 5: "upper", 6: "dress", 7: "coat",
                 8: "socks", 9: "pants", 10: "jumpsuit", 11: "scarf", 12: "skirt", 13: "face", 14: "left_arm",
                 15: "right_arm", 16: "left_leg", 17: "right_leg", 18: "left_shoe", 19: "right_shoe"}  # fmt: skip
ATR18_NUMBERS = {0: "background", 1: "hat", 2: "hair", 3: "sunglasses", 4: "upper", 5: "skirt", 6: "pants", 7: "dress",
                 8: "belt", 9: "left_shoe", 10: "right_shoe", 11: "face", 12: "left_leg", 13: "right_leg",
                 14: "left_arm", 15: "right_arm", 16: "bag", 17: "scarf"}  # fmt: skip
CCP59 = (
    "null accessories bag belt blazer blouse bodysuit boots bra bracelet cape cardigan clogs coat dress earrings flats "
    "glasses gloves hair hat heels hoodie intimate jacket jeans jumper leggings loafers necklace panties pants pumps "
    "purse ring romper sandals scarf shirt shoes shorts skin skirt sneakers socks stockings suit sunglasses sweater "
    "sweatshirt swimwear t-shirt tie tights top vest wallet watch wedges"
).split()
ACGPN14_NUMBERS = {0: "background", 1: "hair", 4: "upper", 5: "left_shoe", 6: "right_shoe", 7: "noise", 8: "bottom",
                   9: "left_leg", 10: "right_leg", 11: "left_arm", 12: "face", 13: "right_arm"}  # fmt: skip
SETS = {"lip-20": LIP20, "atr-18": ATR18, "studio-19": STUDIO19, "cihp-20": CIHP20, "acgpn-14": ACGPN14}
NOT_IN = {"lip-20": {"torso_skin", "bag"}, "atr-18": {"torso_skin", "outer"}, "cihp-20": {"bag"},
          "acgpn-14": {"hat", "torso_skin", "outer", "dress", "bag", "accessory"}}  # fmt: skip


def test_sizes_and_order_of_the_public_sets():
    assert (len(LIP20), len(ATR18), len(set(CCP59)), len(STUDIO19)) == (20, 18, 59, 19)
    assert dict(enumerate(LIP20)) == LIP20_NUMBERS
    assert dict(enumerate(ATR18)) == ATR18_NUMBERS
    assert dict(enumerate(CIHP20)) == LIP20_NUMBERS | {10: "torso_skin"}
    assert {number: name for number, name in enumerate(ACGPN14) if number not in (2, 3)} == ACGPN14_NUMBERS


@pytest.mark.parametrize("key", SETS)
def test_every_label_of_a_set_has_one_of_ours(key):
    names = SETS[key]
    assert len(set(names)) == len(names) and names[0] in ("background", "bg")
    assert {LABEL_MAPS[key].get(name) for name in names} <= set(PARSER_LABELS)
    assert LABEL_MAPS[key][names[0]] == "background"
    assert [name for name in names[1:] if LABEL_MAPS[key][name] == "background" and name != "unused"] == []


def test_every_label_of_clothing_co_parsing_has_one_of_ours():
    table = LABEL_MAPS["ccp-59"]
    assert set(CCP59) == set(table)
    assert {table[name] for name in CCP59} - {"skin"} <= set(PARSER_LABELS)
    assert [name for name in CCP59 if table[name] == "skin"] == ["skin"]
    assert [name for name in CCP59 if table[name] == "background"] == ["null"]
    by_ours = {ours: {name for name in CCP59 if table[name] == ours} for ours in set(table.values())}
    assert sum(map(len, by_ours.values())) == 59  # every name in one group
    for one, wanted in [("jeans", "bottom"), ("coat", "outer"), ("t-shirt", "top"), ("romper", "dress"),
                        ("purse", "bag"), ("watch", "accessory"), ("wedges", "shoes"), ("tights", "legs")]:  # fmt: skip
        assert table[one] == wanted


def test_sided_labels_are_ours_with_sides():
    merged = [LABEL_MAPS["lip-20"][name] for name in SIDED_LABELS]
    assert list(dict.fromkeys(merged)) == list(PARSER_LABELS)
    sides = {name for name in SIDED_LABELS if name.startswith(("left_", "right_"))}
    assert {f"{side}_{part}" for side in ("left", "right") for part in ("arm", "leg")} == sides
    assert all(name in PARSER_LABELS for name in set(SIDED_LABELS) - sides)
    assert set(SKIN_LABELS) <= set(PARSER_LABELS)


def test_the_regions_of_the_generators_are_the_parsers_labels_but_for_two():
    assert set(STUDIO_TO_REGION) == set(STUDIO19) and set(STUDIO_TO_REGION.values()) == set(REGIONS)
    coarser = {"hat": "accessory", "bag": "accessory"} | dict.fromkeys(("torso_skin", "arms", "legs"), "skin")
    ours = {name: LABEL_MAPS["studio-19"][name] for name in STUDIO19}
    others = {name: region for name, region in STUDIO_TO_REGION.items()
              if region != coarser.get(ours[name], ours[name])}  # fmt: skip
    assert others == {"glasses": "face", "neck": "skin"}


def test_left_and_right_of_the_public_sets_stay_a_pair():
    for names in (LIP20, ATR18, SIDED_LABELS):
        for left in [name for name in names if name.startswith("left_")]:
            right = left.replace("left_", "right_")
            assert names.index(right) == names.index(left) + 1
            assert LABEL_MAPS["lip-20"][left] == LABEL_MAPS["lip-20"][right]


@pytest.mark.parametrize("key", SETS)
def test_relabelled_and_back(key):
    names, table = SETS[key], LABEL_MAPS[key]
    labels = np.random.default_rng(3).integers(0, len(names), (24, 18)).astype(np.uint8)
    ours = relabel(labels, names, table, PARSER_LABELS)
    assert ours.names == PARSER_LABELS and ours.size_hw == (24, 18)
    for number, name in enumerate(names):
        assert (ours.labels[labels == number] == PARSER_LABELS.index(table[name])).all()
    first_of = {table[name]: name for name in reversed(names)}
    assert set(PARSER_LABELS) - set(first_of) == NOT_IN.get(key, set())
    there = relabel(ours.labels, PARSER_LABELS, {name: first_of.get(name, names[0]) for name in PARSER_LABELS}, names)
    back = relabel(there.labels, names, table, PARSER_LABELS)
    np.testing.assert_array_equal(back.labels, ours.labels)


def test_what_cannot_be_relabelled_is_said():
    labels = np.zeros((2, 2), np.uint8)
    with pytest.raises(ValueError, match="no label for skin"):
        relabel(labels, ("null", "skin"), LABEL_MAPS["ccp-59"], PARSER_LABELS)
    with pytest.raises(ValueError, match="no label for robe"):
        relabel(labels, ("background", "robe"), LABEL_MAPS["lip-20"], PARSER_LABELS)
    with pytest.raises(ValueError, match="label 2 has no name"):
        relabel(labels + np.uint8(2), ("background", "hat"), LABEL_MAPS["lip-20"], PARSER_LABELS)
