"""Where a bag hangs: from a hand, in the crook of an arm, before the legs, or on a strap across the chest."""

from collections.abc import Sequence

import numpy as np

from vton.studio.accessories.bags import Collider, crossbody, hang_from_grip
from vton.studio.accessories.shapes import PartMesh
from vton.studio.body.shape import PosedBody
from vton.studio.cloth.drape import DrapedGarment
from vton.studio.figures.ensemble import Ensemble
from vton.studio.geometry.rotations import unit
from vton.studio.specs.outfit import ArticleSpec
from vton.studio.specs.photo import PoseSpec

ARM_BONES = ("upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")


def worn_bag(ensemble: Ensemble, posed: PosedBody, drapes: Sequence[DrapedGarment], pose: PoseSpec) -> PartMesh:
    bag, article = ensemble.bag, ensemble.outfit.article("accessory")
    assert bag is not None and article is not None, "a bag is worn"
    points = np.concatenate([posed.surface.vertices] + [d.mesh.vertices for d in drapes])
    normals = np.concatenate([posed.surface.normals] + [d.normals for d in drapes])
    root = posed.transform("root")
    heading = float(np.degrees(np.arctan2(root[0, 2], root[2, 2])))
    if article.type == "crossbody":
        return _across_the_body(ensemble, bag, article, posed, points, normals)
    left, right = (_grip(posed, s) for s in "LR")
    if pose.name == "elbow-bag":
        side = "R" if pose.mirror else "L"
        forearm = posed.joint(f"wrist.{side}") - posed.joint(f"lowerarm01.{side}")
        grip = posed.joint(f"lowerarm01.{side}") + 0.45 * forearm
        near = np.linalg.norm(points - grip, axis=1) < 0.09
        grip = grip + [0, max(0.0, float((points[near, 1] - grip[1]).max(initial=0.03))), 0]
        yaw = float(np.degrees(np.arctan2(forearm[0], forearm[2])))
    elif pose.name == "hands-front":
        return _before_the_legs(posed, (left + right) / 2, bag, heading, points, normals)
    else:
        side = "L" if left[1] < right[1] else "R"
        grip = left if side == "L" else right
        yaw = heading + (68 if side == "L" else -68)
    away = root[:3, :3] @ np.array([1.0 if side == "L" else -1.0, 0, 0])
    away = away * [1, 0, 1] / np.linalg.norm(away * [1, 0, 1])
    free = np.linalg.norm(points - grip, axis=1) > 0.12
    free &= distance_to_arm(posed, points, side) > 0.09
    return hang_from_grip(bag, grip, yaw, away, Collider(points[free], normals[free]))


def _before_the_legs(
    posed: PosedBody, grip: np.ndarray, bag: PartMesh, heading: float, points: np.ndarray, normals: np.ndarray
) -> PartMesh:
    """The bag hung from both hands; ``heading``: degrees of the body's front."""
    ahead = posed.transform("root")[:3, :3] @ np.array([0.0, 0.0, 1.0]) * [1, 0, 1]
    off_hands = np.minimum(distance_to_arm(posed, points, "L"), distance_to_arm(posed, points, "R")) > 0.07
    return hang_from_grip(bag, grip, heading, unit(ahead), Collider(points[off_hands], normals[off_hands]))


def _grip(posed: PosedBody, side: str) -> np.ndarray:
    """Where a closed hand holds a handle."""
    knuckle, middle = posed.joint(f"finger3-1.{side}"), posed.joint(f"finger3-2.{side}")
    return 0.35 * knuckle + 0.65 * middle - np.array([0, 0.004, 0])


def distance_to_arm(posed: PosedBody, points: np.ndarray, side: str) -> np.ndarray:
    """Distance of points [N,3] from the axis of an arm and its hand, metres."""
    joints = [posed.joint(f"{bone}.{side}") for bone in ARM_BONES] + [posed.joint(f"finger3-3.{side}")]
    nearest = np.full(len(points), np.inf)
    for start, end in zip(joints, joints[1:], strict=False):
        step = end - start
        share = np.clip((points - start) @ step / (step @ step + 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(points - start - share[:, None] * step, axis=1))
    return nearest


def _across_the_body(
    ensemble: Ensemble, bag: PartMesh, article: ArticleSpec, posed: PosedBody, points: np.ndarray, normals: np.ndarray
) -> PartMesh:
    m = ensemble.shape.measures
    side = 1 if article.seed % 2 else -1
    over = np.array([-side * 0.085, m.shoulder[1] + 0.06, m.shoulder[2] - 0.01])
    shoulder = posed.point("spine01", over)
    hip_y = m.high_hip_y + 0.03
    hip = posed.point("root", np.array([side * (m.half_width(hip_y) * 0.88), hip_y, m.front(hip_y) * 0.6]))
    off_arms = np.minimum(distance_to_arm(posed, points, "L"), distance_to_arm(posed, points, "R"))
    trunk = (off_arms > 0.075) & (points[:, 1] < posed.joint("neck01")[1] + 0.03)
    return crossbody(bag, shoulder, hip, Collider(points, normals), points[trunk])
