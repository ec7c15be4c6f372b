"""vton.studio.accessories.bags and shapes: bags hang from their handles, swing clear, straps run outside."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vton.studio.accessories.bags import METAL, Collider, build_bag, crossbody, hang_from_grip, taut_ring
from vton.studio.accessories.kinds import BAGS, draw_accessory
from vton.studio.accessories.shapes import join, loft, ribbon, slab, tube
from vton.studio.geometry.mesh import vertex_normals
from vton.studio.geometry.rotations import euler


def bag_of(type_, seed=0):
    return build_bag(draw_accessory(np.random.default_rng(seed), type_))


@pytest.fixture(scope="module")
def trunk():
    """An upright cylinder of 15 cm radius, 1.46 m high, as points and outward normals."""
    turn, height = np.meshgrid(np.linspace(0, 2 * np.pi, 120, endpoint=False), np.linspace(0, 1.46, 146))
    normals = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], -1).reshape(-1, 3)
    return normals * [0.15, 0, 0.15] + np.stack([0 * turn, height, 0 * turn], -1).reshape(-1, 3), normals


@pytest.mark.parametrize("type_", BAGS)
def test_a_bag_hangs_below_the_origin_and_faces_out(type_):
    bag = bag_of(type_)
    assert abs(bag.vertices[:, 1].max()) < 0.02 and -0.65 < bag.vertices[:, 1].min() < -0.1
    assert np.ptp(bag.vertices[:, 0]) > np.ptp(bag.vertices[:, 2]) * 0.9
    body = bag.part == 0
    normals = vertex_normals(bag.vertices, bag.triangles[body])
    used = np.unique(bag.triangles[body])
    outward = bag.vertices[used] - bag.vertices[used].mean(0)
    assert (normals[used] * outward).sum(1).mean() > 0


def test_only_some_bags_have_metal():
    found = {METAL in bag_of("handbag", seed).part for seed in range(12)}
    assert found == {True, False}


def test_a_bag_swings_clear_of_the_leg(trunk):
    points, normals = trunk
    obstacles, away = Collider(points, normals), np.array([1.0, 0, 0])
    grip = np.array([0.17, 0.75, 0.0])
    for type_ in ("tote", "handbag", "bucketbag"):
        bag = hang_from_grip(bag_of(type_), grip, 70.0, away, obstacles)
        before = bag_of(type_).moved(euler(y=70.0), grip)
        assert obstacles.depth(before.vertices)[0].max() > 0.01, "the test has something to push"
        assert obstacles.depth(bag.vertices)[0].max() < 0.01
        handles = bag.vertices[:, 1] > grip[1] - 0.01
        assert np.abs(bag.vertices[handles] - before.vertices[handles]).max() < 0.03, "the hand keeps its handles"


def test_a_strap_runs_around_the_trunk(trunk):
    points, normals = trunk
    shoulder, hip = np.array([-0.09, 1.45, 0.0]), np.array([0.14, 0.9, 0.05])
    ring, out = taut_ring(points, shoulder, hip)
    assert np.linalg.norm(ring[0] - ring[-1]) < 1e-9 and np.allclose(np.linalg.norm(out, axis=1), 1, atol=0.2)
    beside = (ring[:, 1] > 1.0) & (ring[:, 1] < 1.4)
    assert np.hypot(ring[beside, 0], ring[beside, 2]).min() > 0.149
    assert ring[beside, 2].max() > 0.1 and ring[beside, 2].min() < -0.1, "it passes before and behind"
    worn = crossbody(bag_of("crossbody"), shoulder, hip, Collider(points, normals), points)
    below_top = worn.vertices[worn.vertices[:, 1] < 1.4]
    assert Collider(points, normals).depth(below_top)[0].max() < 0.012


def test_sheets_have_two_sides_and_tubes_face_out():
    x, z = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 4))
    rows = np.stack([x, 0 * x, z], -1)
    plate = slab(rows, False, 0.01, part=2, under=3)
    assert set(plate.part.tolist()) == {2, 3} and np.ptp(plate.vertices[:, 1]) == pytest.approx(0.01)
    path = np.stack([np.linspace(0, 1, 9), np.zeros(9), np.zeros(9)], 1)
    cord = tube(path, 0.1)
    normals = vertex_normals(cord.vertices, cord.triangles)
    assert (normals[:, 1:] * cord.vertices[:, 1:]).sum(1).min() > 0.05
    strap = ribbon(path, np.tile([0.0, 0, 1], (9, 1)), 0.2)
    assert np.ptp(strap.vertices[:, 2]) == pytest.approx(0.2)
    both = join([plate, cord])
    assert len(both.vertices) == len(plate.vertices) + len(cord.vertices)
    assert both.triangles.max() == len(both.vertices) - 1
    assert len(loft(rows, closed=True).triangles) > len(loft(rows, closed=False).triangles)


def test_turns_follow_their_names():
    assert np.allclose(euler(y=90) @ [0, 0, 1], [1, 0, 0]) and np.allclose(euler(x=90) @ [0, 0, 1], [0, -1, 0])
    assert np.allclose(euler(z=90) @ [1, 0, 0], [0, 1, 0])


def test_a_bag_keeps_its_points_and_a_strap_has_others(trunk):
    bag = bag_of("crossbody")
    hung = hang_from_grip(bag, np.array([0.3, 0.9, 0]), 40.0, np.array([1.0, 0, 0]), Collider(*trunk))
    assert np.array_equal(hung.place, bag.place)
    points, normals = trunk
    worn = crossbody(bag, np.array([-0.1, 1.4, 0.1]), np.array([0.12, 0.9, 0.1]), Collider(points, normals), points)
    assert np.array_equal(worn.place[: len(bag.place)], bag.place)
    nearest, _ = cKDTree(bag.place).query(worn.place[len(bag.place) :])
    assert nearest.min() > 0.5


def test_two_sides_of_a_flap_are_told_apart():
    x, y = np.meshgrid(np.linspace(0, 0.2, 9), np.linspace(0, 0.1, 5))
    flap = slab(np.stack([x, y, 0 * x], -1), False, 0.003)
    place = flap.with_places(flap.vertices).place
    half = len(place) // 2
    assert cKDTree(place[:half]).query(place[half:])[0].min() > 0.015
