"""The article out of a photo on a plain backdrop; None where that cannot be done safely.

The backdrop is modelled as a smooth surface through the border, flooded from there as far as pixels agree
with it, and modelled again from what was flooded, so that vignettes and soft shadows count as backdrop.
"""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import resized, shrink_to
from vton.conditioning.masks import (
    closed,
    disc,
    distance_to,
    from_sides,
    grown,
    highest,
    opened,
    pieces,
    shrunk,
    square,
)
from vton.conditioning.photos.contrast import with_contrast

WORKING_SIDE = 512  # pixels of the copy in which the article is looked for; all lengths are pixels of it
# The border. All differences of colour are in CIE Lab units.
_BAND, _FITTED = 0.02, 2000  # of the short side: its width; about so many of its pixels are fitted
_MIN_PLAIN_BORDER = 0.75  # share of the border that fits the smooth surface
_BORDER_FIRST, _BORDER_LIMITS = 25, (18, 14, 12)  # from its median, then from each surface: what counts as backdrop
_MAX_NOISE = 5.0
_STUDIO_NOISE = 0.7  # below it the backdrop is a studio's, and white clothes on white may be faint
# Times the noise, least and largest: the difference that counts as not backdrop, in lightness and in colour.
_STEP_L, _STEP_AB = (2.8, 0.6, 14.0), (6.0, 2.0, 18.0)
_BLEEDING = 0.03  # how soon these limits rise next to strong edges: lightness to twice its value,
_BLEEDING_AB = 2.2  # colour to this much more,
_BLEEDING_REACH = 6  # and how far away
_DEEPEST_SHADOW, _STEEPEST_SHADOW, _COLOURED_SHADOW = -12.0, 0.2, 1.0  # lightness, lightness per pixel, colour
_LEAST_BACKDROP = 0.05  # share of backdrop near by, below which the correction of its surface fades
_UNDER_ARTICLE = 14  # of its longer side is the blur that carries the backdrop's surface on under the article
# Holes and inlets; the limits of their pixels are in parts of the limit between backdrop and article.
_LEAST_HOLE, _LEAST_INLET = 0.0004, 0.0001  # of the photo: smaller pieces are noise
_CLEAR_EDGE, _LIKE_BACKDROP = 2.5, 0.4  # median just beyond, and mean deep within
_HOLE_RADIUS, _SNAPSHOT_HOLE = 1.5, 0.03  # pixels in a studio's photo; of the short side in a snapshot
_INLET = 4  # half the width of an inlet
# The outline.
_BUMP, _BUMP_BESIDE, _BUMP_CONTRAST = 4, 8, 0.25  # half its width; what it is compared with; of its contrast
_FADES, _FADED, _MOST_FADED = 6, 0.4, 3  # the least contrast beside; the share of it that is too little; pixels
_THREAD = 0.01  # of the short side: half the width of a seam between tiles
_SMOOTHED = 5  # pixels: side of the median that smooths what is left of the outline then
# The article.
_SPECK, _MOST_SPECKS = 0.12, 0.06  # of the largest piece; of all pieces that stay
_MIN_AREA, _MAX_AREA = 0.015, 0.88  # of the photo
_MAX_CUT_SIDES = 0.2  # share of the photo's border that the article may touch
_MIN_OUTLINE_CONTRAST, _MAX_FAINT_OUTLINE, _TIMES_NOISE = 8.0, 0.1, 4.5  # or so many times the noise


def remove_background(image_u8: np.ndarray) -> np.ndarray | None:
    """Finds the article on a plain backdrop, be it of its own colour.

    Args:
        image_u8: [H, W, 3], uint8 RGB.

    Returns:
        [H, W], uint8, 255 on the article and 0 elsewhere; None when the backdrop is not plain enough or the
        outline does not look like one article's.
    """
    small = shrink_to(image_u8, WORKING_SIDE)
    spread = with_contrast(small)
    mask = _article_in(spread)
    if mask is None and spread is not small:  # what is spread with the rest may be noise
        mask = _article_in(small)
    if mask is None:
        return None
    mask = mask.astype(np.uint8) * 255
    if mask.shape != image_u8.shape[:2]:
        mask = resized(mask, image_u8.shape[:2], "linear")
        mask = np.where(mask > 127, 255, 0).astype(np.uint8)
    return mask


def _article_in(small: np.ndarray) -> np.ndarray | None:
    """The article in a copy [h, w, 3], uint8, of the working size: [h, w], bool; None as `remove_background`."""
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    fitted = _border_surface(lab)
    if fitted is None:
        return None
    surface, noise = fitted
    studio = max(noise) < _STUDIO_NOISE
    backdrop = _flood(_distance(lab - surface, noise) < 1)
    for _ in range(2):
        surface = _surface_from(lab, backdrop, surface)
        distance = _distance(lab - surface, noise)
        backdrop = _flood((distance < 1) | _soft_shadow(lab - surface) if studio else distance < 1)
    backdrop = from_sides(~_close_slits(~backdrop, distance))
    mask = _trim(~(backdrop | _holes(distance, backdrop, studio)), lab - surface)
    mask = _keep_articles(mask if studio else _without_threads(mask))
    return None if mask is None or not _is_safe(mask, lab - surface, noise, studio) else mask


def _border_surface(lab: np.ndarray) -> tuple[np.ndarray, tuple[float, float]] | None:
    """Fits a quadratic surface to the border, without the parts where the article touches it.

    Returns:
        The surface [H, W, 3] and the noise about it in lightness and in colour, or None for a border that is
        not plain.
    """
    h, w = lab.shape[:2]
    band = max(2, round(_BAND * min(h, w)))
    edge = np.ones((h, w), bool)
    edge[band:-band, band:-band] = False
    ys, xs = np.nonzero(edge)
    thin_out = len(ys) // _FITTED + 1
    ys, xs = ys[::thin_out], xs[::thin_out]
    terms, values = _quadratic(ys / h - 0.5, xs / w - 0.5), lab[ys, xs]
    plain = np.linalg.norm(values - np.median(values, axis=0), axis=1) < _BORDER_FIRST
    for limit in _BORDER_LIMITS:
        if plain.mean() < _MIN_PLAIN_BORDER:
            return None
        weights, *_ = np.linalg.lstsq(terms[plain], values[plain], rcond=None)
        error = values - terms @ weights
        plain = np.linalg.norm(error, axis=1) < limit
    if plain.mean() < _MIN_PLAIN_BORDER:
        return None
    noise_l, noise_a, noise_b = np.sqrt(np.mean(error[plain] ** 2, axis=0))
    noise = float(noise_l), float(np.hypot(noise_a, noise_b))
    if np.hypot(*noise) > _MAX_NOISE:
        return None
    y, x = (np.arange(n, dtype=np.float32)[:, None] / n - 0.5 for n in (h, w))
    one, along_x, along_y, xx, xy, yy = weights.astype(np.float32)
    by_row = one + along_y * y + yy * y * y
    by_column = along_x * x + xx * x * x
    return by_row[:, None] + by_column[None] + (y * xy)[:, None] * x[None], noise


def _quadratic(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1).astype(np.float32)


def _distance(error: np.ndarray, noise: tuple[float, float]) -> np.ndarray:
    """Returns how far pixels are from the backdrop, 1 being the limit: [H, W], float32.

    JPEG and WebP let colours bleed over edges, so the limit rises near strong edges.
    """
    step_l, step_ab = (
        min(max(factor * n, least), most)
        for n, (factor, least, most) in zip(noise, (_STEP_L, _STEP_AB), strict=True)
    )
    squares = error * error
    colour = squares[..., 1] + squares[..., 2]
    contrast = highest(np.sqrt(squares[..., 0] + colour), square(_BLEEDING_REACH))
    rise = np.minimum(_BLEEDING * contrast / step_l, 1)
    limit_l, limit_ab = step_l * (1 + rise), step_ab * (1 + _BLEEDING_AB * rise)
    return np.sqrt(squares[..., 0] / limit_l**2 + colour / limit_ab**2)


def _soft_shadow(error: np.ndarray) -> np.ndarray:
    """Returns where the backdrop gets a little darker without change of colour and without an edge."""
    lightness, colour = error[..., 0], np.hypot(error[..., 1], error[..., 2])
    smooth = cv2.GaussianBlur(lightness, (0, 0), 1.0)
    slope = np.hypot(cv2.Sobel(smooth, -1, 1, 0, scale=0.125), cv2.Sobel(smooth, -1, 0, 1, scale=0.125))
    return (lightness < 0) & (lightness > _DEEPEST_SHADOW) & (colour < _COLOURED_SHADOW) & (slope < _STEEPEST_SHADOW)


def _flood(alike: np.ndarray) -> np.ndarray:
    """Returns what is reached from the border through ``alike``, but not through the narrowest gaps."""
    reached = from_sides(shrunk(alike, square(1)))
    for _ in range(2):  # give back what shrinking took
        reached = grown(reached, square(1)) & alike
    return reached


def _surface_from(lab: np.ndarray, backdrop: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Corrects the surface by the smoothed error on the flooded backdrop, carried on under the article."""
    h, w = backdrop.shape
    size_hw = max(8, h // 8), max(8, w // 8)
    weight = resized(backdrop.astype(np.float32), size_hw, "mean")
    total = resized((lab - before) * backdrop[..., None], size_hw, "mean")
    weight, total = (cv2.GaussianBlur(a, (0, 0), max(size_hw) / _UNDER_ARTICLE) for a in (weight, total))
    return before + resized(total / (weight[..., None] + _LEAST_BACKDROP), (h, w), "linear")


def _holes(distance: np.ndarray, backdrop: np.ndarray, studio: bool) -> np.ndarray:
    """Returns enclosed pieces of backdrop with clear edges (between arms and body, in handles).

    In a snapshot they must also be broad: there a light stripe can look like the backdrop.
    """
    enclosed = pieces(opened((distance < 1) & ~backdrop, square(1)), diagonal=False)
    holes = np.zeros(distance.shape, bool)
    least_radius = _HOLE_RADIUS if studio else _SNAPSHOT_HOLE * min(distance.shape)
    for i in np.flatnonzero(enclosed.areas >= _LEAST_HOLE * distance.size):
        piece, box = enclosed.window(i, margin=3)
        depth = distance_to(~piece, rough=True)
        rim = grown(piece, square(3)) & ~piece
        if depth.max() < least_radius or np.median(distance[box][rim]) < _CLEAR_EDGE:
            continue
        if np.mean(distance[box][depth > 1]) < _LIKE_BACKDROP:
            holes[box] |= piece
    return holes


def _close_slits(mask: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Fills narrow inlets without clear edges: a light article's shading has the backdrop's colour there."""
    inlets = pieces(closed(mask, disc(_INLET), beyond=False) & ~mask, diagonal=False)
    filled = mask.copy()
    for i in np.flatnonzero(inlets.areas >= _LEAST_INLET * mask.size):
        piece, box = inlets.window(i, margin=2)
        rim = grown(piece, disc(2)) & mask[box]
        if rim.any() and np.median(distance[box][rim]) < _CLEAR_EDGE:
            filled[box] |= piece
    return filled


def _trim(mask: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Takes off pixels of the outline that are more backdrop than article, and bumps of compression."""
    contrast = np.where(mask, np.linalg.norm(error, axis=2), 0)
    bumps = mask & ~opened(mask, disc(_BUMP))
    mask = mask & ~(bumps & (contrast < _BUMP_CONTRAST * highest(contrast, square(_BUMP_BESIDE))))
    inside = highest(contrast, square(1))
    fading = (inside > _FADES) & (contrast < _FADED * inside)
    for _ in range(_MOST_FADED):
        mask = mask & ~(_outline(mask) & fading)
    return mask


def _without_threads(mask: np.ndarray) -> np.ndarray:
    """Takes off lines much thinner than clothes (seams between tiles and boards) and smooths the outline."""
    broad = opened(mask, disc(round(_THREAD * min(mask.shape)) + 1))
    return cv2.medianBlur(broad.astype(np.uint8), _SMOOTHED) > 0


def _keep_articles(mask: np.ndarray) -> np.ndarray | None:
    """Drops specks; None when more than two pieces, or much beside them, would remain."""
    found = pieces(mask, diagonal=False)
    if not len(found):
        return None
    kept = found.areas >= _SPECK * found.areas.max()
    if kept.sum() > 2 or found.areas[~kept].sum() > _MOST_SPECKS * found.areas[kept].sum():
        return None
    return found.where(kept)


def _is_safe(mask: np.ndarray, error: np.ndarray, noise: tuple[float, float], studio: bool) -> bool:
    """Checks the size, that the photo hardly cuts the article off, and that its outline is clear."""
    if not _MIN_AREA < mask.mean() < _MAX_AREA:
        return False
    sides = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if sides.mean() > _MAX_CUT_SIDES:
        return False
    if studio:
        return True
    ring = _outline(shrunk(mask, disc(2)))
    contrast = np.linalg.norm(error, axis=2)[ring]
    least = max(_MIN_OUTLINE_CONTRAST, _TIMES_NOISE * float(np.hypot(*noise)))
    return contrast.size > 0 and float(np.mean(contrast < least)) < _MAX_FAINT_OUTLINE


def _outline(mask: np.ndarray) -> np.ndarray:
    return mask & ~shrunk(mask, square(1))
