"""vton.studio.geometry.mesh: normals, topology, smoothing, subdivision and strips."""

import numpy as np
import pytest

from vton.studio.geometry import mesh
from vton.studio.geometry.isosurface import surface_nets

CELL = 0.01


@pytest.fixture(scope="module")
def sphere():
    axis = (np.arange(-20, 21, dtype=np.float32) + 0.37) * CELL
    distance = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis**2) - 0.15
    return surface_nets(distance, np.full(3, axis[0]), CELL)


def area(vertices: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_normals_of_a_sphere_point_away_from_its_middle(sphere):
    vertices, triangles = sphere
    normals = mesh.vertex_normals(vertices, triangles)
    out = vertices / np.linalg.norm(vertices, axis=1, keepdims=True)
    assert (normals * out).sum(1).min() > 0.98


def test_edges_and_loops_of_a_strip():
    open_strip, ring = mesh.strip_triangles(2, 5, closed=False), mesh.strip_triangles(3, 8, closed=True)
    assert len(mesh.edges(open_strip)) == 5 + 4 + 4 + 4
    assert [len(loop) for loop in mesh.boundary_loops(open_strip)] == [10]
    assert sorted(len(loop) for loop in mesh.boundary_loops(ring)) == [8, 8]
    assert len(mesh.bend_pairs(ring)) == len(mesh.edges(ring)) - 16


def test_subdivision_keeps_constants_and_smooths(sphere):
    vertices, triangles = sphere
    operator, finer = mesh.subdivision_operator(triangles, len(vertices))
    assert len(finer) == 4 * len(triangles)
    assert np.allclose(operator @ np.ones(len(vertices)), 1, atol=1e-5)
    fine = operator @ vertices
    radius = np.linalg.norm(fine, axis=1)
    assert radius.std() <= np.linalg.norm(vertices, axis=1).std() * 1.05
    assert (mesh.vertex_normals(fine, finer) * fine).sum(1).min() > 0


def test_subdivided_triangles_come_in_blocks_of_their_parents(sphere):
    vertices, triangles = sphere
    operator, finer = mesh.subdivision_operator(triangles, len(vertices))
    middle = (operator @ vertices)[finer].mean(1)
    parents = np.tile(vertices[triangles].mean(1), (4, 1))
    assert np.linalg.norm(middle - parents, axis=1).max() < CELL


def test_subdivision_keeps_the_border_on_its_curve():
    flat = mesh.strip_triangles(4, 4, closed=False)
    points = np.stack([*np.mgrid[0:4, 0:4].reshape(2, -1), np.zeros(16)], 1)
    operator, finer = mesh.subdivision_operator(flat, 16)
    border = np.unique(mesh.boundary_edges(finer))
    on_side = np.isclose((operator @ points)[border][:, :2] % 3, 0, atol=1e-6).any(1)
    assert on_side.mean() > 0.8


def test_smoothing_leaves_fixed_points_alone(sphere):
    vertices, triangles = sphere
    rough = vertices + np.random.default_rng(0).normal(0, 0.002, vertices.shape).astype(np.float32)
    fixed = vertices[:, 0] > 0
    even = mesh.smooth(rough, triangles, 4, 0.5, fixed=fixed)
    assert np.array_equal(even[fixed], rough[fixed])
    assert np.linalg.norm(even, axis=1)[~fixed].std() < 0.6 * np.linalg.norm(rough, axis=1)[~fixed].std()


def test_compact_keeps_shape(sphere):
    vertices, triangles = sphere
    half = triangles[vertices[triangles, 1].min(1) > 0]
    fewer, renumbered, kept = mesh.compact(vertices, half)
    assert len(fewer) < len(vertices) and np.array_equal(fewer, vertices[kept])
    assert np.array_equal(fewer[renumbered], vertices[half])


def test_mirror_image_and_join_keep_the_outside_outside(sphere):
    moved = mesh.Mesh(sphere[0] + [0.3, 0, 0], sphere[1])
    both = mesh.join([moved, moved.mirrored()])
    centres = np.sign(both.vertices[:, :1]) * [0.3, 0, 0]
    assert ((both.vertices - centres) * both.normals()).sum(1).min() > 0
    assert both.uv_triangles.max() == len(both.uv) - 1


def test_sweep_and_resample():
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    circle = np.stack([np.cos(angle), np.zeros(40), np.sin(angle)], 1)
    even = mesh.resample(circle, 24, closed=True)
    steps = np.linalg.norm(even - np.roll(even, -1, 0), axis=1)
    assert np.ptp(steps) < 0.01 * steps.mean()
    tube = mesh.sweep([circle, circle + [0, 2, 0]], closed=True)
    assert area(tube.vertices, tube.triangles) == pytest.approx(4 * np.pi, rel=0.01)
    assert tube.uv.min() == 0 and tube.uv.max() == 1
