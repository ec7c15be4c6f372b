"""Where hair grows: the hairline on the template, candidate roots on the body, and the frame of a posed head."""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vton.studio.body.model import BodyModel
from vton.studio.body.shape import PosedBody
from vton.studio.geometry.closest import tree_of

HAIRLINE = np.array(
    [
        [0, 7.98], [30, 7.96], [50, 7.80], [68, 7.45], [78, 7.30], [92, 7.34], [105, 7.10], [125, 6.70], [150, 6.45],
        [180, 6.40],
    ]
)  # fmt: skip
"""Degrees around the head from the face, and the height of the hairline there in the template's decimetres."""

HEAD_CENTRE = np.array([0.0, 7.4, 0.3])
CANDIDATES = 12000


@dataclass(frozen=True, eq=False)
class Roots:
    """Where strands may begin, in an order of which any beginning covers the scalp evenly.

    corners [N, 3] i32 and shares [N, 3] f32: place in a triangle of the body; at [N, 3]: on the template, decimetres;
    above [N]: decimetres above the hairline; around [N]: degrees from the face, 0..180.
    """

    corners: np.ndarray
    shares: np.ndarray
    at: np.ndarray
    above: np.ndarray
    around: np.ndarray

    def __len__(self) -> int:
        return len(self.corners)

    def on(self, values: np.ndarray, count: int) -> np.ndarray:
        """Values [V, 3] of vertices at the first ``count`` roots, [count, 3]."""
        return np.einsum("nk,nkc->nc", self.shares[:count], values[self.corners[:count]])


def degrees_around(points: np.ndarray) -> np.ndarray:
    """Degrees from the face, 0 in front, 180 behind, of points [..., 3] on the template."""
    return np.degrees(np.arctan2(np.abs(points[..., 0]), points[..., 2] - 0.25))


def above_hairline(points: np.ndarray) -> np.ndarray:
    """Decimetres above the hairline of points [..., 3] on the template; negative below it. For roots and skin paint."""
    return points[..., 1] - np.interp(degrees_around(points), HAIRLINE[:, 0], HAIRLINE[:, 1])


def on_ear(points: np.ndarray) -> np.ndarray:
    """Which points [..., 3] of the template lie on an ear."""
    x, y, z = np.abs(points[..., 0]), points[..., 1], points[..., 2]
    return (x > 0.72) & (y > 6.75) & (y < 7.5) & (z > -0.1) & (z < 0.75)


@functools.lru_cache(maxsize=2)
def roots_of(model: BodyModel) -> Roots:
    """The candidate roots, the same for all bodies."""
    corners = model.triangles
    centres = model.template[corners].mean(1)
    corners = corners[(centres[:, 1] > 6.2) & (np.abs(centres[:, 0]) < 1.1)]
    points = model.template[corners].astype(np.float64)
    normals = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    areas = np.linalg.norm(normals, axis=1)
    normals /= areas[:, None] + 1e-12
    rng = np.random.default_rng(20240229)
    chosen = rng.choice(len(corners), 4 * CANDIDATES, p=areas / areas.sum())
    shares = rng.dirichlet((1, 1, 1), len(chosen))
    at = np.einsum("nk,nkc->nc", shares, points[chosen])
    outwards = at - HEAD_CENTRE
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    outside = (normals[chosen] * outwards).sum(1) > 0.3
    kept = np.flatnonzero((above_hairline(at) > 0) & outside & ~on_ear(at))[:CANDIDATES]
    kept = kept[_even_order(at[kept])]
    at = at[kept]
    return Roots(corners[chosen[kept]], shares[kept].astype(np.float32), at, above_hairline(at), degrees_around(at))


def _even_order(points: np.ndarray) -> np.ndarray:
    """An order in which the first few hundred are spread better than by chance: crowded ones go last."""
    rank = np.full(len(points), 9, np.int64)
    free = np.arange(len(points))
    for level, spacing in enumerate((0.075, 0.055, 0.038)):
        taken: list[int] = []
        blocked = np.zeros(len(free), bool)
        neighbours = tree_of(points[free]).query_ball_point(points[free], spacing)
        for i, near in enumerate(neighbours):
            if not blocked[i]:
                taken.append(i)
                blocked[near] = True
        rank[free[taken]] = level
        free = np.delete(free, taken)
    return np.argsort(rank, kind="stable")


@functools.lru_cache(maxsize=8)
def nearest_guides(roots: Roots, guides: int, strands: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of the first ``strands`` roots the three nearest guides [strands, 3] and decimetres to them."""
    at = roots.at
    distance, index = tree_of(at[:guides]).query(at[:strands], k=3)
    return np.asarray(index), np.asarray(distance)


@dataclass(frozen=True)
class HeadFrame:
    """A posed head. right, up, front: [3] unit (right is +x, the person's left); matrix [4, 3] from the template."""

    right: np.ndarray
    up: np.ndarray
    front: np.ndarray
    matrix: np.ndarray

    @classmethod
    def of(cls, posed: PosedBody) -> "HeadFrame":
        """The frame that fits a posed head best."""
        model = posed.shape.model
        chosen = np.flatnonzero(model.regions.head & (model.template[:, 1] > 6.6))
        template = np.column_stack([model.template[chosen], np.ones(len(chosen))]).astype(np.float64)
        matrix = np.linalg.lstsq(template, posed.vertices[chosen].astype(np.float64), rcond=None)[0]
        turn = posed.transform("head")[:3, :3]
        return cls(turn[:, 0], turn[:, 1], turn[:, 2], matrix)

    def place(self, points: ArrayLike) -> np.ndarray:
        """Posed places of points [..., 3] on the template."""
        return np.asarray(points, np.float64) @ self.matrix[:3] + self.matrix[3]

    def local(self, points: np.ndarray) -> np.ndarray:
        """Template coordinates (decimetres) of posed points [..., 3]."""
        return (points - self.matrix[3]) @ np.linalg.inv(self.matrix[:3])
