"""vton.studio.sets.places, stages, lens: what is where in a place, and what the lens makes of it."""

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.raster.camera import StudioCamera
from vton.studio.sets.lens import defocused
from vton.studio.sets.places import Patch, Place, Plane, Thing, draw_place
from vton.studio.sets.stages import PLACES, place_of
from vton.studio.specs.photo import SceneSpec

HW = (128, 96)
CAMERA = StudioCamera((0, 1.0, 6.0), (0, 1.0, 0), 2.0)
RED, GREEN, BLUE = np.eye(3) * 0.5
PLANES = {
    "floor": Plane(tuple(GREEN)), "back": Plane(tuple(RED)), "sky": Plane((0, 0, 0)), "left": Plane((0, 0, 0)),
    "right": Plane((0, 0, 0)),
}  # fmt: skip


def hall(**changes):
    return Place(**{"left": 5, "right": 5, "back": 6, "height": 3, "planes": PLANES} | changes)


def dominant(image):
    return image.argmax(-1)


def test_the_floor_meets_the_wall_where_perspective_says():
    """The wall's foot is twice as far as the person, so in their plane it is half of the eye's height up."""
    column = dominant(draw_place(hall(), CAMERA, HW, 0.0))[:, 48]
    assert (column[:94] == 0).all() and (column[98:] == 1).all()


def test_a_turned_place_turns_about_the_person():
    pictures = (draw_place(hall(left=1.0, turn_deg=a), CAMERA, HW, 0.0)[:60] for a in (-40.0, 0.0, 40.0))
    shares = [(picture < 0.05).all(-1).mean() for picture in pictures]
    assert 0 < shares[1] < 0.3 and max(shares) > 0.6, "how much of its black side is seen"


def test_what_stands_nearer_hides_what_is_behind_and_nothing_stands_before_the_person():
    near, far, before = (Thing(d, (Patch(-0.5, 0.5, 0, 2, tuple(c)),)) for d, c in ((2, BLUE), (4, RED), (-2, BLUE)))
    assert dominant(draw_place(hall(things=(near, far)), CAMERA, HW, 0.0))[64, 48] == 2
    assert dominant(draw_place(hall(things=(before,)), CAMERA, HW, 0.0))[64, 48] == 0


def test_a_lens_blurs_the_wall_and_not_the_floor_under_the_person():
    stripes = {"floor": Plane(tuple(GREEN), (Patch(-0.02, 0.02, -9, 9, (0, 0, 0)),))}
    stripes["back"] = Plane(tuple(RED), (Patch(-0.02, 0.02, 0, 9, (0, 0, 0)),))
    sharp, soft = (draw_place(hall(planes=PLANES | stripes), CAMERA, HW, blur) for blur in (0.0, 0.15))
    assert soft[20, 48, 0] > 3 * sharp[20, 48, 0]
    assert soft[-1, 48, 1] < sharp[-1, 48, 1] + 0.1


def test_a_far_point_of_light_becomes_a_disc_of_its_energy():
    image = np.zeros((65, 65, 3), np.float32)
    image[32, 32] = 100.0
    disc = defocused(image, np.full((65, 65), 7.0))
    assert disc.sum() == pytest.approx(image.sum(), rel=1e-3)
    lit = disc[..., 0] > 0.5 * disc.max()
    assert lit.sum() == pytest.approx(np.pi * 49, rel=0.15), "evenly lit, with an edge"
    np.testing.assert_array_equal(defocused(image, np.zeros((65, 65))), image)


@pytest.mark.parametrize("name", PLACES[1:])
def test_places_repeat_by_seed_and_fit_in_a_picture(name):
    first, again, other = (draw_place(place_of(SceneSpec(name, seed)), CAMERA, HW, 0.1) for seed in (3, 3, 4))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.shape == (*HW, 3) and 0 <= first.min() and first.max() <= 1
    assert first.std() > 0.02


def test_evenings_are_darker_than_days():
    day, evening = (
        np.mean([draw_place(place_of(SceneSpec("street", s, light)), CAMERA, HW, 0.1)[100:].mean() for s in range(4)])
        for light in ("overcast", "evening")
    )
    assert evening < 0.6 * day


def test_an_unknown_place_says_so():
    with pytest.raises(InputError, match="No place 'moon'"):
        place_of(SceneSpec("moon"))
