"""Heatmaps and article stacks: what the networks see of poses and outfits."""

import numpy as np
import torch

from vton.conditioning.articles import article_stack, article_tensor
from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.schema import MPII16, Outfit, Pose


def standing(dx: float = 0.0, missing: tuple[int, ...] = ()) -> Pose:
    rng = np.random.default_rng(0)
    xy = np.column_stack([rng.uniform(60, 130, 18) + dx, np.linspace(20, 240, 18)])
    confidence = np.ones(18)
    confidence[list(missing)] = 0
    return Pose(xy, confidence, (256, 192))


def test_each_joint_peaks_where_it_is():
    pose = standing()
    maps = pose_heatmaps([pose], (256, 192))
    assert maps.shape == (1, 16, 256, 192) and maps.max() <= 1
    for joint, (x, y) in enumerate(pose.mpii16()[0]):
        row, column = divmod(int(maps[0, joint].argmax()), 192)
        assert abs(column + 0.5 - x) <= 0.51 and abs(row + 0.5 - y) <= 0.51
        assert maps[0, joint].max() > 0.9


def test_missing_joint_is_a_zero_map():
    maps = pose_heatmaps([standing(missing=(4,))], (64, 48))[0]
    wrist = MPII16.index("right_wrist")
    assert maps[wrist].max() == 0 and maps[MPII16.index("left_wrist")].max() > 0.5


def test_moving_the_person_moves_the_maps():
    near, far = (pose_heatmaps([standing(dx)], (256, 192)) for dx in (0, 8))
    assert torch.allclose(near[..., :-8], far[..., 8:], atol=1e-4)


def test_article_stack_fills_the_fixed_slots(make_article):
    outfit = Outfit.of(top=make_article("top", (255, 0, 0)), shoes=make_article("shoes", (0, 0, 255)))
    stack, presence = article_stack([outfit, None], (128, 96))
    assert stack.shape == (2, 6, 4, 128, 96)
    assert presence.tolist() == [[1, 0, 0, 0, 1, 0], [0] * 6]
    assert torch.equal(stack[0, 0, :, 64, 48], torch.tensor([1.0, -1.0, -1.0, 1.0]))
    assert stack[0, 1].abs().sum() == 0 and stack[1].abs().sum() == 0
    assert stack[0, 0, :, 0, 0].abs().sum() == 0, "nothing outside the mask"


def test_article_tensor_keeps_axes():
    rgba = np.zeros((2, 5, 3, 4), np.uint8)
    rgba[1, 2, 1] = (255, 0, 255, 255)
    tensor = article_tensor(rgba)
    assert tensor.shape == (2, 4, 5, 3) and tensor[1, :, 2, 1].tolist() == [1, -1, 1, 1]
