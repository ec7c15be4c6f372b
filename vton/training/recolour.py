"""Recolouring articles together with the pixels that show them: many outfits from one rendered outfit.

An article's packshot and its region of the photo get the same colour transform, so the pair stays true while its
colours become new. The generator cannot memorise that a trench coat is beige; it has to look.
"""

from typing import NamedTuple

import numpy as np

_SATURATION, _BRIGHTNESS = (0.5, 1.4), (0.75, 1.2)  # factors
_TINTED, _TINT = 0.4, (0.25, 1.0)  # share of the transforms that dye white cloth, and what they leave of each channel
_GAMMA = 0.25  # standard deviation of its logarithm


class ColourTransform(NamedTuple):
    """``rgb -> clip(matrix @ rgb ** gamma)`` on RGB in 0..1."""

    gamma: float
    matrix: np.ndarray

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """``rgb: [..., 3]``, float32, 0..1."""
        return np.clip(rgb**self.gamma @ self.matrix.T, 0, 1)


def random_transform(rng: np.random.Generator) -> ColourTransform:
    """Draws a hue rotation with saturation, brightness and, at times, a tint that dyes white cloth."""
    angle, saturation = rng.uniform(-np.pi, np.pi), rng.uniform(*_SATURATION)
    k = np.full(3, 1 / np.sqrt(3))
    cross = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    # Rodrigues' rotation about the grey axis; saturation scales what is off the axis.
    rotation = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    grey = np.outer(k, k)
    matrix = grey + saturation * (np.eye(3) - grey) @ rotation
    if rng.random() < _TINTED:
        matrix = np.diag(rng.uniform(*_TINT, 3)) @ matrix
    matrix *= rng.uniform(*_BRIGHTNESS)
    return ColourTransform(float(np.exp(rng.normal(0, _GAMMA))), matrix.astype(np.float32))


def recolour_region(image: np.ndarray, mask: np.ndarray, transform: ColourTransform) -> None:
    """Applies the transform in place to ``image: [H, W, 3]``, uint8, where ``mask: [H, W]`` is true."""
    image[mask] = np.rint(transform(image[mask].astype(np.float32) / 255) * 255).astype(np.uint8)
