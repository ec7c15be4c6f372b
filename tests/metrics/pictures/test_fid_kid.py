"""Frechet and kernel distances of drawn feature sets; Inception features where the package is there."""

import numpy as np
import pytest
import scipy.linalg

from vton.metrics.pictures import inception
from vton.metrics.pictures.fid import frechet_distance
from vton.metrics.pictures.kid import kernel_distance, kernel_distance_interval


def textbook_fid(a, b):
    """Equation 6 of the paper as it stands."""
    c1, c2 = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = scipy.linalg.sqrtm(c1 @ c2).real
    return np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(c1 + c2 - 2 * root)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("count", [8, 40, 300])
def test_a_set_with_itself(rng, count):
    features = rng.normal(size=(count, 32))
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert kernel_distance(features, features) < 1e-9


@pytest.mark.parametrize(("na", "nb"), [(200, 300), (20, 300), (15, 12)])
def test_equals_the_textbook_also_with_few_samples(rng, na, nb):
    a = rng.normal(size=(na, 24)) @ rng.normal(size=(24, 24))
    b = 1 + rng.normal(size=(nb, 24)) @ rng.normal(size=(24, 24))
    assert frechet_distance(a, b) == pytest.approx(textbook_fid(a, b), rel=1e-3)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_known_gaussians():
    grid = np.array([[x, y] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
    # Equal shapes shifted by (3, 4): only the means count. Twice the spread: (2s - s)^2 per axis.
    assert frechet_distance(grid, grid + [3, 4]) == pytest.approx(25)
    variance = grid.var(axis=0, ddof=1).sum()
    assert frechet_distance(grid, 2 * grid) == pytest.approx(variance)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_grows_with_the_difference(rng, distance):
    reference = rng.normal(size=(200, 16))
    scores = [
        distance(reference + level * rng.normal(size=reference.shape), reference) for level in (0, 0.5, 1, 2)
    ]
    assert scores == sorted(scores) and scores[-1] > scores[1] + 0.5


def test_kid_is_unbiased(rng):
    scores = [kernel_distance(rng.normal(size=(12, 8)), rng.normal(size=(12, 8))) for _ in range(300)]
    assert abs(np.mean(scores)) < 4 * np.std(scores) / np.sqrt(len(scores)) + 1e-6
    assert min(scores) < 0 < max(scores)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
@pytest.mark.parametrize("shapes", [((1, 4), (5, 4)), ((5, 4), (5, 3))])
def test_refuses_sets_that_cannot_be_compared(distance, shapes):
    with pytest.raises(ValueError, match="feature sets"):
        distance(*(np.zeros(shape) for shape in shapes))


def test_missing_network_is_said(monkeypatch):
    monkeypatch.setattr(inception.importlib.util, "find_spec", lambda name: None)
    assert not inception.available()
    with pytest.raises(RuntimeError, match="pip install"):
        inception.InceptionFeatures()


@pytest.mark.skipif(not inception.available(), reason=inception.MISSING)
def test_inception_features(rng):
    image = rng.integers(0, 256, (64, 48, 3), dtype=np.uint8)
    other = np.full((64, 48, 3), 200, np.uint8)
    network = inception.InceptionFeatures(batch=2)
    features = network([image, other, image])
    assert features.shape == (3, 2048) and features.dtype == np.float64 and (features >= 0).all()
    assert features[0] == pytest.approx(features[2], abs=1e-4)
    assert np.abs(features[0] - features[1]).mean() > 0.05


def test_the_interval_holds_the_distance_of_equal_sets_and_not_of_others(rng):
    one, other, far = rng.normal(size=(400, 8)), rng.normal(size=(400, 8)), rng.normal(size=(400, 8)) + 0.5
    low, high = kernel_distance_interval(one, other)
    assert low < kernel_distance(one, other) < high and low < 0 < high
    assert kernel_distance_interval(one, far)[0] > 0
    assert kernel_distance_interval(one[:19], far) is None
