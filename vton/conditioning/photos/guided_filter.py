"""Guided filter: a rough mask takes on the outlines of its photo (He et al. 2010, "Guided Image Filtering", eq. 14-16).

The coefficients are found on a smaller photo and applied to the whole one (He and Sun 2015, arXiv 1505.00996).
"""

from collections.abc import Callable

import cv2
import numpy as np

from vton.conditioning.canvas import shrink_to


def guided_filter(
    guide_u8: np.ndarray, planes: np.ndarray, radius: float, epsilon: float, side: int = 256
) -> np.ndarray:
    """Planes as locally linear functions of the guide's colours.

    Args:
        guide_u8: [H, W, 3], uint8.
        planes: [H, W] or [H, W, C], float32; they do not affect each other.
        radius: of the square windows, as a share of the photo's longer side.
        epsilon: variance of the colours (0..1) below which a window counts as flat.
        side: longer side of the photo on which the coefficients are found, in pixels.

    Returns:
        float32, of the planes' shape.
    """
    guide = list(cv2.split(shrink_to(guide_u8, side).astype(np.float32) / 255))
    size_hw = guide[0].shape
    reach = max(1, round(radius * max(size_hw)))
    window = (2 * reach + 1, 2 * reach + 1)
    mean = lambda x: cv2.boxFilter(x, -1, window, borderType=cv2.BORDER_REFLECT).reshape(x.shape)  # noqa: E731
    small = planes if size_hw == planes.shape[:2] else cv2.resize(planes, size_hw[::-1], interpolation=cv2.INTER_AREA)
    small = small.reshape(*size_hw, -1)
    means, heights = [mean(colour) for colour in guide], mean(small)
    pairs = zip(guide, means, strict=True)
    shared = [mean(colour[..., None] * small) - m[..., None] * heights for colour, m in pairs]
    slopes = _solved(guide, mean, epsilon, shared)
    offset = heights - sum(slope * m[..., None] for slope, m in zip(slopes, means, strict=True))
    enlarged = lambda x: cv2.resize(mean(x), planes.shape[1::-1]).reshape(*planes.shape[:2], -1)  # noqa: E731
    result = enlarged(offset)
    for channel, slope in enumerate(slopes):
        result += enlarged(slope) * (guide_u8[..., channel, None] * np.float32(1 / 255))
    return result.reshape(planes.shape)


def _solved(guide: list, mean: Callable, epsilon: float, shared: list) -> list[np.ndarray]:
    """(covariance of the colours + epsilon) ^ -1 @ shared, by Cramer's rule: three planes [h, w, C]."""
    r, g, b = (colour.astype(np.float64) for colour in guide)  # or, of black on white, rounding makes it singular
    mr, mg, mb = map(mean, (r, g, b))
    rr, gg, bb = (mean(x * x) - m * m + epsilon for x, m in ((r, mr), (g, mg), (b, mb)))
    rg, rb, gb = (mean(x * y) - m * n for x, y, m, n in ((r, g, mr, mg), (r, b, mr, mb), (g, b, mg, mb)))
    a, d, e = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    c, f, i = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    one = rr * a + rg * d + rb * e
    a, c, d, e, f, i = ((plane / one).astype(np.float32)[..., None] for plane in (a, c, d, e, f, i))
    x, y, z = shared
    return [a * x + d * y + e * z, d * x + c * y + f * z, e * x + f * y + i * z]
