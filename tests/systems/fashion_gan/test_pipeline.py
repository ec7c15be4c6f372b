"""The unconditional system: everything is in the styles."""

import numpy as np
import pytest

from vton.schema import InputError, Outfit


def test_swapping_every_layer_gives_the_source(load):
    pipeline = load("fashion-gan")
    source, target = pipeline(seed=1)[0], pipeline(seed=2)[0]
    mixed = pipeline.mix(source, target, (1, pipeline.layers.count), 1)
    assert np.array_equal(mixed.image_u8, source.image_u8)


def test_the_transfers_complete_each_other(load):
    pipeline = load("fashion-gan")
    middle_first, middle_last = pipeline.layers.pose[1] + 1, pipeline.layers.colour[0] - 1
    mixed = pipeline.mix(1, 2, "pose")
    mixed = pipeline.mix(1, mixed, "colour")
    mixed = pipeline.mix(1, mixed, (middle_first, middle_last))
    assert np.array_equal(mixed.image_u8, pipeline(seed=1)[0].image_u8)


def test_two_seeds_are_enough(load):
    pipeline = load("fashion-gan")
    assert pipeline.mix(1, 2, "pose").recipe.mix["source"]["seed"] == 1


def test_articles_and_poses_are_refused_rather_than_ignored(load, make_article):
    pipeline = load("fashion-gan")
    for outfit in (Outfit.of(make_article("top")), {"top": "a.png"}):
        with pytest.raises(InputError, match="leave the articles out"):
            pipeline(outfit)
    with pytest.raises(InputError, match="leave the pose out"):
        pipeline(pose="stand")
    assert len(pipeline(Outfit.empty())) == len(pipeline({"top": None})) == 1
