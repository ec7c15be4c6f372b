"""vton.studio.garments.building: garments around the rest body, their atlas and their weights."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vton.studio.body.standards import MANNEQUINS
from vton.studio.garments.atlas import ATLAS_M, BORDERS, CUFF, HEM, NECK, OPENING, WAIST
from vton.studio.garments.building import build_garment
from vton.studio.geometry.mesh import boundary_loops, edges
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

FABRIC = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)
CUTS = {
    "tee": {"sleeve": 0.35},
    "tank": {"sleeve": 0.0, "neck_depth": 0.1},
    "blazer": {"collar": "lapel", "hem": 1.4, "ease": 0.012},
    "straight": {"knee_radius": 0.075, "hem_radius": 0.07},
    "pleated": {"flare": 0.2, "hem_leg": 0.1, "pleats": 16},
    "slip": {"sleeve": 0.0, "strap": 0.004, "neck_width": 0.02, "neck_depth": 0.0, "flare": 0.1, "hem_leg": 0.2},
}


@pytest.fixture(scope="module")
def shape(model):
    return model.mannequin("female")


@pytest.fixture(scope="module")
def made(shape):
    return {type_: build_garment(ArticleSpec("top", type_, cut, FABRIC), shape) for type_, cut in CUTS.items()}


@pytest.mark.parametrize("type_", CUTS)
def test_garment_is_around_the_body_and_faces_out(made, shape, type_):
    mesh = made[type_].mesh
    body = shape.model.regions.body
    _, nearest = cKDTree(shape.vertices[body]).query(mesh.vertices)
    height = ((mesh.vertices - shape.vertices[body][nearest]) * shape.normals[body][nearest]).sum(1)
    facing = (mesh.normals() * shape.normals[body][nearest]).sum(1)
    assert np.percentile(height, 2) > -0.002
    assert np.median(facing) > 0.7


@pytest.mark.parametrize("type_", CUTS)
def test_skin_weights_sum_to_one(made, shape, type_):
    garment = made[type_]
    assert np.allclose(garment.weights.sum(1), 1, atol=1e-5) and garment.weights.min() >= 0
    assert garment.bones.max() < len(shape.model.bones)
    assert len(garment.attach) == len(garment.limb) == len(garment.mesh.vertices)
    assert len(garment.stretch) == len(edges(garment.mesh.triangles))


@pytest.mark.parametrize("type_", ["tee", "tank", "straight", "blazer", "slip"])
def test_atlas_is_in_metres(made, type_):
    garment = made[type_]
    mesh = garment.mesh
    assert mesh.uv.min() > 0 and mesh.uv.max() < 1
    solid, flat = mesh.vertices[mesh.triangles], mesh.uv[mesh.uv_triangles] * ATLAS_M
    ratio = np.linalg.norm(flat[:, 1] - flat[:, 0], axis=1) / np.linalg.norm(solid[:, 1] - solid[:, 0], axis=1)
    assert 0.75 < np.median(ratio) < 1.25


@pytest.mark.parametrize(
    ("slot", "type_", "cut"),
    [
        ("top", "tee", {"hem": 1.1, "sleeve": 0.35}),
        ("top", "tank", {"sleeve": 0.0, "neck_depth": 0.1}),
        ("bottom", "straight", {"rise": 0.3}),
        ("bottom", "midi", {"hem_leg": -0.2}),
        ("outer", "blazer", {"collar": "lapel", "hem": 1.4, "ease": 0.012}),
    ],
)
def test_borders_have_the_same_coordinates_on_every_body(model, slot, type_, cut):
    """One article is one cloth: hems, cuffs, necks and waists of a heavy and of a tall body lie on each other."""
    bodies = [MANNEQUINS["male"], dataclasses.replace(MANNEQUINS["male"], height=0.3, weight=0.75)]
    atlases = [build_garment(ArticleSpec(slot, type_, cut, FABRIC), model.shape(b)).atlas for b in bodies]
    assert atlases[0].marks == atlases[1].marks
    one, other = (ATLAS_M * a.border_uv.reshape(-1, 2) for a in atlases)
    apart, _ = cKDTree(one).query(other)
    assert np.median(apart) < 0.005 and np.percentile(apart, 95) < 0.015


def test_islands_do_not_overlap(made):
    for type_ in ("tee", "straight"):
        atlas = made[type_].atlas
        boxes = []
        for island in np.unique(atlas.island):
            uv = atlas.uv[atlas.uv_triangles[atlas.island == island].ravel()]
            boxes.append((uv.min(0), uv.max(0)))
        for i, (low, high) in enumerate(boxes):
            for other_low, other_high in boxes[i + 1 :]:
                assert (np.maximum(low, other_low) > np.minimum(high, other_high)).any(), type_


@pytest.mark.parametrize(
    ("type_", "borders", "loops"),
    [
        ("tee", {HEM, NECK, CUFF}, 4),
        ("tank", {HEM, NECK, CUFF}, 4),
        ("blazer", {HEM, NECK, CUFF, OPENING}, 3),
        ("straight", {HEM, WAIST}, 3),
        ("pleated", {HEM, WAIST}, 2),
    ],
)
def test_borders(made, type_, borders, loops):
    garment = made[type_]
    assert {int(k) for k in garment.atlas.border_kind} == borders, [BORDERS[k] for k in borders]
    assert len(boundary_loops(garment.mesh.triangles)) == loops
    assert garment.atlas.border_uv.shape == (len(garment.atlas.border_kind), 2, 2)


def test_straps_hold(made):
    """Front and back of a slip hang together over both shoulders: a tube with two handles."""
    mesh = made["slip"].mesh
    assert len(mesh.vertices) - len(edges(mesh.triangles)) + len(mesh.triangles) == -2


@pytest.mark.parametrize("gap", [0.012, 0.045])
def test_outers_are_open_from_neck_to_hem(shape, gap):
    """A tube with three ends and a slit through two of its borders is a disc with two holes."""
    cut = {"open": gap, "hem": 0.8, "collar": "shirt", "ease": 0.012}
    garment = build_garment(ArticleSpec("outer", "denimjacket", cut, FABRIC), shape)
    mesh, front = garment.mesh, shape.measures.neck[2]
    assert len(mesh.vertices) - len(edges(mesh.triangles)) + len(mesh.triangles) == -1
    middle = (np.abs(mesh.vertices[:, 0]) < 0.002) & (mesh.vertices[:, 2] > front)
    assert not middle.any()


def test_slit_opens_the_hem(shape):
    garment = build_garment(ArticleSpec("bottom", "pencil", {"slit": 0.15, "hem_leg": 0.1}, FABRIC), shape)
    loops = boundary_loops(garment.mesh.triangles)
    hem = max(loops, key=len)
    assert len(loops) == 2 and np.ptp(garment.mesh.vertices[hem, 1]) == pytest.approx(0.15, abs=0.015)


def test_sleeves_follow_the_cut(shape):
    ends = []
    for share in (0.3, 0.6, 1.0):
        garment = build_garment(ArticleSpec("top", "tee", {"sleeve": share}, FABRIC), shape)
        along, away = shape.measures.along_arm(garment.mesh.vertices[garment.limb == 1])
        ends.append(along.max())
        of_arm = [length / m.arm_lengths[2] for length, m in ((along.max(), shape.measures),
                  (garment.atlas.marks.sleeve, shape.model.standard().measures))]  # fmt: skip
        assert of_arm[1] == pytest.approx(of_arm[0], abs=0.025)
    assert ends[0] < ends[1] < ends[2] <= shape.measures.arm_lengths[2] + 0.02


def test_same_article_same_garment(made, shape):
    again = build_garment(ArticleSpec("top", "tee", CUTS["tee"], FABRIC), shape)
    assert np.array_equal(again.mesh.vertices, made["tee"].mesh.vertices)
    assert np.array_equal(again.weights, made["tee"].weights)
