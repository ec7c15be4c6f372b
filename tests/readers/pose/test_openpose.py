"""OpenPose: real network class with weights that find drawn figures; where weights come from; what is refused."""

import pickle
import shutil
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import openpose as drawn_openpose

from vton.hub.fetching import sha256_of
from vton.readers.pose import openpose
from vton.readers.pose.openpose import OpenposeEstimator, decode, main_joints
from vton.readers.torchvision_shim import repair_torchvision
from vton.schema import InputError


@pytest.fixture(scope="module")
def shapes():
    """Of the published file: names without the block that a layer stands in."""
    repair_torchvision()
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")
        from controlnet_aux.open_pose.model import bodypose_model

        return {name.partition(".")[2]: tensor.shape for name, tensor in bodypose_model().state_dict().items()}


@pytest.fixture(scope="module")
def finder(shapes, tmp_path_factory):
    """Finds drawn figures; its 47 MB do not stay on the disk."""
    path = tmp_path_factory.mktemp("openpose") / openpose.WEIGHTS
    torch.save(drawn_openpose.dot_weights(shapes), path)
    estimator = OpenposeEstimator(path)
    path.unlink()
    return estimator


@pytest.fixture(scope="module")
def random_file(shapes, tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / openpose.WEIGHTS
    torch.save(drawn_openpose.random_weights(shapes), path)
    return path


@pytest.fixture(autouse=True)
def nothing_here(no_network_and_an_empty_cache, monkeypatch):
    monkeypatch.delenv(openpose.VARIABLE, raising=False)


def into_cache(file, cache, commit=openpose.FILES.revision):
    """Lays the file out as huggingface_hub does."""
    repo = cache / "models--lllyasviel--Annotators"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text(commit)
    (repo / "snapshots" / commit).mkdir(parents=True)
    shutil.copy(file, repo / "snapshots" / commit)


def off_by(pose, joints, cell):
    """The largest error of the joints that are there, in cells of the figure."""
    return np.linalg.norm(pose.keypoints_xy - joints, axis=1)[pose.present].max() / cell


def test_joints_lie_where_they_were_drawn_with_the_network_s_confidence(finder):
    image_u8, (joints,) = drawn_openpose.photo((640, 360), (180, 60, 26))
    pose = finder.estimate(image_u8)
    assert pose.size_hw == (640, 360) and pose.present.all()
    assert off_by(pose, joints, 26) < 0.5
    assert pose.confidence.min() > 0.8
    faded = finder.estimate(np.clip(image_u8, 128 - 99, 128 + 99))
    assert pose.confidence.max() - faded.confidence[faded.present].min() > 0.1


def test_the_largest_of_several_is_looked_at_again(finder, monkeypatch):
    image_u8, (_, large) = drawn_openpose.photo((480, 560), (120, 60, 7), (400, 120, 11))
    seen, body = [], finder._body
    monkeypatch.setattr(finder, "_body", lambda bgr_u8: seen.append(bgr_u8.shape) or body(bgr_u8))
    pose = finder.estimate(image_u8)
    assert pose.present.all() and off_by(pose, large, 11) < 0.6
    assert len(seen) == 2 and seen[0] != seen[1]


def test_half_a_body_misses_what_is_cut_off(finder):
    image_u8, (joints,) = drawn_openpose.photo((420, 360), (180, 60, 26))
    pose = finder.estimate(image_u8)
    assert list(np.flatnonzero(~pose.present)) == [9, 10, 12, 13] and off_by(pose, joints, 26) < 0.5


def test_a_strip_is_searched_in_windows(finder):
    image_u8, (joints,) = drawn_openpose.photo((400, 120), (60.4, 213.1, 7.3))
    pose = finder.estimate(image_u8)
    assert pose.present.all() and off_by(pose, joints, 7.3) < 0.6


@pytest.mark.parametrize("size_hw", [(200, 4000), (4000, 200), (150, 16000)])
def test_a_long_banner_costs_a_few_looks(finder, monkeypatch, size_hw):
    looks = []

    def nobody(bgr_u8):
        looks.append(bgr_u8.shape)
        return np.zeros(0), np.zeros((0, 20))

    monkeypatch.setattr(finder, "_body", nobody)
    with pytest.raises(InputError, match="No person found"):
        finder.estimate(np.full((*size_hw, 3), 128, np.uint8))
    assert len(looks) <= 6 and all(width <= 2.01 * height for height, width, _ in looks)


def test_random_weights_find_nobody(random_file):
    image_u8 = np.random.default_rng(1).integers(0, 256, (120, 90, 3)).astype(np.uint8)
    with pytest.raises(InputError, match="No person found"):
        OpenposeEstimator(random_file.parent).estimate(image_u8)


def test_decoding():
    candidate = np.array([[10, 20, 0.9, 0], [30, 40, 1.02, 1], [50, 60, 0.3, 2]])
    subset = np.full((1, 20), -1.0)
    subset[0, [2, 0, 17]] = 0, 1, 2
    (joints,) = decode(candidate, subset)
    expected = np.zeros((18, 3))
    expected[2], expected[0], expected[17] = (10.5, 20.5, 0.9), (30.5, 40.5, 1), (50.5, 60.5, 0.3)
    np.testing.assert_allclose(joints, expected, atol=1e-6)
    assert decode(np.zeros(0), np.zeros((0, 20))) == []


def test_main_person():
    def person(x, y, size):
        joints = np.zeros((18, 3), np.float32)
        joints[1], joints[8] = (x, y, 0.9), (x + size, y + size, 0.9)
        return joints

    small, large, central = person(240, 240, 20), person(0, 0, 100), person(200, 200, 90)
    assert main_joints([small, large, central], (500, 500)) is central
    assert main_joints([small, large], (500, 500)) is large
    assert main_joints([], (500, 500)) is None


def test_people_who_share_joints(finder, monkeypatch):
    def tangled(_):
        return [][2]

    monkeypatch.setattr(finder, "_body", tangled)
    with pytest.raises(InputError, match="crop it to one person"):
        finder.estimate(np.full((64, 48, 3), 128, np.uint8))


def test_found_in_the_cache_or_by_the_variable(random_file, tmp_path, monkeypatch):
    assert not OpenposeEstimator.available()
    note = OpenposeEstimator.download_note()
    assert openpose.HUB_ID in note and "209 MB" in note and "non-commercial" in note
    assert "non-commercial" in OpenposeEstimator.licence
    into_cache(random_file, tmp_path / "hub")
    assert OpenposeEstimator.available() and OpenposeEstimator.download_note() == ""
    monkeypatch.setattr(openpose, "FILES", replace(openpose.FILES, sha256={openpose.WEIGHTS: sha256_of(random_file)}))
    OpenposeEstimator()
    monkeypatch.setenv(openpose.VARIABLE, str(tmp_path / "nowhere.pth"))
    assert not OpenposeEstimator.available()
    with pytest.raises(InputError, match="No OpenPose weights at 'nowhere.pth'"):
        OpenposeEstimator()
    for given in (random_file, random_file.parent):
        monkeypatch.setenv(openpose.VARIABLE, str(given))
        assert OpenposeEstimator.available() and OpenposeEstimator.download_note() == ""


def test_another_file_than_the_pinned_one_is_not_loaded(random_file, tmp_path):
    into_cache(random_file, tmp_path / "hub")
    with pytest.raises(InputError, match="is not what it was: body_pose_model.pth has another sha256"):
        OpenposeEstimator()


def test_another_revision_in_the_cache_is_not_the_pinned_one(random_file, tmp_path):
    into_cache(random_file, tmp_path / "hub", commit="1" * 40)
    assert not OpenposeEstimator.available()


def test_numbers_that_are_not_finite_are_refused(random_file, tmp_path):
    weights = torch.load(random_file, weights_only=True)
    weights["conv4_2.weight"][3, 2, 1, 0] = float("nan")
    torch.save(weights, tmp_path / "spoilt.pth")
    with pytest.raises(InputError, match="'spoilt.pth' is damaged: .*conv4_2.weight has numbers that are not finite"):
        OpenposeEstimator(tmp_path / "spoilt.pth")


def test_without_a_network_it_says_so():
    with pytest.raises(InputError, match="Hub cannot be reached"):
        OpenposeEstimator()


class _Malicious:
    def __reduce__(self):
        return (exec, ("import builtins; builtins.ran_from_a_pickle = True",))


@pytest.mark.parametrize("content", ["malicious", "text", "other network", "list"])
def test_files_that_are_no_such_weights(content, tmp_path):
    import builtins

    path = tmp_path / "weights.pth"
    if content == "malicious":
        path.write_bytes(pickle.dumps(_Malicious(), protocol=2))
    elif content == "text":
        path.write_text("<html>not found</html>")
    else:
        torch.save({"conv1_1.weight": torch.zeros(3)} if content == "other network" else [1, 2], path)
    with pytest.raises(InputError, match="does not hold OpenPose's body weights"):
        OpenposeEstimator(path)
    assert not hasattr(builtins, "ran_from_a_pickle")
