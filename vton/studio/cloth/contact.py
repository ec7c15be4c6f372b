"""What cloth may not enter: skin, shoes and the layers beneath, as points with normals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.geometry.closest import PointGrid
from vton.studio.specs.labels import ARMS

OWN_REACH_M, OTHER_REACH_M = 0.06, 0.025


@dataclass(frozen=True)
class Obstacle:
    """Points of ``grid`` with normals [N, 3], felt from ``reach_m`` away, either side."""

    grid: PointGrid
    normals: np.ndarray
    reach_m: float

    @classmethod
    def of(cls, points: np.ndarray, normals: np.ndarray, reach_m: float) -> "Obstacle":
        """An obstacle of points and normals [N, 3]."""
        return cls(PointGrid(points), np.ascontiguousarray(normals, np.float32), reach_m)

    def contacts(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest obstacle point and normal for each of points [Q, 3]; normal 0 where none is near."""
        nearest = self.grid.nearest(points, self.reach_m)
        normals = self.normals[nearest]
        normals[nearest < 0] = 0
        return self.grid.points[nearest], normals


@dataclass(frozen=True)
class Split:
    """Obstacles that each concern other points of a garment: pairs of an obstacle and the points' numbers."""

    parts: Sequence[tuple[Obstacle, np.ndarray]]

    def contacts(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As ``Obstacle.contacts``."""
        places, normals = np.zeros_like(points), np.zeros_like(points)
        for obstacle, numbers in self.parts:
            places[numbers], normals[numbers] = obstacle.contacts(points[numbers])
        return places, normals


class BodyContact:
    """The skin of a posed body by limbs, so that a sleeve knows its own arm from the chest that the arm lies on."""

    def __init__(self, posed: PosedBody) -> None:
        model, surface = posed.shape.model, posed.surface
        collider = model.collider_vertices
        arm = np.zeros(len(surface.vertices), bool)
        arm[surface.triangles[surface.labels == ARMS].ravel()] = True
        left = model.surface_left
        self._points, self._normals = surface.vertices[collider], surface.normals[collider]
        self._arm, self._left = arm[collider], left[collider]
        self._made: dict[tuple[str, float], Obstacle] = {}

    def _obstacle(self, name: str, reach_m: float) -> Obstacle:
        """The skin of "body" (without arms), "left" or "right" (halves of it), "arm left", "arm right" or the rest."""
        if (name, reach_m) not in self._made:
            side = self._left if "left" in name else ~self._left if "right" in name else np.ones_like(self._left)
            chosen = (self._arm if "arm" in name else ~self._arm) & side
            chosen = ~chosen if name.startswith("not ") else chosen
            self._made[name, reach_m] = Obstacle.of(self._points[chosen], self._normals[chosen], reach_m)
        return self._made[name, reach_m]

    @property
    def whole(self) -> Obstacle:
        """All of the skin, for what hangs over trunk and arms alike."""
        return Obstacle.of(self._points, self._normals, OWN_REACH_M)

    def layers(self, kind: str, limb: np.ndarray) -> list[Split]:
        """Contacts of a garment with what it is worn on, felt from afar, and with the rest of the body.

        Args:
            kind: of the garment; limb [V]: 0 torso or skirt, 1 left, 2 right sleeve or leg.
        """
        limbs = ["body", "left", "right"] if kind == "pants" else ["body", "arm left", "arm right"]
        own, other = [], []
        for number, name in enumerate(limbs):
            points = np.flatnonzero(limb == number)
            if len(points):
                own.append((self._obstacle(name, OWN_REACH_M), points))
                other.append((self._obstacle(f"not {name}", OTHER_REACH_M), points))
        return [Split(own), Split(other)]
