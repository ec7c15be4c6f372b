"""vton.studio.sampling.scenes: other places and lights, and nothing else, from a stream of their own."""

import dataclasses
import json

from vton.studio.light.environments import ENVIRONMENTS
from vton.studio.sampling.looks import sample_looks
from vton.studio.sets.stages import PLACES
from vton.studio.specs.look import LookSpec

LIT = ("key_direction", "softness_deg", "key_colour", "fill_colour", "dome_colour", "backdrop", "scene")
FRAMINGS = "near=0.5"


def relit(look, like):
    """The look with the light and the places of another."""
    views = tuple(
        dataclasses.replace(view, **{name: getattr(other, name) for name in LIT})
        for view, other in zip(look.views, like.views, strict=True)
    )
    return dataclasses.replace(look, views=views)


def test_places_and_lights_change_and_nothing_else():
    for index in range(20):
        plain, moved = (sample_looks(0, index, 2, 2, framings=FRAMINGS, sets=share) for share in (0.0, 1.0))
        for look, other in zip(plain, moved, strict=True):
            assert all(view.scene for view in other.views) and not any(view.scene for view in look.views)
            assert relit(other, look) == look


def test_looks_share_light_and_differ_in_place():
    scenes = [[look.views[0] for look in sample_looks(0, i, 1, 2, sets=1.0)] for i in range(60)]
    for first, second in scenes:
        assert first.key_direction == second.key_direction and first.scene.seed != second.scene.seed
        assert (first.scene.environment, first.scene.rim) == (second.scene.environment, second.scene.rim)
    assert {view.scene.place for pair in scenes for view in pair} == set(PLACES)
    assert {view.scene.environment for view, _ in scenes} == set(ENVIRONMENTS)


def test_near_photos_are_blurred_less():
    views = [v for i in range(30) for v in sample_looks(0, i, 1, 1, framings=FRAMINGS, sets=1.0)[0].views]
    near, full = ([v.scene.blur for v in views if v.framing == framing] for framing in ("near", "full"))
    assert near and full and sum(near) / len(near) < 0.6 * sum(full) / len(full)


def test_scenes_survive_json_and_looks_without_them_keep_their_form():
    look = sample_looks(0, 3, 2, 1, sets=1.0)[0]
    assert LookSpec.from_dict(json.loads(json.dumps(look.to_dict()))) == look
    assert "scene" not in json.dumps(sample_looks(0, 3, 2, 1)[0].to_dict())
    assert sum(sample_looks(0, i, 1, 1, sets=0.4)[0].views[0].scene is not None for i in range(50)) in range(10, 31)
