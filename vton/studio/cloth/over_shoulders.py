"""An outer that hangs from the shoulders: the arms are under it, its sleeves fall empty at its sides."""

import numpy as np

from vton.studio.body.shape import BodyShape, PosedBody
from vton.studio.body.skinning import forward_kinematics, skin
from vton.studio.garments.building import Garment
from vton.studio.garments.field import garment_outline, smooth_step
from vton.studio.geometry.rotations import between

CHEST = "spine01"
"""The bone that it hangs from."""

DOWN = np.array([0.04, -1.0, 0.03])
"""Where an empty sleeve points, of the left side."""

FROM_M, OVER_M = 0.02, 0.14
"""Below the shoulders: where it begins to reach around the arms, and over how much it comes to do so."""

OFF_ARM_M, OFF_SIDE_M = 0.016, 0.024
"""Between an arm and the cloth over it, and between that and the middle of the sleeve that hangs there."""

FLAT, LOOSE_FROM_M, LOOSE_OVER_M = 0.35, 0.03, 0.12
"""How thick an empty sleeve is, as a share of a filled one, and from where on along the arm it falls free."""

BIN_M, BINS, RISE = 0.03, 60, 1
"""Heights at which the arms' reach is measured, from the floor on, and how many further up cloth gives way to it."""

STEPS = 48
"""Angles between the middle of the back and the front of each side."""


def hung(garment: Garment, posed: PosedBody) -> np.ndarray:
    """Where draping begins, [V, 3] f32: each piece of cloth at its distance from the middle of the back."""
    shape, m = posed.shape, posed.shape.measures
    points = skin(garment.mesh.vertices, garment.weights, garment.bones, _arms_down(shape)).astype(np.float64)
    reach = _reach_of_arms(posed)
    y, side = points[:, 1], np.where(points[:, 0] >= 0, 0, 1)
    heights = np.linspace(y.min(), y.max(), BINS)
    outline = garment_outline(heights, m, garment.pattern)
    wide, front, back = (np.interp(y, heights, values) for values in outline)
    out = np.maximum(np.stack([np.interp(y, np.arange(BINS) * BIN_M, r) for r in reach])[side, np.arange(len(y))], wide)
    around = smooth_step((m.shoulder[1] - FROM_M - y) / OVER_M)
    laid = points.copy()
    torso = garment.limb == 0
    laid[torso] = _around(points, wide, wide + around * (out - wide), (front + back) / 2, (front - back) / 2)[torso]
    along, _ = m.along_arm(garment.mesh.vertices)
    free = smooth_step((along - LOOSE_FROM_M) / LOOSE_OVER_M)
    middle = np.interp(along, m.arm_lengths, _hanging_axis(shape)[:, 0])
    beside = out + OFF_SIDE_M + FLAT * (np.abs(points[:, 0]) - middle)
    sleeve = np.sign(points[:, 0]) * (np.abs(points[:, 0]) * (1 - free) + beside * free)
    laid[~torso, 0] = sleeve[~torso]
    return posed.point(CHEST, laid).astype(np.float32)


def _arms_down(shape: BodyShape) -> np.ndarray:
    """Transforms [B, 4, 4] of a body at rest whose arms hang straight down."""
    joints, rotations = shape.joints, {}
    for side, sign in (("L", 1), ("R", -1)):
        shoulder, elbow, wrist = (joints[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
        down = DOWN * [sign, 1, 1]
        upper = between(elbow - shoulder, down)
        rotations[f"upperarm01.{side}"] = upper
        rotations[f"lowerarm01.{side}"] = upper.T @ between(upper @ (wrist - elbow), down) @ upper
    return forward_kinematics(shape.model.bones, shape.model.parents, joints, rotations)


def _hanging_axis(shape: BodyShape) -> np.ndarray:
    """`Measures.arm_points` [4, 3] of an arm that hangs straight down."""
    m = shape.measures
    return m.shoulder + m.arm_lengths[:, None] * DOWN / np.linalg.norm(DOWN)


def _reach_of_arms(posed: PosedBody) -> np.ndarray:
    """How far cloth must be from the middle of the chest to hang over each arm, [2, BINS] metres by height at rest.

    From the arm it falls straight down.
    """
    matrix = posed.transform(CHEST)
    arm = posed.shape.model.regions.arm
    local = (posed.vertices[arm] - matrix[:3, 3]) @ matrix[:3, :3]
    row = np.clip((local[:, 1] / BIN_M).astype(int), 0, BINS - 1)
    reach = np.zeros((2, BINS))
    for side, sign in enumerate((1, -1)):
        np.maximum.at(reach[side], row, sign * local[:, 0] + OFF_ARM_M)
    falling = np.maximum.accumulate(reach[:, ::-1], 1)[:, ::-1]
    return np.concatenate([falling[:, RISE:], falling[:, -RISE:]], 1)


def _around(
    points: np.ndarray, wide: np.ndarray, reach: np.ndarray, middle: np.ndarray, deep: np.ndarray
) -> np.ndarray:
    """Points [V, 3] around ellipses of half widths ``wide`` and depth ``deep`` laid around ones as wide as ``reach``.

    Distances from the middle of the back stay as they are, so the front opens; ``middle``: z of the ellipses' centres.
    """
    turn = np.linspace(0, np.pi, STEPS)
    own, other = (_lengths(width, deep, turn) for width in (wide, reach))
    x, z = np.abs(points[:, 0]) / wide, (points[:, 2] - middle) / deep
    share = np.arctan2(x, -z) / np.pi * (STEPS - 1)
    low = np.minimum(share.astype(int), STEPS - 2)
    number = np.arange(len(points))
    length = own[number, low] + (share - low) * (own[number, low + 1] - own[number, low])
    after = np.minimum((other < length[:, None]).sum(1), STEPS - 1)
    before = np.maximum(after - 1, 0)
    step = other[number, after] - other[number, before]
    angle = turn[before] + (turn[after] - turn[before]) * (length - other[number, before]) / np.maximum(step, 1e-9)
    radius = np.hypot(x, z)
    laid = points.copy()
    laid[:, 0] = np.sign(points[:, 0]) * radius * reach * np.sin(angle)
    laid[:, 2] = middle - radius * deep * np.cos(angle)
    return laid


def _lengths(wide: np.ndarray, deep: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Lengths [V, STEPS] along ellipses from the middle of the back."""
    steps = np.hypot(np.diff(wide[:, None] * np.sin(turn), axis=1), np.diff(deep[:, None] * np.cos(turn), axis=1))
    return np.concatenate([np.zeros((len(wide), 1)), np.cumsum(steps, 1)], 1)
