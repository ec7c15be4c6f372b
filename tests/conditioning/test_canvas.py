"""Fitting pictures to a canvas."""

import re
from pathlib import Path

import numpy as np
import pytest

from vton.conditioning.canvas import extent, fit_to_canvas, resize_smoothly, resize_u8, resized, scaled, shrink_to

VTON = Path(__file__).resolve().parents[2] / "vton"


def dot(size_hw, at_xy, background=(250, 240, 230)):
    image = np.full((*size_hw, 3), background, np.uint8)
    x, y = at_xy
    image[y - 6 : y + 6, x - 6 : x + 6] = (10, 20, 200)
    return image


@pytest.mark.parametrize("size_hw", [(300, 300), (600, 200), (128, 96), (200, 900), (256, 192)])
def test_transform_finds_the_dot_and_goes_back(size_hw):
    at = (size_hw[1] // 3, size_hw[0] // 4)
    canvas, transform = fit_to_canvas(dot(size_hw, at), (256, 192))
    assert canvas.shape == (256, 192, 3)
    ys, xs = np.nonzero(canvas[..., 0] < 130)
    expected = transform.forward(at)
    assert (xs.mean() + 0.5, ys.mean() + 0.5) == pytest.approx(expected, abs=1)
    assert transform.inverse(expected) == pytest.approx(at, abs=1e-3)
    points = np.random.default_rng(0).uniform(0, 200, (5, 2)).astype(np.float32)
    np.testing.assert_allclose(transform.inverse(transform.forward(points)), points, atol=1e-3)


@pytest.mark.parametrize("size_hw", [(100, 300), (300, 100)])
def test_nothing_is_stretched(size_hw):
    image = dot(size_hw, (size_hw[1] // 2, size_hw[0] // 2))
    canvas, _ = fit_to_canvas(image, (256, 192))
    ys, xs = np.nonzero(canvas[..., 0] < 130)
    assert abs(np.ptp(ys) - np.ptp(xs)) <= 1


def test_padding_has_the_colour_of_the_border_or_the_given_one():
    image = dot((100, 300), (150, 50))
    canvas, _ = fit_to_canvas(image, (256, 192))
    assert (canvas[0] == (250, 240, 230)).all() and (canvas[-1] == (250, 240, 230)).all()
    canvas, _ = fit_to_canvas(image, (256, 192), background=(1, 2, 3))
    assert (canvas[0] == (1, 2, 3)).all()
    assert (fit_to_canvas(image[..., 0], (256, 192), background=9)[0][0] == 9).all()


def test_a_picture_of_the_right_size_stays_as_it_is():
    image = np.random.default_rng(1).integers(0, 255, (256, 192, 3), np.uint8)
    canvas, transform = fit_to_canvas(image, (256, 192))
    assert np.array_equal(canvas, image) and (transform.scale, transform.dx, transform.dy) == (1, 0, 0)


def test_very_thin_pictures_do_not_vanish():
    canvas, _ = fit_to_canvas(dot((4000, 16), (8, 2000)), (256, 192))
    assert (canvas[..., 0] < 200).any()


def test_shrink_to():
    image = np.zeros((100, 400, 3), np.uint8)
    assert shrink_to(image, 200).shape == (50, 200, 3)
    assert shrink_to(image, 400) is image


def test_an_extent_is_of_all_that_is_not_zero():
    mask = np.zeros((9, 12), np.uint8)
    mask[2, 5], mask[6, 3] = 1, 255
    assert extent(mask) == (2, 7, 3, 6) and extent(mask > 0) == extent(mask)


def test_pixels_are_resized_in_conditioning_alone():
    rooms = {file: file.relative_to(VTON).parts[0] for file in VTON.rglob("*.py")}
    files = [file for file, room in rooms.items() if room not in ("conditioning", "studio")]
    raw = re.compile(r"cv2\.resize|\.resize\(|\.thumbnail\(")
    assert not [file.relative_to(VTON).as_posix() for file in files if raw.search(file.read_text("utf-8"))]


def test_ways_to_resize():
    step = np.zeros((4, 8), np.uint8)
    step[:, 4:] = 100
    assert resized(step, (2, 3), "mean").tolist() == [[0, 50, 100]] * 2
    assert set(np.unique(resized(step, (8, 12), "labels"))) == {0, 100}
    assert np.ptp(resized(step, (8, 16), "linear")) == 100 and resized(step, (8, 16), "linear")[0, 8] == 75
    assert np.array_equal(scaled(step, 2, "linear"), resized(step, (8, 16), "linear"))
    assert np.array_equal(resize_smoothly(step, (8, 16)), resized(step, (8, 16), "linear"))
    assert np.array_equal(resize_smoothly(step, (2, 3)), resized(step, (2, 3), "mean"))
    wide = np.repeat(step.astype(np.float32), 2, axis=0)
    assert scaled(wide, 3, "cubic").max() > 100  # which overshoots
    assert np.array_equal(resize_u8(step, (8, 16)), resized(step, (8, 16), "cubic"))
    assert resize_u8(step, (4, 8)) is not step
