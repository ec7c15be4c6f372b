"""Other pictures of a garment: bent, turned and lit differently, so that copying it to its old place does not fit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vton.conditioning.canvas import resized, sampled
from vton.conditioning.photos.article_photo import FILL
from vton.schema import EMPTY_GREY, SizeHW
from vton.training.photo_augmentation import affine, shift_colours

_KNOTS = 5  # across, of the smooth displacement
_COARSE = 2  # pixels: the step in which the bent garment's box is looked for
_PLAY = 0.04  # of the height: how far a garment that is not laid out anew is moved
_STILL_SEEN = 0.25  # of its area, below which a garment left its canvas and stays as it was
_AWAY = 1.5  # as much smaller the garment is bent and turned, so that nothing of it leaves the canvas


@dataclass(frozen=True)
class Deformation:
    """How far a garment's picture is changed.

    Attributes:
        bend: standard deviation of the smooth displacement, as a share of the picture's height.
        turn: standard deviation of the rotation in degrees; stretch: of the logarithm of the aspect.
        shear: standard deviation of the horizontal shift per height.
        refit: lay the result out as an upload is, filling the canvas; else its place and size play a little too.
        light: strength of the change of light, see `shift_colours`.
    """

    bend: float = 0.0
    turn: float = 3.0
    stretch: float = 0.03
    shear: float = 0.0
    refit: bool = True
    light: float = 0.25


PACKSHOT = Deformation(bend=0.01, turn=4.0, stretch=0.12)
"""For pictures of the garment alone: about what separates two layouts of it; cloth that lies flat is wider."""
CUT_OUT = Deformation(bend=0.02, turn=10.0, stretch=0.12, shear=0.06, light=0.35)
"""For garments cut out of the very photo that is to be made."""


def deform(rng: np.random.Generator, garment: np.ndarray, deformation: Deformation) -> np.ndarray:
    """A garment on its canvas [256, 192, 4], uint8, to the same, bent, turned and lit."""
    source_xy = _backward_map(rng, garment.shape[:2], deformation)
    if deformation.refit:
        source_xy = _refitted(source_xy, garment[..., 3])
    image = sampled(garment, source_xy, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, (EMPTY_GREY,) * 3 + (0,))
    mask = image[..., 3] > 127
    if mask.mean() < _STILL_SEEN * (garment[..., 3] > 127).mean():
        image, mask = garment.copy(), garment[..., 3] > 127
    if deformation.light:
        image[..., :3] = shift_colours(rng, image[..., :3], deformation.light)
    image[~mask] = (EMPTY_GREY,) * 3 + (0,)
    image[mask, 3] = 255
    return image


def _backward_map(rng: np.random.Generator, size_hw: SizeHW, deformation: Deformation) -> np.ndarray:
    """Where each pixel comes from: [H, W, 2], float32, in OpenCV's pixels."""
    h, w = size_hw
    stretch = np.exp(rng.normal(0, deformation.stretch))
    away = _AWAY if deformation.refit else 1.0
    centre = (w / 2, h / 2)
    play = (0.0, 0.0) if deformation.refit else tuple(rng.uniform(-_PLAY, _PLAY, 2) * h)
    linear = affine((away * stretch, away / stretch), rng.normal(0, deformation.turn), centre,
                    (centre[0] + play[0], centre[1] + play[1]))  # fmt: skip
    linear[0, 1] += rng.normal(0, deformation.shear)
    linear = linear.astype(np.float32)
    y, x = np.indices(size_hw, np.float32)
    source_xy = np.stack([linear[0, 0] * x + linear[0, 1] * y + linear[0, 2],
                          linear[1, 0] * x + linear[1, 1] * y + linear[1, 2]], -1)  # fmt: skip
    if deformation.bend:
        knots = rng.normal(0, deformation.bend * h, (_KNOTS + 2, _KNOTS, 2)).astype(np.float32)
        source_xy += resized(knots, (h, w), "cubic")
    return source_xy


def _refitted(source_xy: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The map with its result moved and scaled so that the garment fills the canvas as uploads do."""
    h, w = alpha.shape
    seen = sampled(alpha, np.ascontiguousarray(source_xy[::_COARSE, ::_COARSE]), cv2.INTER_LINEAR) > 127
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not len(rows):
        return source_xy
    ends = np.array([[rows[0], columns[0]], [rows[-1] + 1, columns[-1] + 1]]) * _COARSE + (1 - _COARSE) / 2
    (top, left), (bottom, right) = ends
    scale = FILL * min(h / (bottom - top), w / (right - left))
    matrix = affine((scale, scale), 0.0, ((left + right) / 2, (top + bottom) / 2), (w / 2, h / 2))
    return cv2.warpAffine(source_xy, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
