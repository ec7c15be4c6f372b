"""The table of slots: whole rows, names that are labels, and what the rest of the program derives from it."""

from itertools import combinations

import numpy as np
import pytest

from vton.schema import (
    PARSER_LABELS,
    REGIONS,
    SIDED_LABELS,
    SLOT_TABLE,
    SLOTS,
    TRYON_SLOTS,
    Article,
    Outfit,
    tryon_slot,
)
from vton.schema.slots import worn_instead


def test_the_order_of_the_slots_is_that_of_checkpoints_and_packs():
    assert SLOTS == ("top", "outer", "bottom", "dress", "shoes", "accessory")
    assert TRYON_SLOTS == ("top", "outer", "bottom", "dress")


@pytest.mark.parametrize("name", SLOTS)
def test_a_row_names_labels_and_slots_that_there_are(name):
    slot = SLOT_TABLE[name]
    assert slot.name == name and name in PARSER_LABELS and name in REGIONS
    assert slot.title and slot.called and set(slot.replaces) <= set(SLOTS)
    if slot.tryon is None:
        with pytest.raises(KeyError):
            tryon_slot(name)
        return
    worn = tryon_slot(name)
    labels = {*worn.takes_off, *worn.beneath, *worn.keeps, *worn.hung_over, *worn.limbs}
    assert labels <= set(SIDED_LABELS) and name in worn.takes_off and name in worn.hung_over
    assert set(worn.hidden_by) <= set(TRYON_SLOTS) and not set(worn.keeps) & {*worn.takes_off, *worn.beneath}
    assert worn.on_torso or worn.on_legs
    assert 0 <= worn.width_rows[0] < worn.width_rows[1] <= 1 and 0 < worn.largest_piece < 1


def test_shares_of_training_add_up_to_one():
    assert sum(tryon_slot(name).training_share for name in TRYON_SLOTS) == pytest.approx(1)


def test_what_is_worn_instead_goes_both_ways():
    for one, other in combinations(SLOTS, 2):
        assert (one in worn_instead(other)) == (other in worn_instead(one))
    picture, mask = np.zeros((256, 192, 3), np.uint8), np.full((256, 192), 255, np.uint8)
    outfit = Outfit.of(*(Article(slot, picture, mask) for slot in ("top", "bottom", "shoes")))
    dressed = outfit.wearing(Article("dress", picture, mask))
    assert [slot for slot, _ in dressed.items()] == ["dress", "shoes"]
    assert dressed.describe() == "2 of 6 articles; a dress replaces top and bottom"
    assert [slot for slot, _ in dressed.wearing(Article("top", picture, mask)).items()] == ["top", "shoes"]
