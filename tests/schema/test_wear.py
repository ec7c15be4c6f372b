"""How articles are worn: options, traits, mirrors."""

import numpy as np
import pytest

from vton.schema import SLOTS, TRAIT_SLOTS, TRAITS, WEAR_OPTIONS, InputError, Wear


@pytest.mark.parametrize(("topic", "option"), TRAITS)
def test_every_option_is_one_trait(topic, option):
    traits = Wear(**{topic: option}).traits()
    assert traits.sum() == 1 and TRAITS[int(traits.argmax())] == (topic, option)
    assert Wear.of(Wear(**{topic: option}).told()) == Wear(**{topic: option})


def test_nothing_said_is_no_trait():
    assert not Wear().traits().any() and Wear().told() == {}


@pytest.mark.parametrize("topic", WEAR_OPTIONS)
def test_an_unknown_option_names_those_there_are(topic):
    with pytest.raises(InputError, match=WEAR_OPTIONS[topic][0]):
        Wear(**{topic: "sideways"})


def test_an_unknown_topic_is_refused():
    with pytest.raises(InputError, match="hems"):
        Wear.of({"hat": "yes"})


def test_in_a_mirror_the_bag_changes_sides_and_nothing_else():
    wear = Wear(accessory="bag", side="left", top="in")
    assert wear.flip() == Wear(accessory="bag", side="right", top="in") and wear.flip().flip() == wear


def test_what_is_not_worn_is_worn_in_no_way():
    wear = Wear(accessory="hat", top="in", sleeves="rolled", hems="turned up")
    assert wear.only(("outer", "bottom")) == Wear(sleeves="rolled", hems="turned up")
    assert wear.only(()) == Wear()
    for i, trait in enumerate(TRAITS):
        about = [slot for slot, is_about in zip(SLOTS, TRAIT_SLOTS[i], strict=True) if is_about]
        assert Wear(**dict([trait])).only(about) == Wear(**dict([trait]))
    assert np.all(TRAIT_SLOTS.any(1))
