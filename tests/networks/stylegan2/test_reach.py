"""Hems and sleeves on a pose: where they lie, what each pixel is told, and that the generator obeys no one else."""

import numpy as np
import pytest
import torch

from tests.networks.stylegan2.test_generator import conditions, tiny
from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.pose.presets import preset_poses
from vton.data.outfits.reach import reach_of, usual_reach
from vton.networks.stylegan2.reach import UNTOLD, hem_heights, joints_of, reach_planes
from vton.schema import REGIONS, SLOTS, Pose

POSE = preset_poses()["stand"]
WITH_REACH = {"reach": True, "article_levels": 1}


def pose_map() -> torch.Tensor:
    return pose_heatmaps([POSE], (64, 48))


def told(**articles: tuple[float, float]) -> torch.Tensor:
    reach = torch.full((1, len(SLOTS), 2), UNTOLD)
    for slot, values in articles.items():
        reach[0, SLOTS.index(slot)] = torch.tensor(values)
    return reach


@pytest.mark.parametrize(("hem", "joint"), [(0.0, 12), (1.0, 2), (2.0, 1), (3.0, 0)])
def test_whole_numbers_of_a_hem_are_joints(hem, joint):
    joints = joints_of(pose_map())
    side = {12: (12, 13), 2: (2, 3), 1: (1, 4), 0: (0, 5)}[joint]
    height, known = hem_heights(joints, torch.tensor([[hem]]))
    assert known.item() == 1
    assert height.item() == pytest.approx(joints.y[0, list(side)].mean().item(), abs=1e-5)


def test_legs_that_are_not_in_the_picture_go_on_below_it():
    joints, _ = POSE.mpii16()
    cut = Pose(POSE.keypoints_xy, np.where(np.isin(np.arange(18), [9, 10, 12, 13]), 0, POSE.confidence), POSE.size_hw)
    whole, near = (hem_heights(joints_of(pose_heatmaps([p], (64, 48))), torch.tensor([[1.0, 2.0, 3.0]]))[0][0]
                   for p in (POSE, cut))  # fmt: skip
    assert near[0] == whole[0] and near[1:].diff() > 0
    assert torch.allclose(near, whole, atol=0.05)


def test_planes_turn_at_the_hem_and_at_the_end_of_the_sleeve():
    presence = torch.ones(1, 6)
    planes = reach_planes(pose_map(), told(top=(1.0, 1.0), outer=(1, 1), bottom=(2.0, 0), dress=(1, 1)), presence)[0]
    height, _ = hem_heights(joints_of(pose_map()), torch.tensor([[1.0]]))
    row = int(height.item() * 64)
    assert planes[0, row - 6, 24] == 1 and planes[0, row + 6, 24] == -1
    arm = torch.from_numpy(POSE.fit((64, 48)).mpii16()[0][[12, 11, 10]])  # shoulder, elbow, wrist
    upper, lower = arm[:2].mean(0).int(), arm[1:].mean(0).int()
    assert planes[8, upper[1], upper[0]] > 0.4 and planes[8, lower[1], lower[0]] < -0.4
    assert planes[8, :, 24].abs().max() < 0.2  # apart from the arms
    absent = reach_planes(pose_map(), told(top=(1.0, 1.0)), torch.zeros(1, 6))
    assert not absent.any()


def test_a_told_reach_replaces_what_is_read_and_only_of_that_article():
    generator, given = tiny("spatial", **WITH_REACH), conditions(1) | {"pose_map": pose_map()[..., ::4, ::4]}
    torch.nn.init.normal_(generator.encoder.pose.reach.weight)

    def pyramid(reach):
        return generator.encode(**given, reach=reach).features.pose_pyramid[16]

    with torch.no_grad():
        read = generator.encode(**given).features.reach
        assert torch.equal(pyramid(None), pyramid(told()))
        assert torch.allclose(pyramid(read), pyramid(None))
        one = told(bottom=tuple(read[0, SLOTS.index("bottom")].tolist()))
        assert torch.allclose(pyramid(one), pyramid(None), atol=1e-6)
        assert not torch.allclose(pyramid(told(bottom=(1.2, 0.0))), pyramid(None))


def test_reading_learns_from_its_own_loss_alone():
    generator, given = tiny("spatial", **WITH_REACH), conditions(1) | {"pose_map": pose_map()[..., ::4, ::4]}
    torch.nn.init.normal_(generator.encoder.pose.reach.weight)
    generator(torch.randn(1, 8), **given).image.square().mean().backward()
    assert generator.encoder.reach.out.weight.grad is None
    generator.encode(**given).features.reach.sum().backward()
    assert generator.encoder.reach.out.weight.grad.abs().sum() > 0


def photo(hem: int, sleeve: float, slot: str = "dress") -> np.ndarray:
    """Somebody who stands in a straight dress that ends at a row, with sleeves that cover a share of each arm."""
    regions, (joints, _) = np.zeros(POSE.size_hw, np.uint8), POSE.mpii16()
    y, x = np.mgrid[: regions.shape[0], : regions.shape[1]] + 0.5
    left, right = joints[[12, 13], 0]
    top, ankles = joints[[12, 13], 1].min(), joints[[0, 5], 1].max()
    body = (x > left + 4) & (x < right - 4) & (y > top) & (y < ankles)
    regions[body] = REGIONS.index("skin")
    regions[body & (y < hem)] = REGIONS.index(slot)
    for arm in ([12, 11, 10], [13, 14, 15]):
        for share in np.linspace(0, 2, 400):
            part = min(int(share), 1)
            at = joints[arm[part]] + (share - part) * (joints[arm[part + 1]] - joints[arm[part]])
            near = np.hypot(x - at[0], y - at[1]) < 3.5
            regions[near] = REGIONS.index(slot) if share < sleeve else REGIONS.index("skin")
    return regions


@pytest.mark.parametrize(("hem", "sleeve"), [(1.5, 0.5), (2.0, 1.0), (2.6, 1.7)])
def test_hem_and_sleeve_are_measured_in_a_parsing(hem, sleeve):
    row = hem_heights(joints_of(pose_heatmaps([POSE], POSE.size_hw)), torch.tensor([[hem]]))[0].item() * 256
    reach = reach_of(photo(round(row), sleeve), POSE)[SLOTS.index("dress")]
    assert reach == pytest.approx([hem, sleeve], abs=0.12)


def test_a_hidden_end_is_not_known():
    regions = photo(200, 1.0)
    regions[190:] = np.where(regions[190:] > 0, REGIONS.index("outer"), 0)
    assert reach_of(regions, POSE)[SLOTS.index("dress"), 0] < 0
    assert (reach_of(np.zeros(POSE.size_hw, np.uint8), POSE) < 0).all()


def test_the_usual_reach_is_the_median_of_those_that_know():
    known = [np.full((6, 2), value, np.float32) for value in (1.0, 2.0, 2.1)]
    assert usual_reach([*known, np.full((6, 2), UNTOLD, np.float32)]) == pytest.approx(2.0)
    assert (usual_reach([]) < 0).all()
