"""vton.studio.raster.cloth_buffers: flat sheets before the camera, whose cloth is known in every pixel."""

import numpy as np
import pytest

from vton.data.cloth import NO_ISLAND
from vton.studio.garments.atlas import ATLAS_M
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.picture import cloth_scale, prepare
from vton.studio.rendering.surface import Surface

SHARE = 0.25
"""Of the atlas' side on a quad."""


def quad(x, z, half_width, half_height, **fields):
    """A rectangle that faces the camera; its uv runs from 0 to `SHARE`."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    vertices = np.stack([x + corners[:, 0] * half_width, corners[:, 1] * half_height, np.full(4, z)], 1)
    normals = np.tile(np.array([[0, 0, 1]], np.float32), (4, 1))
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    uv = SHARE * (corners + 1) / 2
    return Surface(vertices.astype(np.float32), normals, triangles, **{"uv": uv, "material": "cloth"} | fields)


def cloth_of(surfaces, size_hw=(64, 64)):
    return prepare(surfaces, StudioCamera.front((0, 0, 0), 1.0), size_hw, [], floor=False).cloth


def test_each_pixel_shows_the_cloth_in_its_middle():
    cloth = cloth_of([quad(0, 0, 0.25, 0.25, article=3, island=2)])
    assert (cloth.article[16:48, 16:48] == 3).all() and (cloth.island[16:48, 16:48] == 2).all()
    assert cloth.article.sum() == 3 * 32**2 and (cloth.island[:16] == NO_ISLAND).all() and not cloth.inside.any()
    middles = (np.arange(32) + 0.5) / 32 * SHARE * ATLAS_M
    np.testing.assert_allclose(cloth.place[16:48, 16:48, 0], np.broadcast_to(middles, (32, 32)), atol=1e-3)
    np.testing.assert_allclose(cloth.place[16:48, 16:48, 1], np.broadcast_to(middles[::-1, None], (32, 32)), atol=1e-3)


def test_the_nearer_article_is_seen_and_skin_is_none():
    behind, arm = quad(0, 0, 0.25, 0.25, article=1), quad(0.2, 0.2, 0.1, 0.4)
    cloth = cloth_of([behind, quad(-0.2, 0.1, 0.1, 0.25, article=2), arm])
    assert (cloth.article[20:44, 16:25] == 2).all() and (cloth.article[20:44, 26:38] == 1).all()
    assert not cloth.article[:, 39:].any()


def test_the_inside_is_told_from_the_outside():
    outside = quad(0, 0, 0.25, 0.25, article=1)
    turned = Surface(outside.vertices, outside.normals, outside.triangles[:, ::-1].copy(), outside.uv,
                     outside.triangles[:, ::-1].copy(), article=1)  # fmt: skip
    assert cloth_of([turned]).inside[16:48, 16:48].all() and not cloth_of([outside]).inside.any()


def test_layers_in_one_pixel_are_not_averaged():
    """Two sheets of one article half a metre of cloth apart, each over half of the middle pixels."""
    uv = np.array([[0, 0], [0.05, 0], [0.05, 0.1], [0, 0.1]], np.float32)
    left, right = quad(-0.125, 0, 0.125, 0.25, article=1, uv=uv), quad(0.133, 0, 0.125, 0.25, article=1, uv=uv + 0.5)
    u = cloth_of([left, right]).place[20:44, 30:36, 0]
    assert ((u < 0.06 * ATLAS_M) | (u > 0.49 * ATLAS_M)).all()


def test_accessories_have_points_of_their_own():
    points = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], np.float32)
    cloth = cloth_of([quad(0, 0, 0.25, 0.25, article=6, place=points)])
    assert cloth.place[32, 32] == pytest.approx((0.516, 0.484, 1.0), abs=0.01)


def test_large_pictures_have_labels_of_half_their_size():
    assert cloth_scale((256, 192)) == 1 and cloth_scale((512, 384)) == 2
    assert cloth_of([quad(0, 0, 0.25, 0.25, article=1)], (512, 512)).article.shape == (256, 256)
