"""Pose and identity of generated pictures, by pictures of which both are known."""

from types import SimpleNamespace

import numpy as np
import pytest
from drawn.studio import write_studio
from tiny.random_networks import random_lpips

from vton.data.outfits.evaluation_data import EvaluationData
from vton.metrics.generation import generated_people
from vton.metrics.generation.figures import DrawnSample
from vton.metrics.generation.generated_people import head_of, identity_figure, pose_accuracy_figures
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import COCO18, InputError, Pose


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return EvaluationData(write_studio(tmp_path_factory.mktemp("studio"), 1, 4)).held_out_photos()


def samples_of(photos):
    return [DrawnSample(photo, photo.image_u8, None, 0) for photo in photos]


def faces(by):
    """A system whose faces follow the seed, the outfit, or both."""

    def draw(outfit, pose, seed, **_):
        number = {"seed": seed, "outfit": hash(outfit) % 97, "both": seed * 31 + hash(outfit) % 97}[by]
        image = np.full((64, 48, 3), 200, np.uint8)
        x, y = pose.keypoints_xy[COCO18.index("nose")].astype(int)
        image[y - 6:y + 6, x - 6:x + 6] = np.random.default_rng(number).integers(0, 256, (12, 12, 3))
        return [SimpleNamespace(image_u8=image)]

    return draw


def test_a_seed_is_somebody_or_nobody(photos):
    network, samples = [LPIPS(random_lpips("alexnet"), "random")], samples_of(photos)
    same = identity_figure(faces("seed"), samples, network)
    mixed = identity_figure(faces("both"), samples, network)
    assert same["value"] < 0.1 < 0.5 < mixed["value"] < 1.2 and same["n"] == mixed["n"] == 4 * 4 * 4
    alike = identity_figure(faces("outfit"), samples, network)
    assert alike["value"] is None and alike["reason"] == "all seeds draw the same head"
    assert identity_figure(faces("seed"), samples[:1], network)["value"] is None


def test_the_head_is_cut_out_about_the_nose(photos):
    pose = photos[0].pose
    image = np.zeros((64, 48, 3), np.uint8)
    x, y = pose.keypoints_xy[COCO18.index("nose")].astype(int)
    image[y - 1:y + 2, x - 1:x + 2] = 255
    bright = np.argwhere(head_of(image, pose)[..., 0] > 128)
    assert abs(bright.mean(0) - 31.5).max() < 6 and 15 < np.ptp(bright[:, 0]) < 40


def test_joints_are_counted_where_they_were_asked_for(photos, monkeypatch):
    given = {photo.image_u8.tobytes(): photo.pose for photo in photos}
    off = np.zeros((18, 2), np.float32)
    off[COCO18.index("nose")] = 20

    class Knowing:
        def estimate(self, image_u8):
            if image_u8.tobytes() not in given:
                raise InputError("No person found.")
            pose = given[image_u8.tobytes()]
            return Pose(pose.keypoints_xy + off, pose.confidence, pose.size_hw)

    monkeypatch.setattr(generated_people, "BundledPoseEstimator", Knowing)
    figures = pose_accuracy_figures(samples_of(photos))
    judged = (photos[0].pose.confidence > 0.4).sum()
    assert figures["pck_0.05"]["value"] == figures["pck_0.1"]["value"] == pytest.approx(1 - 1 / judged, abs=1e-3)
    empty = [DrawnSample(photo, photo.image_u8 * 0, None, 0) for photo in photos]
    figures = pose_accuracy_figures(empty)
    assert figures["pck_0.1"]["value"] == 0 < figures["pck_0.1"]["calibration_on_true_photos"]
