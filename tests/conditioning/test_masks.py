"""The vocabulary of masks: what each word does at borders and corners, and that nothing else calls OpenCV for it."""

import re
from pathlib import Path

import numpy as np
import pytest

from vton.conditioning.masks import (
    blend,
    closed,
    disc,
    distance_to,
    from_sides,
    grown,
    highest,
    holes,
    lowest,
    nearest_colours,
    opened,
    pieces,
    row,
    shrunk,
    soft,
    soft_within,
    square,
    without_specks,
)

VTON = Path(__file__).resolve().parents[2] / "vton"
RAW = re.compile(r"cv2\.(dilate|erode|morph|connectedComponents|distanceTransform|getStructuringElement|floodFill)")


def drawn(*rows):
    """A mask of strings, in which # is in."""
    return np.array([[letter == "#" for letter in line] for line in rows])


def dot(size=9):
    mask = np.zeros((size, size), bool)
    mask[size // 2, size // 2] = True
    return mask


def test_only_the_vocabulary_calls_opencvs_morphology():
    files = [file for file in VTON.rglob("*.py") if "studio" not in file.relative_to(VTON).parts]
    raw = [file.relative_to(VTON).as_posix() for file in files if RAW.search(file.read_text("utf-8"))]
    assert raw == ["conditioning/masks.py"]


ELEMENTS = [(square(1), 9), (square(0.5), 4), (disc(1), 5), (disc(2), 17), (row(2), 5)]


@pytest.mark.parametrize(("element", "area"), ELEMENTS)
def test_a_dot_grows_to_the_element_and_shrinks_back(element, area):
    large = grown(dot(), element)
    assert large.dtype == bool and large.sum() == area
    assert shrunk(large, element).sum() == 1 and not shrunk(dot(), element).any()


def test_what_lies_beyond_the_picture_counts_as_mask_unless_told():
    full = np.ones((5, 7), bool)
    assert shrunk(full, square(1)).all() and closed(full, square(1)).all() and opened(full, square(2)).all()
    inner = shrunk(full, square(1), beyond=False)
    assert inner[1:-1, 1:-1].all() and inner.sum() == 15
    assert np.array_equal(closed(full, square(1), beyond=False), inner)


def test_opening_takes_lines_off_and_closing_fills_gaps():
    mask = np.zeros((12, 12), bool)
    mask[3:9, 3:9] = True
    lined, gap = mask.copy(), mask.copy()
    lined[5, :] = True
    gap[5, :] = False
    assert np.array_equal(opened(lined, square(1)), mask)
    assert np.array_equal(closed(gap, square(1)), mask)


def test_highest_and_lowest_of_the_neighbours():
    plane = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert highest(plane, square(1))[1].tolist() == [9, 10, 11, 11]
    assert lowest(plane, row(1))[1].tolist() == [4, 4, 5, 6]


def test_pieces_know_where_and_how_large_they_are():
    mask = drawn("##..#", "##..#", "..#..", ".....")
    found = pieces(mask)
    assert len(found) == 2 and sorted(found.areas) == [2, 5] and len(pieces(mask, diagonal=False)) == 3
    large = int(found.areas.argmax())
    assert found.boxes[large].tolist() == [0, 0, 3, 3] and np.allclose(found.centres[large], [0.8, 0.8])
    assert np.array_equal(found.where(found.areas < 3), drawn("....#", "....#", ".....", "....."))
    assert found.share_of(drawn("#...#", "....#", ".....", "....."))[large] == 1
    piece, box = found.window(large, margin=1)
    assert np.array_equal(piece, mask[:4, :4]) and np.zeros((9, 9))[box].shape == (4, 4)
    assert len(pieces(np.zeros((3, 3), bool))) == 0


def test_holes_are_enclosed_and_sides_are_not():
    mask = drawn("#####.", "#.#.#.", "###.#.", "#.#.##", "######")
    mask[3, 1] = True
    assert np.array_equal(holes(mask), drawn("......", ".#.#..", "...#..", "...#..", "......"))
    assert np.array_equal(holes(mask, most=1), drawn("......", ".#....", "......", "......", "......"))
    assert np.array_equal(from_sides(~mask), drawn(".....#", ".....#", ".....#", "......", "......"))


def test_specks_go_and_nothing_stays_nothing():
    mask = np.zeros((20, 20), bool)
    mask[:10, :10] = mask[15:17, 15:17] = mask[18, 0] = True
    assert without_specks(mask, 0.03).sum() == 104 and without_specks(mask, 0.04).sum() == 100
    assert not without_specks(np.zeros((4, 4), bool), 0.1).any()


def test_distances_are_to_the_mask_and_colours_come_from_the_nearest():
    distance = distance_to(dot())
    assert distance[4, 4] == 0 and distance[4, 7] == 3 and abs(distance[7, 8] - 5) < 0.15
    assert abs(distance_to(dot(), rough=True)[7, 8] - 5) < 0.3
    image = np.zeros((9, 9, 3), np.uint8)
    image[4, 1], image[4, 8] = (10, 20, 30), (90, 80, 70)
    colours, far = nearest_colours(image, image[..., 0] > 0)
    assert (colours[:, :4] == (10, 20, 30)).all() and (colours[:, 6:] == (90, 80, 70)).all()
    assert far[4, 8] == 0 and far[4, 6] == 2
    assert np.array_equal(nearest_colours(image[..., 1], image[..., 0] > 0)[0], colours[..., 1])


def test_soft_borders_run_over_both_sides_or_stay_within():
    mask = np.zeros((9, 9), bool)
    mask[:, 4:] = True
    assert np.allclose(soft(mask)[4], [0, 0, 0, 1 / 3, 2 / 3, 1, 1, 1, 1])
    within = soft_within(mask, 2)[4]
    assert not within[:4].any() and (within[6:] == 1).all() and 0 < within[4] < within[5] < 1


def test_blending_by_nothing_changes_no_bit_and_by_all_everything():
    rng = np.random.default_rng(1)
    below, above = rng.integers(0, 256, (2, 600, 40, 3), np.uint8)
    alpha = np.zeros((600, 40), np.uint8)
    alpha[100:500, 10:30] = rng.integers(0, 256, (400, 20), np.uint8)
    mixed = below.copy()
    blend(mixed, above, alpha)
    assert np.array_equal(mixed[alpha == 0], below[alpha == 0])
    assert np.array_equal(mixed[alpha == 255], above[alpha == 255])
    exact = below + (above.astype(float) - below) * alpha[..., None] / 255
    assert np.abs(mixed - exact).max() <= 0.5 + 1e-6


def test_blending_over_what_is_transparent():
    below = np.array([[[10, 20, 30, 0], [100, 100, 100, 128], [10, 20, 30, 0]]], np.uint8)
    above = np.full((1, 3, 3), 200, np.uint8)
    blend(below, above, np.array([[128, 255, 0]], np.uint8))
    assert below.tolist() == [[[200, 200, 200, 128], [200, 200, 200, 255], [10, 20, 30, 0]]]
