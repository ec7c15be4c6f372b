"""vton.studio.geometry.closest: the grid finds what a search through all points finds."""

import numpy as np
import pytest

from vton.studio.geometry.closest import PointGrid


@pytest.mark.parametrize("radius", [0.01, 0.05, 0.4])
def test_nearest_is_the_nearest_within_the_radius(radius):
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.3, 0.3, (800, 3)).astype(np.float32)
    queries = rng.uniform(-0.5, 0.5, (300, 3)).astype(np.float32)
    distance = np.linalg.norm(queries[:, None] - points, axis=2)
    expected = np.where(distance.min(1) < radius, distance.argmin(1), -1)
    found = PointGrid(points).nearest(queries, radius)
    assert (expected >= 0).any() and np.array_equal(found, expected)


def test_points_in_a_plane():
    points = np.stack([np.arange(5) * 0.1, np.zeros(5), np.zeros(5)], 1)
    assert PointGrid(points).nearest(points + [0.02, 0.01, 0], 0.05).tolist() == [0, 1, 2, 3, 4]
