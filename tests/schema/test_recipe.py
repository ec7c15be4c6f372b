"""Recipe: JSON there and back, and refusal of everything that is none."""

import dataclasses
import json

import numpy as np
import pytest

from vton.conditioning.pose.presets import load_pose
from vton.schema import ARTICLE_HW, Article, InputError, Outfit, Recipe


def recipe(**changes):
    mask = np.zeros(ARTICLE_HW, np.uint8)
    mask[30:220, 40:150] = 255
    outfit = Outfit.of(Article("dress", np.full((*ARTICLE_HW, 3), 90, np.uint8), mask).canonical())
    values = {
        "system": "outfit-gan",
        "checkpoint": "outfit-gan-256",
        "revision": "0123456789ab",
        "size_hw": (256, 192),
        "seed": 42,
        "psi": 0.8,
        "pose": load_pose("stand").to_openpose(),
        "pose_name": "stand",
        "articles": Recipe.pack_outfit(outfit),
    }
    return Recipe(**{**values, **changes})


def mixed(source, target):
    mix = {"source": source.to_dict(), "target": target.to_dict(), "transfer": "colour", "strength": 0.5}
    return recipe(mix=mix, articles={}, pose=None, pose_name=None)


def test_json_round_trip():
    for one in (
        recipe(),
        recipe(articles={}, pose=None, pose_name=None),
        mixed(recipe(seed=1), recipe(seed=2)),
    ):
        again = Recipe.from_json(one.to_json())
        assert again == one and again.to_json() == one.to_json()
        assert again.size_hw == (256, 192)
    assert recipe().to_json().isascii() and "\n" not in recipe().to_json()


def test_parts_come_back():
    one = Recipe.from_json(recipe().to_json())
    assert one.to_pose() == load_pose("stand")
    assert one.outfit()["dress"].image_u8[128, 96].tolist() == [90, 90, 90]
    assert Recipe.pack_outfit(one.outfit()) == one.articles
    bare = recipe(articles={}, pose=None)
    assert bare.outfit() is None and bare.to_pose() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"system": 3},
        {"revision": None},
        {"size_hw": [256]},
        {"size_hw": [256, 0]},
        {"size_hw": [256.5, 192]},
        {"seed": -1},
        {"seed": 1.5},
        {"seed": True},
        {"seed": 2**60},
        {"psi": "1"},
        {"psi": 9},
        {"psi": float("nan")},
        {"psi": 10**400},
        {"mix": {"source": {}, "target": {}, "transfer": "colour", "strength": 10**400}},
        {"pose": []},
        {"pose": {"people": []}},
        {"articles": []},
        {"articles": {"socks": ""}},
        {"articles": {"top": "%%%"}},
        {"articles": {"top": "AAAA"}},
        {"articles": {"top": 5}},
        {"mix": {}},
        {"mix": {"source": {}, "target": {}, "transfer": "colour", "strength": 0.5}},
        {"mix": {"source": 1, "target": {}, "transfer": "colour", "strength": 0.5}},
        {"surprise": 1},
    ],
)  # fmt: skip
def test_wrong_values_are_refused(changes):
    values = {**json.loads(recipe().to_json()), **changes}
    with pytest.raises(InputError) as error:
        Recipe.from_json(json.dumps(values))
    assert "\n" not in str(error.value)


def test_dress_and_top_in_a_recipe():
    one = recipe()
    with pytest.raises(InputError, match="dress"):
        dataclasses.replace(one, articles={**one.articles, "top": one.articles["dress"]})


@pytest.mark.parametrize("missing", ["version", "system", "seed", "psi", "size_hw"])
def test_missing_values_are_refused(missing):
    values = json.loads(recipe().to_json())
    del values[missing]
    with pytest.raises(InputError, match=missing):
        Recipe.from_json(values)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", b"\xff", "[" * 100_000, "{}"])
def test_not_a_recipe(text):
    with pytest.raises(InputError):
        Recipe.from_json(text)


def test_endless_mixes_are_refused():
    one = recipe(articles={}, pose=None)
    for _ in range(9):
        one = mixed(one, recipe(articles={}, pose=None))
    with pytest.raises(InputError, match="simpler"):
        Recipe.from_json(one.to_json())


def test_equal_sides_of_mixes_are_read_once(monkeypatch):
    one = mixed(recipe(), recipe())
    for _ in range(6):
        one = mixed(one, one)
    read = []
    from_webp = Article.from_webp
    monkeypatch.setattr(Article, "from_webp", lambda *args: read.append(args) or from_webp(*args))
    assert Recipe.from_json(one.to_json()) == one
    assert len(read) == 1


def test_a_mix_of_too_many_pictures_is_refused():
    sides = [recipe(seed=seed, articles={}, pose=None, pose_name=None) for seed in range(17)]
    while len(sides) > 1:
        pairs = [mixed(*sides[i : i + 2]) for i in range(0, len(sides) - 1, 2)]
        sides = [*pairs, *sides[len(pairs) * 2 :]]
    with pytest.raises(InputError, match="more than 32 pictures.*simpler"):
        Recipe.from_json(sides[0].to_json())
    assert Recipe.from_json(sides[0].mix["source"]).mix
