"""vton.studio.sampling.wear: ways to wear things come as often as asked, and change nothing else of a look."""

import dataclasses

import pytest

from vton.schema import InputError
from vton.studio.accessories.kinds import HATS
from vton.studio.sampling.coverage import wear_coverage
from vton.studio.sampling.looks import sample_looks
from vton.studio.sampling.wear import HANGING
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import FRONTS, SHOULDERS, WearSpec

COUNT = 120
PLAIN = [sample_looks(3, i, 1, 2) for i in range(COUNT)]
WORN = [sample_looks(3, i, 1, 2, wear=1.0) for i in range(COUNT)]


def test_nothing_else_changes_and_all_looks_are_worn_alike():
    for plain, worn in zip(PLAIN, WORN, strict=True):
        assert len({look.outfit.wear for look in worn}) == 1
        for one, other in zip(plain, worn, strict=True):
            assert one == dataclasses.replace(other, outfit=dataclasses.replace(other.outfit, wear=None))


def test_specs_survive_json_and_are_as_they_were_where_nothing_is_said():
    for look in (looks[0] for looks in (*PLAIN, *WORN)):
        assert LookSpec.from_dict(look.to_dict()) == look
        assert ("wear" in look.to_dict()["outfit"]) == (look.outfit.wear is not None)


def test_only_what_can_be_worn_so_is():
    for outfit in (looks[0].outfit for looks in WORN if looks[0].outfit.wear):
        wear, top = outfit.wear, outfit.article("top")
        assert not wear.tuck or (top is not None and outfit.article("bottom") is not None)
        assert wear.tuck != "in" or top.type not in ("sweater", "sweatshirt", "hoodie")
        assert bool(wear.front) == (outfit.article("outer") is not None)
        assert wear.front != SHOULDERS or wear.rolled != "outer"
        assert not wear.rolled or outfit.article(wear.rolled).cut.get("sleeve", 1.0) > 0
        assert not wear.rolled or wear.rolled == "outer" or not outfit.article("outer")
        assert not wear.turn_up or outfit.article("bottom").type in ("straight", "chino", "skinny", "wide")


def test_every_way_comes_and_is_counted():
    rows = {(axis, group): count for axis, group, count in wear_coverage([looks[0].outfit for looks in WORN])}
    assert all(rows["outer", front] >= 3 for front in FRONTS) and rows["outer", "gap"] == 0
    assert rows["arms", "beneath"] >= 2
    assert min(rows["top", "half"], rows["top", "in"], rows["top", "over"]) >= 8
    assert min(rows["sleeves", "rolled"], rows["hems", "turned up"]) >= 5
    plain = {(axis, group): count for axis, group, count in wear_coverage([looks[0].outfit for looks in PLAIN])}
    assert plain["top", "half"] == plain["sleeves", "rolled"] == 0 and plain["outer", "gap"] > 20
    seldom = [sample_looks(3, i, 1, 1, wear=0.2)[0].outfit.wear for i in range(60)]
    assert 0 < sum(wear is not None for wear in seldom) < 25


def test_an_outer_lies_over_the_shoulders_of_those_whose_arms_hang_down_with_empty_hands():
    looks = [look for i in range(COUNT) for look in sample_looks(3, i, 1, 1, occlusions=0.6, wear=1.0)]
    shouldered = [look for look in looks if look.outfit.wear and look.outfit.wear.front == SHOULDERS]
    assert shouldered
    for look in shouldered:
        accessory = look.outfit.article("accessory")
        assert all(pose.name in HANGING and pose.held is None for pose in look.poses)
        assert accessory is None or accessory.type in HATS
        assert look.outfit.manners["outer"] == "open" and look.outfit.manners["arms"] == "beneath"
    assert all("arms" not in look.outfit.manners for look in looks if look not in shouldered)


def test_what_nobody_wears_is_refused():
    for wrong in ({"tuck": "out"}, {"front": "ajar"}):
        with pytest.raises(InputError, match="wear:"):
            WearSpec(**wrong)
