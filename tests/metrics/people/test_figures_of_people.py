"""Silhouettes, locality and pose response on drawn figures."""

import numpy as np
import pytest
from drawn.studio import BACKDROP, draw_person

from vton.metrics.garments.locality import locality
from vton.metrics.people.pose_response import pose_response
from vton.metrics.people.silhouette import silhouette_from_pixels, silhouette_iou

COLOURS = {"top": (200, 40, 40), "bottom": (40, 60, 160), "shoes": (30, 30, 30)}


def person(shift=0, size=4):
    image, labels = draw_person(COLOURS, shift)
    return np.kron(image, np.ones((size, size, 1), np.uint8)), np.kron(labels, np.ones((size, size), int)) > 0


def test_silhouette_of_a_drawn_figure():
    image, figure = person()
    assert silhouette_iou(silhouette_from_pixels(image), figure) > 0.99


def test_silhouette_before_a_shaded_noisy_backdrop():
    image, figure = person()
    shade = (
        np.linspace(0, -25, image.shape[0])[:, None, None] + np.linspace(-6, 6, image.shape[1])[None, :, None]
    )
    noise = np.random.default_rng(0).normal(0, 1, image.shape)
    shaded = np.clip(np.where(figure[..., None], image, image + shade + noise), 0, 255).astype(np.uint8)
    assert silhouette_iou(silhouette_from_pixels(shaded), figure) > 0.96


def test_floor_shadow_and_specks_are_not_the_figure():
    image, figure = person()
    image[236:250, 40:150][~figure[236:250, 40:150]] -= 25  # grey shadow beside the shoes
    image[20:30, 20:30] = (0, 160, 0)  # something that is not connected to the person
    found = silhouette_from_pixels(image)
    assert silhouette_iou(found, figure) > 0.97 and not found[20:30, 20:30].any()


def test_gap_between_the_legs_stays_open_and_small_holes_close():
    image, figure = person()
    figure[136:224, 88:104] = False
    image[136:224, 88:104] = BACKDROP
    image[80:84, 90:94] = BACKDROP  # a print in the backdrop's colour
    found = silhouette_from_pixels(image)
    assert not found[150:200, 92:100].any() and found[80:84, 90:94].all()


def test_nobody_there():
    assert not silhouette_from_pixels(np.full((64, 48, 3), 230, np.uint8)).any()


def test_iou():
    a, b = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    assert silhouette_iou(a, b) == 1
    a[:2], b[1:3] = True, True
    assert silhouette_iou(a, b) == pytest.approx(1 / 3) and silhouette_iou(a, ~a) == 0


def test_locality():
    before, region = np.full((8, 8, 3), 100, np.uint8), np.zeros((8, 8), bool)
    region[:2] = True
    after = before.copy()
    after[region] = 160
    after[~region] = 90
    assert locality(before, after, region) == (60, 10)
    assert locality(after, before, region) == (60, 10), "uint8 must not wrap"
    assert locality(before, after, np.zeros((8, 8), bool)) is None
    assert locality(before, after, np.ones((8, 8), bool)) is None


def test_pose_response():
    (_, left), (_, right) = person(-5), person(5)
    right_one = pose_response(left, right, left, right)
    assert right_one.follows and right_one.moved == right_one.true_moved > 0.3
    frozen = pose_response(left, left, left, right)
    assert not frozen.follows and frozen.moved == 0
    assert not pose_response(right, left, left, right).follows
