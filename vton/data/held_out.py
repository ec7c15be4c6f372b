"""Which outfits and photos are kept for evaluation: the same in every pack, by their names alone."""

import hashlib

import numpy as np

HELD_OUT_ONE_IN = 20
HELD_OUT_PHOTO_ONE_IN = 10
HELD_OUT_SEEDS_FROM = 900


def is_held_out(key: str) -> bool:
    """Whether the outfit of this key is kept for evaluation: about one in 20, the same in every pack.

    All looks of one geometry lie on one side. A key starts with the three digits of the seed that rendered it;
    everything rendered from seed 900 on is held out.
    """
    outfit = geometry_of(key)
    return _one_in(outfit, HELD_OUT_ONE_IN) or (outfit[:3].isdecimal() and int(outfit[:3]) >= HELD_OUT_SEEDS_FROM)


def geometry_of(key: str) -> str:
    """What the looks of one outfit (``<geometry>-<look>``), which differ in colours alone, have in common."""
    return key.partition("-")[0]


def is_held_out_photo(stem: str) -> bool:
    """Whether a real photo is kept for evaluation: one in ten, by the file's name without its ending."""
    return _one_in(stem, HELD_OUT_PHOTO_ONE_IN)


def spread(rows: np.ndarray, count: int | None) -> np.ndarray:
    """``count`` of the rows, evenly spread (None or too many: all)."""
    if count is None or count >= len(rows):
        return rows
    return rows[np.linspace(0, len(rows) - 1, count).round().astype(int)]


def _one_in(name: str, count: int) -> bool:
    return int(hashlib.sha1(name.encode()).hexdigest(), 16) % count == 0
