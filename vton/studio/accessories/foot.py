"""The left foot and shank in shoe space, standing flat or on a heel."""

from dataclasses import dataclass

import numpy as np

from vton.studio.geometry.closest import tree_of
from vton.studio.geometry.rotations import euler

INSTEP_M = 0.125
"""Distance of ankle and ball of the foot: a heel of h metres turns the foot by asin(h / INSTEP_M)."""

TOE_SHARE = 0.9
"""How much of the foot's turn the toes take back."""


def heel_pitch_deg(heel_m: float) -> float:
    """By how many degrees a heel tips the foot."""
    return float(np.degrees(np.arcsin(min(0.85, heel_m / INSTEP_M)))) if heel_m > 0 else 0.0


STANDARD_LENGTH_M, STANDARD_ANKLE_M = 0.24, 0.075
"""Of the foot on which points of shoes are compared: from heel to toe, and from the sole up to the ankle joint."""


@dataclass
class FootFit:
    """Points on the foot and the shank, and what a shoemaker measures; metres in shoe space (see `shoes`).

    points, normals: [N,3]; foot_to_rest, leg_to_rest: [4,4] from shoe space to the rest pose of the body, for what
    moves with the foot (it comes down from the heel) and with the lower leg.
    """

    points: np.ndarray
    normals: np.ndarray
    foot_to_rest: np.ndarray
    leg_to_rest: np.ndarray

    def __post_init__(self) -> None:
        self.tree = tree_of(self.points)
        self.sole_y = float(self.points[:, 1].min())
        low = self.points[self.points[:, 1] < 0.02]
        self.toe_z, self.heel_z = float(low[:, 2].max()), float(low[:, 2].min())
        self.length = self.toe_z - self.heel_z
        self.ball_z = self.heel_z + 0.70 * self.length
        self.ball_x = float(np.median(low[low[:, 2] > self.ball_z, 0]))
        self.heel_x = float(np.median(low[low[:, 2] < self.heel_z + 0.25 * self.length, 0]))
        self._bottom_z = np.linspace(self.heel_z - 0.01, self.toe_z + 0.02, 24)
        lowest = [self._lowest(z) for z in self._bottom_z]
        known = np.isfinite(lowest)
        filled = np.interp(self._bottom_z, self._bottom_z[known], np.asarray(lowest)[known])
        self._bottom_y = np.convolve(np.pad(filled, 2, mode="edge"), np.full(5, 0.2), "valid")

    def _lowest(self, z: float) -> float:
        near = self.points[np.abs(self.points[:, 2] - z) < 0.012, 1]
        return float(near.min()) if len(near) else float("nan")

    def bottom(self, z: np.ndarray) -> np.ndarray:
        """Height of the foot's underside at z."""
        return np.interp(z, self._bottom_z, self._bottom_y)

    def on_standard_foot(self, points: np.ndarray) -> np.ndarray:
        """Points [N,3] of a shoe on this foot as they lie on the standard foot, whose heel is at z = 0."""
        size = STANDARD_LENGTH_M / self.length
        x, y, z = np.asarray(points, np.float64).T
        height = np.where(y < 0, np.maximum(y, self.sole_y) * (STANDARD_ANKLE_M / -self.sole_y), y)
        height += np.minimum(y - self.sole_y, 0)
        return np.stack([size * x, height, size * (z - self.heel_z)], 1)

    @classmethod
    def of(
        cls, points: np.ndarray, normals: np.ndarray, ankle: np.ndarray, toe: np.ndarray, heel_m: float
    ) -> "FootFit":
        """From the left leg below the knee in the rest pose.

        Args:
            points, normals: [N,3] of skin vertices.
            ankle, toe: [3] joints; ``toe`` is the base of the middle toe.
            heel_m: height of the shoe's heel.
        """
        ahead = float(np.degrees(np.arctan2(toe[0] - ankle[0], toe[2] - ankle[2])))
        straight = euler(y=-ahead)
        local, local_normals = (points - ankle) @ straight.T, normals @ straight.T
        pitch = heel_pitch_deg(heel_m)
        turned = euler(x=pitch)
        foot_share = np.clip(1 - (local[:, 1] + 0.005) / 0.07, 0, 1)
        ball = straight @ (toe - ankle)
        toe_share = np.clip((local[:, 2] - ball[2]) / 0.03 + 0.5, 0, 1)
        posed = _blend(local, local @ turned.T, foot_share)
        posed_ball = turned @ ball
        back = (posed - posed_ball) @ euler(x=-TOE_SHARE * pitch).T + posed_ball
        posed = _blend(posed, back, toe_share)
        posed_normals = _blend(local_normals, local_normals @ turned.T, foot_share * (1 - TOE_SHARE * toe_share))
        posed_normals /= np.linalg.norm(posed_normals, axis=1, keepdims=True) + 1e-9
        leg_to_rest = np.eye(4)
        leg_to_rest[:3, :3], leg_to_rest[:3, 3] = straight.T, ankle
        foot_to_rest = leg_to_rest.copy()
        foot_to_rest[:3, :3] = straight.T @ turned.T
        return cls(posed, posed_normals, foot_to_rest, leg_to_rest)


def _blend(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    return a + (b - a) * share[:, None]
