"""A skeleton while it is posed: what has been turned so far, and where that has brought its joints."""

import numpy as np

from vton.studio.body.model import BodyModel
from vton.studio.body.shape import BodyShape
from vton.studio.body.skinning import transform_point
from vton.studio.geometry.closest import PointShell

TRUNK_REACH_M = 0.1
"""How far off the trunk its skin is looked for."""


class Skeleton:
    """A skeleton while it is posed, from the root outwards.

    rotations: [3, 3] by bone, so far; offset: [3] where the root has been moved meanwhile; facing: [3, 3] the body's
    heading; heel, clearance: metres, as in `solver.pose_rotations`.
    """

    def __init__(
        self, model: BodyModel, shape: BodyShape, heel: float, clearance: float, rng: np.random.Generator
    ) -> None:
        self.model, self.joints, self.measures = model, shape.joints, shape.measures
        trunk = model.regions.torso & ~model.regions.leg
        self.trunk_skin = PointShell(shape.vertices[trunk], shape.normals[trunk], TRUNK_REACH_M)
        self.heel, self.clearance = heel, clearance
        self.rng = rng
        self.rotations: dict[str, np.ndarray] = {}
        self.offset = np.zeros(3)
        self.facing = np.eye(3)

    def noise(self, *deviations: float) -> np.ndarray:
        """Normal numbers with these standard deviations, cut at two of them."""
        return np.clip(self.rng.normal(0, 1, len(deviations)), -2, 2) * deviations

    def transform(self, bone: str) -> np.ndarray:
        """[4, 4] from rest to pose, as far as the rotations are known."""
        matrix, index = np.eye(4), self.model.bone_index[bone]
        while index >= 0:
            name = self.model.bones[index]
            if name in self.rotations:
                turn = np.eye(4)
                turn[:3, :3] = self.rotations[name]
                turn[:3, 3] = self.joints[name] - self.rotations[name] @ self.joints[name]
                matrix = turn @ matrix
            index = self.model.parents[index]
        matrix[:3, 3] += self.offset
        return matrix

    def posed(self, bone: str) -> np.ndarray:
        """Where a bone's head has gone, [3]."""
        return transform_point(self.transform(bone), self.joints[bone])

    def lengths(self, *bones: str) -> list[float]:
        """Lengths of the bones between these joints, metres."""
        points = [self.joints[bone] for bone in bones]
        return [float(np.linalg.norm(b - a)) for a, b in zip(points, points[1:], strict=False)]
