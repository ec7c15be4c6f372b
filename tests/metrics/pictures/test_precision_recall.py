"""Precision and recall tell pictures that are wrong from pictures that are missing."""

import numpy as np
import pytest

from vton.metrics.pictures.precision_recall import precision_recall


@pytest.fixture
def true():
    return np.random.default_rng(0).normal(size=(200, 4))


def test_the_same_pictures_are_all_found(true):
    assert precision_recall(true, true) == (1.0, 1.0)


def test_a_collapsed_model_is_precise_and_recalls_little(true):
    precision, recall = precision_recall(true[:5].repeat(40, 0) + 1e-3, true)
    assert precision == 1.0 and recall < 0.1


def test_noise_around_the_true_pictures_is_not_precise(true):
    noise = np.random.default_rng(1).normal(size=true.shape) * 8
    precision, recall = precision_recall(true + noise, true)
    assert precision < 0.2 < 0.8 < recall


def test_needs_more_pictures_than_neighbours(true):
    with pytest.raises(ValueError, match="more than 3"):
        precision_recall(true[:3], true)
