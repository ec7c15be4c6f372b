"""Frechet distance between two sets of features: FID, Heusel et al. 2017 (arXiv 1706.08500), equation 6.

    d^2 = |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2))

With C1 = A'A and C2 = B'B the last trace is the sum of the singular values of A B', so no matrix square root
of a singular product is needed, and few samples are no numerical trouble (the estimate stays biased upwards
by them).
"""

import numpy as np


def _centred_factor(features: np.ndarray) -> np.ndarray:
    """A with A'A = the unbiased covariance; at most min(n, d) rows."""
    centred = (features - features.mean(axis=0)) / np.sqrt(len(features) - 1)
    return np.asarray(np.linalg.qr(centred, mode="r")) if len(centred) > centred.shape[1] else centred


def frechet_distance(features_a: np.ndarray, features_b: np.ndarray) -> float:
    """Frechet distance between Gaussians fitted to two feature sets.

    Args:
        features_a: [Na, D], any float; Na >= 2.
        features_b: [Nb, D], Nb >= 2.

    Raises:
        ValueError: fewer than two samples, or different D.
    """
    a, b = np.asarray(features_a, np.float64), np.asarray(features_b, np.float64)
    if min(len(a), len(b)) < 2 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"need two feature sets of at least 2 samples and one width, got {a.shape} and {b.shape}"
        )
    means = np.sum((a.mean(axis=0) - b.mean(axis=0)) ** 2)
    factor_a, factor_b = _centred_factor(a), _centred_factor(b)
    cross = np.linalg.svd(factor_a @ factor_b.T, compute_uv=False).sum()
    return float(max(0.0, means + np.sum(factor_a**2) + np.sum(factor_b**2) - 2 * cross))
