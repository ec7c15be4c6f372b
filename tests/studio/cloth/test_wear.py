"""vton.studio.garments.wear and cloth.rolls: half tucked, closed, open and rolled up, of the same cloth as ever."""

import numpy as np
import pytest

from vton.studio.cloth.drape import drape_outfit
from vton.studio.cloth.over_shoulders import _around
from vton.studio.cloth.rolls import RING_POINTS
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.garments.building import build_garment
from vton.studio.geometry.mesh import edges
from vton.studio.photos.quality import cloth_faults
from vton.studio.poses.solver import pose_rotations
from vton.studio.specs.outfit import SHOULDERS, ArticleSpec, FabricSpec, WearSpec
from vton.studio.specs.photo import PoseSpec

FABRIC = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)
SHIRT = ArticleSpec("top", "shirt", {"collar": "shirt", "neck_width": 0.068, "neck_depth": 0.022, "hem": 1.3}, FABRIC)
PANTS = ArticleSpec("bottom", "straight", {"knee_radius": 0.07, "hem_radius": 0.07, "leg": 0.05}, FABRIC)
BOMBER = ArticleSpec("outer", "bomber", {"collar": "rib", "ease": 0.012, "open": 0.03, "hem": 0.9}, FABRIC)
BLAZER = ArticleSpec("outer", "blazer", {"collar": "lapel", "ease": 0.012, "open": 0.03, "hem": 1.4}, FABRIC)
HALF = WearSpec(tuck="half", rolled="top", sleeves=0.4, turn_up=0.05)


@pytest.fixture(scope="module")
def shape(model):
    return model.mannequin("female")


@pytest.fixture(scope="module")
def posed(model, shape):
    return model.pose(shape, pose_rotations(model, shape, PoseSpec("stand", seed=1), clearance_m=0.03))


@pytest.fixture(scope="module")
def half(shape, posed):
    """A half tucked shirt with rolled sleeves over turned up trousers, before and after draping, by kind."""
    pants = build_garment(PANTS, shape, wear=HALF)
    shirt = build_garment(SHIRT, shape, wear=HALF, waist_y=pants.pattern.top_y)
    worn = {drape.kind: drape for drape in drape_outfit(posed, [shirt, pants])}
    return {"top": (shirt, worn["top"]), "pants": (pants, worn["pants"])}


def test_cloth_and_atlas_are_those_of_the_article(shape, half):
    plain, (shirt, _) = build_garment(SHIRT, shape), half["top"]
    assert np.array_equal(plain.start, plain.mesh.vertices) and not len(plain.fastened)
    assert shirt.atlas.marks == plain.atlas.marks
    for kind in np.unique(plain.atlas.border_kind):
        ends = [g.atlas.border_uv[g.atlas.border_kind == kind].reshape(-1, 2) * ATLAS_M for g in (plain, shirt)]
        boxes = [np.concatenate([uv.min(0), uv.max(0)]) for uv in ends]
        np.testing.assert_allclose(*boxes, atol=0.01)


def test_the_front_of_a_half_tucked_top_ends_at_the_waistband_and_its_back_at_the_hem(shape, half):
    shirt, top = half["top"]
    rest = shirt.mesh.vertices
    shown = np.intersect1d(top.mesh.triangles, np.flatnonzero(shirt.limb == 0))
    front = shown[(np.abs(rest[shown, 0]) < 0.04) & (rest[shown, 2] > 0)]
    back = shown[(np.abs(rest[shown, 0]) < 0.04) & (rest[shown, 2] < 0)]
    waist_y = half["pants"][0].pattern.top_y
    assert rest[front, 1].min() == pytest.approx(waist_y - 0.03, abs=0.012)
    assert rest[back, 1].min() < shirt.pattern.hem_y + 0.015
    below = front[rest[front, 1] < waist_y - 0.02]
    pants = half["pants"][1].mesh.vertices
    ahead = pants[(np.abs(pants[:, 0]) < 0.05) & (np.abs(pants[:, 1] - waist_y) < 0.05), 2].max()
    assert len(below) > 3 and top.mesh.vertices[below, 2].max() < ahead + 0.002, "behind the waistband"


def test_a_top_that_is_short_or_without_a_bottom_is_not_half_tucked(shape):
    short = ArticleSpec("top", "crop", {"hem": 0.1}, FABRIC)
    waist_y = shape.measures.waist_y
    for article, y in ((short, waist_y), (SHIRT, None)):
        assert build_garment(article, shape, wear=WearSpec(tuck="half"), waist_y=y).worn.tuck_y is None


def test_what_is_worn_decides_whether_a_top_is_tucked_in_not_how_it_is_cut(shape):
    tucked = ArticleSpec("top", "shirt", SHIRT.cut | {"tuck": True}, FABRIC)
    cases = ((SHIRT, "in", True), (tucked, "over", False), (tucked, "half", False), (tucked, "", True))
    for article, tuck, within in cases:
        garment = build_garment(article, shape, wear=WearSpec(tuck=tuck), waist_y=shape.measures.waist_y)
        assert garment.pattern.tuck == within and (garment.worn.tuck_y is None) == (tuck != "half")


@pytest.mark.parametrize("kind", ["top", "pants"])
def test_a_roll_shows_the_inside_of_the_cloth_that_is_folded_up(shape, half, kind):
    garment, drape = half[kind]
    marks, cuff = garment.atlas.marks, garment.worn.cuff(garment.pattern, shape.measures)
    assert [roll.island for roll in drape.rolls] == [1, 2] and 0.03 < cuff <= 0.05
    for roll in drape.rolls:
        mesh = roll.mesh
        outside = slice(3 * RING_POINTS, 6 * RING_POINTS)
        inwards = mesh.vertices[outside].mean(0) - mesh.vertices[outside]
        assert ((mesh.normals()[outside] * inwards).sum(1) > 0).mean() > 0.9
        v = mesh.uv[:, 1] * ATLAS_M
        drawn = drape.mesh.uv[drape.mesh.uv_triangles[drape.island == roll.island], 1] * ATLAS_M
        if kind == "top":
            assert v.min() == pytest.approx(drawn.max(), abs=0.01)
            assert v.max() < marks.sleeve_v[roll.island - 1] + marks.sleeve
        else:
            assert v.max() == pytest.approx(drawn.min(), abs=0.01) and v.min() > marks.hem_v - 0.002
        assert np.ptp(v) == pytest.approx(cuff, rel=0.15)


def gap_at_the_waist(garment, drape, shape):
    """Metres between the edges of a draped front."""
    rest = garment.mesh.vertices
    edge = np.unique(drape.mesh.triangles)
    edge = edge[(np.abs(rest[edge, 1] - shape.measures.waist_y + 0.04) < 0.015) & (rest[edge, 2] > 0.02)]
    x = drape.mesh.vertices[edge, 0]
    left, right = rest[edge, 0] > 0.004, rest[edge, 0] < -0.004
    return float(x[left].min() - x[right].max())


@pytest.mark.parametrize("article", [BOMBER, BLAZER], ids=["bomber", "blazer"])
def test_fronts_close_and_open(shape, posed, article):
    gaps = {}
    for front in ("", "closed", "open"):
        garment = build_garment(article, shape, wear=WearSpec(front=front))
        (worn,) = drape_outfit(posed, [garment])
        gaps[front] = gap_at_the_waist(garment, worn, shape)
    assert gaps["closed"] < 0.01 < 0.02 < gaps[""] < gaps["open"] - 0.04, gaps


def test_half_closed_fronts_are_fastened_in_part(shape):
    y = {}
    for name, article in (("zip", BOMBER), ("button", BLAZER)):
        garment = build_garment(article, shape, wear=WearSpec(front="half"))
        y[name] = garment.mesh.vertices[garment.fastened, 1]
        assert len(garment.fastened) and np.abs(np.diff(y[name], axis=1)).max() < 0.02
        assert not len(build_garment(article, shape).fastened)
    assert shape.measures.waist_y < y["zip"].max() < shape.measures.bust_y and y["zip"].min() < shape.measures.waist_y
    assert np.ptp(y["button"]) < 0.06


@pytest.fixture(scope="module")
def shouldered(shape, posed):
    """A blazer over the shoulders, before and after draping."""
    garment = build_garment(BLAZER, shape, wear=WearSpec(front=SHOULDERS))
    return garment, drape_outfit(posed, [garment])[0]


def test_an_outer_over_the_shoulders_is_the_same_cloth_and_not_torn(shape, shouldered):
    plain, (garment, drape) = build_garment(BLAZER, shape), shouldered
    assert np.array_equal(garment.atlas.uv, plain.atlas.uv)
    assert np.array_equal(garment.mesh.vertices, plain.mesh.vertices)
    assert cloth_faults(garment.mesh.vertices, drape.mesh.vertices, edges(drape.mesh.triangles)) == []


def test_arms_are_under_it_and_its_sleeves_hang_empty_outside(shape, posed, shouldered):
    garment, drape = shouldered
    worn = drape.mesh.vertices
    for side, sign, limb in (("L", 1, 1), ("R", -1, 2)):
        sleeve, elbow = worn[garment.limb == limb], posed.joint(f"lowerarm01.{side}")
        near = sleeve[np.abs(sleeve[:, 1] - elbow[1]) < 0.03]
        beside = sign * (near[:, 0] - elbow[0])
        assert (beside < 0).mean() < 0.05 and np.median(beside) > 0.03, "the sleeve is beside the elbow, not around it"
        along = shape.measures.along_arm(garment.mesh.vertices)[0]
        cuff = worn[(garment.limb == limb) & (along > garment.pattern.sleeve - 0.03)]
        assert np.median(np.linalg.norm(cuff - posed.joint(f"wrist.{side}"), axis=1)) > 0.06
    assert gap_at_the_waist(garment, drape, shape) > 0.2
    shoulder = worn[garment.limb == 0, 1].max()
    assert shoulder == pytest.approx(posed.joint("neck01")[1], abs=0.08), "it has not slipped down"


def test_it_reaches_around_arms_at_the_same_distance_from_the_middle_of_the_back():
    wide, deep, angle = np.full(50, 0.2), np.full(50, 0.12), np.linspace(0.1, 2.2, 50)
    points = np.stack([wide * np.sin(angle), np.zeros(50), -deep * np.cos(angle)], 1)
    laid = _around(points, wide, np.full(50, 0.3), np.zeros(50), deep)
    before, after = (np.linalg.norm(np.diff(p, axis=0), axis=1) for p in (points, laid))
    np.testing.assert_allclose(after, before, rtol=0.03)
    assert np.allclose((laid[:, 0] / 0.3) ** 2 + (laid[:, 2] / 0.12) ** 2, 1, atol=0.01)
    np.testing.assert_allclose(_around(points, wide, wide, np.zeros(50), deep), points, atol=1e-3)
