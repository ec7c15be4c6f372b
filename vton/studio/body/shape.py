"""A body at rest, in a pose, and its smooth surface: what is worn is made for these."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.specs.person import BodySpec

if TYPE_CHECKING:
    from vton.studio.body.model import BodyModel


@dataclass(frozen=True)
class BodySurface:
    """The body subdivided once: what is drawn and collided with. Only vertices and normals depend on the person.

    vertices, normals: [S, 3] f32; triangles: [T, 3] i32; uv [U, 2] f32 with uv_triangles [T, 3] i32; labels: [T] u8,
    classes of the parsing; toes: [T] bool, what shoes hide.
    """

    vertices: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray
    uv_triangles: np.ndarray
    labels: np.ndarray
    toes: np.ndarray


@dataclass(frozen=True, eq=False)
class BodyShape:
    """A body at rest: A-pose, on y = 0, facing +z.

    vertices, normals: [V, 3] f32; joints: head of each bone by name, [3] f64.
    """

    model: "BodyModel"
    spec: BodySpec
    vertices: np.ndarray
    normals: np.ndarray
    joints: dict[str, np.ndarray]
    measures: Measures


@dataclass(frozen=True, eq=False)
class PosedBody:
    """A body in a pose.

    transforms: [B, 4, 4] f64 from rest to pose, by `BodyModel.bone_index`; vertices, normals: [V, 3] f32.
    """

    shape: BodyShape
    transforms: np.ndarray
    vertices: np.ndarray
    normals: np.ndarray
    surface: BodySurface

    def transform(self, bone: str) -> np.ndarray:
        """[4, 4] from rest to pose of a bone."""
        return self.transforms[self.shape.model.bone_index[bone]]

    def point(self, bone: str, at_rest: np.ndarray) -> np.ndarray:
        """Where rest points [..., 3] that are fixed to a bone have gone."""
        matrix = self.transform(bone)
        return at_rest @ matrix[:3, :3].T + matrix[:3, 3]

    def joint(self, bone: str) -> np.ndarray:
        """The posed head of a bone, [3]."""
        return self.point(bone, self.shape.joints[bone])

    def moved(self, offset: np.ndarray | tuple[float, float, float]) -> "PosedBody":
        """The same body shifted by ``offset`` [3] metres."""
        transforms = self.transforms.copy()
        transforms[:, :3, 3] += offset
        shift = np.asarray(offset, np.float32)
        surface = replace(self.surface, vertices=self.surface.vertices + shift)
        return replace(self, transforms=transforms, vertices=self.vertices + shift, surface=surface)
