"""Portraits in the skin's texture: in their place, without their light, and nowhere else."""

import cv2
import numpy as np
import pytest
from drawn.portraits import MARK, draw_portrait, place, write_portraits

from vton.studio.likeness.face_map import face_map, face_points
from vton.studio.likeness.faces import FacePainter, evened, without_shadows
from vton.studio.likeness.portraits import Portraits

SIZE = 1024
TONE = np.array([0.30, 0.18, 0.12], np.float32)


@pytest.fixture(scope="module")
def painter(model, tmp_path_factory):
    folder = write_portraits(
        tmp_path_factory.mktemp("portraits"),
        {
            "even": (draw_portrait(), {}),
            "marked": (draw_portrait(marked=True), {}),
            "lit": (draw_portrait(light=0.7), {}),
        },
    )
    return FacePainter(model, Portraits(folder), SIZE)


def painted(painter, upper, lower):
    albedo = np.tile(TONE, (SIZE, SIZE, 1)).astype(np.float32)
    painter.paint(albedo, (upper, lower))
    return albedo[painter.map.rows, painter.map.columns], albedo


def at(face, x, y):
    distance = np.hypot(face.places[..., 0] - x, face.places[..., 1] - y) + 9 * (face.places[..., 2] < 0.6)
    return np.unravel_index(distance.argmin(), distance.shape)


def test_texels_show_the_point_of_the_portrait_that_lies_on_them(model):
    face = face_map(model, SIZE)
    points = place(face_points())
    shown = face.mask > 0.5
    miss = np.linalg.norm(face.pixels(points) - place(face.places), axis=-1)[shown]
    assert np.median(miss) < 0.5 and miss.max() < 3


def test_a_mark_stays_where_it_is_and_skin_around_the_face_is_left_alone(painter):
    face, (marked, whole) = painter.map, painted(painter, "marked", "marked")
    even, _ = painted(painter, "even", "even")
    spot, other = at(face, *MARK), at(face, -MARK[0], MARK[1])
    assert marked[spot].sum() < 0.6 * even[spot].sum()
    np.testing.assert_allclose(marked[other], even[other], rtol=0.1)
    outside = np.ones((SIZE, SIZE), bool)
    outside[face.rows, face.columns] = face.mask == 0
    np.testing.assert_allclose(whole[outside], np.broadcast_to(TONE, whole[outside].shape), rtol=1e-5)


def test_a_face_takes_the_tone_of_the_skin_and_loses_the_light_of_its_portrait(painter):
    lit, _ = painted(painter, "lit", "lit")
    np.testing.assert_allclose(lit[painter.map.bare].mean(0), TONE, rtol=0.12)
    left, right = (lit[at(painter.map, side * 0.4, 7.0)].mean() for side in (-1, 1))
    assert 0.85 < left / right < 1.18  # 1 to 3 in the portrait, in linear light


def test_what_is_dark_on_one_side_is_lifted_and_what_is_dark_on_both_stays(painter):
    grey = np.zeros(painter.map.mask.shape, np.float32)
    (left, right), brow = (at(painter.map, side * 0.35, 6.9) for side in (-1, 1)), at(painter.map, 0.35, 7.5)
    for row, column in (left, brow, at(painter.map, -0.35, 7.5)):
        cv2.circle(grey, (int(column), int(row)), 14, -0.6, -1)
    lifted = without_shadows(grey, painter.map.mirror)
    assert lifted[left] > -0.2 and abs(lifted[right]) < 0.05 and lifted[brow] < -0.5


def test_blotches_and_creases_fade_and_lips_and_brows_keep_their_contrast(painter):
    face = painter.map
    places, side = face.places, np.abs(face.places[..., 0])
    height = np.clip(1.5 * (places[..., 1] - 7.0), -0.4, 0.4).astype(np.float32)
    blotch = np.where((side > 0.3) & (side < 0.5) & (places[..., 1] > 6.8), 0.2, 0).astype(np.float32)
    lips, crease = at(face, 0.0, 6.75), at(face, 0.0, 7.6)
    grey, colour = height.copy(), np.stack([blotch, -0.5 * blotch, -0.5 * blotch], -1)
    cv2.circle(grey, (int(crease[1]), int(crease[0])), 2, float(grey[crease] - 0.6), -1)
    colour[lips[0] - 6 : lips[0] + 7, lips[1] - 6 : lips[1] + 7] += [0.2, -0.1, -0.1]
    even, tinted = evened(grey, colour, face)
    inside = cv2.erode(face.mask, np.ones((25, 25))) > 0.9
    plain = inside & (face.plain > 0.9)
    above = plain & (places[..., 1] > 6.9)
    left, before = (np.ptp(np.percentile(values[above], (5, 95))) for values in (even, height))
    assert left < 0.5 * before
    assert np.median(tinted[plain & (blotch > 0), 0]) < 0.08 < tinted[lips][0]
    assert even[crease] > -0.5 and even[crease] < np.median(even[plain]) - 0.05


def test_one_portrait_gives_the_upper_half_and_the_other_the_lower(painter):
    upper, _ = painted(painter, "marked", "even")
    lower, _ = painted(painter, "even", "marked")
    spot = at(painter.map, *MARK)
    assert lower[spot].sum() < 0.6 * upper[spot].sum()


def test_smaller_textures_hold_the_same_face(model, painter):
    small = FacePainter(model, painter.portraits, SIZE // 2)
    albedo = np.tile(TONE, (SIZE // 2, SIZE // 2, 1)).astype(np.float32)
    small.paint(albedo, ("marked", "marked"))
    _, large = painted(painter, "marked", "marked")
    halved = large.reshape(SIZE // 2, 2, SIZE // 2, 2, 3).mean((1, 3))
    assert np.abs(albedo - halved).max() < 0.05 and np.abs(albedo - TONE).max() > 0.05
