"""How many of a dataset's persons and photos fall into each group: bodies, ages, skins, hair, wear, poses, views ..."""

from collections.abc import Sequence

import numpy as np

from vton.studio.poses.stance_table import STANCES
from vton.studio.specs.outfit import FRONTS, TUCKS, OutfitSpec
from vton.studio.specs.person import PersonSpec
from vton.studio.specs.photo import PoseSpec

Row = tuple[str, str, int]
"""Axis, group, and how many are in it; groups without any are listed too."""

BODIES, WEIGHTS = ("slim", "average", "curvy", "plus"), (0.42, 0.60, 0.80)
HEIGHTS, HEIGHT_EDGES = ("short", "medium", "tall"), (0.355, 0.44)
AGES, YEARS = ("18-29", "30-44", "45-59", "60-80"), (30, 45, 60)
SKINS, TONES = ("0-1", "2-3", "4-5", "6-7", "8-9"), (1.8, 3.6, 5.4, 7.2)
VIEWS, VIEW_EDGES = ("front", "three-quarter", "side", "back"), (22, 66, 120)

MANNERS = {
    "top": TUCKS,
    "outer": ("gap", *FRONTS),
    "arms": ("beneath",),
    "sleeves": ("down", "rolled"),
    "hems": ("down", "turned up"),
}
"""Of `OutfitSpec.manners`."""

CHILD_YEARS, YOUNG_YEARS, OLD_YEARS = 11, 25, 90
"""MakeHuman's years at 1/3, 2/3 and 1 of anny's age."""


def years_of(age: float) -> float:
    """About how many years old a body of `BodySpec.age` looks."""
    return float(np.interp(age, (1 / 3, 2 / 3, 1), (CHILD_YEARS, YOUNG_YEARS, OLD_YEARS)))


def coverage(persons: Sequence[PersonSpec]) -> list[Row]:
    """How many persons fall into each group."""
    bodies = [p.body for p in persons]
    return [
        *_rows("gender", ("female", "male"), [b.gender for b in bodies]),
        *_rows("body", BODIES, [_group(b.weight, WEIGHTS, BODIES) for b in bodies]),
        *_rows("pregnant", ("yes", "no"), ["yes" if b.belly else "no" for b in bodies]),
        *_rows("age", AGES, [_group(years_of(b.age), YEARS, AGES) for b in bodies]),
        *_rows("height", HEIGHTS, [_group(b.height, HEIGHT_EDGES, HEIGHTS) for b in bodies]),
        *_rows("skin", SKINS, [_group(p.skin.tone, TONES, SKINS) for p in persons]),
        *_rows("hair", sorted({p.hair.style for p in persons}), [p.hair.style for p in persons]),
    ]


def pose_coverage(poses: Sequence[PoseSpec]) -> list[Row]:
    """How many photos are in each pose, and from which side they show the person."""
    turned = [abs((STANCES[p.name].yaw + p.yaw_deg + 180) % 360 - 180) for p in poses]
    seats = ["sitting" if STANCES[p.name].seat else "standing" for p in poses]
    return [
        *_rows("view", VIEWS, [_group(yaw, VIEW_EDGES, VIEWS) for yaw in turned]),
        *_rows("stance", ("standing", "sitting"), seats),
        *_rows("pose", STANCES, [p.name for p in poses]),
    ]


def wear_coverage(outfits: Sequence[OutfitSpec]) -> list[Row]:
    """How many outfits are worn how (`OutfitSpec.manners`)."""
    worn = [outfit.manners for outfit in outfits]
    return [row for axis, groups in MANNERS.items() for row in _rows(axis, groups, [w.get(axis, "") for w in worn])]


def _rows(axis: str, groups: Sequence[str] | dict, members: Sequence[str]) -> list[Row]:
    return [(axis, name, members.count(name)) for name in groups]


def _group(value: float, edges: Sequence[float], names: Sequence[str]) -> str:
    return names[int(np.searchsorted(edges, value, side="right"))]
