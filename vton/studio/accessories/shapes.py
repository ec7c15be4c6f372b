"""Meshes swept from rings and paths, glued into one with a part number per triangle."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vton.studio.geometry.mesh import strip_triangles, vertex_normals

LIFT_M = 0.008
"""Of the points of an article over its surface."""


@dataclass
class PartMesh:
    """A mesh whose triangles carry part numbers.

    vertices [V,3] f32 metres; triangles [T,3] i32, counter-clockwise seen from outside; part [T] i32;
    uv [V,2] f32 metres along the surface, for the bump of leather or wool; place [V,3] f32 metres: the point of the
    article, the same however it is worn and by whomever (``with_places``); None until the article is whole.
    """

    vertices: np.ndarray
    triangles: np.ndarray
    part: np.ndarray
    uv: np.ndarray
    place: np.ndarray | None = None

    def moved(self, rotation: np.ndarray, offset: ArrayLike) -> "PartMesh":
        """The mesh rotated by a 3x3 matrix about the origin, then shifted."""
        vertices = self.vertices @ np.asarray(rotation, np.float32).T + np.asarray(offset, np.float32)
        return PartMesh(vertices.astype(np.float32), self.triangles, self.part, self.uv, self.place)

    def mirrored(self) -> "PartMesh":
        """The mesh for the other side of the body."""
        flip = np.array([-1, 1, 1], np.float32)
        place = None if self.place is None else self.place * flip
        return PartMesh(self.vertices * flip, np.ascontiguousarray(self.triangles[:, ::-1]), self.part, self.uv, place)

    def with_places(self, at_rest: np.ndarray) -> "PartMesh":
        """The mesh with the points of the article: ``at_rest`` [V,3], lifted off the surface, so that the two sides of
        a brim or a flap, millimetres apart, are centimetres apart."""
        lifted = at_rest + LIFT_M * vertex_normals(at_rest, self.triangles)
        return PartMesh(self.vertices, self.triangles, self.part, self.uv, lifted.astype(np.float32))


def join(meshes: Sequence[PartMesh]) -> PartMesh:
    """One mesh of several."""
    starts = np.cumsum([0] + [len(m.vertices) for m in meshes])
    places = [m.place for m in meshes if m.place is not None]
    return PartMesh(
        np.concatenate([m.vertices for m in meshes]).astype(np.float32),
        np.concatenate([m.triangles + start for m, start in zip(meshes, starts, strict=False)]).astype(np.int32),
        np.concatenate([m.part for m in meshes]).astype(np.int32),
        np.concatenate([m.uv for m in meshes]).astype(np.float32),
        np.concatenate(places) if len(places) == len(meshes) else None,
    )


def loft(rows: np.ndarray, closed: bool, part: int = 0) -> PartMesh:
    """The surface through R rows of N points each; ``closed`` joins the last point of a row to the first.

    Args:
        rows: [R, N, 3] metres.

    Returns:
        A mesh with some side outside; ``facing_out`` turns it.
    """
    rows = np.asarray(rows, np.float64)
    count, around = rows.shape[:2]
    triangles = strip_triangles(count, around, closed)
    along = np.cumsum(np.r_[0, np.linalg.norm(np.diff(rows, axis=0), axis=2).mean(1)])
    steps = np.linalg.norm(np.diff(rows, axis=1), axis=2).mean(0)
    across = np.cumsum(np.r_[0, steps])
    uv = np.stack(np.broadcast_arrays(across[None, :], along[:, None]), -1).reshape(-1, 2)
    vertices = rows.reshape(-1, 3).astype(np.float32)
    return PartMesh(vertices, triangles, np.full(len(triangles), part, np.int32), uv.astype(np.float32))


def facing_out(mesh: PartMesh, centre: Sequence[float] | np.ndarray | None = None) -> PartMesh:
    """The mesh with its triangles turned away from a centre, as the majority of area.

    Args:
        centre: [3], or [T, 3] one for each triangle; the mesh's own middle by default.
    """
    corners = mesh.vertices[mesh.triangles].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middle = mesh.vertices.mean(0) if centre is None else np.asarray(centre)
    if (normals * (corners.mean(1) - middle)).sum() >= 0:
        return mesh
    return PartMesh(mesh.vertices, np.ascontiguousarray(mesh.triangles[:, ::-1]), mesh.part, mesh.uv)


def slab(rows: np.ndarray, closed: bool, thickness: float, part: int = 0, under: int | None = None) -> PartMesh:
    """A thin sheet with two sides: ``rows`` and a copy of them ``thickness`` metres behind, facing the other way."""
    front = loft(rows, closed, part)
    normals = vertex_normals(front.vertices, front.triangles)
    back = PartMesh(
        front.vertices - normals * np.float32(thickness),
        np.ascontiguousarray(front.triangles[:, ::-1]),
        np.full(len(front.triangles), part if under is None else under, np.int32),
        front.uv,
    )
    return join([front, back])


def tube(path: np.ndarray, radius: float, part: int = 0, sides: int = 8, up: Sequence[float] = (0, 0, 1)) -> PartMesh:
    """A round cord of ``radius`` metres along ``path`` [N,3]; ``up`` must not run along it."""
    path = np.asarray(path, np.float64)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-12
    side = np.cross(along, np.asarray(up, np.float64))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    top = np.cross(side, along)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = side[:, None] * np.cos(angle)[:, None] + top[:, None] * np.sin(angle)[:, None]
    mesh = loft(path[:, None] + radius * ring, closed=True, part=part)
    return facing_out(mesh, np.repeat(path, sides, 0)[mesh.triangles].mean(1))


def ribbon(path: np.ndarray, side: np.ndarray, width: float, part: int = 0) -> PartMesh:
    """A flat strap with two faces along ``path`` [N,3]; ``side`` [N,3] unit vectors across it."""
    rows = np.stack([path - side * width / 2, path + side * width / 2])
    return slab(rows, closed=False, thickness=0.0025, part=part)


def rounded(angle: np.ndarray, exponent: float) -> tuple[np.ndarray, np.ndarray]:
    """x and z of a superellipse of half-axes 1 at angles from the front (z) towards +x; 2 is a circle, 5 a soft box."""
    power = 2.0 / exponent
    x, z = np.sin(angle), np.cos(angle)
    return np.sign(x) * np.abs(x) ** power, np.sign(z) * np.abs(z) ** power
