"""Improved precision and recall of generated pictures (Kynkäänniemi et al. 2019, arXiv 1904.06991, section 2)."""

import numpy as np

NEIGHBOURS = 3


def precision_recall(generated: np.ndarray, true: np.ndarray, neighbours: int = NEIGHBOURS) -> tuple[float, float]:
    """Shares of generated pictures that lie among the true ones, and of true ones that lie among the generated.

    A picture lies among a set when it is nearer to one of its members than that member's k-th nearest other.

    Args:
        generated, true: features [N, D] and [M, D]; neighbours: k.

    Raises:
        ValueError: no more pictures than neighbours.
    """
    if min(len(generated), len(true)) <= neighbours:
        raise ValueError(f"need more than {neighbours} pictures of each, got {len(generated)} and {len(true)}")
    between = _squared_distances(generated, true)
    precision = (between <= _reach(true, neighbours)[None]).any(1).mean()
    recall = (between <= _reach(generated, neighbours)[:, None]).any(0).mean()
    return float(precision), float(recall)


def _reach(features: np.ndarray, neighbours: int) -> np.ndarray:
    """Squared distance of each row from its k-th nearest other."""
    return np.sort(_squared_distances(features, features), 1)[:, neighbours]


def _squared_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T, 0)
