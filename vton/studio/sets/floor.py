"""The paper behind and under a person, and the shadows on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from vton.studio.light import lighting
from vton.studio.raster.camera import StudioCamera
from vton.studio.specs.photo import ViewSpec

FLOOR_SHADOW = 0.85
FLOOR_BLUR = 1.5
"""Steps of the floor's grid: hides that the soft lights are a few hard ones."""


@dataclass
class Floor:
    """What the backdrop sees of the lights: factors 0..1, 1 where nothing stands in the way.

    dome [H, W] f32; keys: direction -> [H, W, 3] f32 (hard key, soft key, fill).
    """

    dome: np.ndarray
    keys: dict[lighting.Direction, np.ndarray]


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


def backdrop(
    size_hw: tuple[int, int], floor: Floor | None, view: ViewSpec, lights: np.ndarray, key: lighting.Direction
) -> np.ndarray:
    """[H, W, 3] f32: paper that is lit a little from above, with the shadows on the floor."""
    height, width = size_hw
    rows = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
    columns = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None, :, None]
    paper = (1.02 - 0.05 * np.abs(rows - 0.42) - 0.02 * columns**2) * np.asarray(view.backdrop, np.float32)
    if floor is None:
        return paper
    seen = lighting.key_visibility(floor.keys[key].reshape(-1, 3), view.softness_deg).reshape(height, width, 2)
    shares = (lights[4], 0.9 * lights[1] * lights[0, 1], lights[3] * lights[2, 1])
    lit = floor.dome[..., None] * shares[0] + seen[..., :1] * shares[1] + seen[..., 1:] * shares[2]
    return paper * (1.0 - FLOOR_SHADOW * (1.0 - lit / sum(shares)))
