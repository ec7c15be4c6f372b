"""Views and cameras: points and pixels move alike, and pictures stay pictures."""

import numpy as np
import pytest

from vton.training.photo_augmentation import (
    Camera,
    ViewRange,
    affine,
    apply_to_points,
    occlude,
    photograph,
    random_view,
    saturate,
    warp,
)


def centre_of(picture):
    y, x = np.nonzero(picture > 127)
    return np.array([x.mean() + 0.5, y.mean() + 0.5])


@pytest.mark.parametrize("scale", [(0.4, 0.4), (1.0, 1.0), (-1.5, 1.5)])
def test_points_move_with_the_pixels(scale):
    picture = np.zeros((120, 90), np.uint8)
    picture[40:52, 60:70] = 255
    matrix = affine(scale, 20, (45, 60), (48, 64))
    moved = warp(picture, matrix, (128, 96))
    assert np.abs(centre_of(moved) - apply_to_points(matrix, centre_of(picture))).max() < 0.3
    assert np.allclose(apply_to_points(matrix, np.array([45, 60])), (48, 64))


def test_borders_and_labels():
    picture = np.full((20, 20, 3), 50, np.uint8)
    matrix = affine((1, 1), 0, (10, 10), (20, 20))
    assert (warp(picture, matrix, (40, 40), (1, 2, 3))[0, 0] == (1, 2, 3)).all()
    assert (warp(picture, matrix, (40, 40), None) == 50).all()
    labels = np.random.default_rng(0).choice(np.uint8([0, 7, 254]), (20, 20))
    small = affine((0.3, 0.3), 5, (10, 10), (10, 10))
    assert set(np.unique(warp(labels, small, (20, 20), 255, nearest=True))) <= {0, 7, 254, 255}


def test_views_show_the_person_at_the_sizes_asked_for():
    rng, box = np.random.default_rng(0), np.array([80, 20, 180, 360])
    heights, mirrored = [], 0
    for _ in range(300):
        matrix = random_view(rng, box, (256, 192), ViewRange(half_body=0, close=0, far=0, smallest=0.5, largest=1.0))
        heights.append(np.sqrt(abs(np.linalg.det(matrix[:, :2]))) * 340 / 256)
        mirrored += np.linalg.det(matrix[:, :2]) < 0
        assert (np.abs(apply_to_points(matrix, np.array([130, 190])) - (96, 128)) < (115, 155)).all()
    assert 0.45 < min(heights) < 0.56 and 0.94 < max(heights) < 1.06
    assert 110 < mirrored < 190
    half = [random_view(rng, box, (256, 192), ViewRange(half_body=1, flip=0)) for _ in range(50)]
    assert min(abs(np.linalg.det(m[:, :2])) for m in half) > (0.8 / 1.33) ** 2


def test_every_camera_gives_a_picture_and_is_repeatable():
    picture = np.random.default_rng(1).integers(0, 256, (64, 48, 3), np.uint8)
    everything = Camera(1, 1, 0.3, 1, 1, 1, 1, 1)
    for seed in range(12):
        first, again = (photograph(np.random.default_rng(seed), picture, everything) for _ in range(2))
        assert first.shape == picture.shape and first.dtype == np.uint8
        assert (first == again).all() and (first != picture).any()
    assert (photograph(np.random.default_rng(0), picture, Camera(0, 0, 0, 0, 0, 0, 0, 0)) == picture).all()


def test_no_saturation_is_grey():
    grey = saturate(np.random.default_rng(2).integers(0, 256, (8, 8, 3), np.uint8), 0.0)
    assert np.ptp(grey.astype(int), axis=2).max() <= 1


def test_an_occluder_covers_what_it_says():
    picture = np.full((64, 48, 3), 9, np.uint8)
    texture = np.full((64, 48, 3), 77, np.uint8)
    covered = np.zeros((64, 48), bool)
    rng = np.random.default_rng(3)
    while not covered.any():
        covered = occlude(rng, picture, texture)
    assert (picture[covered] == 77).all() and (picture[~covered] == 9).all()
