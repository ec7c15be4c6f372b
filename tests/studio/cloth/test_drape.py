"""vton.studio.cloth.drape, cloth and trims: garments lie on the body and on each other, in any pose."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vton.studio.cloth.drape import covered_skin, drape_alone, drape_outfit
from vton.studio.cloth.elbows import raised_elbows
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.garments.building import build_garment
from vton.studio.geometry.closest import PointGrid
from vton.studio.geometry.mesh import edges
from vton.studio.poses.solver import pose_rotations
from vton.studio.specs.labels import ARMS, FACE
from vton.studio.specs.outfit import ArticleSpec, FabricSpec
from vton.studio.specs.photo import PoseSpec

FABRIC = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)
SHIRT = ArticleSpec("top", "shirt", {"collar": "shirt", "neck_width": 0.068, "neck_depth": 0.022, "tuck": True}, FABRIC)
TEE = ArticleSpec("top", "tee", {"sleeve": 0.35}, FABRIC)
PANTS = ArticleSpec("bottom", "straight", {"knee_radius": 0.085, "hem_radius": 0.085}, FABRIC)
BLAZER = ArticleSpec("outer", "blazer", {"collar": "lapel", "ease": 0.012, "hem": 1.4, "sleeve_ease": 0.024}, FABRIC)


@pytest.fixture(scope="module")
def shape(model):
    return model.mannequin("female")


def posed_as(model, shape, name: str):
    return model.pose(shape, pose_rotations(model, shape, PoseSpec(name, seed=1), heel_m=0.02, clearance_m=0.03))


def height_over(points: np.ndarray, grid_points: np.ndarray, normals: np.ndarray, reach: float) -> np.ndarray:
    nearest = PointGrid(grid_points).nearest(points, reach)
    points, nearest = points[nearest >= 0], nearest[nearest >= 0]
    return ((points - grid_points[nearest]) * normals[nearest]).sum(1)


@pytest.fixture(scope="module")
def walking(model, shape):
    posed = posed_as(model, shape, "walk-left")
    garments = [build_garment(article, shape, layered=article is TEE) for article in (TEE, BLAZER, PANTS)]
    return posed, garments, drape_outfit(posed, garments)


def test_layers_come_from_inside_out(walking):
    assert [garment.kind for garment in walking[2]] == ["pants", "top", "outer"]


def test_cloth_is_outside_of_the_skin(walking):
    posed, _, worn = walking
    for garment in worn:
        height = height_over(garment.mesh.vertices, posed.surface.vertices, posed.surface.normals, 0.05)
        assert len(height) > 1000
        assert np.percentile(height, 2) > -0.003, garment.kind


def test_outer_is_outside_of_the_top(walking):
    _, top, outer = walking[2]
    height = height_over(outer.mesh.vertices, top.mesh.vertices, top.normals, 0.02)
    assert len(height) > 1000 and np.percentile(height, 3) > -0.001


def test_cloth_is_not_torn(walking):
    _, garments, worn = walking
    for built, garment in zip((garments[2], garments[0], garments[1]), worn, strict=True):
        pairs = edges(built.mesh.triangles)
        rest, now = (
            np.linalg.norm(v[pairs[:, 0]] - v[pairs[:, 1]], axis=1)
            for v in (built.mesh.vertices, garment.mesh.vertices)
        )
        assert np.percentile(now / rest, 99) < 1.4, garment.kind


def test_same_garments_same_drape(walking):
    posed, garments, worn = walking
    for first, again in zip(worn, drape_outfit(posed, garments), strict=True):
        assert np.array_equal(first.mesh.vertices, again.mesh.vertices)


def test_covered_skin_is_drawn_in_and_bare_skin_is_not(walking):
    posed, _, worn = walking
    depth = covered_skin(posed, worn)
    surface = posed.surface
    face = np.unique(surface.triangles[surface.labels == FACE])
    assert not depth[face].any()
    chest = (np.abs(surface.vertices - posed.joint("spine01")) < [0.1, 0.08, 1]).all(1)
    assert (depth[chest] > 0).mean() > 0.7 and depth.max() < 0.02


def test_tucked_top_ends_at_the_waist(model, shape):
    posed = posed_as(model, shape, "stand")
    garments = [build_garment(SHIRT, shape), build_garment(PANTS, shape)]
    top, pants = drape_outfit(posed, garments)
    assert (top.kind, pants.kind) == ("top", "pants")
    assert len(top.mesh.triangles) < len(garments[0].mesh.triangles)
    shown = np.unique(top.mesh.triangles)
    shown = shown[garments[0].limb[shown] == 0]
    assert top.mesh.vertices[shown, 1].min() > pants.mesh.vertices[:, 1].max() - 0.12
    below = shown[garments[0].mesh.vertices[shown, 1] < garments[1].pattern.top_y - 0.01]
    height = height_over(top.mesh.vertices[below], pants.mesh.vertices, pants.normals, 0.03)
    assert np.percentile(height, 90) < 0.004


def test_crossed_legs_keep_their_trousers_apart(model, shape):
    posed = posed_as(model, shape, "legs-crossed")
    garment = build_garment(PANTS, shape)
    (worn,) = drape_outfit(posed, [garment])
    left, right = (np.flatnonzero(garment.limb == side) for side in (1, 2))
    away = np.abs(garment.mesh.vertices[left, 0]) > 0.06
    height = height_over(worn.mesh.vertices[left[away]], worn.mesh.vertices[right], worn.normals[right], 0.02)
    assert len(height) and np.percentile(height, 20) > -0.004


def test_sleeves_stay_around_folded_arms(model, shape):
    posed = posed_as(model, shape, "arms-crossed")
    garment = build_garment(ArticleSpec("top", "sweater", {"sleeve": 1.0}, FABRIC), shape)
    (worn,) = drape_outfit(posed, [garment])
    surface = posed.surface
    arm = np.unique(surface.triangles[surface.labels == ARMS])
    sleeves = worn.mesh.vertices[garment.limb > 0]
    assert np.percentile(height_over(sleeves, surface.vertices[arm], surface.normals[arm], 0.05), 3) > -0.003


def test_the_elbow_of_a_raised_arm_stays_in_its_sleeve(model, shape):
    posed = posed_as(model, shape, "nape")
    garment = build_garment(ArticleSpec("top", "sweater", {"sleeve": 1.0}, FABRIC), shape)
    (worn,) = drape_outfit(posed, [garment])
    shoulder, elbow, wrist = (posed.joint(f"{bone}.L") for bone in ("upperarm01", "lowerarm01", "wrist"))
    assert elbow[1] > shoulder[1], "the arm is raised"
    surface = posed.surface
    arm = np.unique(surface.triangles[surface.labels == ARMS])
    arm = arm[np.linalg.norm(surface.vertices[arm] - elbow, axis=1) < 0.08]
    outside = arm[(surface.vertices[arm] - elbow) @ (2 * elbow - shoulder - wrist) > 0]
    height = height_over(surface.vertices[outside], worn.mesh.vertices, worn.normals, 0.06)
    assert len(height) > 100 and (height > 0.004).mean() < 0.02


def test_sleeves_of_lowered_arms_get_no_room_at_the_elbow(model, shape):
    posed = posed_as(model, shape, "hips-both")
    garment = build_garment(TEE, shape)
    room, hold = raised_elbows(garment, posed, garment.start)
    assert (room == 1).all() and not hold.any()


COLLARS = [("polo", "shirt"), ("hoodie", "hood"), ("turtleneck", "turtle"), ("bomber", "rib"), ("puffer", "stand")]


@pytest.mark.parametrize(("type_", "collar"), [*COLLARS, ("coat", "lapel")])
def test_collars_rise_from_the_neckline(model, shape, type_, collar):
    posed = posed_as(model, shape, "stand")
    cut = {"collar": collar, "neck_width": 0.07, "neck_depth": 0.02, "sleeve": 0.3}
    worn = drape_alone(posed, build_garment(ArticleSpec("top", type_, cut, FABRIC), shape))
    (trim,) = worn.trims
    assert np.isfinite(trim.vertices).all()
    assert trim.uv.min() > 0 and trim.uv.max() < 1
    neck = posed.joint("neck01")
    assert 0 < trim.vertices[:, 1].max() - neck[1] < 0.16
    assert abs(trim.vertices[:, 0].mean() - neck[0]) < 0.04
    pairs = edges(trim.triangles)
    assert np.linalg.norm(trim.vertices[pairs[:, 0]] - trim.vertices[pairs[:, 1]], axis=1).max() < 0.09


@pytest.mark.parametrize(("type_", "collar"), [("polo", "shirt"), ("hoodie", "hood"), ("coat", "lapel")])
def test_a_point_of_a_collar_is_the_same_on_every_body(model, type_, collar):
    """Where the collar's cloth is, seen from the throat of whoever wears it."""
    cut = {"collar": collar, "neck_width": 0.07, "neck_depth": 0.02, "sleeve": 0.3}
    places = []
    for gender in ("female", "male"):
        posed = model.pose(model.mannequin(gender), {})
        worn = drape_alone(posed, build_garment(ArticleSpec("top", type_, cut, FABRIC), model.mannequin(gender)))
        (trim,) = worn.trims
        away = trim.vertices[trim.triangles.ravel()] - posed.joint("neck01")
        places.append((trim.uv[trim.uv_triangles.ravel()] * ATLAS_M, np.arctan2(away[:, 0], away[:, 2])))
    (one, turn), (other, other_turn) = places
    apart, nearest = cKDTree(one).query(other)
    assert np.percentile(apart, 95) < 0.01
    assert np.median(np.abs(np.angle(np.exp(1j * (turn[nearest] - other_turn))))) < 0.15
