"""vton.studio.geometry.isosurface: surfaces of fields, and cuts."""

import numpy as np
import pytest

from vton.studio.geometry import isosurface
from vton.studio.geometry.mesh import boundary_edges, boundary_loops, edges, vertex_normals

CELL = 0.01


@pytest.fixture(scope="module")
def ball():
    axis = (np.arange(-20, 21, dtype=np.float32) + 0.37) * CELL
    distance = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis**2) - 0.15
    return isosurface.surface_nets(distance, np.full(3, axis[0]), CELL)


def area(vertices: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_ball_is_closed_round_and_faces_out(ball):
    vertices, triangles = ball
    assert len(boundary_edges(triangles)) == 0
    assert len(vertices) - len(edges(triangles)) + len(triangles) == 2
    assert np.abs(np.linalg.norm(vertices, axis=1) - 0.15).max() < 0.1 * CELL
    assert (vertex_normals(vertices, triangles) * vertices).sum(1).min() > 0


@pytest.mark.parametrize("height", [-0.1, 0.0, 0.0373])
def test_clip_ends_on_the_line(ball, height):
    vertices, triangles = ball
    kept, corners = isosurface.clip(vertices, triangles, vertices[:, 1] - height)
    border = np.unique(boundary_edges(corners))
    assert kept[:, 1].max() <= height + 1e-6
    assert np.abs(kept[border, 1] - height).max() < 1e-6
    assert len(boundary_loops(corners)) == 1
    assert area(kept, corners) == pytest.approx(2 * np.pi * 0.15 * (0.15 + height), rel=0.02)


def test_clip_leaves_no_slivers(ball):
    vertices, triangles = ball
    kept, corners = isosurface.clip(vertices, triangles, vertices[:, 1] - 0.0373)
    pairs = edges(corners)
    assert np.linalg.norm(kept[pairs[:, 0]] - kept[pairs[:, 1]], axis=1).min() > 0.1 * CELL


def test_clip_of_nothing_and_of_everything(ball):
    vertices, triangles = ball
    kept, corners = isosurface.clip(vertices, triangles, np.full(len(vertices), -1.0))
    assert np.array_equal(kept[corners], vertices[triangles])
    assert len(isosurface.clip(vertices, triangles, np.full(len(vertices), 1.0))[1]) == 0


def test_split_puts_edges_on_the_line(ball):
    vertices, triangles = ball
    whole, corners = isosurface.split(vertices, triangles, vertices[:, 0] + 0.003)
    assert len(boundary_edges(corners)) == 0
    side = np.where(np.abs(whole[:, 0] + 0.003) < 1e-6, 0, np.sign(whole[:, 0] + 0.003))
    assert not ((side[corners].min(1) < 0) & (side[corners].max(1) > 0)).any()
    assert area(whole, corners) == pytest.approx(area(vertices, triangles), rel=0.01)


def test_specks_are_dropped(ball):
    vertices, triangles = ball
    speck = vertices[:3] + 1
    both = np.concatenate([vertices, speck]), np.concatenate([triangles, [[n + len(vertices) for n in range(3)]]])
    kept, corners = isosurface.drop_specks(*both)
    assert len(kept) == len(vertices) and len(corners) == len(triangles)
