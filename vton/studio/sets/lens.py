"""What a lens does to a picture: discs in place of points that are out of focus."""

import cv2
import numpy as np

LEVELS = (0.0, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 23.0, 32.0)
"""Radii in pixels between which pictures are blended."""


def defocused(image: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """A picture [H, W, C] f32 blurred by discs of radius [H, W] in pixels, at most the last of `LEVELS`."""
    radius = np.clip(radius, 0, LEVELS[-1])
    top = float(radius.max())
    result, above = np.zeros_like(image), image
    for low, high in zip(LEVELS, LEVELS[1:], strict=False):
        below, above = above, _with_discs(image, high)
        share = np.clip((radius - low) / (high - low), 0, 1)
        here = (radius >= low) & (radius <= high)
        mixed = below + share[..., None] * (above - below)
        result[here] = mixed[here]
        if high >= top:
            break
    return result


def _with_discs(image: np.ndarray, radius: float) -> np.ndarray:
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    blurred = cv2.filter2D(image, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE)
    return blurred.reshape(image.shape)
