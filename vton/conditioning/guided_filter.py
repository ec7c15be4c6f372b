"""Guided filter: a rough mask takes on the outlines of its photo (He et al. 2010, "Guided Image Filtering", eq. 14-16).

The coefficients are found on a smaller photo and applied to the whole one (He and Sun 2015, arXiv 1505.00996).
"""

import cv2
import numpy as np

from vton.conditioning.canvas import shrink_to


def guided_filter(
    guide_u8: np.ndarray, plane: np.ndarray, radius: float, epsilon: float, side: int = 256
) -> np.ndarray:
    """The plane as a locally linear function of the guide's colours.

    Args:
        guide_u8: [H, W, 3], uint8.
        plane: [H, W], float32.
        radius: of the square windows, as a share of the photo's longer side.
        epsilon: variance of the colours (0..1) below which a window counts as flat.
        side: longer side of the photo on which the coefficients are found, in pixels.

    Returns:
        [H, W], float32.
    """
    guide = shrink_to(guide_u8, side).astype(np.float32) / 255
    small = cv2.resize(plane, guide.shape[1::-1], interpolation=cv2.INTER_AREA)
    reach = max(1, round(radius * max(guide.shape)))
    mean = lambda x: cv2.boxFilter(x, -1, (2 * reach + 1, 2 * reach + 1), borderType=cv2.BORDER_REFLECT)  # noqa: E731
    means, height = mean(guide), mean(small)
    shared = mean(guide * small[..., None]) - means * height[..., None]
    slope = _solved(guide, means, mean, epsilon, shared)
    offset = height - (slope * means).sum(2)
    size = plane.shape[1::-1]
    slope, offset = (cv2.resize(mean(x), size, interpolation=cv2.INTER_LINEAR) for x in (slope, offset))
    return (slope * guide_u8).sum(2, dtype=np.float32) / 255 + offset


def _solved(guide: np.ndarray, means: np.ndarray, mean, epsilon: float, shared: np.ndarray) -> np.ndarray:
    """(covariance of the colours + epsilon) ^ -1 @ shared, by Cramer's rule: [h, w, 3]."""
    (r, g, b), (mr, mg, mb) = cv2.split(guide), cv2.split(means)
    rr, gg, bb = (mean(x * x) - m * m + epsilon for x, m in ((r, mr), (g, mg), (b, mb)))
    rg, rb, gb = (mean(x * y) - m * n for x, y, m, n in ((r, g, mr, mg), (r, b, mr, mb), (g, b, mg, mb)))
    inverse = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg, rr * bb - rb * rb, rg * rb - rr * gb,
               rr * gg - rg * rg)  # fmt: skip
    a, d, e, c, f, i = inverse
    one = rr * a + rg * d + rb * e
    x, y, z = cv2.split(shared)
    return np.dstack([a * x + d * y + e * z, d * x + c * y + f * z, e * x + f * y + i * z]) / one[..., None]
