"""Poses drawn at random, as an outfit allows them."""

import numpy as np

from vton.studio.accessories.kinds import BAGS
from vton.studio.poses.stance_table import STANCES
from vton.studio.poses.stances import Stance
from vton.studio.sampling.outfits import DRESSES, SKIRTS
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.outfit import OutfitSpec
from vton.studio.specs.photo import PoseSpec

TURNED_YAW = {"three_quarter": (35, 60), "side": (70, 110), "back": (150, 210)}

FACING_DEG = 60
"""Stances that are turned by more are views from the side or the back."""

PERCHED = 0.7
"""Height of the hips, as in `Stance.seat`, from which a skirt still hangs down."""

FLOWING = ("maxi", "maxidress", "coat", "trench")
"""What is too long to sit on."""


def sample_poses(rng: np.random.Generator, count: int, outfit: OutfitSpec, turned: float = 0.0) -> tuple[PoseSpec, ...]:
    """``count`` poses, all different while there are enough names.

    Args:
        turned: share of views from the side and back, and of three-quarter views beside those of turned stances; 0
            keeps everybody's face towards the camera.
    """
    weights = _pose_weights(outfit)
    poses = []
    for _ in range(count):
        yaw, aside = 0.0, chance(rng, turned)
        if aside:
            low, high = TURNED_YAW[choose(rng, {"three_quarter": 2, "side": 1, "back": 1})]
            yaw = between(rng, low, high, 1) * (1 if chance(rng, 0.5) else -1)
        fit = {name: w for name, w in weights.items() if aside or abs(STANCES[name].yaw) <= FACING_DEG}
        left = {name: w for name, w in fit.items() if name not in {p.name for p in poses}} or fit
        name = choose(rng, left)
        poses.append(PoseSpec(name, chance(rng, 0.5), 0.0 if STANCES[name].yaw else yaw, seed_of(rng)))
    return tuple(poses)


def _pose_weights(outfit: OutfitSpec) -> dict[str, float]:
    """How often each stance is drawn with an outfit; those that it does not allow are left out."""
    weights = {name: _pose_weight(stance, outfit) for name, stance in STANCES.items()}
    weights["elbow-bag"] = 0.3
    accessory = outfit.article("accessory")
    if accessory is not None and accessory.type in BAGS and accessory.type != "crossbody":
        weights["elbow-bag"] = 2.0 if accessory.type != "tote" else 0.0
    return {name: weight for name, weight in weights.items() if weight > 0}


def _pose_weight(stance: Stance, outfit: OutfitSpec) -> float:
    """Bags want a free arm, thick outers do not cross their sleeves, and who sits does not sit on long cloth."""
    accessory, outer = outfit.article("accessory"), outfit.article("outer")
    types = {a.type for a in outfit.articles}
    bag = accessory.type if accessory is not None and accessory.type in BAGS else None
    if bag and (stance.seat or (bag != "crossbody" and not stance.frees_a_hand)):
        return 0.0
    skirted = bool(types & (set(SKIRTS) | set(DRESSES)))
    if stance.seat and (types & set(FLOWING) or (skirted and stance.seat < PERCHED)):
        return 0.0
    weight = 0.15 if outer is not None and stance.folds_arms else 1.0
    return 0.3 * weight if skirted and "pocket" in (stance.left.reach, stance.right.reach) else weight
