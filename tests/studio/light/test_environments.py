"""vton.studio.light.environments: even light on the front, lobes where they are said to be, light from behind."""

import numpy as np
import pytest

from vton.studio.light import lighting
from vton.studio.light.environments import ENVIRONMENTS, environment

NOTHING = lighting.Occluders(np.zeros((1, 3), np.float32), np.zeros((0, 3), np.int32))
LEFT_KEY, RIGHT_KEY = (-0.5, 0.7, 0.9), (0.5, 0.7, 0.9)
FRONT, LEFT, RIGHT = (0, 0, 1), (-1, 0, 0), (1, 0, 0)


def irradiance(normals, radiance):
    normals = np.array(normals, np.float32)
    points = lighting.Receivers(np.zeros_like(normals), normals, np.zeros(len(normals), bool))
    return lighting.dome_light(points, NOTHING, 64, radiance)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_lights_the_front_alike(name):
    for rim in (0.0, 1.0):
        radiance = environment(name, rim, LEFT_KEY)
        assert irradiance([FRONT], radiance)[0] == pytest.approx(1.0, abs=1e-4)
        assert (radiance(lighting.dome_directions()) > 0).all()


def test_even_light_is_the_dome_of_light_paper():
    assert environment("even", 0.0, LEFT_KEY) is lighting.dome_radiance


def test_a_window_is_on_the_side_of_the_key_light():
    for key, lit, dark in ((LEFT_KEY, LEFT, RIGHT), (RIGHT_KEY, RIGHT, LEFT)):
        bright, dim = irradiance([lit, dark], environment("window", 0.0, key))
        assert bright > 2 * dim


def test_a_rim_lights_the_sides_more_than_the_front():
    for side in (LEFT, RIGHT):
        without, with_rim = (irradiance([side], environment("softboxes", rim, LEFT_KEY))[0] for rim in (0.0, 1.0))
        assert with_rim > 1.5 * without
