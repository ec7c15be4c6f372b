"""One accessory, in one place: the generator cannot know the hand that is meant, and tends to draw a bag in either."""

import numpy as np

from vton.conditioning.masks import grown, pieces, square
from vton.schema import REGIONS

SEEN_AT = 64
"""Height of the picture in which a second accessory is looked for."""

_FACE, _ACCESSORY = REGIONS.index("face"), REGIONS.index("accessory")
_REACH = 2  # cells around the piece that stays


def second_accessory(labels: np.ndarray) -> np.ndarray | None:
    """Where no accessory may show, so that of several pieces the largest alone stays; a hat stays with all its pieces.

    Args:
        labels: [h, w], uint8, numbers of `REGIONS`.

    Returns:
        [h, w], bool; None when there is one piece or none.
    """
    found = pieces(labels == _ACCESSORY)
    if len(found) < 2:
        return None
    largest = found.where(np.arange(len(found)) == found.areas.argmax())
    face_rows = np.flatnonzero((labels == _FACE).any(axis=1))
    below = np.arange(len(labels))[:, None] > face_rows.max(initial=-1)
    if not (largest & below).any():
        return np.broadcast_to(below, labels.shape).copy()
    return ~grown(largest, square(_REACH))
