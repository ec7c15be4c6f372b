"""The gate: what makes a rendered outfit unfit for the dataset; a refused one is drawn again with another seed."""

from collections.abc import Sequence

import cv2
import numpy as np

from vton.schema import COCO18
from vton.studio.rendering.framing import CROPS
from vton.studio.specs.labels import BG, DRESS, LEGS, OUTER, PANTS, SKIRT, TOP, TORSO

MAX_ATTEMPTS = 5
BARE_TORSO_SHARE = 0.07
"""Of the person's pixels; deep necks and bare shoulders stay below."""
SKIMPY_TORSO_SHARE = 0.10
BARE_CHEST_SHARE = 0.12
SKIMPY_TYPES = ("crop", "cami", "slip", "tank")
SPOT_PIXELS_SHARE = 0.004
"""Of the person's pixels: skin in small spots amid cloth."""
SPOT_AREA_SHARE = 0.012
BACKS_SHARE = 0.10
STRETCH = 1.7
STRETCHED_SHARE = 0.010
FLOOR_M = -0.012

REASONS = ("bare torso", "skin through cloth", "stretched cloth", "under the floor", "inside out", "out of frame")


def picture_faults(labels: np.ndarray, backs: np.ndarray, types: Sequence[str], shown: float = 1.0) -> list[str]:
    """What is wrong with a picture.

    Args:
        labels: [H,W] u8 parsing.
        backs: [H,W] f32 share of the pixel that shows the back of a surface.
        types: of the articles worn.
        shown: share of the person that is in the picture.
    """
    person = labels != BG
    pixels = max(int(person.sum()), 1) / shown
    limit = SKIMPY_TORSO_SHARE if set(types) & set(SKIMPY_TYPES) else BARE_TORSO_SHARE
    faults = []
    if (labels == TORSO).sum() > limit * pixels:
        faults.append("bare torso")
    if _spots(labels, pixels) > SPOT_PIXELS_SHARE * pixels:
        faults.append("skin through cloth")
    if backs[person].sum() > BACKS_SHARE * pixels:
        faults.append("inside out")
    return faults


def chest_faults(labels: np.ndarray, places_xy: np.ndarray, forwards: np.ndarray) -> list[str]:
    """A bare breast, however little of the picture it takes.

    Args:
        labels: [H,W] u8 parsing.
        places_xy: [N,2] pixels of what no top leaves bare.
        forwards: [N] whether a place faces the camera.
    """
    height, width = labels.shape
    x = np.clip(places_xy[:, 0].astype(int), 0, width - 1)
    y = np.clip(places_xy[:, 1].astype(int), 0, height - 1)
    bare = (labels[y, x] == TORSO) & forwards
    return ["bare torso"] if bare.sum() > BARE_CHEST_SHARE * len(bare) else []


def _spots(labels: np.ndarray, pixels: float) -> int:
    """Pixels of torso and legs in small patches that nothing but cloth surrounds."""
    cloth = np.isin(labels, (TOP, OUTER, PANTS, SKIRT, DRESS)).astype(np.uint8)
    skin = np.isin(labels, (TORSO, LEGS)).astype(np.uint8)
    count, components, stats, _ = cv2.connectedComponentsWithStats(skin, connectivity=8)
    total = 0
    for number in range(1, count):
        x, y, w, h, area = stats[number]
        if area > SPOT_AREA_SHARE * pixels:
            continue
        box = np.s_[max(0, y - 1) : y + h + 1, max(0, x - 1) : x + w + 1]
        patch = (components[box] == number).astype(np.uint8)
        ring = cv2.dilate(patch, np.ones((3, 3), np.uint8)) - patch
        if cloth[box][ring > 0].mean() > 0.98:
            total += int(area)
    return total


def cloth_faults(rest: np.ndarray, draped: np.ndarray, edges: np.ndarray, swell_m: float = 0.0) -> list[str]:
    """What is wrong with a draped garment.

    Args:
        rest, draped: [V,3] vertices before and after, metres.
        edges: [E,2] between them.
        swell_m: by how much padding lets them move apart.
    """
    faults = []
    if not np.isfinite(draped).all():
        return ["stretched cloth"]
    length = np.linalg.norm(rest[edges[:, 0]] - rest[edges[:, 1]], axis=1)
    worn = np.linalg.norm(draped[edges[:, 0]] - draped[edges[:, 1]], axis=1)
    if (worn > STRETCH * length + 0.002 + swell_m).mean() > STRETCHED_SHARE:
        faults.append("stretched cloth")
    if draped[np.unique(edges), 1].min() < FLOOR_M:
        faults.append("under the floor")
    return faults


def joint_faults(joints_xy: np.ndarray, size_hw: tuple[int, int], framing: str) -> list[str]:
    """Joints of `COCO18` [N,2] in pixels that should be in the frame but are not.

    A half-body photo may lose the legs, and crops all but nose and neck.
    """
    height, width = size_hw
    if framing in CROPS:
        joints_xy = joints_xy[[COCO18.index("nose"), COCO18.index("neck")]]
    bottom = height if framing == "full" else np.inf
    inside = (joints_xy >= 0).all(1) & (joints_xy[:, 0] <= width) & (joints_xy[:, 1] <= bottom)
    return [] if inside.all() else ["out of frame"]
