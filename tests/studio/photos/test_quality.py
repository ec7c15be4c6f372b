"""vton.studio.photos.quality: each fault is found in a drawing that has it, and a clean drawing has none."""

import numpy as np
import pytest

from vton.studio.photos.quality import chest_faults, cloth_faults, joint_faults, picture_faults
from vton.studio.specs.labels import ARMS, DRESS, LEGS, PANTS, TOP, TORSO


@pytest.fixture
def labels():
    """A person in top and trousers, 120x40 pixels of 256x192."""
    drawing = np.zeros((256, 192), np.uint8)
    drawing[60:120, 76:116] = TOP
    drawing[60:120, 66:76] = ARMS
    drawing[120:220, 80:112] = PANTS
    return drawing


def faults(labels, types=("tee", "straight"), backs=None):
    return picture_faults(labels, np.zeros(labels.shape, np.float32) if backs is None else backs, types)


def test_a_clean_picture_passes(labels):
    labels[60:66, 90:102] = TORSO
    assert faults(labels) == []


def test_bare_torso(labels):
    labels[80:105, 80:100] = TORSO
    assert "bare torso" in faults(labels)
    assert "bare torso" not in faults(labels, ("crop", "straight"))


def test_skin_through_cloth(labels):
    for y in range(130, 210, 10):
        labels[y : y + 2, 90:93] = LEGS
    assert faults(labels) == ["skin through cloth"]


def test_legs_under_a_hem_are_no_fault(labels):
    labels[60:160, 76:116] = DRESS
    labels[160:220, 80:112] = 0
    labels[160:220, 82:94] = labels[160:220, 98:110] = LEGS
    assert faults(labels) == []


def test_inside_out(labels):
    backs = np.where(labels == TOP, 0.6, 0).astype(np.float32)
    assert faults(labels, backs=backs) == ["inside out"]


def test_cloth():
    rest = np.stack([np.arange(400) * 0.01, np.full(400, 0.5), np.zeros(400)], 1)
    edges = np.stack([np.arange(399), np.arange(1, 400)], 1)
    assert cloth_faults(rest, rest * [1.1, 1, 1], edges) == []
    torn = rest.copy()
    torn[::40, 1] += 0.2
    assert cloth_faults(rest, torn, edges) == ["stretched cloth"]
    assert cloth_faults(rest, rest - [0, 0.53, 0], edges) == ["under the floor"]
    assert cloth_faults(rest, rest * np.nan, edges) == ["stretched cloth"]


def test_joints():
    inside = np.array([[10.0, 20.0], [100.0, 250.0]])
    assert joint_faults(inside, (256, 192), "full") == []
    below = np.array([[10.0, 20.0], [100.0, 300.0]])
    assert joint_faults(below, (256, 192), "full") == ["out of frame"]
    assert joint_faults(below, (256, 192), "half") == []
    assert joint_faults(below - [50, 0], (256, 192), "half") == ["out of frame"]


def test_a_bare_breast_is_found_however_small(labels):
    places = np.array([[86.0, 80.0], [88, 82], [104, 80], [106, 82]])
    forwards = np.ones(4, bool)
    assert chest_faults(labels, places, forwards) == []
    labels[78:84, 84:92] = TORSO
    assert chest_faults(labels, places, forwards) == ["bare torso"]
    assert chest_faults(labels, places, ~forwards) == [], "seen from behind there is nothing to see"


def test_a_crop_may_lose_joints_but_not_the_head():
    joints = np.full((18, 2), 500.0)
    joints[:2] = [[90, 60], [90, 110]]  # nose and neck
    assert joint_faults(joints, (256, 192), "near") == []
    assert joint_faults(joints, (256, 192), "full") == ["out of frame"]
    joints[0] = [90, -3]
    assert joint_faults(joints, (256, 192), "near") == ["out of frame"]


def test_what_a_crop_shows_of_the_chest_is_less_of_the_person(labels):
    labels[80:92, 80:100] = TORSO
    labels[130:] = 0
    backs = np.zeros(labels.shape, np.float32)
    assert picture_faults(labels, backs, ("tee", "straight")) == ["bare torso"]
    assert picture_faults(labels, backs, ("tee", "straight"), shown=0.5) == []
