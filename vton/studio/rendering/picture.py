"""A photo in two steps: ``prepare`` what depends on geometry only (dear), then ``shade`` look after look (cheap)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vton.data.cloth import ClothBuffers
from vton.schema import InputError
from vton.studio.light import lighting, shading
from vton.studio.light.environments import environment
from vton.studio.raster.appearance import Material, pack_materials
from vton.studio.raster.camera import NEAREST_M, StudioCamera
from vton.studio.raster.cloth_buffers import cloth_buffers
from vton.studio.raster.interpolation import NORMAL
from vton.studio.raster.points import Geometry, Points, resolve, shows_back
from vton.studio.raster.zbuffer import rasterize
from vton.studio.rendering.surface import Surface, cutouts, join, occluders
from vton.studio.sets.floor import Floor, FloorRays, backdrop, contact_shadow
from vton.studio.sets.lens import defocused
from vton.studio.specs.photo import SceneSpec, ViewSpec

PERSON_BLUR, MOST_BLUR = 0.03, 0.005
"""Blur of a person's own parts: `SceneSpec.blur` up to this, and radius as a share of the rows up to that."""


SMOOTH_HAIR, HAIR_BLUR_PX = 4, 0.65
"""Samples per pixel and axis from which on hair is smooth by itself; how far it is blurred where there are fewer."""


@dataclass
class Prepared:
    """Everything of a photo but the looks; written by ``prepare``, read by ``shade``.

    Attributes:
        size_hw: of the photo.
        labels: [H, W] u8 class of most of the pixel.
        articles: [H, W] u8 number of the slot (0 none), in agreement with the labels.
        depth: [H, W] f32 metres from the camera along its axis, inf where nothing is.
        alpha: [H, W] f32 share of the pixel that is covered.
        dressed: [H, W] f32 share of the pixel that the person and what they wear cover, without what they sit on.
        backs: [H, W] f32 share of the pixel that shows the back of a surface.
        cloth: the point of its article that each pixel shows, of pixels ``cloth_scale`` times as large as the photo's.
        supersampling: samples per pixel and axis.
        materials: name of each drawn surface's material.
        points: shading points.
        dome: [C] f32 irradiance of the cells of points.
        keys: direction -> [C, 3] f32 visible share of the hard key, the soft key and the fill.
        floor: None for packshots.
        wall: what the points of the wall see of the dome [N] and of the keys (as above); None without a wall.
        fringe: [H, W] f32 0..1, around hair that has too few samples a pixel to be smooth; None where it has enough.
    """

    size_hw: tuple[int, int]
    labels: np.ndarray
    articles: np.ndarray
    depth: np.ndarray
    alpha: np.ndarray
    dressed: np.ndarray
    backs: np.ndarray
    cloth: ClothBuffers
    supersampling: int
    materials: list[str]
    points: Points
    dome: np.ndarray
    keys: dict[lighting.Direction, np.ndarray]
    floor: Floor | None
    wall: tuple[np.ndarray, dict[lighting.Direction, np.ndarray]] | None = None
    fringe: np.ndarray | None = None


def prepare(
    surfaces: Sequence[Surface],
    camera: StudioCamera,
    size_hw: tuple[int, int],
    key_directions: Sequence[lighting.Direction],
    floor: bool = True,
    wall: np.ndarray | None = None,
    scene: SceneSpec | None = None,
) -> Prepared:
    """Rasterises the scene and finds what each visible point sees of the lights.

    Args:
        surfaces: the scene.
        camera: the viewpoint.
        size_hw: of the photo in pixels.
        key_directions: those that ``shade`` will ask for (``lighting.LIGHT_DIRECTIONS``); each costs about 60 ms.
        floor: whether there is a floor at y = 0 that takes shadows.
        wall: [N, 3] points of a wall that faces +z and takes shadows, instead of a floor; it is not drawn.
        scene: whose environment shines; None for that of light paper.
    """
    drawn = [s for s in surfaces if s.drawn and len(s.triangles)]
    step = supersampling(size_hw)
    geometry = join(drawn)
    screen, buffers = sample(drawn, geometry, camera, size_hw)
    axis = camera.axes()[2] if camera.orthographic else None
    points, maps = resolve(geometry, screen, buffers, step, camera.eye, axis)
    cloth = cloth_buffers(geometry, buffers, shows_back(geometry, screen), step * cloth_scale(size_hw))
    receivers, grid = _receivers(points, geometry, floor, wall)
    blockers = occluders(surfaces)
    fine = 320 if size_hw[0] <= 512 else 448
    radiance = environment(scene.environment, scene.rim, key_directions[0]) if scene else lighting.dome_radiance
    dome = lighting.dome_light(receivers, blockers, fine * 3 // 5, radiance)
    keys = {_floats(k): lighting.key_light(receivers, blockers, k, fine) for k in key_directions}
    cells = len(points.cell_point)
    ground = None
    if floor:
        rays = FloorRays.of(camera, size_hw, grid)
        ground = Floor(
            rays.sample(dome[cells:, None] / lighting.open_floor_dome(radiance))[..., 0],
            {k: rays.sample(v[cells:]) for k, v in keys.items()},
            camera,
            contact_shadow(blockers.vertices, rays) if scene else None,
        )
    return Prepared(
        size_hw, maps.labels, maps.articles, maps.depth, maps.alpha, maps.dressed, maps.backs, cloth, step,
        [s.material for s in drawn], points, dome[:cells], {k: v[:cells] for k, v in keys.items()}, ground,
        None if wall is None else (dome[cells:], {k: v[cells:] for k, v in keys.items()}),
        _fringe(points, geometry, size_hw) if step < SMOOTH_HAIR else None,
    )  # fmt: skip


def sample(
    drawn: Sequence[Surface], geometry: Geometry, camera: StudioCamera, size_hw: tuple[int, int]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Vertices on the screen, [V, 3] in samples, and what ``zbuffer.rasterize`` makes of a picture of ``size_hw``."""
    step = supersampling(size_hw)
    size = (size_hw[0] * step, size_hw[1] * step)
    screen = camera.project(geometry.vertices, size)
    return screen, rasterize(screen, _before_the_lens(screen, geometry.triangles), size, cutouts(drawn, geometry))


def _before_the_lens(screen: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The triangles, those of no area that have a corner too near to the camera or behind it."""
    near = np.any((screen[:, 2] < NEAREST_M)[triangles], axis=1)
    return np.where(near[:, None], triangles[:, :1], triangles) if near.any() else triangles


def supersampling(size_hw: tuple[int, int]) -> int:
    """Samples per pixel and axis: as many as fine hair needs at that size."""
    return 4 if max(size_hw) <= 512 else 2


def cloth_scale(size_hw: tuple[int, int]) -> int:
    """Pixels of a picture per pixel of its `ClothBuffers` and axis: half the size will do for large pictures."""
    return 2 if max(size_hw) > 256 else 1


def shade(prepared: Prepared, materials: Mapping[str, Material], view: ViewSpec) -> np.ndarray:
    """The photo of one look: [H, W, 3] f32 linear RGB, 0..1.

    Raises:
        InputError: a material is missing or the key direction was not prepared.
    """
    key = _floats(view.key_direction)
    if key not in prepared.keys:
        raise InputError(f"Key direction {key} was not prepared; there are {', '.join(map(str, prepared.keys))}.")
    if missing := sorted(set(prepared.materials) - set(materials)):
        raise InputError(f"No material {', '.join(missing)}; give one for each surface.")
    lights = np.stack(
        [lighting.unit(key), view.key_colour, lighting.fill_direction(key), view.fill_colour, view.dome_colour]
    ).astype(np.float32)
    rows, colours, values, table = pack_materials([materials[name] for name in prepared.materials])
    height, width = prepared.size_hw
    image = np.zeros((height * width, 3), np.float32)
    seen = lighting.key_visibility(prepared.keys[key], view.softness_deg)
    p = prepared.points
    shading.shade_points(
        p.pixel, p.surface, p.part, p.cell, p.weight, p.back, p.geometry, prepared.dome, seen, rows, colours, values,
        table, lights, image,
    )  # fmt: skip
    image = image.reshape(height, width, 3) / prepared.supersampling**2
    behind = backdrop(prepared.size_hw, prepared.floor, view, lights, key)
    if view.scene and prepared.floor:
        picture = _through_lens(image, behind, prepared, view.scene)
    else:
        picture = image + (1.0 - prepared.alpha[..., None]) * behind
    return picture if prepared.fringe is None else _with_smooth_hair(picture, prepared.fringe)


def _fringe(points: Points, geometry: Geometry, size_hw: tuple[int, int]) -> np.ndarray:
    """1 where a pixel or one beside it shows hair .. 0 a few pixels from it."""
    hair = np.zeros(size_hw[0] * size_hw[1], np.float32)
    hair[points.pixel[geometry.is_hair[points.surface]]] = 1
    near = cv2.dilate(hair.reshape(size_hw), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.GaussianBlur(near, (0, 0), 1.0), np.float32)


def _with_smooth_hair(picture: np.ndarray, fringe: np.ndarray) -> np.ndarray:
    """Strands as thin as a sample, seen by pixels that take in a little of their neighbours, as a lens does."""
    smooth = cv2.GaussianBlur(picture, (0, 0), HAIR_BLUR_PX)
    return picture + fringe[..., None] * (smooth - picture)


def _through_lens(image: np.ndarray, behind: np.ndarray, prepared: Prepared, scene: SceneSpec) -> np.ndarray:
    """A person before what is behind them, both [H, W, 3]; what is not at the person's distance a little blurred."""
    assert prepared.floor is not None, "only pictures with a floor have something behind the person"
    rows, camera = prepared.size_hw[0], prepared.floor.camera
    focus = np.linalg.norm(np.subtract(camera.target, camera.eye))
    depth = np.where(np.isfinite(prepared.depth), prepared.depth, focus)
    radius = 0.5 * rows * min(scene.blur, PERSON_BLUR) * np.abs(1 - focus / depth)
    drawn = np.dstack([image, prepared.alpha]).astype(np.float32)
    drawn = defocused(drawn, np.minimum(radius, MOST_BLUR * rows).astype(np.float32))
    picture = drawn[..., :3] + (1 - drawn[..., 3:]) * behind
    return cv2.GaussianBlur(picture, (0, 0), scene.soft_px * rows / 256) if scene.soft_px else picture


def _floats(direction: Sequence[float]) -> lighting.Direction:
    x, y, z = map(float, direction)
    return x, y, z


def to_u8(linear: np.ndarray) -> np.ndarray:
    """sRGB picture u8 of a linear one."""
    linear = np.clip(linear, 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (srgb * 255.0 + 0.5).astype(np.uint8)


def _receivers(
    points: Points, geometry: Geometry, floor: bool, wall: np.ndarray | None
) -> tuple[lighting.Receivers, tuple[int, int]]:
    """One per cell, then those of the floor, whose (rows, columns) come second, or those of the wall."""
    one = points.cell_point
    positions = [points.positions[one]]
    normals = [points.geometry[one, NORMAL : NORMAL + 3]]
    grid = (0, 0)
    if floor:
        ground, grid = lighting.floor_grid()
        positions.append(ground)
        normals.append(np.tile(np.array([[0.0, 1.0, 0.0]], np.float32), (len(ground), 1)))
    if wall is not None:
        positions.append(wall)
        normals.append(np.tile(np.array([[0.0, 0.0, 1.0]], np.float32), (len(wall), 1)))
    positions, normals = np.concatenate(positions), np.concatenate(normals)
    hair = np.zeros(len(positions), bool)
    hair[: len(one)] = geometry.is_hair[points.surface[one]]
    return lighting.Receivers(positions, normals, hair), grid
