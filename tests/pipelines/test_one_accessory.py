"""One bag in one hand: what is barred, and that the bundled weights draw no second one."""

import cv2
import numpy as np
import pytest

from vton.pipelines.one_accessory import second_accessory
from vton.schema import REGIONS
from vton.systems import get_pipeline
from vton.ui.looks import load_looks

FACE, ACCESSORY = REGIONS.index("face"), REGIONS.index("accessory")


@pytest.fixture
def labels():
    """A face, a hat of two pieces, and below it a bag of 6x4 and one of 3x3 cells."""
    labels = np.zeros((64, 48), np.uint8)
    labels[6:10, 22:26] = FACE
    labels[2:6, 20:28] = ACCESSORY
    labels[7, 18:20] = ACCESSORY
    labels[40:46, 8:12] = ACCESSORY
    labels[41:44, 36:39] = ACCESSORY
    return labels


def test_with_a_hat_nothing_shows_below_the_chin(labels):
    barred = second_accessory(labels)
    assert barred[10:].all() and not barred[:10].any()


@pytest.mark.parametrize("face", [FACE, 0])
def test_of_two_bags_the_larger_stays(labels, face):
    labels[labels == FACE] = face
    labels[:6] = 0
    barred = second_accessory(labels)
    assert barred[41:44, 36:39].all() and barred[7, 18:20].all() and barred[60, 40]
    assert not barred[40:46, 8:12].any() and not barred[38:48, 6:14].any()


def test_one_piece_bars_nothing(labels):
    labels[:6] = 0
    labels[7, 18:20] = labels[41:44, 36:39] = 0
    assert second_accessory(labels) is None


def bags(parsing) -> int:
    """Pieces of accessory below the chin that are more than specks."""
    chin = np.flatnonzero((parsing.labels == FACE).any(1))[-1]
    mask = (parsing.labels == ACCESSORY).astype(np.uint8)
    mask[: chin + 1] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return int((stats[1:, cv2.CC_STAT_AREA] > 40).sum())


def test_the_bundled_weights_draw_one_bag(monkeypatch):
    pipeline = get_pipeline("outfit-gan")
    look = next(look for look in load_looks() if look.title == "Mustard cardigan")
    outfit = {slot: str(path) for slot, path in look.articles.items()}
    assert bags(pipeline(outfit, "stand", seed=1)[0].parsing) == 1
    monkeypatch.setattr(pipeline, "barred", lambda ws, condition: None)
    assert bags(pipeline(outfit, "stand", seed=1)[0].parsing) == 2
