"""Shape contexts: a known warp of a silhouette is found again."""

import time

import cv2
import numpy as np
import pytest
import torch

from vton.networks.garment_placement import Placement
from vton.networks.geometric_matching import placed_grid
from vton.networks.thin_plate_spline import control_lattice, warp
from vton.systems.viton.shape_context import match_masks, outline, shape_contexts

SHIRT = np.array([[70, 60], [85, 52], [107, 52], [122, 60], [160, 120], [140, 132], [120, 95], [124, 190], [68, 190],
                  [72, 95], [52, 132], [32, 120]])  # fmt: skip


def drawn(points) -> np.ndarray:
    return cv2.fillPoly(np.zeros((256, 192), np.uint8), [np.round(points).astype(np.int32)], 1).astype(bool)


def warped_iou(garment: np.ndarray, target: np.ndarray, whole: np.ndarray | None = None) -> float:
    """Of the garment, matched with the target, and of the target or what it is a part of."""
    points = torch.from_numpy(match_masks(garment, target))[None]
    mask = torch.from_numpy(garment)[None, None].float()
    moved = warp(mask, mask, placed_grid(points, Placement.whole(1), target.shape))[1][0, 0].numpy() > 0.5
    whole = target if whole is None else whole
    return (moved & whole).sum() / (moved | whole).sum()


def test_an_affine_warp_is_recovered():
    matrix, shift = np.array([[0.55, 0.08], [-0.05, 0.6]]), np.array([40, 30])
    assert warped_iou(drawn(SHIRT), drawn(SHIRT @ matrix + shift)) > 0.93  # 0.91 without bending


def test_a_bent_silhouette_is_followed():
    bent = SHIRT + np.array([[0, 0]] * 4 + [[-8, 22], [-8, 22]] + [[0, 0]] * 4 + [[8, 22], [8, 22]])
    assert warped_iou(drawn(SHIRT), drawn(bent * 0.7 + 20)) > 0.82  # 0.77 without bending


def test_points_inside_come_along():
    """The middle of a shrunk and shifted shirt comes from the middle of the shirt."""
    points = match_masks(drawn(SHIRT), drawn(SHIRT * 0.5 + 50))
    grid = placed_grid(torch.from_numpy(points)[None], Placement.whole(1), (256, 192))[0].numpy()
    at = (np.array([96, 120]) * 0.5 + 50).astype(int)
    found = (grid[at[1], at[0]] + 1) / 2 * (191, 255)
    assert np.abs(found - (96, 120)).max() < 4


def test_descriptions_ignore_place_and_size():
    points = outline(drawn(SHIRT))
    assert np.allclose(shape_contexts(points), shape_contexts(points * 0.5 + 0.2))
    assert np.allclose(shape_contexts(points).sum(1), 1)


def test_an_empty_mask_leaves_the_lattice():
    nothing = np.zeros((256, 192), bool)
    for pair in ((nothing, drawn(SHIRT)), (drawn(SHIRT), nothing)):
        assert np.allclose(match_masks(*pair), control_lattice(10).numpy(), atol=1e-6)


def test_ragged_and_split_masks_do_not_break_it():
    noise = np.random.default_rng(0).random((256, 192)) > 0.5
    halves = drawn(SHIRT) & (np.arange(192) % 60 > 8)
    for mask in (noise, halves, drawn([[5, 5], [20, 5], [5, 6]])):
        assert np.isfinite(match_masks(drawn(SHIRT), mask)).all()


def test_a_pair_takes_a_fifth_of_a_second():
    match_masks(drawn(SHIRT), drawn(SHIRT * 0.6))
    start = time.process_time()
    match_masks(drawn(SHIRT), drawn(SHIRT * 0.6))
    assert time.process_time() - start < 0.4  # twice the aim: tests share the machine


@pytest.mark.parametrize("rows, columns", [((100, 150), (104, 140)), ((80, 130), (70, 100))])
def test_what_is_hidden_does_not_pull(rows, columns):
    """A bag before one side, or crossed arms: the shirt lies where the rest of its outline says."""
    placed = drawn(SHIRT * 0.7 + 20)
    seen = placed.copy()
    seen[slice(*rows), slice(*columns)] = False
    assert warped_iou(drawn(SHIRT), seen, placed) > 0.92  # 0.86 and 0.88 with a partner for every point
