"""An outfit cut for a body, before any pose."""

from dataclasses import dataclass

import numpy as np

from vton.studio.accessories.bags import build_bag
from vton.studio.accessories.foot import FootFit
from vton.studio.accessories.hats import HAT_TYPES, Hat, HeadFit, build_glasses, build_hat
from vton.studio.accessories.shapes import PartMesh
from vton.studio.accessories.shoes import Shoe, build_shoe, heel_of
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import BodyShape
from vton.studio.garments.building import Garment, build_garment
from vton.studio.garments.cutting import draft
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import ArticleSpec, OutfitSpec

GARMENT_SLOTS = ("top", "outer", "bottom", "dress")

SHIN_M = 0.45
"""How far above the ankle a boot may reach."""

HAT_LINE_DM = 7.75
"""Height of a hat's edge on the template."""


@dataclass
class Ensemble:
    """An outfit cut for a body, before any pose."""

    shape: BodyShape
    outfit: OutfitSpec
    garments: list[Garment]
    shoe: Shoe | None
    hat: Hat | None
    glasses: PartMesh | None
    bag: PartMesh | None

    @property
    def heel_m(self) -> float:
        """Height of the shoes' heels."""
        return heel_of(self.outfit.article("shoes"))


def cut_ensemble(model: BodyModel, look: LookSpec) -> Ensemble:
    """Builds everything that is worn, around the resting body."""
    outfit = look.outfit
    shape = model.shape(look.person.body)
    layered, bottom = outfit.article("outer") is not None, outfit.article("bottom")
    waist_y = draft(bottom, shape.measures).top_y if bottom else None
    garments = [
        build_garment(a, shape, layered and a.slot in ("top", "dress"), outfit.wear, waist_y)
        for a in outfit.articles
        if a.slot in GARMENT_SLOTS
    ]
    shoes, extra = outfit.article("shoes"), outfit.article("accessory")
    hat = build_hat(extra, head_of(shape)) if extra and extra.type in HAT_TYPES else None
    glasses = None
    if outfit.glasses is not None:
        left, right = (shape.vertices[np.unique(model.eye_triangles[s])].mean(0) for s in ("left", "right"))
        glasses = build_glasses(outfit.glasses, left, right)
    return Ensemble(
        shape,
        outfit,
        garments,
        fitted_shoe(shoes, shape) if shoes else None,
        hat,
        glasses,
        build_bag(extra) if extra and hat is None else None,
    )


def fitted_shoe(article: ArticleSpec, shape: BodyShape) -> Shoe:
    """The left shoe of an article, made for a body."""
    return build_shoe(article, foot_of(shape, heel_of(article)))


def foot_of(shape: BodyShape, heel_m: float) -> FootFit:
    """The left foot of a body on a heel."""
    regions, ankle = shape.model.regions, shape.joints["foot.L"]
    vertices = shape.vertices
    chosen = (regions.leg | regions.foot) & (vertices[:, 0] > 0) & (vertices[:, 1] < ankle[1] + SHIN_M)
    triangles = shape.model.triangles
    triangles = triangles[chosen[triangles].all(1)]
    points = np.concatenate([vertices[chosen], vertices[triangles].mean(1)])
    normals = np.concatenate([shape.normals[chosen], shape.normals[triangles].mean(1)])
    return FootFit.of(points, normals, ankle, shape.joints["toe3-1.L"], heel_m)


def head_of(shape: BodyShape) -> HeadFit:
    """The skull of a body above the line where hats sit."""
    model = shape.model
    return HeadFit.of(shape.vertices[model.regions.head & (model.template[:, 1] > HAT_LINE_DM)])
