"""The meshes of a scene, and all of them as one for the rasteriser and for the shadow maps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.schema import InputError
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.light.lighting import Occluders
from vton.studio.raster.points import Geometry
from vton.studio.raster.zbuffer import Cutouts


@dataclass
class Surface:
    """One triangle mesh of the scene, in metres; its appearance is looked up later under the name ``material``.

    Attributes:
        vertices: [V, 3] f32.
        normals: [V, 3] f32, unit. Of hair: away from the head.
        triangles: [T, 3] i32, counter-clockwise seen from outside.
        uv: [U, 2] f32, v upwards, or None for surfaces without textures.
        uv_triangles: [T, 3] i32 into uv, or None if uv is per vertex.
        tangents: [V, 3] f32 along the strands; hair only.
        cavity: [V] f32, a factor near 1 that darkens hollows and lightens ridges.
        shade: [V] f32, a factor of the albedo (hair: root to tip, depth in the mass).
        label: class of the parsing, one number or [T] u8.
        article: 0 none, 1..6 number of the slot.
        island: of an article, one number or [T] (see `data.cloth.ClothBuffers`).
        place: [U, 3] f32 points of the article in metres, one for each of ``uv``; None: uv on the atlas of garments.
        material: key of the ``materials`` of ``shade``.
        part: [T] i32 index into ``Material.colours``, or None for all 0.
        alpha: [A, B] f32 cut-out mask over uv (0 hole, 1 solid), or None.
        casts_shadow: whether it blocks light. Let coarse meshes do that: the subdivided body should not, the base
            body (drawn=False, 3 mm inside the skin) should; likewise hair ribbons no, their occluder yes.
        drawn: False for a mesh that only blocks light.
    """

    vertices: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray | None = None
    uv_triangles: np.ndarray | None = None
    tangents: np.ndarray | None = None
    cavity: np.ndarray | None = None
    shade: np.ndarray | None = None
    label: int | np.ndarray = 0
    article: int = 0
    island: int | np.ndarray = 0
    place: np.ndarray | None = None
    material: str = ""
    part: np.ndarray | None = None
    alpha: np.ndarray | None = None
    casts_shadow: bool = True
    drawn: bool = True


def join(surfaces: Sequence[Surface]) -> Geometry:
    if not surfaces:
        raise InputError("There is nothing to photograph.")
    vertex_starts = np.cumsum([0] + [len(s.vertices) for s in surfaces])
    uv_starts = np.cumsum([0] + [1 if s.uv is None else len(s.uv) for s in surfaces])

    def per_vertex(get, empty: float, columns: int) -> np.ndarray:
        blocks = [get(s) for s in surfaces]
        shapes = [(len(s.vertices), columns)[: 1 + (columns > 1)] for s in surfaces]
        full = [np.full(n, empty, np.float32) if b is None else b for b, n in zip(blocks, shapes, strict=True)]
        return np.concatenate(full).astype(np.float32, copy=False)

    def per_triangle(get) -> np.ndarray:
        blocks = [np.broadcast_to(np.asarray(0 if get(s) is None else get(s)), len(s.triangles)) for s in surfaces]
        return np.concatenate(blocks).astype(np.int32)

    def corners(s: Surface) -> np.ndarray:
        if s.uv is None:
            return np.zeros_like(s.triangles)
        return s.triangles if s.uv_triangles is None else s.uv_triangles

    def shifted(blocks: list[np.ndarray], starts: np.ndarray) -> np.ndarray:
        return np.concatenate([b + n for b, n in zip(blocks, starts, strict=False)]).astype(np.int32)

    return Geometry(
        vertices=per_vertex(lambda s: s.vertices, 0.0, 3),
        normals=per_vertex(lambda s: s.normals, 0.0, 3),
        tangents=per_vertex(lambda s: s.tangents, 0.0, 3),
        cavity=per_vertex(lambda s: s.cavity, 1.0, 1),
        shade=per_vertex(lambda s: s.shade, 1.0, 1),
        uv=np.concatenate([np.zeros((1, 2)) if s.uv is None else s.uv for s in surfaces]).astype(np.float32),
        triangles=shifted([s.triangles for s in surfaces], vertex_starts),
        uv_triangles=shifted([corners(s) for s in surfaces], uv_starts),
        surface=np.repeat(np.arange(len(surfaces), dtype=np.int32), [len(s.triangles) for s in surfaces]),
        part=per_triangle(lambda s: s.part),
        label=per_triangle(lambda s: s.label),
        article=per_triangle(lambda s: s.article),
        island=per_triangle(lambda s: s.island),
        place=np.concatenate([_places(s) for s in surfaces]).astype(np.float32),
        is_hair=np.array([s.tangents is not None for s in surfaces]),
    )


def _places(s: Surface) -> np.ndarray:
    """[U, 3] metres, one for each of the surface's uv."""
    if s.place is not None:
        return s.place
    if s.uv is None:
        return np.zeros((1, 3))
    return np.column_stack([ATLAS_M * s.uv, np.zeros(len(s.uv))])


def cutouts(surfaces: Sequence[Surface], geometry: Geometry) -> Cutouts | None:
    masks = [s.alpha for s in surfaces if s.alpha is not None]
    if not masks:
        return None
    numbers = np.cumsum([s.alpha is not None for s in surfaces]) - 1
    of_surface = np.where([s.alpha is not None for s in surfaces], numbers, -1)
    return Cutouts(of_surface[geometry.surface], masks, geometry.uv[geometry.uv_triangles])


def occluders(surfaces: Sequence[Surface]) -> Occluders:
    """All meshes that block light; one point and no triangle if none does."""
    casting = [s for s in surfaces if s.casts_shadow and len(s.triangles)]
    starts = np.cumsum([0] + [len(s.vertices) for s in casting])
    vertices = np.concatenate([s.vertices for s in casting] or [np.zeros((1, 3))]).astype(np.float32)
    triangles = [s.triangles + n for s, n in zip(casting, starts, strict=False)] or [np.zeros((0, 3))]
    triangles = np.concatenate(triangles).astype(np.int32)
    used = np.zeros(len(vertices), bool)
    used[triangles] = True
    if not used.any():
        return Occluders(vertices[:1], triangles)
    return Occluders(vertices[used], (np.cumsum(used, dtype=np.int32) - 1)[triangles])
