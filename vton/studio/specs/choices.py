"""Draws from weighted tables and ranges; everything that samples specs goes through these few functions."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

Name = TypeVar("Name")


def choose(rng: np.random.Generator, weights: Mapping[Name, float]) -> Name:
    """One key of ``weights``, each as likely as its weight over their sum."""
    names = list(weights)
    ends = np.cumsum([weights[name] for name in names])
    return names[min(int(np.searchsorted(ends, rng.random() * ends[-1], side="right")), len(names) - 1)]


def between(rng: np.random.Generator, low: float, high: float, digits: int = 4) -> float:
    """A number of the range, rounded so that a spec's JSON stays short and exact."""
    return round(float(rng.uniform(low, high)), digits)


def chance(rng: np.random.Generator, probability: float) -> bool:
    """True in ``probability`` of all calls."""
    return bool(rng.random() < probability)


def seed_of(rng: np.random.Generator) -> int:
    """A seed for whoever draws the details."""
    return int(rng.integers(1 << 30))
