"""Kernel distance between two feature sets: KID, Binkowski et al. 2018 (arXiv 1801.01401), section 4, x1000.

The squared maximum mean discrepancy with kernel (x.y / D + 1)^3, unbiased estimate over all samples; unlike
FID its expectation does not depend on the number of samples.
"""

import numpy as np

_TENTHS = 10


def _kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (x @ y.T / x.shape[1] + 1.0) ** 3


def kernel_distance(features_a: np.ndarray, features_b: np.ndarray) -> float:
    """KID x 1000 between feature sets [Na, D] and [Nb, D] (may be slightly negative for equal distributions).

    Raises:
        ValueError: fewer than two samples, or different D.
    """
    a, b = np.asarray(features_a, np.float64), np.asarray(features_b, np.float64)
    if min(len(a), len(b)) < 2 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"need two feature sets of at least 2 samples and one width, got {a.shape} and {b.shape}"
        )
    aa, bb = _kernel(a, a), _kernel(b, b)
    within_a = (aa.sum() - np.trace(aa)) / (len(a) * (len(a) - 1))
    within_b = (bb.sum() - np.trace(bb)) / (len(b) * (len(b) - 1))
    return float(1000 * (within_a + within_b - 2 * _kernel(a, b).mean()))


def kernel_distance_interval(
    features_a: np.ndarray, features_b: np.ndarray, seed: int = 0
) -> tuple[float, float] | None:
    """The interval of about 95 % around `kernel_distance`, by its values on ten disjoint tenths of both sets.

    Args:
        features_a, features_b: [Na, D] and [Nb, D]; seed: of the parting into tenths.

    Returns:
        Its two ends; None of fewer than 20 samples in either set.
    """
    if min(len(features_a), len(features_b)) < 2 * _TENTHS:
        return None
    rng = np.random.default_rng(seed)
    parts = [np.array_split(np.asarray(f)[rng.permutation(len(f))], _TENTHS) for f in (features_a, features_b)]
    values = [kernel_distance(a, b) for a, b in zip(*parts, strict=True)]
    middle, half = kernel_distance(features_a, features_b), 1.96 * np.std(values, ddof=1) / np.sqrt(_TENTHS)
    return float(middle - half), float(middle + half)
