"""Framings and what lies before the clothes, drawn for looks that exist already: nothing else of them changes."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from vton.studio.accessories.kinds import BAGS, accessory_fabric, draw_accessory
from vton.studio.accessories.props import CASES, CUPS
from vton.studio.hair.styles import STYLES
from vton.studio.poses.stance_table import STANCES
from vton.studio.rendering.framing import CROPS
from vton.studio.specs.choices import between, chance, choose
from vton.studio.specs.form import Colour
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import OutfitSpec
from vton.studio.specs.photo import HeldSpec, LensSpec, PoseSpec, ViewSpec

LENSES: dict[str, dict[str, float]] = {
    "thigh": {"shop": 0.55, "friend": 0.3, "mirror": 0.15},
    "hip": {"shop": 0.45, "friend": 0.3, "mirror": 0.25},
    "near": {"shop": 0.4, "friend": 0.25, "selfie": 0.35},
}
"""Who takes photos of a framing: a shop, a friend, or the person with a mirror or with a stretched arm."""

DISTANCE_M = {"shop": (2.2, 4.5), "friend": (1.3, 2.4), "mirror": (1.3, 2.2), "selfie": (0.46, 0.54)}
ROLL_DEG = {"shop": 0.5, "friend": 2.0, "mirror": 2.5, "selfie": 4.0}
"""Standard deviation of the camera's turn."""

RISE_M = {"shop": (-0.2, 0.2), "friend": (-0.15, 0.4), "selfie": (0.0, 0.25)}
MIRROR_RISE_M = {"thigh": (0.2, 0.45), "hip": (0.1, 0.3), "near": (-0.1, 0.15)}
"""Before a mirror the camera is the phone in the hand."""

TURNED_DEG = 30.0
"""From here on nothing is held: it would be beside the body or behind it, and often out of the picture."""

LONG_HAIR_DM = 5.9
"""Height on the template down to which hair must reach that falls over the shoulders."""

HELD = {"phone": 0.5, "cup": 0.5}
TOGETHER = {"cross", "front", "waist", "belly", "back", "lap", "cuff"}
"""Places of `places.PLACES` where one hand is with the other."""

BAG_BEFORE, BAG_POSE = 0.5, "hands-front"
"""How much beside these a bag in the hand counts, and the pose in which both hands hold it before the body."""

STRAP_SHARE = 0.35
"""Of the occluded outfits that have no accessory: how many get a bag on a strap."""


def stage(
    rng: np.random.Generator, looks: Sequence[LookSpec], framings: Mapping[str, float], occlusions: float
) -> list[LookSpec]:
    """The looks of one geometry in other framings, and with something before the clothes.

    Args:
        framings: shares by name; none leaves the views as they are.
        occlusions: share of photos that get a thing in a hand, and of persons whose long hair falls forward.
    """
    looks = list(looks)
    if occlusions:
        looks = _strapped(rng, _with_hair_forward(rng, looks, occlusions), occlusions)
    if not framings and not occlusions:
        return looks
    own = [_colours(rng) for _ in looks]
    for number in range(len(looks[0].poses)):
        pose, view = _staged(rng, looks[0], number, framings, occlusions)
        looks = [_with_photo(look, number, pose, view, colours) for look, colours in zip(looks, own, strict=True)]
    return looks


def _staged(
    rng: np.random.Generator, look: LookSpec, number: int, framings: Mapping[str, float], occlusions: float
) -> tuple[PoseSpec, ViewSpec]:
    pose, view = look.poses[number], look.views[number]
    if framings:
        view = dataclasses.replace(view, framing=choose(rng, framings))
    free = _can_hold(pose)
    taker = choose(rng, LENSES[view.framing]) if view.framing in CROPS else ""
    if taker == "selfie" and free:
        pose = dataclasses.replace(pose, held=HeldSpec("camera", _free_side(rng, look.outfit, pose)))
    elif taker == "mirror" and free:
        pose = dataclasses.replace(pose, held=_phone(rng, _free_side(rng, look.outfit, pose)))
    elif taker in ("selfie", "mirror"):
        taker = "friend"
    if occlusions and free and pose.held is None and chance(rng, occlusions):
        pose = _occupied(rng, look, pose)
    if taker:
        view = dataclasses.replace(view, lens=_lens(rng, view.framing, taker))
    return pose, view


def _lens(rng: np.random.Generator, framing: str, taker: str) -> LensSpec:
    rise = MIRROR_RISE_M[framing] if taker == "mirror" else RISE_M[taker]
    return LensSpec(
        distance=between(rng, *DISTANCE_M[taker]),
        rise=between(rng, *rise),
        aside=round(float(rng.normal(0, 0.05)), 4),
        roll_deg=round(float(rng.normal(0, ROLL_DEG[taker])), 2),
        low=between(rng, 0, 1),
        headroom=between(rng, -0.02, 0.14),
    )


def _can_hold(pose: PoseSpec) -> bool:
    """Whether a hand of this pose may do something else: not where both are together, nor if the body is turned."""
    stance = STANCES[pose.name]
    turned = abs(pose.yaw_deg) + abs(stance.yaw)
    return turned < TURNED_DEG and not {stance.left.reach, stance.right.reach} & TOGETHER


def _free_side(rng: np.random.Generator, outfit: OutfitSpec, pose: PoseSpec) -> str:
    """The hand that holds things, not that with a bag in the crook of its arm."""
    side = "R" if chance(rng, 0.7) else "L"
    return ("L" if pose.mirror else "R") if pose.name == "elbow-bag" and _hand_bag(outfit) else side


def _hand_bag(outfit: OutfitSpec) -> bool:
    extra = outfit.article("accessory")
    return extra is not None and extra.type in BAGS and extra.type != "crossbody"


def _occupied(rng: np.random.Generator, look: LookSpec, pose: PoseSpec) -> PoseSpec:
    """The pose with a thing before the body; in one of a look's photos it may be the bag, in both hands."""
    again = any(other.name == BAG_POSE for other in look.poses)
    kind = choose(rng, HELD | ({"bag": BAG_BEFORE} if _hand_bag(look.outfit) and not again else {}))
    if kind == "bag":
        return dataclasses.replace(pose, name=BAG_POSE)
    side = _free_side(rng, look.outfit, pose)
    return dataclasses.replace(pose, held=_phone(rng, side) if kind == "phone" else _cup(rng, side))


def _phone(rng: np.random.Generator, side: str) -> HeldSpec:
    """Before the face, or before the chest."""
    up = (0.16, 0.30) if chance(rng, 0.5) else (-0.08, 0.12)
    return HeldSpec("phone", side, between(rng, 0.0, 0.12), between(rng, 0.15, 0.24), between(rng, *up))


def _cup(rng: np.random.Generator, side: str) -> HeldSpec:
    return HeldSpec("cup", side, between(rng, -0.02, 0.12), between(rng, 0.12, 0.22), between(rng, -0.18, 0.06))


def _colours(rng: np.random.Generator) -> dict[str, tuple[Colour, Colour]]:
    """Of a look's phone and cup: a person has one of each."""
    return {kind: table[int(rng.integers(len(table)))] for kind, table in (("phone", CASES), ("cup", CUPS))}


def _with_photo(
    look: LookSpec, number: int, pose: PoseSpec, view: ViewSpec, colours: Mapping[str, tuple[Colour, Colour]]
) -> LookSpec:
    """The look with another pose and camera of one photo; its own light and backdrop stay."""
    if pose.held and pose.held.kind in colours:
        pose = dataclasses.replace(pose, held=dataclasses.replace(pose.held, colours=colours[pose.held.kind]))
    poses, views = list(look.poses), list(look.views)
    poses[number] = pose
    views[number] = dataclasses.replace(look.views[number], framing=view.framing, lens=view.lens)
    return dataclasses.replace(look, poses=tuple(poses), views=tuple(views))


def _with_hair_forward(rng: np.random.Generator, looks: list[LookSpec], share: float) -> list[LookSpec]:
    style = STYLES[looks[0].person.hair.style]
    if not chance(rng, share) or style.form != "long" or style.end > LONG_HAIR_DM:
        return looks
    changes = {"fall": choose(rng, {"front": 2, "left": 1, "right": 1}), "length": between(rng, 1.0, 1.3)}
    people = [dataclasses.replace(k.person, hair=dataclasses.replace(k.person.hair, **changes)) for k in looks]
    return [dataclasses.replace(look, person=person) for look, person in zip(looks, people, strict=True)]


def _strapped(rng: np.random.Generator, looks: list[LookSpec], share: float) -> list[LookSpec]:
    """A bag on a strap across the chest for some who have no accessory and do not sit."""
    seated = any(STANCES[pose.name].seat for pose in looks[0].poses)
    if not chance(rng, share * STRAP_SHARE) or seated or looks[0].outfit.article("accessory"):
        return looks
    bag = draw_accessory(rng, "crossbody")
    worn = []
    for look in looks:
        nearby = look.outfit.articles[0].fabric.colours[0]
        article = dataclasses.replace(bag, fabric=accessory_fabric(rng, "crossbody", nearby))
        outfit = dataclasses.replace(look.outfit, articles=(*look.outfit.articles, article))
        worn.append(dataclasses.replace(look, outfit=outfit))
    return worn
