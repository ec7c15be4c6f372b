"""Locality of an edit: how much the pixels of the changed article move, against those everywhere else.

Seed, pose and all other articles stay; ours, no paper's. 1 would be a change spread evenly over the picture.
"""

import numpy as np


def locality(before_u8: np.ndarray, after_u8: np.ndarray, region: np.ndarray) -> tuple[float, float] | None:
    """Mean absolute change (0..255) inside and outside ``region``.

    Args:
        before_u8: [H, W, 3].
        after_u8: [H, W, 3], one article changed.
        region: [H, W] bool, where that article is in either picture.

    Returns:
        (inside, outside), or None when the region is empty or everything.
    """
    if not region.any() or region.all():
        return None
    change = np.abs(before_u8.astype(np.int16) - after_u8).mean(axis=-1)
    return float(change[region].mean()), float(change[~region].mean())
