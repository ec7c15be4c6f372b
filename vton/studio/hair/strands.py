"""What strands start from and keep out of, and the steps that all of them take."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.studio.geometry.closest import PointShell
from vton.studio.hair.scalp import HeadFrame, Roots
from vton.studio.hair.styles import Style

DOWN = np.array([0.0, -1.0, 0.0])


class Colliders(PointShell):
    """Surfaces that hair stays outside of: points and normals [N, 3] of everything but the hair."""

    def __init__(self, surfaces: Sequence[tuple[np.ndarray, np.ndarray]], lowest: float) -> None:
        """Keeps what lies above ``lowest`` metres."""
        kept = [(v[high], n[high]) for v, n in surfaces if (high := v[:, 1] > lowest).any()]
        points, normals = (np.concatenate(parts).astype(np.float32) for parts in zip(*kept, strict=True))
        super().__init__(points, normals)

    def height(self, points: np.ndarray, radius: float = 0.06) -> tuple[np.ndarray, np.ndarray]:
        """Height [N] over the nearest surface and its normal [N, 3]; ``radius`` and zeros where none is near."""
        heights, found = self.heights(points, radius)
        near = found >= 0
        return np.where(near, heights, radius), np.where(near[:, None], self.normals[found], 0)

    def below(self, points: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Nearest surface points [N, 3], their normals [N, 3], and whether one is within the radius [N]."""
        _, found = self.heights(points, radius)
        return self.points[found], self.normals[found], found >= 0


@dataclass
class Guides:
    """paths: [G, K+1, 3] metres, root first. side: [G] which strands may be blended with each other."""

    paths: np.ndarray
    side: np.ndarray


@dataclass(frozen=True)
class Scalp:
    """What every form of hair starts from: ``count`` roots of a posed head."""

    roots: Roots
    count: int
    points: np.ndarray
    normals: np.ndarray
    head: HeadFrame
    colliders: Colliders

    @property
    def at(self) -> np.ndarray:
        """Places on the template [G, 3], decimetres."""
        return self.roots.at[: self.count]

    @property
    def above(self) -> np.ndarray:
        """Decimetres above the hairline [G]."""
        return self.roots.above[: self.count]


def sides_of(scalp: Scalp, style: Style, side: int) -> np.ndarray:
    """On which side of the parting [G] the roots are: 1 the person's left, -1 the right."""
    return np.where(scalp.at[:, 0] > (style.part or 0.0) * side, 1.0, -1.0)


def lengths_of(style: Style, length: float, count: int, rng: np.random.Generator) -> np.ndarray:
    return style.length * length * np.exp(rng.normal(0, 0.06, count))


def pushed_out(points: np.ndarray, colliders: Colliders, gap: np.ndarray) -> np.ndarray:
    height, normals = colliders.height(points)
    return points + normals * np.clip(gap - height, 0, 0.02)[:, None]


def tangential(vectors: np.ndarray, normals: np.ndarray) -> np.ndarray:
    vectors = np.broadcast_to(vectors, normals.shape)
    return vectors - normals * (vectors * normals).sum(1, keepdims=True)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9)
