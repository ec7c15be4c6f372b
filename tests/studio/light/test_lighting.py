"""Visibility of lights where it can be worked out by hand."""

import numpy as np
import pytest

from vton.studio.light import lighting
from vton.studio.light.lighting import Occluders, Receivers

NOTHING = Occluders(np.zeros((1, 3), np.float32), np.zeros((0, 3), np.int32))


def receivers(points, normals):
    points, normals = np.array(points, np.float32), np.array(normals, np.float32)
    return Receivers(points, normals, np.zeros(len(points), bool))


def plate(height, half=5.0):
    """A large level square."""
    x = np.array([[-half, height, -half], [half, height, -half], [half, height, half], [-half, height, half]])
    return Occluders(x.astype(np.float32), np.array([[0, 1, 2], [0, 2, 3]], np.int32))


def test_an_open_wall_gets_one_and_the_floor_as_announced():
    light = lighting.dome_light(receivers([(0, 1, 0), (0, 0, 0)], [(0, 0, 1), (0, 1, 0)]), NOTHING, 64)
    assert light[0] == pytest.approx(1.0, abs=1e-5)
    assert light[1] == pytest.approx(lighting.open_floor_dome(), abs=1e-5)


def test_a_roof_takes_the_light_from_above():
    light = lighting.dome_light(receivers([(0, 0, 0)], [(0, 1, 0)]), plate(0.5), 128)
    assert light[0] < 0.12 * lighting.open_floor_dome()


def test_a_point_on_the_occluder_does_not_shadow_itself():
    up = receivers([(0.3, 0.5, 0.2), (-1, 0.5, 1)], [(0, 1, 0)] * 2)
    assert lighting.dome_light(up, plate(0.5), 128) == pytest.approx(lighting.open_floor_dome(), abs=1e-4)
    for key in lighting.LIGHT_DIRECTIONS:
        np.testing.assert_allclose(lighting.key_light(up, plate(0.5), key, 128), 1.0, atol=1e-5)


def test_every_key_stands_in_front_and_its_fill_on_the_other_side():
    for key in lighting.LIGHT_DIRECTIONS:
        fill = lighting.fill_direction(key)
        assert key[1] > 0 and key[2] > 0 and fill[2] > 0
        assert np.sign(fill[0]) == -np.sign(key[0])
        cone = lighting.cone_directions(key, 20.0, 32)
        angles = np.degrees(np.arccos(np.clip(cone @ lighting.unit(key), -1, 1)))
        assert angles.max() <= 20.1 and (np.diff(angles) > -1e-3).all() and angles.max() > 17


def test_softness_is_limited_to_what_was_prepared():
    light = np.array([[1.0, 0.0, 0.5]], np.float32)
    for softness, expected in ((0, 1), (lighting.HARD_DEG, 1), (lighting.SOFT_DEG, 0), (90, 0), (18, 0.5)):
        assert lighting.key_visibility(light, softness)[0] == pytest.approx([expected, 0.5])


def test_the_edge_of_a_shadow_is_soft():
    x = np.linspace(-1.5, 1.5, 61)
    floor = receivers(np.stack([x, 0 * x, 0 * x], 1), np.tile([[0, 1, 0]], (61, 1)))
    light = lighting.key_light(floor, plate(1.0, 0.5), (0.01, 1.0, 0.01), 256)
    hard, soft = ((light[:, k] > 0.02) & (light[:, k] < 0.98) for k in (0, 1))
    assert light[:, 0].min() < 0.02 and light[0, 0] == 1
    assert soft.sum() > hard.sum() > 0
