"""vton.studio.sampling.looks: looks share their geometry, survive JSON, obey the rules of dressing, repeat by seed."""

import dataclasses
import json

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.accessories.kinds import BAGS, SHOES
from vton.studio.garments.wardrobe import KINDS
from vton.studio.light.lighting import LIGHT_DIRECTIONS
from vton.studio.poses.solver import POSES
from vton.studio.poses.stance_table import STANCES
from vton.studio.sampling.coverage import years_of
from vton.studio.sampling.looks import sample_looks
from vton.studio.sampling.outfits import CALM_PATTERNS, recolour
from vton.studio.sampling.poses import sample_poses
from vton.studio.specs.look import LookSpec

RUN = [sample_looks(0, i, 2, 3) for i in range(80)]


def without_colours(look):
    """What of a look decides geometry."""
    articles = [(a.slot, a.type, a.cut, a.seed) for a in look.outfit.articles]
    hair = dataclasses.replace(look.person.hair, colour="")
    cameras = [(v.framing, v.zoom, v.shift_x, v.eye_height, v.key_direction) for v in look.views]
    return look.person.body, hair, articles, look.outfit.glasses, bool(look.outfit.tights), look.poses, cameras


def test_looks_share_geometry_and_differ_in_colours():
    for looks in RUN:
        assert all(without_colours(look) == without_colours(looks[0]) for look in looks)
        fabrics = {str([a.fabric for a in look.outfit.articles]) for look in looks}
        assert len(fabrics) == len(looks)


def test_specs_survive_json():
    for look in (look for looks in RUN[:30] for look in looks):
        assert LookSpec.from_dict(json.loads(json.dumps(look.to_dict()))) == look


def test_seeds_repeat_and_attempts_differ():
    assert sample_looks(0, 5, 2, 3) == RUN[5]
    assert sample_looks(0, 5, 2, 3, attempt=1) != RUN[5] != sample_looks(1, 5, 2, 3)


def test_a_longer_run_of_looks_begins_with_the_shorter():
    assert sample_looks(0, 7, 2, 6)[:3] == RUN[7]


def test_outfits_are_dressed_and_calm():
    for look in (look for looks in RUN for look in looks):
        slots = {a.slot for a in look.outfit.articles}
        assert "shoes" in slots and ("dress" in slots or {"top", "bottom"} <= slots)
        worn = [a for a in look.outfit.articles if a.type in KINDS]
        assert sum(a.fabric.pattern not in CALM_PATTERNS for a in worn) <= 2
        assert all(a.fabric.weave in KINDS[a.type].weaves for a in worn)
        if look.person.body.gender == "male":
            assert not slots & {"dress"} and not look.outfit.tights
            assert SHOES[look.outfit.article("shoes").type].worn[1] > 0


def test_poses_are_known_different_and_leave_a_hand_for_the_bag():
    for looks in RUN:
        names = [p.name for p in looks[0].poses]
        assert set(names) <= set(POSES) and len(set(names)) == len(names)
        accessory = looks[0].outfit.article("accessory")
        if accessory and accessory.type in BAGS and accessory.type != "crossbody":
            assert not {"hips-both", "pockets-both", "arms-crossed", "arms-behind", "hands-front"} & set(names)
    assert len(sample_poses(np.random.default_rng(0), 40, RUN[0][0].outfit)) == 40


def test_poses_come_from_their_own_stream():
    for index in range(10):
        plain, turned = (sample_looks(0, index, 2, 1, turned=share)[0] for share in (0.0, 1.0))
        assert plain.person == turned.person and plain.outfit == turned.outfit and plain.views == turned.views
        assert plain.poses != turned.poses


def test_who_sits_wears_no_long_cloth_and_no_bag():
    looks = [sample_looks(1, i, 4, 1)[0] for i in range(150)]
    seated = [(look, p) for look in looks for p in look.poses if STANCES[p.name].seat]
    assert 5 < len(seated) < 120
    for look, pose in seated:
        types = {a.type for a in look.outfit.articles}
        assert not types & {"coat", "trench", "maxi", "maxidress", *BAGS}
        assert "bottom" in {a.slot for a in look.outfit.articles} or STANCES[pose.name].seat > 0.7


def test_few_women_of_the_right_age_are_pregnant():
    bodies = [sample_looks(2, i, 1, 1)[0].person.body for i in range(400)]
    pregnant = [body for body in bodies if body.belly]
    assert 4 <= len(pregnant) <= 24
    assert all(b.gender == "female" and years_of(b.age) < 45 and 0.4 < b.belly <= 1 for b in pregnant)


def test_views_are_frontal_unless_asked():
    assert all(p.yaw_deg == 0 for looks in RUN for p in looks[0].poses)
    assert all(v.framing == "full" and v.key_direction in LIGHT_DIRECTIONS for looks in RUN for v in looks[0].views)
    facing = [STANCES[p.name].yaw for looks in RUN for p in looks[0].poses]
    assert all(abs(yaw) < 60 for yaw in facing) and any(abs(yaw) > 30 for yaw in facing)
    turned = [p for i in range(20) for p in sample_looks(0, i, 2, 1, turned=1.0)[0].poses]
    yaws = [STANCES[p.name].yaw + p.yaw_deg for p in turned]
    assert all(10 <= abs(yaw) <= 210 for yaw in yaws) and any(abs(yaw) >= 150 for yaw in yaws)
    assert any(70 <= abs(yaw) <= 110 for yaw in yaws)
    assert {v.framing for i in range(10) for v in sample_looks(0, i, 1, 1, half=1.0)[0].views} == {"half"}


def test_recolouring_changes_no_cut():
    outfit = RUN[0][0].outfit
    other = recolour(np.random.default_rng(1), outfit)
    assert [a.cut for a in other.articles] == [a.cut for a in outfit.articles] and other != outfit


def test_a_look_needs_a_view_per_pose():
    with pytest.raises(InputError, match="one view"):
        dataclasses.replace(RUN[0][0], views=RUN[0][0].views[:1])
