"""Takes the photos: an article set up as its view asks for, framed, lit, and developed in any number of looks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vton.studio.accessories.hats import HAT_TYPES
from vton.studio.article_photos.accessories import put_bag, put_hat, put_shoes
from vton.studio.article_photos.collars import flat_trims
from vton.studio.article_photos.ground import Ground, ground_of, light_points, plane_points, shade_ground
from vton.studio.article_photos.hangers import hanger_material
from vton.studio.article_photos.hanging import hang
from vton.studio.article_photos.laying import FlatGarment, lay
from vton.studio.cloth.drape import DrapedGarment
from vton.studio.figures.packshots import SIZE_HW, Mannequin
from vton.studio.figures.surfaces import cloth_surfaces, part_surface
from vton.studio.garments.building import Garment
from vton.studio.geometry.rotations import axis_angle
from vton.studio.raster.appearance import Material
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.picture import Prepared, prepare, shade, to_u8
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import BAG, HAT, SHOES
from vton.studio.specs.outfit import ArticleSpec
from vton.studio.specs.photo import ArticleViewSpec, ViewSpec

VERTICAL = np.array([0.0, 0.0, 1.0])
BLACK = (0.0, 0.0, 0.0)


@dataclass
class ArticleSetUp:
    """A photo without its look.

    prepared: of the scene; mask_u8 [H, W]: share of each pixel that the article covers, 0..255; ground: what is behind.
    """

    prepared: Prepared
    mask_u8: np.ndarray
    ground: Ground


def garment_surfaces(item: FlatGarment, view: ArticleViewSpec) -> tuple[list[Surface], list[Surface]]:
    """Surfaces of a garment that lies or hangs, and of the hanger."""
    garment, stand = item.garment, []
    if view.kind == "hanger":
        vertices, hanger = hang(item, view)
        stand = [part_surface(hanger, 0, "hanger")]
    else:
        vertices = lay(item, view)
    mesh, article = replace(garment.mesh, vertices=vertices), garment.article
    drape = DrapedGarment(
        article.slot, garment.kind, article.type, mesh, mesh.normals(), np.ones(len(vertices), np.float32),
        flat_trims(garment, item.resting, vertices, item.flat.facing), garment.atlas.island,
    )  # fmt: skip
    return cloth_surfaces(drape), stand


def accessory_surfaces(mannequin: Mannequin, article: ArticleSpec, view: ArticleViewSpec) -> list[Surface]:
    """Surfaces of shoes, a hat or a bag."""
    if article.slot == "shoes":
        return [part_surface(put_shoes(mannequin.left_shoe(article), view), SHOES, "shoes")]
    if article.type in HAT_TYPES:
        return [part_surface(put_hat(article, mannequin.shape, view), HAT, "accessory")]
    return [part_surface(put_bag(article, view), BAG, "accessory")]


def set_up_all(
    mannequin: Mannequin, article: ArticleSpec, garment: Garment | None, views: Iterable[ArticleViewSpec]
) -> dict[str, ArticleSetUp]:
    """Sets an article up for each of its views, by kind; ``garment``: as cut for the mannequin, if it is one."""
    item = FlatGarment.of(garment, mannequin.resting) if garment else None
    shots = {}
    for view in views:
        surfaces, stand = arranged(mannequin, article, item, view)
        shots[view.kind] = set_up(surfaces, stand, view)
    return shots


def arranged(
    mannequin: Mannequin, article: ArticleSpec, item: FlatGarment | None, view: ArticleViewSpec
) -> tuple[list[Surface], list[Surface]]:
    """An article before the plane z = 0, turned as the view says: its surfaces, and those of what holds it."""
    surfaces, stand = garment_surfaces(item, view) if item else (accessory_surfaces(mannequin, article, view), [])
    turn = axis_angle(VERTICAL, view.turn_deg).astype(np.float32)
    return [_turned(s, turn) for s in surfaces], [_turned(s, turn) for s in stand]


def set_up(
    surfaces: list[Surface], stand: list[Surface], view: ArticleViewSpec, size_hw: tuple[int, int] = SIZE_HW
) -> ArticleSetUp:
    """Frames and lights what ``arranged`` returned before its backdrop."""
    camera = article_camera(surfaces, view, size_hw)
    behind = plane_points(camera, size_hw)
    wall = light_points(behind).reshape(-1, 3)
    prepared = prepare([*surfaces, *stand], camera, size_hw, [view.key_direction], floor=False, wall=wall)
    points = prepared.points
    own = points.surface < len(surfaces)
    covered = np.bincount(points.pixel[own], points.weight[own], size_hw[0] * size_hw[1])
    mask_u8 = np.rint(255 * np.clip(covered / prepared.supersampling**2, 0, 1)).astype(np.uint8).reshape(size_hw)
    return ArticleSetUp(prepared, mask_u8, ground_of(prepared, behind, camera, view))


def develop(shot: ArticleSetUp, article: Mapping[str, Material], view: ArticleViewSpec) -> np.ndarray:
    """The photo of one look, [H, W, 3] u8.

    Args:
        article: its material, by slot.
        view: as ``set_up`` had it, but for its appearance.
    """
    materials = dict(article)
    if view.hanger:
        materials["hanger"] = hanger_material(view.hanger, view.seed)
    light = ViewSpec(
        key_direction=view.key_direction, softness_deg=view.softness_deg, key_colour=view.key_colour,
        fill_colour=view.fill_colour, dome_colour=view.dome_colour, backdrop=BLACK,
    )  # fmt: skip
    open_share = (1 - shot.prepared.alpha)[..., None]
    image = shade(shot.prepared, materials, light) + open_share * shade_ground(shot.ground, view)
    image *= np.float32(view.exposure)
    height, width = shot.prepared.size_hw
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)[None]
    image *= (1 - view.vignette * ((x**2 + y**2) / 2) ** 1.5)[..., None]
    if view.blur_px > 0:
        image = cv2.GaussianBlur(image, (0, 0), view.blur_px * height / 256)
    return to_u8(image)


def _turned(surface: Surface, turn: np.ndarray) -> Surface:
    return replace(surface, vertices=surface.vertices @ turn.T, normals=surface.normals @ turn.T)


def article_camera(surfaces: list[Surface], view: ArticleViewSpec, size_hw: tuple[int, int]) -> StudioCamera:
    """The camera that sees the article as large and as far off the middle as the view asks for."""
    points = np.concatenate([s.vertices[np.unique(s.triangles)] for s in surfaces])
    tilt, pan = np.radians(view.tilt_deg), np.radians(view.pan_deg)
    away = np.array([np.sin(pan) * np.cos(tilt), -np.sin(tilt), np.cos(pan) * np.cos(tilt)]) * view.distance
    target = (points.min(0) + points.max(0)) / 2
    height_m = 1.0
    for _ in range(3):
        camera = StudioCamera(tuple(target + away), tuple(target), height_m)
        places = camera.project(points, size_hw)[:, :2]
        low, high = places.min(0), places.max(0)
        right, up, _ = camera.axes()
        scale = height_m / size_hw[0]
        middle = (low + high) / 2 - np.array(size_hw[::-1]) / 2 + np.array(view.shift) * size_hw[::-1] * [-1, 1]
        target = target + right * middle[0] * scale - up * middle[1] * scale
        height_m *= max((high[1] - low[1]) / size_hw[0], (high[0] - low[0]) / size_hw[1]) / view.fill
    return StudioCamera(tuple(target + away), tuple(target), float(height_m))
