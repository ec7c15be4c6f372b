"""Photos of white on white and black on black, as one sees them after a while: spread over the whole range."""

from __future__ import annotations

import numpy as np

_ENDS = (0.5, 99.5)  # per cent of the pixels: darker and lighter ones do not count
_LOW = 80  # of 255: a photo whose pixels are that near to each other is spread
_ROOM = 10  # at both ends, so that nothing is cut off


def with_contrast(image_u8: np.ndarray) -> np.ndarray:
    """The photo itself, or a spread copy where all of it is about equally light: to look for things in, not to show.

    Args:
        image_u8: [H, W, 3], uint8.
    """
    darkest, lightest = image_u8.min(axis=2), image_u8.max(axis=2)
    low, high = float(np.percentile(darkest, _ENDS[0])), float(np.percentile(lightest, _ENDS[1]))
    if high - low >= _LOW or high <= low:
        return image_u8
    spread = (image_u8 - np.float32(low)) * ((255 - 2 * _ROOM) / (high - low)) + _ROOM
    return spread.clip(0, 255).astype(np.uint8)
