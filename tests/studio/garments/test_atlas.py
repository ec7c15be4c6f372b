"""vton.studio.garments.atlas: seams run straight where the triangles that they cross do not; cloth is not distorted."""

import numpy as np
import pytest

from vton.studio.garments.atlas import ATLAS_M, AtlasMarks, _along_sleeve, _straightened
from vton.studio.garments.building import build_garment
from vton.studio.garments.cutting import Pattern
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

MARKS = AtlasMarks(
    neck_v=1.5, shoulder_v=1.4, bust_v=1.3, waist_v=1.1, hip_v=0.95, crotch_v=0.82, knee_v=0.5, top_v=1.05, hem_v=0.9,
    button_v=1.2, open_u=0.02, side_u=0.25, sleeve=0.5, elbow=0.3,
)  # fmt: skip
ENDS = {
    ("top", 0): MARKS.centre_u + 2 * MARKS.side_u,
    ("top", 2): MARKS.sleeve_u + np.pi * MARKS.sleeve_radius,
    ("pants", 1): MARKS.leg_u[0] + np.pi * MARKS.leg_radius,
}


@pytest.mark.parametrize(("kind", "island"), ENDS, ids=lambda value: str(value))
def test_a_zigzag_at_the_end_of_an_island_becomes_a_line_at_its_heights(kind, island):
    end, v = ENDS[kind, island], np.linspace(0.9, 1.2, 13)
    u = end + 0.01 * (-1.0) ** np.arange(13)
    zigzag = np.stack([np.stack([u[:-1], v[:-1]], 1), np.stack([u[1:], v[1:]], 1)], 1) / ATLAS_M
    line = _straightened(zigzag.astype(np.float32), np.full(12, island), MARKS, Pattern(kind=kind))
    np.testing.assert_allclose(line[..., 0] * ATLAS_M, end, atol=1e-5)
    np.testing.assert_array_equal(line[..., 1], zigzag[..., 1].astype(np.float32))


def test_a_jump_in_the_middle_of_an_island_is_no_seam():
    bend = np.array([[[MARKS.sleeve_u, 0.4], [MARKS.sleeve_u + 0.02, 0.41]]], np.float32) / ATLAS_M
    assert not len(_straightened(bend, np.array([1]), MARKS, Pattern(kind="top")))


@pytest.fixture(scope="module")
def tee(model):
    """A tee's triangles of front and back, [T, 3, 3] m at rest, and their places [T, 3, 2] m from the middle's foot."""
    fabric = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)
    garment = build_garment(ArticleSpec("top", "tee", {"sleeve": 0.35}, fabric), model.standard())
    torso = garment.atlas.island == 0
    places = garment.atlas.uv[garment.atlas.uv_triangles[torso]] * ATLAS_M - [garment.atlas.marks.centre_u, 0]
    return garment.mesh.vertices[garment.mesh.triangles[torso]], places, garment.atlas.marks


def test_patterns_run_straight_up_to_the_neck_and_the_shoulders(model, tee):
    """Not towards the neck like the ribs of a fan."""
    corners, places, marks = tee
    m = model.standard().measures
    middle = corners.mean(1)
    high = middle[:, 1] > m.shoulder[1] + 0.02
    front = high & (middle[:, 2] > m.front(m.shoulder[1]) * 0.4)
    assert front.sum() > 100 and np.abs(middle[front, 0]).max() > 0.12
    np.testing.assert_allclose(places[front, :, 0], corners[front, :, 0], atol=0.004)
    back = high & (middle[:, 2] < m.back(m.shoulder[1]) * 0.4)
    assert back.sum() > 50
    sides = np.sign(places[back, :, :1].mean(1))
    np.testing.assert_allclose(2 * marks.side_u * sides - places[back, :, 0], corners[back, :, 0], atol=0.004)


def test_the_whole_back_is_of_one_piece(model, tee):
    corners, places, marks = tee
    m = model.standard().measures
    middle = corners.mean(1)
    behind = (middle[:, 1] > m.bust_y) & (middle[:, 2] < m.back(m.shoulder[1]) * 0.4) & (np.abs(middle[:, 0]) < 0.1)
    sides = np.sign(places[behind, :, :1].mean(1))
    np.testing.assert_allclose(2 * marks.side_u * sides - places[behind, :, 0], corners[behind, :, 0], atol=0.03)


def test_cloth_on_the_shoulders_is_neither_pressed_together_nor_torn(model, tee):
    corners, places, _ = tee
    high = corners[..., 1].min(1) > model.standard().measures.shoulder[1]
    areas = [
        np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]).reshape(len(p), -1), axis=1)
        for p in (corners[high], np.pad(places[high], ((0, 0), (0, 0), (0, 1))))
    ]
    share = areas[1].sum() / areas[0].sum()
    lengths = [np.linalg.norm(np.diff(a[high], axis=1), axis=2) for a in (places, corners)]
    stretch = lengths[0] / lengths[1]
    assert 0.8 < share < 1.25
    assert np.percentile(stretch, 99) < 1.7, "no triangle spans the seam from front to back"


@pytest.mark.parametrize("side", [-1, 1], ids=["outside of the elbow", "inside"])
def test_sleeves_are_even_around_the_elbow(model, side):
    """Stripes neither jump where the arm bends, nor are they drawn out."""
    m = model.standard().measures
    upper, lower = (m.elbow - m.shoulder, m.wrist - m.elbow)
    upper, lower = upper / np.linalg.norm(upper), lower / np.linalg.norm(lower)
    along = (upper + lower) / np.linalg.norm(upper + lower)
    off = (lower - upper) / np.linalg.norm(lower - upper)
    steps = np.arange(-0.08, 0.08, 0.002)
    lengths = _along_sleeve(m.elbow + side * 0.05 * off + steps[:, None] * along, m)
    assert (np.abs(np.diff(lengths) / 0.002 - 1) < 0.6).all()
