"""The plane z = 0 that articles lie on or hang before, as the camera sees it: its texture under the same lights."""

from dataclasses import dataclass

import cv2
import numpy as np

from vton.conditioning.canvas import sampled
from vton.studio.light import lighting
from vton.studio.light.shading import SHOULDER
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.picture import Prepared
from vton.studio.sets.backdrops import TEXTURE_PX, paint
from vton.studio.specs.photo import ArticleViewSpec

SIDE = 1.8
"""Width of the texture over the height of what the picture shows; beyond it the texture repeats."""

LIGHT_ROWS = 86
"""Rows of points of the plane that light is gathered at; the pixels between them are interpolated."""

BLUR = 0.7
"""Of the light, in rows: a soft light is made of a few hard ones."""

FARTHEST_M = 6.0
STEEPEST = 0.9
"""Slope of the relief."""


@dataclass(frozen=True)
class Ground:
    """What each pixel of a picture would see of the plane.

    texel [H, W, 2] f32: column and row of the texture; side_m: width of the texture; dome [H, W] f32 and key [H, W, 3]
    f32 as in `Prepared`; turn: of the texture against the picture, radians.
    """

    texel: np.ndarray
    side_m: float
    dome: np.ndarray
    key: np.ndarray
    turn: float


def plane_points(camera: StudioCamera, size_hw: tuple[int, int]) -> np.ndarray:
    """[H, W, 3] f32 points of the plane z = 0 in the middle of the pixels."""
    height, width = size_hw
    right, up, forward = camera.axes()
    scale = camera.height_m / height
    x = (np.arange(width) + 0.5 - width / 2)[None, :, None] * scale * right
    y = (height / 2 - np.arange(height) - 0.5)[:, None, None] * scale * up
    ray = x + y + np.linalg.norm(np.subtract(camera.target, camera.eye)) * forward
    eye = np.asarray(camera.eye)
    reach = eye[2] / np.maximum(-ray[..., 2:], 1e-3)
    away = ray * reach
    length = np.linalg.norm(away, axis=-1, keepdims=True)
    points = eye + away * np.minimum(1, FARTHEST_M / length)
    return points.astype(np.float32)


def light_points(points: np.ndarray) -> np.ndarray:
    """Those of [H, W, 3] points at which light is gathered, [h, w, 3]."""
    step = max(1, points.shape[0] // LIGHT_ROWS)
    return np.ascontiguousarray(points[step // 2 :: step, step // 2 :: step])


def ground_of(prepared: Prepared, points: np.ndarray, camera: StudioCamera, view: ArticleViewSpec) -> Ground:
    """The plane in a scene that was prepared with ``light_points(points)`` as its wall."""
    size_hw, grid = points.shape[:2], light_points(points).shape[:2]
    assert prepared.wall is not None, "the plane was prepared as one"
    dome, keys = prepared.wall
    (key,) = keys.values()
    seen = cv2.GaussianBlur(np.column_stack([dome, key]).reshape(*grid, 4), (0, 0), BLUR)
    seen = cv2.resize(seen, size_hw[::-1], interpolation=cv2.INTER_LINEAR)
    side_m = SIDE * camera.height_m
    turn = np.radians(90.0 * (view.seed % 4) + view.seed % 7 - 3) if view.kind == "flat" else 0.0
    away = (points[..., :2] - np.array(camera.target[:2])) / side_m
    u = np.cos(turn) * away[..., 0] - np.sin(turn) * away[..., 1]
    v = np.sin(turn) * away[..., 0] + np.cos(turn) * away[..., 1]
    texel = np.stack([u + 0.5, 0.5 - v], -1) * TEXTURE_PX - 0.5
    return Ground(texel.astype(np.float32), side_m, seen[..., 0], seen[..., 1:], float(turn))


def shade_ground(ground: Ground, view: ArticleViewSpec) -> np.ndarray:
    """[H, W, 3] f32 linear picture of the plane with the view's backdrop under its lights."""
    albedo, height = paint(view, ground.side_m)
    texel_m = ground.side_m / TEXTURE_PX
    slope_u, slope_v = (np.roll(height, -1, axis) - np.roll(height, 1, axis) for axis in (1, 0))
    painted = np.dstack([albedo, slope_u / (2 * texel_m), -slope_v / (2 * texel_m)])
    seen = [
        sampled(np.ascontiguousarray(part), ground.texel, cv2.INTER_LINEAR, cv2.BORDER_WRAP)
        for part in (painted[..., :3], painted[..., 3:])
    ]
    colour, slope = seen[0], np.clip(seen[1], -STEEPEST, STEEPEST)
    cosine, sine = np.cos(ground.turn), np.sin(ground.turn)
    normal = np.dstack([
        -(cosine * slope[..., 0] + sine * slope[..., 1]), sine * slope[..., 0] - cosine * slope[..., 1],
        np.ones(slope.shape[:2], np.float32),
    ])  # fmt: skip
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    key, fill = lighting.unit(view.key_direction), lighting.fill_direction(view.key_direction)
    shares = lighting.key_visibility(ground.key.reshape(-1, 3), view.softness_deg).reshape(*ground.dome.shape, 2)
    light = (ground.dome * (0.75 + 0.25 * normal[..., 2]))[..., None] * np.array(view.dome_colour, np.float32)
    light += (shares[..., 0] * np.maximum(normal @ key, 0))[..., None] * np.array(view.key_colour, np.float32)
    light += (shares[..., 1] * np.maximum(normal @ fill, 0))[..., None] * np.array(view.fill_colour, np.float32)
    image = colour * light
    bright = SHOULDER + (1 - SHOULDER) * (1 - np.exp(-np.maximum(image - SHOULDER, 0) / (1 - SHOULDER)))
    return np.where(image < SHOULDER, image, bright).astype(np.float32)
