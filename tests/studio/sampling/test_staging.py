"""vton.studio.sampling.staging: framings and occlusions come as often as asked, and change nothing else of a look."""

import dataclasses
import json

import pytest

from vton.studio.accessories.kinds import BAGS
from vton.studio.hair.styles import STYLES
from vton.studio.poses.stance_table import STANCES
from vton.studio.rendering.framing import CROPS
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.look import LookSpec

COUNT = 150
PLAIN = [sample_looks(0, i, 2, 2, turned=0.2) for i in range(COUNT)]
STAGED = [
    sample_looks(0, i, 2, 2, turned=0.2, framings="thigh=0.2,hip=0.2,near=0.2", occlusions=0.4) for i in range(COUNT)
]


def photos(runs):
    return [pair for looks in runs for pair in zip(looks[0].poses, looks[0].views, strict=True)]


def test_nothing_else_changes():
    for plain, staged in zip(PLAIN, STAGED, strict=True):
        for before, after in zip(plain, staged, strict=True):
            assert after.outfit.articles[: len(before.outfit.articles)] == before.outfit.articles
            hair = dataclasses.replace(after.person.hair, fall="", length=before.person.hair.length)
            assert dataclasses.replace(after.person, hair=hair) == before.person
            for old, new in zip(before.views, after.views, strict=True):
                assert dataclasses.replace(new, framing="full", lens=None) == old
            for old, new in zip(before.poses, after.poses, strict=True):
                assert dataclasses.replace(new, held=None, name=old.name) == old


def test_shares_are_kept():
    framings = [view.framing for _, view in photos(STAGED)]
    assert framings.count("full") / len(framings) == pytest.approx(0.4, abs=0.07)
    for name in CROPS:
        assert framings.count(name) / len(framings) == pytest.approx(0.2, abs=0.07), name
    facing = [p for p, _ in photos(STAGED) if abs(p.yaw_deg) + abs(STANCES[p.name].yaw) < 30]
    occupied = [bool(p.held) or p.name == "hands-front" for p in facing]
    assert 0.3 < sum(occupied) / len(occupied) < 0.6
    assert {p.held.kind for p, _ in photos(STAGED) if p.held} == {"phone", "cup", "camera"}


def test_hands_hold_things_only_where_they_can():
    for looks in STAGED:
        accessory = looks[0].outfit.article("accessory")
        for pose, view in zip(looks[0].poses, looks[0].views, strict=True):
            if pose.held:
                assert abs(pose.yaw_deg) + abs(STANCES[pose.name].yaw) < 30
                assert not {STANCES[pose.name].left.reach, STANCES[pose.name].right.reach} & {"cross", "front"}
                assert pose.held.kind != "camera" or view.framing == "near"
                if pose.name == "elbow-bag" and accessory and accessory.type in set(BAGS) - {"crossbody"}:
                    assert pose.held.side == ("L" if pose.mirror else "R")
            assert (view.lens is not None) == (view.framing in CROPS)


def test_long_hair_falls_forward_and_bags_come_on_straps():
    fallen = [looks[0].person.hair for looks in STAGED if looks[0].person.hair.fall]
    assert len(fallen) > 10 and {hair.fall for hair in fallen} == {"front", "left", "right"}
    assert all(STYLES[hair.style].form == "long" for hair in fallen)
    straps = [
        sum(bool(looks[0].outfit.article("accessory")) for looks in runs) for runs in (PLAIN, STAGED)
    ]
    assert straps[1] > straps[0]


def test_looks_share_what_is_held_and_differ_in_its_colours():
    colours, differ = set(), 0
    for looks in STAGED:
        for one, other in zip(looks[0].poses, looks[1].poses, strict=True):
            assert (one.held is None) == (other.held is None)
            if one.held:
                assert dataclasses.replace(one.held, colours=other.held.colours) == other.held
                colours.add(one.held.colours)
                differ += one.held.colours != other.held.colours
        held = [pose.held for pose in looks[0].poses if pose.held]
        assert len({h.kind for h in held}) == len({(h.kind, h.colours) for h in held}), "one phone per person"
    assert len(colours) > 6 and differ > 20


def test_specs_survive_json_and_plain_ones_keep_their_form():
    for looks in STAGED[:40]:
        for look in looks:
            assert LookSpec.from_dict(json.loads(json.dumps(look.to_dict()))) == look
    plain = json.dumps(PLAIN[0][0].to_dict())
    assert not any(f'"{name}"' in plain for name in ("lens", "held", "fall"))
