"""Packshots: every article alone, from the front, before a light backdrop; garments on a body that is not drawn."""

import numpy as np

from vton.studio.accessories.bags import build_bag
from vton.studio.accessories.hats import HAT_TYPES, build_hat
from vton.studio.accessories.shapes import PartMesh, join
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import PosedBody
from vton.studio.cloth.drape import drape_alone
from vton.studio.figures.ensemble import GARMENT_SLOTS, fitted_shoe, head_of
from vton.studio.figures.surfaces import cloth_surfaces, part_surface
from vton.studio.garments.building import Garment, build_garment
from vton.studio.geometry.rotations import axis_angle, euler
from vton.studio.light.lighting import LIGHT_DIRECTIONS
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.picture import Prepared, prepare
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import BAG, HAT, SHOES
from vton.studio.specs.outfit import ArticleSpec
from vton.studio.specs.photo import ViewSpec

FILL = 0.877
"""Share of the picture's height or width that the article takes, as in `conditioning.photos.article_photo`."""

SIZE_HW = (256, 192)
VIEW = ViewSpec(backdrop=(0.88, 0.88, 0.89))
ARM_DROP_DEG, ELBOW_DEG = 22.0, 26.0


class Mannequin:
    """The hidden body of one gender that garments hang on; ``resting``: in the pose that they were cut for."""

    def __init__(self, model: BodyModel, gender: str):
        self.shape = model.mannequin(gender)
        self.posed: PosedBody = model.pose(self.shape, self._arms_down())
        self.resting: PosedBody = model.pose(self.shape, {})
        self._shoe: tuple[ArticleSpec, PartMesh] | None = None

    def left_shoe(self, article: ArticleSpec) -> PartMesh:
        """The left shoe of an article, made once for all pictures of it."""
        if self._shoe is None or self._shoe[0] != article:
            self._shoe = article, fitted_shoe(article, self.shape).mesh
        return self._shoe[1]

    def _arms_down(self) -> dict[str, np.ndarray]:
        joints, rotations = self.shape.joints, {}
        for side, sign in (("L", 1), ("R", -1)):
            shoulder, elbow, wrist = (joints[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
            rotations[f"upperarm01.{side}"] = axis_angle(np.array([0.0, 0.0, 1.0]), -sign * ARM_DROP_DEG)
            hinge = np.cross(wrist - elbow, elbow - shoulder)
            rotations[f"lowerarm01.{side}"] = axis_angle(hinge, ELBOW_DEG)
        return rotations


def packshot_surfaces(mannequin: Mannequin, article: ArticleSpec) -> tuple[list[Surface], Garment | None]:
    """The surfaces of an article set up for its packshot, and the garment if it is one."""
    if article.slot in GARMENT_SLOTS:
        garment = build_garment(article, mannequin.shape)
        return cloth_surfaces(drape_alone(mannequin.posed, garment)), garment
    if article.slot == "shoes":
        return [part_surface(_pair(mannequin, article), SHOES, "shoes")], None
    if article.type in HAT_TYPES:
        hat = build_hat(article, head_of(mannequin.shape)).mesh
        middle = (hat.vertices.max(0) + hat.vertices.min(0)) / 2
        mesh = hat.moved(np.eye(3), -middle).moved(euler(x=8) @ euler(y=-20), (0, 0, 0))
        return [part_surface(mesh, HAT, "accessory")], None
    return [part_surface(build_bag(article).moved(euler(x=6) @ euler(y=-24), (0, 0, 0)), BAG, "accessory")], None


def _pair(mannequin: Mannequin, article: ArticleSpec) -> PartMesh:
    """Both shoes side by side, turned to show their outside and tipped to show their top."""
    left = mannequin.left_shoe(article)
    pair = []
    for shoe, x, z, turn in ((left, 0.062, -0.03, -38.0), (left.mirrored(), -0.062, 0.05, -32.0)):
        vertices = shoe.vertices
        low = np.array([np.median(vertices[:, 0]), vertices[:, 1].min(), 0.0])
        pair.append(shoe.moved(np.eye(3), -low).moved(euler(x=18) @ euler(y=turn), (x, 0, z)))
    return join(pair)


def prepare_packshot(surfaces: list[Surface], size_hw: tuple[int, int] = SIZE_HW) -> Prepared:
    """The article in the middle of the picture, filling `FILL` of it."""
    return prepare(surfaces, packshot_camera(surfaces, size_hw), size_hw, [LIGHT_DIRECTIONS[0]], floor=False)


def packshot_camera(surfaces: list[Surface], size_hw: tuple[int, int] = SIZE_HW) -> StudioCamera:
    """The camera before which the article fills `FILL` of the picture."""
    points = np.concatenate([s.vertices[np.unique(s.triangles)] for s in surfaces])
    low, high = points.min(0), points.max(0)
    height = max(high[1] - low[1], (high[0] - low[0]) * size_hw[0] / size_hw[1]) / FILL
    return StudioCamera.front((low + high) / 2, float(height))
