"""The bundled pose backend on drawn figures: places, crops, several people, odd photos."""

import numpy as np
import pytest
from tiny.colour_networks import GREY, draw_joints, figure, pose_checkpoint, save

from vton.readers.photo_unet import PhotoUNet
from vton.readers.pose.bundled import BundledPoseEstimator
from vton.schema import InputError, Pose


def off(found, true):
    """Distance of each joint, in pixels; all that are there must have been found, and no others."""
    assert found.size_hw == true.size_hw and np.array_equal(found.present, true.present)
    return np.linalg.norm(found.keypoints_xy - true.keypoints_xy, axis=1)


@pytest.mark.parametrize("size_hw", [(256, 192), (577, 383), (601, 901), (1200, 500)])
def test_joints_lie_where_they_were_drawn(pose_estimator, size_hw):
    height = 0.85 * min(size_hw[0], size_hw[1] * 4 / 3)
    pose = figure(height, 0.2 * size_hw[1], 0.08 * size_hw[0], size_hw)
    assert off(pose_estimator.estimate(draw_joints(pose)), pose).max() < 0.012 * height


def test_the_second_look_is_the_more_exact_one(pose_estimator):
    pose = figure(300, 700, 300, (900, 1200))
    error = off(pose_estimator.estimate(draw_joints(pose, radius=16)), pose)
    assert error.max() < 6  # a cell of the first look is 25 pixels wide


def test_padding_a_photo_moves_no_joint(pose_estimator):
    pose = figure(400, 60, 40, (500, 360))
    image = draw_joints(pose, radius=16)
    before = pose_estimator.estimate(image)
    padded = pose_estimator.estimate(np.pad(image, ((90, 10), (200, 35), (0, 0)), constant_values=GREY))
    assert np.abs(padded.keypoints_xy - (200, 90) - before.keypoints_xy)[before.present].max() < 5


def test_a_mirrored_photo_gives_the_mirrored_figure(pose_estimator):
    pose = figure(400, 60, 40, (500, 360))
    mirrored = Pose(pose.keypoints_xy * (-1, 1) + (360, 0) * pose.present[:, None], pose.confidence, (500, 360))
    assert off(pose_estimator.estimate(np.ascontiguousarray(draw_joints(pose)[:, ::-1])), mirrored).max() < 5


def test_a_banner_is_searched_through_windows(pose_estimator):
    pose = figure(160, 2900, 20, (200, 4000))
    assert off(pose_estimator.estimate(draw_joints(pose, radius=8)), pose).max() < 4


def test_a_strip_is_searched_through_windows(pose_estimator):
    pose = figure(280, 30, 1900, (3000, 220))
    assert off(pose_estimator.estimate(draw_joints(pose, radius=12)), pose).max() < 5


def test_a_half_body_has_its_other_joints_missing(pose_estimator):
    pose = figure(800, 120, 50, (900, 640))
    found = pose_estimator.estimate(draw_joints(pose, radius=20)[:520])
    seen = pose.present & (pose.keypoints_xy[:, 1] < 500)
    assert seen.sum() == 10 and np.linalg.norm(found.keypoints_xy - pose.keypoints_xy, axis=1)[seen].max() < 9
    assert (found.keypoints_xy[:, 1] <= 520).all()


def test_confidence_counts_visibility(tmp_path):
    pose = figure(210, 50, 20, (256, 192))
    doubtful = BundledPoseEstimator(pose_checkpoint(tmp_path / "doubtful", visible=0.0))
    confidence = doubtful.estimate(draw_joints(pose)).confidence
    assert (confidence[:14] > 0.4).all() and (confidence <= 0.5).all()
    blind = BundledPoseEstimator(pose_checkpoint(tmp_path / "blind", visible=-4.0))
    with pytest.raises(InputError, match="No person found"):
        blind.estimate(draw_joints(pose))


@pytest.mark.parametrize("size_hw", [(16, 16), (17, 401), (200, 4000), (64, 64), (16, 3000)])
def test_photos_without_anybody(pose_estimator, size_hw):
    for photo in (np.full((*size_hw, 3), GREY, np.uint8), np.full(size_hw, 30, np.uint8)):
        with pytest.raises(InputError, match="^No person found[^\n]*$"):
            pose_estimator.estimate(photo)


def test_the_network_may_say_that_nobody_is_there(tmp_path):
    nobody = BundledPoseEstimator(pose_checkpoint(tmp_path / "nobody", person=-5.0))
    with pytest.raises(InputError, match="No person found"):
        nobody.estimate(draw_joints(figure(210, 50, 20, (256, 192))))


def test_another_networks_checkpoint_is_refused(tmp_path):
    small = PhotoUNet((64, 64), (4, 4, 4, 4, 4), (0, 0, 0, 0), map_channels=1, map_stride=2, pooled=8)
    with pytest.raises(InputError, match="another network"):
        BundledPoseEstimator(save(small, tmp_path / "small"))
    weights = tmp_path / "small" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"abcd")
    with pytest.raises(InputError, match="corrupt"):
        BundledPoseEstimator(tmp_path / "small")


def test_a_photo_that_is_too_long(pose_estimator):
    with pytest.raises(InputError, match="crop"):
        pose_estimator.estimate(np.zeros((16, 20000, 3), np.uint8))
