"""Thin-plate splines by matching shape contexts (Belongie et al. 2002), as VITON (arXiv 1711.08447, section 3.2) warps.

Points on the outlines of two masks are described by log-polar histograms of where the other points lie and by the
outline's direction, matched by assignment, and a smoothing spline is fitted through the matches; then again from the
warped outline, with less smoothing. What arms, hair or a bag hide of a worn garment has no partner in the garment's
picture: as Belongie et al. do, such points are matched with dummies of a constant cost.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy.optimize import linear_sum_assignment

POINTS = 100
ANGLES, RADII = 12, 5
INNER, OUTER = 0.125, 2.0
BENDS = (1.0, 0.3, 0.1)  # smoothing of each round
PLACE_WEIGHT, DIRECTION_WEIGHT = 2.0, 2.0
UNMATCHED = 0.5  # cost of a pair of points without partners
LEAST_MATCHED = 0.25
CONTROL_GRID = 10


def match_masks(garment: np.ndarray, target: np.ndarray, grid: int = CONTROL_GRID) -> np.ndarray:
    """Warps one mask's outline onto another's.

    Args:
        garment: [h, w], bool, the mask in the garment picture.
        target: [H, W], bool, where it shall be on the canvas.
        grid: control points per side of the result.

    Returns:
        Control points [grid * grid, 2], float32: for a regular lattice over the canvas where each point comes from in
        the garment picture, (x, y) in -1..1 with corners aligned. The lattice itself when a mask is empty.
    """
    line = np.linspace(-1, 1, grid)
    lattice = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
    source, wanted = outline(garment), outline(target)
    if source is None or wanted is None:
        return lattice.astype(np.float32)
    # Both outlines in their own boxes: what is left to match is shape alone.
    (source, source_box), (wanted, wanted_box) = _boxed(source), _boxed(wanted)
    spline, moved = None, wanted
    for bend in BENDS:
        # From the canvas to the garment: the points that move are the target's.
        these, those = _assign(moved, source)
        spline = _fit(wanted[these], source[those], bend)
        moved = _apply(spline, wanted[these], wanted)
    assert spline is not None, "there is a bend"
    centre, half = wanted_box
    local = (lattice - centre) / half
    middle, extent = source_box
    return (_apply(spline, wanted[these], local) * extent + middle).astype(np.float32)


def outline(mask: np.ndarray, count: int = POINTS) -> np.ndarray | None:
    """Points at equal steps along the longest outlines of a mask: [count, 2] in -1..1; None for next to no mask."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contours = [c[:, 0].astype(np.float64) for c in contours if len(c) >= 8]
    if not contours:
        return None
    longest = max(len(c) for c in contours)
    along = np.concatenate([c for c in contours if len(c) > longest / 4])
    chosen = along[np.linspace(0, len(along), count, endpoint=False).astype(int)]
    return 2 * chosen / (np.array(mask.shape[::-1]) - 1) - 1


def shape_contexts(points: np.ndarray) -> np.ndarray:
    """Shape contexts: [P, ANGLES * RADII], histograms of directions and log distances to the other points."""
    offset = points[None] - points[:, None]
    distance = np.hypot(offset[..., 0], offset[..., 1])
    others = ~np.eye(len(points), dtype=bool)
    distance = distance / max(distance[others].mean(), 1e-9)
    ring = np.searchsorted(np.geomspace(INNER, OUTER, RADII), distance)
    angle = np.arctan2(offset[..., 1], offset[..., 0]) % (2 * np.pi)
    sector = np.minimum((angle / (2 * np.pi) * ANGLES).astype(int), ANGLES - 1)
    bins = np.where(others & (ring < RADII), sector * RADII + np.minimum(ring, RADII - 1), ANGLES * RADII)
    histogram = np.zeros((len(points), ANGLES * RADII + 1))
    np.add.at(histogram, (np.arange(len(points))[:, None], bins), 1)
    histogram = histogram[:, :-1]
    return histogram / np.maximum(histogram.sum(1, keepdims=True), 1)


def _assign(points: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of ``points`` are matched with which of ``others``: chi-squared of histograms, nearness, same direction.

    Pairs dearer than two dummies are none; the cheapest quarter of all pairs is kept all the same.
    """
    a, b = shape_contexts(points)[:, None], shape_contexts(others)[None]
    cost = 0.5 * (np.square(a - b) / np.maximum(a + b, 1e-9)).sum(-1)
    cost += PLACE_WEIGHT * np.square(points[:, None] - others[None]).sum(-1)
    cost += DIRECTION_WEIGHT * (1 - _directions(points) @ _directions(others).T) / 2
    count = len(cost)
    # Each point may take a dummy of its own, and the dummies left over each other.
    padded = np.full((2 * count, 2 * count), UNMATCHED / 2)
    padded[:count, :count], padded[count:, count:] = cost, 0
    these, those = linear_sum_assignment(padded)
    matched = (these < count) & (those < count)
    if matched.sum() < LEAST_MATCHED * count:
        these, those = linear_sum_assignment(cost)
        matched = np.argsort(cost[these, those])[: int(LEAST_MATCHED * count)]
    return these[matched], those[matched]


def _directions(points: np.ndarray) -> np.ndarray:
    """Unit vectors [P, 2] along the outline, two points either way."""
    along = np.roll(points, -2, axis=0) - np.roll(points, 2, axis=0)
    return along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)


def _boxed(points: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Points in -1..1 of their own box, and the box as centre and half size."""
    low, high = points.min(0), points.max(0)
    centre, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-3)
    return (points - centre) / half, (centre, half)


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    squared = np.square(a[:, None] - b[None]).sum(-1)
    return squared * np.log(np.maximum(squared, 1e-12))


def _fit(points: np.ndarray, values: np.ndarray, bend: float) -> np.ndarray:
    """Coefficients [P + 3, 2] of the smoothing spline from ``points`` to ``values``; ``bend`` per point spacing^2."""
    count = len(points)
    system = np.zeros((count + 3, count + 3))
    spacing = np.square(points[:, None] - points[None]).sum(-1).mean()
    system[:count, :count] = _kernel(points, points) + bend * spacing * np.eye(count)
    system[:count, count:] = np.concatenate([np.ones((count, 1)), points], 1)
    system[count:, :count] = system[:count, count:].T
    return np.linalg.solve(system, np.concatenate([values, np.zeros((3, 2))]))


def _apply(coefficients: np.ndarray, points: np.ndarray, where: np.ndarray) -> np.ndarray:
    row = np.concatenate([_kernel(where, points), np.ones((len(where), 1)), where], 1)
    return row @ coefficients
