"""What is behind and under a person, and the shadows on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from vton.studio.light import lighting
from vton.studio.raster.camera import StudioCamera
from vton.studio.sets.places import draw_place
from vton.studio.sets.stages import place_of
from vton.studio.specs.photo import ViewSpec

FLOOR_SHADOW = 0.85
FLOOR_BLUR = 1.5
"""Steps of the floor's grid: hides that the soft lights are a few hard ones."""

CONTACT, CONTACT_M, CONTACT_STEP_M = 0.6, 0.02, 0.01
"""Depth of the shadow beside soles, how far above the floor they count, and the step of the grid it is drawn on."""


@dataclass
class Floor:
    """What the backdrop sees of the lights: factors 0..1, 1 where nothing stands in the way.

    dome [H, W] f32; keys: direction -> [H, W, 3] f32 (hard key, soft key, fill); camera: that sees it; contact [H, W]
    f32: 1 right beside what stands on it .. 0, or None.
    """

    dome: np.ndarray
    keys: dict[lighting.Direction, np.ndarray]
    camera: StudioCamera
    contact: np.ndarray | None = None


@dataclass
class FloorRays:
    """Where the pixels see the floor: columns and rows of the floor's grid, and how much of a shadow is left there."""

    columns: np.ndarray
    rows: np.ndarray
    fade: np.ndarray
    grid: tuple[int, int]

    @classmethod
    def of(cls, camera: StudioCamera, size_hw: tuple[int, int], grid: tuple[int, int]) -> "FloorRays":
        height, width = size_hw
        right, up, forward = camera.axes()
        scale = camera.height_m / height
        x = (np.arange(width) + 0.5 - width / 2)[None, :, None] * scale * right
        y = (height / 2 - np.arange(height) - 0.5)[:, None, None] * scale * up
        eye = np.asarray(camera.eye, np.float64)
        offsets = x + y
        distance = np.linalg.norm(np.subtract(camera.target, camera.eye))
        ray = np.broadcast_to(forward, offsets.shape) if camera.orthographic else offsets + distance * forward
        start = eye + offsets if camera.orthographic else eye
        reach = np.where(ray[..., 1] < -1e-6, -(start[..., 1]) / np.minimum(ray[..., 1], -1e-6), 1e6)
        hit_x = start[..., 0] + ray[..., 0] * reach
        hit_z = start[..., 2] + ray[..., 2] * reach
        half, back = lighting.FLOOR_HALF_WIDTH_M, lighting.FLOOR_BACK_M
        fade = np.clip((hit_z - back) / 0.8, 0, 1) * np.clip((half - np.abs(hit_x)) / 0.4, 0, 1)
        columns, rows = (hit_x + half) / lighting.FLOOR_STEP_M, (hit_z - back) / lighting.FLOOR_STEP_M
        return cls(columns.astype(np.float32), rows.astype(np.float32), fade.astype(np.float32), grid)

    def sample(self, values: np.ndarray) -> np.ndarray:
        """[N, C] of the floor's grid -> [H, W, C] f32 of the pixels; 1 outside."""
        maps = cv2.GaussianBlur(values.reshape(*self.grid, -1).astype(np.float32), (0, 0), FLOOR_BLUR)
        maps = maps.reshape(*self.grid, -1)
        seen = cv2.remap(
            maps, self.columns, self.rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(1.0,) * 4
        )
        return 1.0 - (1.0 - seen.reshape(*self.fade.shape, -1)) * self.fade[..., None]


def contact_shadow(vertices: np.ndarray, rays: FloorRays) -> np.ndarray:
    """[H, W] f32, 1 right beside what stands on the floor .. 0; ``vertices`` [V, 3] of all that is there."""
    near = vertices[(vertices[:, 1] < CONTACT_M) & (np.abs(vertices[:, 0]) < lighting.FLOOR_HALF_WIDTH_M)]
    per_step = lighting.FLOOR_STEP_M / CONTACT_STEP_M
    rows, columns = (int(n * per_step) for n in rays.grid)
    column = (near[:, 0] + lighting.FLOOR_HALF_WIDTH_M) / CONTACT_STEP_M
    row = (near[:, 2] - lighting.FLOOR_BACK_M) / CONTACT_STEP_M
    touched = np.zeros((rows, columns), np.float32)
    touched[np.clip(row.astype(int), 0, rows - 1), np.clip(column.astype(int), 0, columns - 1)] = 1
    touched = cv2.morphologyEx(touched, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    shadow = 0.6 * cv2.GaussianBlur(touched, (0, 0), 1.2) + 0.6 * cv2.GaussianBlur(touched, (0, 0), 4.0)
    seen = cv2.remap(np.minimum(shadow, 1), rays.columns * per_step, rays.rows * per_step, cv2.INTER_LINEAR)
    return seen * (rays.fade > 0)


def backdrop(
    size_hw: tuple[int, int], floor: Floor | None, view: ViewSpec, lights: np.ndarray, key: lighting.Direction
) -> np.ndarray:
    """[H, W, 3] f32: paper that is lit a little from above, or a place, with the shadows on the floor."""
    height, width = size_hw
    if view.scene is None or view.scene.place == "paper" or floor is None:
        rows = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
        columns = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None, :, None]
        paper = (1.02 - 0.05 * np.abs(rows - 0.42) - 0.02 * columns**2) * np.asarray(view.backdrop, np.float32)
    else:
        paper = draw_place(place_of(view.scene), floor.camera, size_hw, view.scene.blur)
    if floor is None:
        return paper
    if floor.contact is not None:
        paper = paper * (1 - CONTACT * floor.contact[..., None])
    seen = lighting.key_visibility(floor.keys[key].reshape(-1, 3), view.softness_deg).reshape(height, width, 2)
    shares = (lights[4], 0.9 * lights[1] * lights[0, 1], lights[3] * lights[2, 1])
    lit = floor.dome[..., None] * shares[0] + seen[..., :1] * shares[1] + seen[..., 1:] * shares[2]
    return paper * (1.0 - FLOOR_SHADOW * (1.0 - lit / sum(shares)))
