"""What training erases of a photo: the articles' regions, and more, so that no outline tells what was worn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vton.conditioning.masks import disc, grown
from vton.conditioning.person.sides import sided
from vton.data.persons.skin_parts import UNKNOWN_SKIN, split_skin
from vton.schema import PARSER_LABELS, REGIONS, SLOTS, Parsing, Pose, tryon_slot
from vton.schema.slots import TRYON_SLOTS
from vton.systems.outfit_tryon.config import OutfitTryOnConfig
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.training.photo_augmentation import affine, warp

_NECK, _HIPS = 1, (8, 11)
_SIZES = (0.7, 1.4)  # of somebody else's body over this one's: others are too near or far to lend an outline
_ON_HEAD = 0.2  # of the distance from neck to hips, above the neck: accessories there are hats

OtherClothes = Callable[[np.random.Generator], tuple[np.ndarray, Pose]]
"""Draws a photo of somebody: the parsing [H, W], uint8, numbers of `REGIONS`, and the pose."""


def person_parsing(regions: np.ndarray, pose: Pose) -> Parsing:
    """A generator's regions as a parser would tell them apart, by the pose.

    Args:
        regions: [H, W], uint8, numbers of `REGIONS`.
    """
    parts = {"skin": UNKNOWN_SKIN, "accessory": PARSER_LABELS.index("bag")}
    table = [parts[name] if name in parts else PARSER_LABELS.index(name) for name in REGIONS]
    labels = np.array(table, np.uint8)[regions]
    if pose.present[_NECK]:
        unit = _length(pose) or 0.25 * len(regions)
        above = np.arange(len(regions))[:, None] < pose.keypoints_xy[_NECK, 1] - _ON_HEAD * unit
        labels[above & (regions == REGIONS.index("accessory"))] = PARSER_LABELS.index("hat")
    labels = split_skin(labels, np.column_stack([pose.keypoints_xy, pose.confidence]), sure_only=False)
    labels[labels == UNKNOWN_SKIN] = PARSER_LABELS.index("torso_skin")
    return sided(Parsing(labels, PARSER_LABELS), pose)


def changed_slots(rng: np.random.Generator, worn: np.ndarray, whole: float) -> np.ndarray:
    """Which of the articles that are worn are put on anew: [6], uint8, 0 or 1, at least one.

    What a garment takes off it cannot leave on: with a top goes the coat above it.

    Args:
        worn: [6], 0 or 1, somewhere 1; whole: how often it is all of them.
    """
    there = np.flatnonzero(worn)
    if rng.random() < whole:
        return worn.astype(np.uint8)
    chosen = set(rng.choice(there, int(rng.integers(1, len(there) + 1)), replace=False).tolist())
    for number in sorted(chosen):
        if SLOTS[number] in TRYON_SLOTS:
            chosen |= {SLOTS.index(name) for name in tryon_slot(SLOTS[number]).takes_off}
    return np.array([number in chosen and bool(worn[number]) for number in range(len(SLOTS))], np.uint8)


def erased_for_training(
    rng: np.random.Generator, wearer: DressedWearer, config: OutfitTryOnConfig, others: OtherClothes
) -> np.ndarray:
    """The region to be drawn: that of use, often grown, and often with the outline of somebody else's clothes.

    In a photo that is its own truth the old clothes are the new ones: without this the erased region would tell their
    outline.

    Returns:
        [H, W], bool.
    """
    erased = wearer.erased
    if rng.random() < config.foreign:
        erased = erased | _foreign(rng, wearer, others)
    reach = int(rng.integers(0, round(config.grown * len(erased) / 256) + 1))
    if reach:
        erased = grown(erased, disc(reach))
    return erased & ~wearer.in_front


def _foreign(rng: np.random.Generator, wearer: DressedWearer, others: OtherClothes) -> np.ndarray:
    """Where the clothes of another photo would lie on this body: [H, W], bool."""
    regions, pose = others(rng)
    mine, theirs = _length(wearer.pose), _length(pose)
    nothing = np.zeros(wearer.size_hw, bool)
    if mine is None or theirs is None or not _SIZES[0] < mine / theirs < _SIZES[1]:
        return nothing
    names = {name for one in wearer.wearers for name in one.garment.takes_off} | ({"shoes"} & set(wearer.slots))
    clothes = np.isin(regions, [REGIONS.index(name) for name in names]).astype(np.uint8)
    if rng.random() < 0.5:
        clothes, pose = np.ascontiguousarray(clothes[:, ::-1]), pose.flip()
    (x, y), (to_x, to_y) = (one.keypoints_xy[_NECK].tolist() for one in (pose, wearer.pose))
    matrix = affine((mine / theirs, mine / theirs), 0, (x, y), (to_x, to_y))
    return warp(clothes, matrix, wearer.size_hw, nearest=True) > 0


def _length(pose: Pose) -> float | None:
    """From the neck to the hips, in pixels; None where one of them is missing."""
    hips = [joint for joint in _HIPS if pose.present[joint]]
    if not hips or not pose.present[_NECK]:
        return None
    return max(float(np.linalg.norm(pose.keypoints_xy[hips].mean(0) - pose.keypoints_xy[_NECK])), 1.0)
