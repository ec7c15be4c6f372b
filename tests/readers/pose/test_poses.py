"""Whatever a user gives for a pose, where its person is put, and the registries behind it."""

import json
import threading

import numpy as np
import pytest
from PIL import Image
from tiny.colour_networks import draw_joints, figure, pose_checkpoint

from vton import readers
from vton.conditioning.pose.presets import frame_pose, preset_poses
from vton.readers import GARMENT_SEGMENTERS, PARSERS, POSE_ESTIMATORS, backend_class, get_pose_estimator
from vton.readers.overlays import parsing_overlay, pose_overlay
from vton.readers.pose.bundled import BundledPoseEstimator
from vton.readers.pose.resolve import pose_of_photo, resolve_pose
from vton.schema import PARSER_LABELS, InputError, Parsing, Pose


@pytest.fixture
def colour_backend(monkeypatch, tmp_path):
    """Makes the bundled weights the colour-reading ones."""
    pose_checkpoint(tmp_path / "pose-colours")
    monkeypatch.setattr("vton.readers.pose.bundled.CHECKPOINT", str(tmp_path / "pose-colours"))
    readers._load.cache_clear()
    yield
    readers._load.cache_clear()


@pytest.fixture
def photo(tmp_path):
    pose = figure(380, 100, 60, (500, 360))
    Image.fromarray(draw_joints(pose, radius=16)).save(tmp_path / "photo.png")
    return tmp_path / "photo.png", pose


def test_poses_from_everything(colour_backend, photo, tmp_path):
    path, pose = photo
    preset = preset_poses()["walk-left"]
    (tmp_path / "pose.json").write_text(json.dumps(preset.to_openpose()))
    for source in (preset, "walk-left", tmp_path / "pose.json", preset.to_openpose()):
        assert resolve_pose(source) == preset
    found = resolve_pose(str(path), "bundled")
    assert found == resolve_pose(path.read_bytes(), "bundled") == resolve_pose(Image.open(path), "bundled")
    assert found == frame_pose(pose_of_photo(path, "bundled")) and found.size_hw == (256, 192)
    assert np.abs(found.keypoints_xy - frame_pose(pose).keypoints_xy)[found.present].max() < 4
    with pytest.raises(InputError, match="walk-left"):
        resolve_pose("moonwalk")
    with pytest.raises(InputError, match="gone.jpg"):
        resolve_pose("gone.jpg")


def test_backends_are_loaded_once_whatever_the_threads(colour_backend):
    got = []
    threads = [threading.Thread(target=lambda: got.append(get_pose_estimator("bundled"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8 and len(set(map(id, got))) == 1 and isinstance(got[0], BundledPoseEstimator)


@pytest.mark.parametrize("registry", [POSE_ESTIMATORS, PARSERS, GARMENT_SEGMENTERS])
def test_every_backend_says_what_it_is(registry):
    for name in registry:
        cls = backend_class(registry, name)
        assert cls.name == name and len(cls.licence) > 2
        assert isinstance(cls.available(), bool)
        note = cls.download_note()
        assert note == "" if name == "bundled" else isinstance(note, str)
    with pytest.raises(InputError, match="bundled"):
        backend_class(registry, "densepose")


@pytest.mark.parametrize("registry", [POSE_ESTIMATORS, PARSERS, GARMENT_SEGMENTERS])
def test_auto_takes_what_is_here(registry, monkeypatch):
    for name in registry:
        if name != "bundled":
            monkeypatch.setattr(backend_class(registry, name), "available", classmethod(lambda cls: False))
    assert backend_class(registry).name == "bundled"
    for name in registry:
        if name != "bundled":
            monkeypatch.setattr(backend_class(registry, name), "available", classmethod(lambda cls: True))
            assert backend_class(registry).name == name


def test_missing_weights_are_named(monkeypatch):
    monkeypatch.setattr("vton.readers.pose.bundled.CHECKPOINT", "pose-nowhere")
    readers._load.cache_clear()
    with pytest.raises(InputError, match="pose-nowhere"):
        get_pose_estimator("bundled")


@pytest.mark.parametrize("name", preset_poses())
def test_framing_undoes_scale_and_place(name):
    pose = preset_poses()[name]
    moved = Pose(pose.keypoints_xy * 3.1 + (700, 90), pose.confidence, (2000, 3000))
    framed = frame_pose(moved)
    assert framed.size_hw == (256, 192) and np.abs(framed.keypoints_xy - pose.keypoints_xy).max() < 6
    again = frame_pose(framed)
    assert np.abs(again.keypoints_xy - framed.keypoints_xy).max() < 0.01


def test_json_in_the_pixels_of_a_photo_is_framed_and_the_studios_own_is_not(tmp_path):
    """`vton pose PHOTO` written to a file asks for the pose that the photo itself asks for."""
    own = preset_poses()["relaxed"]
    assert resolve_pose(own.to_openpose()) == own
    assert resolve_pose(own.resized((512, 384)).to_openpose()).size_hw == (512, 384)
    photo = own.fit((700, 900))
    path = tmp_path / "pose.json"
    path.write_text(json.dumps(photo.to_openpose()))
    assert resolve_pose(path) == frame_pose(Pose.from_openpose(photo.to_openpose())) != photo


def test_framing_keeps_every_joint_on_the_canvas_and_the_proportions():
    pose = preset_poses()["stand"]
    xy = pose.keypoints_xy.copy()
    xy[[3, 4]] = [[50, -40], [40, -110]]  # a raised arm
    xy[[6, 7]] = [[190, 60], [300, 60]]  # an outstretched one
    framed = frame_pose(Pose(xy, pose.confidence, (256, 192)))
    assert (framed.keypoints_xy >= 0).all() and (framed.keypoints_xy <= (192, 256)).all()
    ratio = np.linalg.norm(np.diff(framed.keypoints_xy, axis=0), axis=1) / np.linalg.norm(np.diff(xy, axis=0), axis=1)
    assert np.ptp(ratio) < 1e-3


def test_framing_a_half_body_uses_the_torso_and_a_head_alone_is_refused():
    pose = preset_poses()["stand"]
    confidence = pose.confidence.copy()
    confidence[[9, 10, 12, 13]] = 0
    framed = frame_pose(Pose(pose.keypoints_xy * 4, confidence, (1024, 768)))
    assert np.abs(framed.keypoints_xy - pose.keypoints_xy)[framed.present].max() < 6
    with pytest.raises(InputError, match="too little"):
        frame_pose(Pose(pose.keypoints_xy, np.isin(np.arange(18), (0, 14, 15, 16, 17)), (256, 192)))


def test_overlays_show_what_was_found():
    pose = figure(200, 40, 30, (256, 192))
    image = np.full((256, 192, 3), 90, np.uint8)
    drawn = pose_overlay(image, pose)
    assert drawn.shape == (640, 480, 3)
    for x, y in pose.keypoints_xy[pose.present] * 2.5:
        assert np.abs(drawn[int(y), int(x)].astype(int) - 90).max() > 20
    doubtful = pose_overlay(image, Pose(pose.keypoints_xy, pose.confidence * 0.3, pose.size_hw))
    assert (doubtful != drawn).any()
    labels = np.zeros((256, 192), np.uint8)
    labels[50:200, 50:150] = PARSER_LABELS.index("dress")
    painted = parsing_overlay(image, Parsing(labels, PARSER_LABELS))
    assert painted.shape[0] == 640 and painted.shape[1] > 480
    assert (painted[10, 10] == 90).all() and (painted[300, 250] != 90).any()
    assert pose_overlay(np.zeros((200, 4000, 3), np.uint8), figure(150, 20, 20, (200, 4000))).shape == (80, 1600, 3)
