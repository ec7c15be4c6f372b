"""The numbers a user may give: each is returned in its plain type, or refused with one line."""

import math

import numpy as np

from vton.schema import MAX_SEED, InputError


def check_seed(seed: int) -> int:
    """Raises InputError unless ``seed`` is a whole number 0 .. 2**53 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed <= MAX_SEED:
        raise InputError(f"The seed must be a whole number from 0 to {MAX_SEED}.")
    return int(seed)


def check_count(count: int, seed: int = 0) -> int:
    """Raises InputError unless ``count`` is a whole number of at least 1 whose seeds exist."""
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise InputError("The count must be a whole number of at least 1.")
    check_seed(seed + int(count) - 1)
    return int(count)


def check_scale(scale: int | None, largest: int) -> int:
    """The largest for None; raises InputError unless ``scale`` is a whole number 1 .. ``largest``."""
    if scale is None:
        return largest
    if isinstance(scale, bool) or not isinstance(scale, int | np.integer) or not 1 <= scale <= largest:
        raise InputError(f"The scale must be a whole number from 1 to {largest}.")
    return int(scale)


def check_psi(psi: float) -> float:
    """Raises InputError unless ``psi`` is 0 .. 2."""
    return _check_range("Psi", psi, 2)


def check_strength(strength: float) -> float:
    """Raises InputError unless ``strength`` is 0 .. 1."""
    return _check_range("The strength", strength, 1)


def _check_range(name: str, value: float, high: int) -> float:
    number = isinstance(value, int | float | np.number) and math.isfinite(value)
    if not number or not 0 <= value <= high:
        raise InputError(f"{name} must be a number from 0 to {high}.")
    return float(value)
