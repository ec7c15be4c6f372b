"""Masks of garments in ordinary photos, without a network, as training labels (Rother et al., "GrabCut", 2004).

A plain backdrop gives an exact mask. Elsewhere the garment is what GrabCut tells from the border of the photo; such
masks are right in most places of most photos, which is what a network learns from.
"""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import resize_u8, shrink_to
from vton.conditioning.masks import closed, disc, grown, opened, pieces
from vton.conditioning.photos.cutout import remove_background

WORKING_SIDE = 160
_BORDER = 0.035  # of the short side: taken for backdrop
_COLOURS = 6  # of the backdrop
_NO_BOX = (0, 0, 0, 0)  # where a mask says what may be the garment
_LEAST_AREA, _MOST_AREA = 0.06, 0.8  # of the photo
_LEAST_SOLIDITY = 0.55  # area by that of the convex hull
_MOST_RAGGED = 9.5  # outline by the root of the area; 3.5 for a disc, about 9 for trousers with legs apart
_MOST_AT_BORDER, _MOST_SCATTERED = 0.06, 0.05
_PIECE = 0.25  # of the largest piece: the other shoe, not something that lies around
_HOLE_FILLED = 0.01  # of the photo: smaller holes are prints in the colour of the floor
_LEAST_AGREEMENT = 0.8  # IoU of the two beginnings


def pseudo_mask(image_u8: np.ndarray) -> tuple[np.ndarray | None, str]:
    """Finds the garment as well as it can be done without a network.

    Args:
        image_u8: [H, W, 3], uint8 RGB.

    Returns:
        [H, W], uint8, 255 on the garment, and how it was found: "plain" (a plain backdrop, exact), "grabcut" (from
        two beginnings, which agree) or "rough" (from one); None and "" when none of them is to be trusted.
    """
    mask = remove_background(image_u8)
    if mask is not None:
        return mask, "plain"
    small = shrink_to(image_u8, WORKING_SIDE)
    # Smoothed, in Lab: fine texture of floors and knits says nothing about where the garment ends.
    lab = cv2.cvtColor(cv2.bilateralFilter(small, 5, 30, 3), cv2.COLOR_RGB2LAB)
    band = max(3, round(_BORDER * min(lab.shape[:2])))
    loose = _grabcut(lab, band, like_border=False)
    if loose is None:
        return None, ""
    # What has the border's colours begins as backdrop: frees the floor between trouser legs, but may lose a garment.
    tight = _grabcut(lab, band, like_border=True)
    mask, method = loose, "rough"
    if tight is not None and (loose & tight).sum() > _LEAST_AGREEMENT * (loose | tight).sum():
        mask, method = tight, "grabcut"
    large = resize_u8(mask * 255, image_u8.shape[:2])
    return np.where(large > 127, 255, 0).astype(np.uint8), method


def _grabcut(lab: np.ndarray, band: int, like_border: bool) -> np.ndarray | None:
    """[h, w] of zeros and ones, or None for an outline unlike a garment's."""
    h, w = lab.shape[:2]
    labels = np.full((h, w), cv2.GC_BGD, np.uint8)
    labels[band:-band, band:-band] = cv2.GC_PR_FGD
    if like_border:
        labels[(labels == cv2.GC_PR_FGD) & _like_border(lab, labels == cv2.GC_BGD)] = cv2.GC_PR_BGD
    cv2.setRNGSeed(0)
    try:
        cv2.grabCut(lab, labels, _NO_BOX, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # one of the two has no pixels left
        return None
    found = pieces(closed(opened(np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)), disc(2)), disc(2)))
    if not len(found):
        return None
    kept = found.areas >= _PIECE * found.areas.max()
    mask = _without_small_holes(found.where(kept)).astype(np.uint8)
    scattered = found.areas[~kept].sum() > _MOST_SCATTERED * found.areas[kept].sum()
    return None if scattered or kept.sum() > 2 or not _like_a_garment(mask, band) else mask


def _like_border(lab: np.ndarray, border: np.ndarray) -> np.ndarray:
    """Returns where the colour is one of the border's: [h, w], bool."""
    known = lab[border].astype(np.float32)
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_MAX_ITER, 12, 1)
    nearest = np.zeros((len(known), 1), np.int32)
    _, nearest, centres = cv2.kmeans(known, _COLOURS, nearest, stop, 1, cv2.KMEANS_PP_CENTERS)
    nearest, distance = nearest[:, 0], np.full(lab.shape[:2], np.inf, np.float32)
    for i, centre in enumerate(centres):
        own = known[nearest == i]
        if len(own) > 0.04 * len(known):
            error = (lab - centre) / (1.5 * own.std(axis=0) + 3)
            distance = np.minimum(distance, np.sqrt((error**2).mean(axis=2)))
    return cv2.blur((distance < 1).astype(np.float32), (5, 5)) > 0.5


def _without_small_holes(mask: np.ndarray) -> np.ndarray:
    gaps = pieces(~mask)
    return mask | gaps.where(gaps.areas < _HOLE_FILLED * mask.size)


def _like_a_garment(mask: np.ndarray, band: int) -> bool:
    """Checks size, place and outline of a mask of zeros and ones."""
    if not _LEAST_AREA < mask.mean() < _MOST_AREA:
        return False
    sides = np.concatenate([mask[band], mask[-band - 1], mask[:, band], mask[:, -band - 1]])
    hull = cv2.convexHull(np.argwhere(mask).astype(np.int32))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    ragged = sum(cv2.arcLength(line, True) for line in outlines) / np.sqrt(mask.sum())
    solid = mask.sum() / max(cv2.contourArea(hull), 1.0)
    return bool(sides.mean() < _MOST_AT_BORDER and ragged < _MOST_RAGGED and solid > _LEAST_SOLIDITY)


def without_garment(photo_u8: np.ndarray, mask_u8: np.ndarray) -> np.ndarray:
    """Paints over the garment with what lies around it, moved there: where it lay, as a backdrop for others.

    Args:
        photo_u8: [h, w, 3], uint8; mask_u8: [h, w], uint8.

    Returns:
        [h, w, 3], uint8.
    """
    h, w = mask_u8.shape
    left = grown(mask_u8 > 0, disc(max(2, round(0.06 * max(h, w)) // 2)))
    source, hidden = photo_u8.copy(), left.copy()
    rng = np.random.default_rng(0)
    for _ in range(60):
        if not left.any():
            break
        flips = (slice(None, None, int(rng.choice((-1, 1)))), slice(None, None, int(rng.choice((-1, 1)))))
        shift = int(rng.integers(h)), int(rng.integers(w))
        moved, covered = (np.roll(a[flips], shift, axis=(0, 1)) for a in (source, hidden))
        usable = left & ~covered
        photo_u8 = np.where(usable[..., None], moved, photo_u8)
        left &= ~usable
    return cv2.inpaint(photo_u8, left.astype(np.uint8), 3, cv2.INPAINT_TELEA) if left.any() else photo_u8
