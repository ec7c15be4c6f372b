"""vton.studio.accessories.shoes and foot: shoes stand flat, hold the foot, have their parts, and follow the leg."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vton.studio.accessories.foot import INSTEP_M, heel_pitch_deg
from vton.studio.accessories.kinds import SHOES, draw_accessory
from vton.studio.accessories.shoes import ACCENT, ELASTIC, LACES, SHAPES, SOLE, UPPER, build_shoe
from vton.studio.figures.ensemble import foot_of
from vton.studio.geometry.mesh import boundary_loops

HEELS = ("pump", "heelboot", "boot_tall")


@pytest.fixture(scope="module")
def shape(model):
    return model.mannequin("female")


@pytest.fixture(scope="module")
def built(shape):
    """Every type once: article, foot and shoe."""
    found = {}
    for i, type_ in enumerate(SHOES):
        article = draw_accessory(np.random.default_rng(i), type_)
        foot = foot_of(shape, float(article.cut.get("heel", 0.0)))
        found[type_] = article, foot, build_shoe(article, foot)
    return found


def test_every_type_has_a_shape():
    assert set(SHAPES) == set(SHOES)


@pytest.mark.parametrize("type_", SHOES)
def test_a_shoe_stands_and_holds_the_foot(built, type_):
    article, foot, shoe = built[type_]
    vertices = shoe.mesh.vertices
    floor = foot.sole_y - SHAPES[type_].sole
    assert vertices[:, 1].min() == pytest.approx(floor, abs=0.004)
    low = vertices[vertices[:, 1] < floor + 0.006]
    assert len(low) > 20 and np.ptp(low[:, 2]) > 0.5 * foot.length, "toe and heel both touch the ground"
    # Nothing of the foot's outline stands out of the shoe near the sole.
    near = foot.points[foot.points[:, 1] < foot.sole_y + 0.015]
    assert vertices[:, 2].max() > near[:, 2].max() and vertices[:, 2].min() < near[:, 2].min()
    assert vertices[:, 0].max() > near[:, 0].max() - 0.001 and vertices[:, 0].min() < near[:, 0].min() + 0.001


@pytest.mark.parametrize("type_", SHOES)
def test_a_shoe_is_open_at_the_top(built, type_):
    _, foot, shoe = built[type_]
    uppers = shoe.mesh.triangles[shoe.mesh.part == UPPER]
    # Parts have vertices of their own, so borders between parts count too; the opening is the highest border.
    highest = max(shoe.mesh.vertices[loop, 1].max() for loop in boundary_loops(uppers))
    assert highest > shoe.mesh.vertices[:, 1].max() - 0.02


@pytest.mark.parametrize(
    ("type_", "parts"), [("sneaker", {LACES, SOLE}), ("chelsea", {ELASTIC}), ("loafer", {ACCENT}), ("pump", {SOLE})]
)
def test_parts(built, type_, parts):
    assert parts | {UPPER} <= set(np.unique(built[type_][2].mesh.part).tolist())


def test_a_heel_tips_the_foot_onto_its_toes(shape):
    flat, high = foot_of(shape, 0.0), foot_of(shape, 0.08)
    assert heel_pitch_deg(0.0) == 0 and heel_pitch_deg(INSTEP_M / 2) == pytest.approx(30)
    heel_height = high.bottom(np.array([high.heel_z + 0.02]))[0] - high.sole_y
    assert 0.08 < heel_height < 0.13
    assert flat.bottom(np.array([flat.heel_z + 0.02]))[0] - flat.sole_y < 0.015


@pytest.mark.parametrize("type_", ["sneaker", "pump", "boot_tall"])
def test_worn_at_rest_it_lies_around_the_resting_ankle(built, shape, type_):
    article, _, shoe = built[type_]
    still = np.eye(4)
    left, right = shoe.worn("L", still, still), shoe.worn("R", still, still)
    ankle = shape.joints["foot.L"]
    assert np.linalg.norm(left.vertices - ankle, axis=1).min() < 0.06
    assert np.allclose(left.vertices * [-1, 1, 1], right.vertices, atol=1e-5)
    if not article.cut.get("heel"):
        expected = ankle[1] + shoe.mesh.vertices[:, 1].min()
        assert left.vertices[:, 1].min() == pytest.approx(expected, abs=1e-4)


def test_the_same_article_is_the_same_shoe(built):
    article, foot, shoe = built["derby"]
    assert np.array_equal(build_shoe(article, foot).mesh.vertices, shoe.mesh.vertices)


@pytest.mark.parametrize("type_", ["sneaker", "pump", "combat"])
def test_points_of_a_shoe_lie_on_a_standard_foot(built, model, type_):
    """The shoes of a larger foot have the same points, and the right shoe the mirrored ones of the left."""
    article, _, shoe = built[type_]
    larger = build_shoe(article, foot_of(model.mannequin("male"), float(article.cut.get("heel", 0.0)))).mesh
    assert np.ptp(larger.vertices[:, 2]) > 1.03 * np.ptp(shoe.mesh.vertices[:, 2])
    apart, _ = cKDTree(shoe.mesh.place).query(larger.place)
    assert np.percentile(apart, 90) < 0.01
    assert shoe.mesh.place[:, 0].min() > 0.05, "well apart from its twin"
    left, right = (shoe.worn(side, np.eye(4), np.eye(4)) for side in "LR")
    np.testing.assert_allclose(right.place, left.place * [-1, 1, 1], atol=1e-6)
