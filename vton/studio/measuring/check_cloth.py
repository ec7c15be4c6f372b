"""A numbered check that articles are dressed in to prove correspondences: its pixels tell the point of the cloth.

The check is printed in three dyes, each a picture of its own: one numbers the cells (a ramp over the whole cloth), two
say how far across and up in its cell a point lies (cosine and sine, so that nothing jumps). Pictures have 8 bits and
are decoded without any label. Garments wear it as a texture of their atlas, through the same uv as their paint; shoes,
hats and bags, which have parts in place of textures, wear it along x, y and z of their points.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vton.data.cloth import ClothBuffers
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.raster.camera import StudioCamera
from vton.studio.raster.cloth_buffers import cloth_buffers
from vton.studio.raster.interpolation import U, V
from vton.studio.raster.points import Points, resolve, shows_back
from vton.studio.rendering.picture import cloth_scale, sample, supersampling
from vton.studio.rendering.surface import Surface, join
from vton.studio.specs.labels import ARTICLE_ID

CELL_M = 0.08
TEXTURE_PX = 1024
LEAST_COVERAGE = 0.5
"""Share of a pixel that an article must take for its check to be read there."""

LEAST_CONTRAST = 0.7
"""Of the check in a pixel, against that in the cloth: below it two layers or two cells are mixed."""


@dataclass(frozen=True)
class Setting:
    """A picture before it is drawn: surfaces before a camera."""

    surfaces: Sequence[Surface]
    camera: StudioCamera
    size_hw: tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """A check as it was read from a picture: points [h, w, 3] f32 metres; readable [h, w] bool, the outside's only.

    Pixels are those of the picture's `ClothBuffers`.
    """

    points: np.ndarray
    readable: np.ndarray


def draw(setting: Setting, articles: Sequence[int]) -> tuple[ClothBuffers, dict[int, Reading]]:
    """The cloth of a picture, and what is read from it when it is drawn in the check.

    It is drawn once for each of the articles (numbers of slots), and what is not that article is black.
    """
    drawn = [s for s in setting.surfaces if s.drawn and len(s.triangles)]
    geometry = join(drawn)
    screen, buffers = sample(drawn, geometry, setting.camera, setting.size_hw)
    step, scale = supersampling(setting.size_hw), cloth_scale(setting.size_hw)
    cloth = cloth_buffers(geometry, buffers, shows_back(geometry, screen), step * scale)
    axis = setting.camera.axes()[2] if setting.camera.orthographic else None
    albedo = []
    for axes in ((0, 1), (2, 2)):
        dressed = join([_along(s, axes) for s in drawn])
        points = resolve(dressed, screen, buffers, step, setting.camera.eye, axis)[0]
        albedo.append(_sampled(_check_texture(), points))
    owner = np.array([s.article for s in drawn])[points.surface]
    readings = {}
    for article in articles:
        front, back = (owner == article) & ~points.back, (owner == article) & points.back
        pictures = [_picture(a, points, front, setting.size_hw, step) for a in albedo]
        inside = _picture(np.ones((len(owner), 1)), points, back, setting.size_hw, step)
        readings[article] = _read([_shrunk(p, scale) for p in pictures], _shrunk(inside, scale)[..., 0])
    return cloth, readings


def _along(surface: Surface, axes: tuple[int, int]) -> Surface:
    """The surface with two coordinates of its points as uv; garments have their uv, and nothing across the cloth."""
    if surface.place is not None:
        place = surface.place.copy()
        if surface.article == ARTICLE_ID["shoes"]:
            place[:, 0] = np.abs(place[:, 0])  # the right shoe is the left one's mirror image, and so is its print
        return replace(surface, uv=(place[:, axes] / ATLAS_M + 0.5).astype(np.float32))
    if surface.uv is None or 2 not in axes:
        return surface
    return replace(surface, uv=np.full_like(surface.uv, 0.5))


@functools.cache
def _check_texture() -> np.ndarray:
    """[S, S, 7] f32 0..1: ramps of u and v, cosine and sine of u and of v in their cells, and white."""
    u = (np.arange(TEXTURE_PX, dtype=np.float32) + 0.5) / TEXTURE_PX
    u, v = np.meshgrid(u, u[::-1])
    turns = [2 * np.pi * ATLAS_M / CELL_M * x for x in (u, v)]
    waves = [0.5 + 0.5 * f(turn) for turn in turns for f in (np.cos, np.sin)]
    return np.stack([u, v, *waves, np.ones_like(u)], -1)


def _sampled(texture: np.ndarray, points: Points) -> np.ndarray:
    """[M, C] the texture at the points' uv, bilinear."""
    x, y = points.geometry[:, U] * TEXTURE_PX - 0.5, (1 - points.geometry[:, V]) * TEXTURE_PX - 0.5
    left, top = (np.clip(np.floor(a), 0, TEXTURE_PX - 2).astype(int) for a in (x, y))
    right, down = (x - left)[:, None], (y - top)[:, None]
    upper = texture[top, left] * (1 - right) + texture[top, left + 1] * right
    lower = texture[top + 1, left] * (1 - right) + texture[top + 1, left + 1] * right
    return upper * (1 - down) + lower * down


def _picture(
    albedo: np.ndarray, points: Points, chosen: np.ndarray, size_hw: tuple[int, int], step: int
) -> np.ndarray:
    """[H, W, C] u8 without any light: the chosen points on black."""
    weight, pixel = points.weight[chosen] / step**2, points.pixel[chosen]
    count = size_hw[0] * size_hw[1]
    channels = [np.bincount(pixel, weight * a, count) for a in albedo[chosen].T]
    return np.rint(255 * np.stack(channels, -1)).astype(np.uint8).reshape(*size_hw, -1)


def _shrunk(picture: np.ndarray, scale: int) -> np.ndarray:
    """[h, w, C] f32 0..1, the mean of scale x scale pixels."""
    height, width, channels = picture.shape
    blocks = picture.reshape(height // scale, scale, width // scale, scale, channels)
    return blocks.astype(np.float32).mean((1, 3)) / 255


def _read(pictures: Sequence[np.ndarray], inside: np.ndarray) -> Reading:
    coverage = pictures[0][..., -1]
    readable = (coverage >= LEAST_COVERAGE) & (inside < 0.1)
    coordinates = []
    for picture in pictures:
        ramps, waves = picture[..., :2], picture[..., 2:6]
        safe = np.maximum(coverage, 1e-3)[..., None]
        waves = (waves / safe - 0.5) * 2
        for axis in (0, 1):
            cosine, sine = waves[..., 2 * axis], waves[..., 2 * axis + 1]
            readable &= np.hypot(cosine, sine) > LEAST_CONTRAST
            within = (np.arctan2(sine, cosine) / (2 * np.pi)) % 1.0
            rough = ramps[..., axis] / safe[..., 0] * ATLAS_M / CELL_M
            coordinates.append((np.round(rough - within) + within) * CELL_M)
            readable &= np.abs(rough - np.round(rough - within) - within) < 0.4
    return Reading(np.stack(coordinates[:3], -1).astype(np.float32), readable)

