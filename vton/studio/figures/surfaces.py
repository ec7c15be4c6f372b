"""Skin, cloth, hair and parts of a figure as surfaces that are drawn, and what casts shadows for them."""

from collections.abc import Sequence

import numpy as np

from vton.studio.accessories.shapes import PartMesh
from vton.studio.body.shape import PosedBody
from vton.studio.cloth.drape import DrapedGarment, covered_skin
from vton.studio.garments.atlas import COLLAR
from vton.studio.geometry.mesh import Mesh, vertex_normals
from vton.studio.hair.ribbons import HairGeometry
from vton.studio.likeness.painted_eyes import eye_surfaces
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import ARTICLE_ID, HAIR, LABEL

INSIDE_M = 0.003
"""How far beneath the skin the mesh lies that casts the body's shadow."""


def part_surface(mesh: PartMesh, label: int, material: str) -> Surface:
    """An accessory; ``material`` is its slot, "glasses", "scarf", "seat" or the kind of a thing that is held."""
    return Surface(
        mesh.vertices,
        vertex_normals(mesh.vertices, mesh.triangles),
        mesh.triangles,
        uv=mesh.uv,
        uv_triangles=mesh.triangles,
        place=mesh.place,
        label=label,
        article=ARTICLE_ID.get(material, 0),
        material=material,
        part=mesh.part,
    )


def skin_surfaces(posed: PosedBody, drapes: Sequence[DrapedGarment], shoes: PartMesh | None) -> list[Surface]:
    skin, worn = posed.surface, list(drapes)
    if shoes:
        mesh = Mesh(shoes.vertices, shoes.triangles)
        worn.append(DrapedGarment("shoes", "shoes", "", mesh, mesh.normals(), np.ones(len(mesh.vertices), np.float32)))
    depth = covered_skin(posed, worn)
    depth[posed.shape.model.surface_fingers] = 0  # they are so thin that they would be turned inside out
    vertices = skin.vertices - depth[:, None] * skin.normals
    shown = ~skin.toes if shoes else np.ones(len(skin.triangles), bool)
    surfaces = [
        Surface(
            vertices, skin.normals, skin.triangles[shown], skin.uv, skin.uv_triangles[shown],
            label=skin.labels[shown], material="skin", casts_shadow=False,
        ),
        _body_shadow(posed, shoes is not None),
    ]  # fmt: skip
    return surfaces + eye_surfaces(posed.shape.model, posed, "eye")


def _body_shadow(posed: PosedBody, shod: bool) -> Surface:
    """The coarse body, a little inside the skin, which casts shadows in its place."""
    model = posed.shape.model
    inside = (posed.vertices - INSIDE_M * posed.normals).astype(np.float32)
    triangles = model.triangles
    if shod:
        triangles = triangles[~model.regions.foot[triangles].all(1)]
    return Surface(inside, posed.normals, triangles, drawn=False)


def cloth_surfaces(drape: DrapedGarment) -> list[Surface]:
    """A garment, its trims and its rolls."""
    label, article = LABEL[drape.kind], ARTICLE_ID[drape.slot]
    mesh = drape.mesh
    surfaces = [
        Surface(
            mesh.vertices, drape.normals, mesh.triangles, mesh.uv, mesh.uv_triangles, cavity=drape.cavity, label=label,
            article=article, island=drape.island, material=drape.slot,
        )
    ]  # fmt: skip
    for trim, island in [*((trim, COLLAR) for trim in drape.trims), *((r.mesh, r.island) for r in drape.rolls)]:
        surfaces.append(
            Surface(
                trim.vertices, trim.normals(), trim.triangles, trim.uv, trim.uv_triangles, label=label,
                article=article, island=island, material=drape.slot,
            )
        )  # fmt: skip
    return surfaces


def hair_surfaces(hair: HairGeometry | None) -> list[Surface]:
    if hair is None or not len(hair.triangles):
        return []
    surfaces = [
        Surface(
            hair.vertices, hair.normals, hair.triangles, tangents=hair.tangents, shade=hair.shade, label=HAIR,
            material="hair", casts_shadow=False,
        )
    ]  # fmt: skip
    if len(hair.occluder_triangles):
        blocker = np.ascontiguousarray(hair.occluder_vertices, np.float32)
        normals = vertex_normals(blocker, hair.occluder_triangles)
        surfaces.append(Surface(blocker, normals, hair.occluder_triangles, drawn=False))
    return surfaces
