"""The camera."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NEAREST_M = 0.05
"""From the camera's eye; a triangle with a corner nearer than this is not seen."""


@dataclass(frozen=True)
class StudioCamera:
    """A pinhole or orthographic camera.

    eye, target: metres; height_m: what is visible from top to bottom in the plane of the target that faces the camera;
    roll_deg: turn of the camera about what it looks at, clockwise; 0 keeps the horizon level.
    """

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    height_m: float
    orthographic: bool = False
    roll_deg: float = 0.0

    @classmethod
    def front(cls, centre: Sequence[float], height_m: float) -> "StudioCamera":
        """The camera of packshots: orthographic, from the front."""
        x, y, z = (float(c) for c in centre)
        return cls((x, y, z + 6.5), (x, y, z), height_m, orthographic=True)

    def axes(self) -> np.ndarray:
        """[3, 3] f64 rows: to the right of the picture, up in it, and away from the camera."""
        forward = np.subtract(self.target, self.eye).astype(np.float64)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 1.0, 0.0))
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        if self.roll_deg:
            turn = np.radians(self.roll_deg)
            right, up = right * np.cos(turn) - up * np.sin(turn), right * np.sin(turn) + up * np.cos(turn)
        return np.stack([right, up, forward])

    def project(self, points: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
        """Pixels and depth of points: [N, 3] m -> [N, 3] f32 (x from the left, y from the top, metres from the eye)."""
        height, width = size_hw
        local = (np.asarray(points, np.float64) - self.eye) @ self.axes().T
        distance = float(np.linalg.norm(np.subtract(self.target, self.eye)))
        scale = height / self.height_m
        if not self.orthographic:
            scale = scale * distance / np.maximum(local[:, 2], 1e-3)
        x, y = width / 2 + local[:, 0] * scale, height / 2 - local[:, 1] * scale
        return np.stack([x, y, local[:, 2]], 1).astype(np.float32)
