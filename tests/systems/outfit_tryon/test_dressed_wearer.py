"""What an outfit may change of a person, and what lies in front of it."""

import numpy as np
import pytest
from drawn.tryon import drawn_person

from vton.conditioning.person.wearer import Wearer
from vton.schema import REGIONS, SIDED_LABELS, TRYON_SLOTS, Parsing, Person
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer, bares_torso

WEARS = ("top", "bottom")


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_one_garment_changes_what_it_does_in_every_system(slot):
    person = drawn_person(wears=WEARS)
    assert np.array_equal(DressedWearer.of(person, (slot,)).erased, Wearer.of(person, slot).erased)


def test_an_outfit_changes_what_any_of_its_articles_changes():
    person = drawn_person(wears=WEARS)
    alone = [DressedWearer.of(person, (slot,)) for slot in ("top", "bottom", "shoes")]
    together = DressedWearer.of(person, ("top", "bottom", "shoes"))
    assert np.array_equal(together.erased, np.logical_or.reduce([one.erased for one in alone]))
    assert np.array_equal(together.taken_off, np.logical_or.reduce([one.taken_off for one in alone]))
    assert not (together.erased & person.parsing.mask("hair")).any()
    assert not (together.erased & together.in_front).any() and together.in_front.any()


def test_shoes_change_feet_alone_and_accessories_no_face():
    person = drawn_person(wears=WEARS)
    shoes, accessory = (DressedWearer.of(person, (slot,)) for slot in ("shoes", "accessory"))
    rows = np.flatnonzero(shoes.erased.any(axis=1))
    assert rows[0] > person.pose.keypoints_xy[9, 1] and (shoes.erased >= person.parsing.mask("shoes")).all()
    assert not (shoes.erased & person.parsing.mask("bottom")).any()  # the trousers stay, and hang over them
    assert (DressedWearer.of(person, ("shoes", "bottom")).erased & person.parsing.mask("bottom")).any()
    above_hair, below_hand = (10, 96), (int(person.pose.keypoints_xy[4, 1]) + 20, int(person.pose.keypoints_xy[4, 0]))
    assert accessory.erased[above_hair] and accessory.erased[below_hand]
    assert not (accessory.erased & person.parsing.mask("face")).any()


def test_a_known_accessory_changes_only_where_its_kind_is_worn():
    person = drawn_person(wears=WEARS)
    seen = person.parsing, person.pose, ("accessory",)
    unknown, hat, bag = (DressedWearer(*seen, carried=kind) for kind in ("", "hat", "bag"))
    assert np.array_equal(unknown.erased & ~bag.in_front, (hat.erased | bag.erased) & ~bag.in_front)
    hair = person.parsing.mask("hair")
    assert (hat.erased & hair).any() and not (bag.erased & hair).any() and (bag.in_front & hair).sum() == hair.sum()
    regions = np.zeros((256, 192), np.uint8)
    assert unknown.accessory_in(regions) == ""
    for kind, rows in (("hat", slice(10, 25)), ("bag", slice(130, 150))):
        regions[:] = 0
        regions[rows][unknown.erased[rows]] = REGIONS.index("accessory")
        assert unknown.accessory_in(regions) == kind
    assert DressedWearer.of(person, ("top",)).accessory_in(regions) == ""


def test_a_bag_that_stays_is_in_front_and_one_that_is_replaced_goes():
    person = drawn_person(wears=WEARS)
    labels = person.parsing.labels.copy()
    labels[140:170, 90:110] = SIDED_LABELS.index("bag")
    person = Person(person.image_u8, Parsing(labels, SIDED_LABELS), person.pose)
    bag = person.parsing.mask("bag")
    stays, goes = (DressedWearer.of(person, slots) for slots in (("top", "bottom"), ("top", "bottom", "accessory")))
    assert not (stays.erased & bag).any() and (stays.in_front & bag).sum() == bag.sum()
    assert (goes.erased & bag).sum() == bag.sum() == (goes.taken_off & bag).sum()


def test_regions_are_those_of_the_generators():
    person = drawn_person(wears=("top", "bottom"))
    regions = DressedWearer.of(person, ("top",)).regions
    for label, region in {"hair": "hair", "left_arm": "skin", "shoes": "shoes", "top": "top"}.items():
        assert (regions[person.parsing.mask(label)] == REGIONS.index(region)).all()
    face = person.parsing.mask("face")
    assert set(np.unique(regions[face])) == {REGIONS.index("face"), REGIONS.index("skin")}  # the neck is skin


def test_a_bared_torso_is_noticed():
    person = drawn_person(wears=WEARS)
    worn = DressedWearer.of(person, ("top",))
    regions = worn.regions.copy()
    assert bares_torso(worn, regions) == 0
    regions[person.parsing.mask("top")] = REGIONS.index("skin")
    assert bares_torso(worn, regions) > 0.3
