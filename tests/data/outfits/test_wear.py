"""How the articles of a photo are worn, from its outfit and its parsing."""

import numpy as np
import pytest

from vton.data.outfits.wear import side_of, wear_of
from vton.schema import REGIONS, Wear


@pytest.mark.parametrize(("columns", "side"), [(slice(0, 3), "left"), (slice(9, 12), "right"), (slice(5, 7), "")])
def test_a_bag_is_on_the_side_where_it_is_seen(columns, side):
    regions = np.zeros((16, 12), np.uint8)
    regions[2:, 4:8] = REGIONS.index("skin")
    assert side_of(regions) == ""
    regions[6:9, columns] = REGIONS.index("accessory")
    assert side_of(regions) == side


def test_only_a_bag_has_a_side():
    regions = np.full((8, 6), REGIONS.index("skin"), np.uint8)
    regions[:, 0] = REGIONS.index("accessory")
    assert wear_of({"accessory": "bag", "top": "in"}, regions) == Wear(accessory="bag", side="left", top="in")
    assert wear_of({"accessory": "hat"}, regions) == Wear(accessory="hat") and wear_of({}, regions) == Wear()
