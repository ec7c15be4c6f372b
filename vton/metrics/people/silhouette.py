"""Silhouettes and their overlap: from a parsing, or from the picture alone against a plain studio backdrop.

The pixel method models the backdrop row by row from the side borders, takes the Lab distance to it, and keeps
the largest connected figure. It knows nothing of the generator, so its IoU cannot be flattered by the
generator's own parsing; run it on the true photos first (`calibration`) to know its own error.
"""

import cv2
import numpy as np

from vton.conditioning.masks import pieces
from vton.metrics.garments.colour import srgb_to_lab

BORDER = 0.05  # share of the width, on each side, that is taken for backdrop
SURE, POSSIBLE = 8.0, 4.5  # Lab distances: certainly figure; figure when connected to a sure pixel
SHADOW_L, SHADOW_AB = 16.0, 2.5  # a floor shadow: this much darker at most, and of nearly the backdrop's hue
HOLE = 1500  # holes below 1/1500 of the picture are closed
FLOOR = 0.78  # shadows lie below this share of the height


def silhouette_from_pixels(image_u8: np.ndarray) -> np.ndarray:
    """``image_u8`` [H,W,3], a person before a plain backdrop -> figure [H,W] bool (all false: none)."""
    h, w = image_u8.shape[:2]
    lab = srgb_to_lab(image_u8)
    difference = lab - _backdrop(lab)
    distance = np.sqrt((difference**2).sum(axis=-1))
    floor = np.arange(h)[:, None] >= FLOOR * h
    hue = np.hypot(difference[..., 1], difference[..., 2])
    shadow = floor & (difference[..., 0] > -SHADOW_L) & (difference[..., 0] < SURE) & (hue < SHADOW_AB)
    figures = pieces((distance > POSSIBLE) & ~shadow)
    sure = figures.share_of(distance > SURE)
    if not sure.any():
        return np.zeros((h, w), bool)
    figure = figures.where(np.arange(len(figures)) == sure.argmax())
    gaps = pieces(~figure, diagonal=False)
    return figure | gaps.where(gaps.areas <= h * w // HOLE)


def _backdrop(lab: np.ndarray) -> np.ndarray:
    """Backdrop colour per pixel [H,W,3]: medians of both borders per row, smoothed along y, linear across."""
    h, w = lab.shape[:2]
    band = max(2, round(BORDER * w))
    left, right = np.median(lab[:, :band], axis=1), np.median(lab[:, -band:], axis=1)
    rows = max(3, h // 32) | 1
    left, right = (cv2.blur(np.ascontiguousarray(side[:, None]), (1, rows))[:, 0] for side in (left, right))
    t = np.linspace(0, 1, w)[None, :, None]
    return left[:, None] * (1 - t) + right[:, None] * t


def silhouette_iou(figure_a: np.ndarray, figure_b: np.ndarray) -> float:
    """Intersection over union of two bool masks [H,W]; 1 when both are empty."""
    union = np.logical_or(figure_a, figure_b).sum()
    return float(np.logical_and(figure_a, figure_b).sum() / union) if union else 1.0
