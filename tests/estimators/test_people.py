"""Joints of several people in one set of heatmaps: who owns which, and who is the main person."""

import numpy as np
import pytest

from vton.estimators.people import heat_of, main_person, people_in
from vton.networks.heatmap_decoding import decode_joints

MAP_HW = (64, 48)
UNIT = np.array(
    [[50, 8], [50, 18], [40, 19], [34, 33], [30, 46], [60, 19], [67, 32], [74, 44], [43, 48], [42, 70], [40, 94],
     [57, 48], [60, 70], [63, 93], [47, 6], [53, 6], [43, 8], [57, 8]], float
)  # fmt: skip


def person(height, left, top):
    return (UNIT - (30, 6)) * height / 88 + (left, top)


def maps_of(*people, weights=None, map_hw=MAP_HW):
    """Logits whose softmax is a mixture of Gaussians, one per person and joint."""
    ys, xs = np.mgrid[: map_hw[0], : map_hw[1]] + 0.5
    mixed = np.full((18, *map_hw), 1e-7)
    for xy, weight in zip(people, weights or [1.0] * len(people), strict=True):
        for joint, (x, y) in enumerate(xy):
            mixed[joint] += weight * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * 1.3**2))
    return np.log(mixed).astype(np.float32)


def test_one_person_is_decoded_as_in_training():
    import torch

    maps = maps_of(person(50, 8, 6))
    (found,) = people_in(heat_of(maps))[:1]
    xy, share = decode_joints(torch.from_numpy(maps)[None], stride=1)
    np.testing.assert_allclose(found.xy, xy[0].numpy(), atol=0.1)  # between two equal cells either may be first
    np.testing.assert_allclose(found.peak, share[0].numpy(), atol=0.02)
    assert np.abs(found.xy - person(50, 8, 6)).max() < 0.1


@pytest.mark.parametrize("weights", [(1.0, 1.0), (0.6, 1.0), (1.0, 0.6)])
@pytest.mark.parametrize("order", [1, -1])
def test_the_larger_person_keeps_all_joints(weights, order):
    large, small = person(50, 2, 6), person(30, 30, 20)
    people = people_in(heat_of(maps_of(*[large, small][::order], weights=weights)))
    found = main_person(people, MAP_HW[1])
    assert np.abs(found.xy - large).max() < 1


def test_of_equals_the_central_one_is_the_main_person():
    wide = (64, 96)
    middle, aside = person(44, 36, 10), person(44, 2, 10)
    found = main_person(people_in(heat_of(maps_of(aside, middle, map_hw=wide))), wide[1])
    assert np.abs(found.xy - middle).max() < 1


def test_a_hint_names_the_person():
    large, small = person(50, 2, 6), person(30, 30, 20)
    hint = small + np.random.default_rng(0).normal(0, 0.7, small.shape)
    hint[[0, 5, 9]] = np.nan
    (found,) = people_in(heat_of(maps_of(large, small)), hint)
    assert np.abs(found.xy - small).max() < 1


def test_joints_of_people_in_a_row_do_not_mix():
    people = [person(44, left, 8) for left in (2, 28, 54)]
    found = people_in(heat_of(maps_of(*people, map_hw=(64, 84))))
    assert len(found) == 3
    for one in found:
        assert min(np.abs(one.xy - other).max() for other in people) < 1


def test_nobody_without_peaks():
    assert people_in(heat_of(np.zeros((18, *MAP_HW), np.float32))) == []
    assert main_person([], MAP_HW[1]) is None


def test_joints_survive_without_a_neck():
    maps = maps_of(person(50, 8, 6))
    maps[1] = 0
    found = main_person(people_in(heat_of(maps)), MAP_HW[1])
    others = np.arange(18) != 1
    assert found.peak[1] == 0 and np.abs(found.xy - person(50, 8, 6))[others].max() < 1
