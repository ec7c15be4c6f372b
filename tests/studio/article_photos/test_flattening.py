"""vton.studio.article_photos.flattening: widths, symmetry and two sheets of pressed garments."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from vton.studio.geometry.mesh import edges


def section(mesh, y):
    """Points [N, 3] where the edges of a mesh cross a height, and for each its edge and share along it."""
    pairs = edges(mesh.triangles)
    low, high = mesh.vertices[pairs[:, 0]], mesh.vertices[pairs[:, 1]]
    crossing = (low[:, 1] - y) * (high[:, 1] - y) < 0
    share = (y - low[crossing, 1]) / (high[crossing, 1] - low[crossing, 1])
    return low[crossing] + share[:, None] * (high - low)[crossing], pairs[crossing], share


def around(points):
    """Circumference of a section, of a tape laid around it."""
    return ConvexHull(points[:, [0, 2]]).area  # in two dimensions "area" is the perimeter


@pytest.mark.parametrize(("type_", "share"), [("midi", 0.3), ("midi", 0.7), ("longsleeve", 0.3)])
def test_the_flat_width_is_half_the_circumference(pressed, type_, share):
    item = pressed(type_)
    vertices = item.garment.mesh.vertices
    torso = vertices[item.garment.limb == 0]
    y = torso[:, 1].min() + share * (vertices[:, 1].max() - torso[:, 1].min())
    points, pairs, along = section(item.garment.mesh, y)
    own = (item.garment.limb[pairs] == 0).all(1)
    flat = item.flat.xy[pairs[own, 0]] * (1 - along[own, None]) + item.flat.xy[pairs[own, 1]] * along[own, None]
    assert np.ptp(flat[:, 0]) == pytest.approx(around(points[own]) / 2, rel=0.05)


@pytest.mark.parametrize("type_", ["longsleeve", "straight"])
def test_left_and_right_are_mirror_images(pressed, type_):
    item = pressed(type_)
    x = item.flat.xy[:, 0]
    assert x.max() == pytest.approx(-x.min(), abs=0.006)
    (left, right) = item.limbs
    assert left.angle_deg == pytest.approx(right.angle_deg, abs=1.5)


def test_the_cloth_keeps_its_lengths(pressed):
    item = pressed("longsleeve")
    pairs = edges(item.garment.mesh.triangles)
    before = np.linalg.norm(np.diff(item.garment.mesh.vertices[pairs], axis=1)[:, 0], axis=1)
    after = np.linalg.norm(np.diff(item.flat.xy[pairs], axis=1)[:, 0], axis=1)
    assert np.median(after / before) == pytest.approx(1, abs=0.02)
    assert np.percentile(after / before, 95) < 1.12


def test_front_and_back_are_two_sheets_of_about_the_same_size(pressed):
    item = pressed("longsleeve")
    corners = item.flat.xy[item.garment.mesh.triangles]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
    upper = item.flat.facing[item.garment.mesh.triangles].mean(1) > 0
    assert (area[upper] > 0).mean() > 0.98 and (area[~upper] < 0).mean() > 0.97
    assert area[upper].sum() == pytest.approx(-area[~upper].sum(), rel=0.15)
