"""vton.studio.accessories.hats and kinds: hats cover the skull, glasses sit before the eyes, colours are legible."""

import numpy as np
import pytest

from vton.studio.accessories.hats import BRIM, HAT_TYPES, build_glasses, build_hat
from vton.studio.accessories.kinds import (
    HATS,
    KINDS,
    SHOES,
    accessory_fabric,
    draw_accessory,
    draw_bag,
    draw_hat,
    draw_shoes,
)
from vton.studio.fabrics.painting import PALETTE
from vton.studio.figures.ensemble import HAT_LINE_DM, head_of
from vton.studio.geometry.mesh import vertex_normals


@pytest.fixture(scope="module")
def shape(model):
    return model.mannequin("male")


@pytest.mark.parametrize("type_", HATS)
def test_a_hat_covers_the_skull(shape, model, type_):
    hat = build_hat(draw_accessory(np.random.default_rng(2), type_), head_of(shape))
    skull = shape.vertices[model.regions.head & (model.template[:, 1] > HAT_LINE_DM + 0.15)]
    above = (skull - hat.edge_point) @ hat.edge_normal > 0.02
    for point in skull[above][::25]:
        near = np.linalg.norm(hat.mesh.vertices[:, [0, 2]] - point[[0, 2]], axis=1) < 0.02
        assert hat.mesh.vertices[near, 1].max() > point[1], "cloth over every point of the skull"
    assert hat.mesh.vertices[:, 1].max() < skull[:, 1].max() + 0.08
    crown = hat.mesh.part != BRIM
    normals = vertex_normals(hat.mesh.vertices, hat.mesh.triangles[crown])
    used = np.unique(hat.mesh.triangles[crown])
    assert (normals[used] * (hat.mesh.vertices[used] - skull.mean(0))).sum(1).mean() > 0


@pytest.mark.parametrize("type_", HATS)
def test_a_point_of_a_hat_is_the_same_on_every_head(shape, model, type_):
    article = draw_accessory(np.random.default_rng(2), type_)
    one, other = (build_hat(article, head_of(s)).mesh for s in (shape, model.mannequin("female")))
    assert not np.allclose(one.vertices, other.vertices, atol=1e-3)
    np.testing.assert_allclose(one.place, other.place, atol=1e-6)
    worn = one.moved(np.diag([-1.0, 1, -1]), (0, 1, 0))
    assert np.array_equal(worn.place, one.place) and np.array_equal(worn.mirrored().place, one.place * [-1, 1, 1])


def test_types_are_the_same_everywhere():
    assert set(HAT_TYPES) == set(HATS)


def test_glasses_frame_both_eyes(shape, model):
    left, right = (shape.vertices[np.unique(model.eye_triangles[side])].mean(0) for side in ("left", "right"))
    frame = build_glasses(4, left, right).vertices
    for eye in (left, right):
        rim = frame[np.abs(frame[:, 0] - eye[0]) < 0.03]
        assert rim[:, 2].max() > eye[2] + 0.015
        assert rim[:, 1].min() < eye[1] - 0.008 and rim[:, 1].max() > eye[1] + 0.008
    assert np.ptp(frame[:, 2]) > 0.08, "temples reach back to the ears"


@pytest.mark.parametrize("gender", ["female", "male"])
def test_only_what_a_gender_wears(gender):
    rng, column = np.random.default_rng(0), 0 if gender == "female" else 1
    for draw in (draw_shoes, draw_bag, draw_hat):
        types = {draw(rng, gender).type for _ in range(80)}
        assert len(types) > 1 and all(KINDS[t].worn[column] > 0 for t in types)


def test_scaled_out_shoes_are_not_drawn():
    rng = np.random.default_rng(0)
    only = dict.fromkeys(set(SHOES) - {"pump"}, 0.0)
    assert {draw_shoes(rng, "female", only).type for _ in range(20)} == {"pump"}


def test_colours_come_from_the_palette_and_accents_show():
    for kind in KINDS.values():
        assert set(kind.main) | set(kind.second) | set(kind.third) <= set(PALETTE)
    rng = np.random.default_rng(1)
    for _ in range(40):
        main, _, accent = accessory_fabric(rng, "sneaker").colours
        assert np.abs(np.subtract(main, accent)).sum() > 0.25
