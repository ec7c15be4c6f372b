"""Light and blotches taken out of a portrait's face, so that it can be lit anew: in logarithms over the mean skin."""

import cv2
import numpy as np

from vton.conditioning.canvas import sampled
from vton.studio.likeness.face_map import FaceMap

SHADING_SIGMA, COLOUR_SIGMA = 0.022, 0.03
"""How finely light and colour are taken for the light's and not the face's, as shares of the face's height."""

LIGHTER, DARKER, COLOURED = 0.8, 0.6, 0.9
"""How much of what is lighter, darker and of another colour than the skin is taken out at that fineness."""

SHADING_LIMITS = (-0.5, 1.5)
"""Between which the logarithm of lightness counts as shading."""

HAIR_BETWEEN = (-0.75, -0.5)
"""Logarithms of the lightness of hair, and of the darkest skin."""

SHADOW_FROM, SHADOW_LIMIT, SHADOW_SIGMA = 0.06, 0.9, 0.012
"""Shadows lie on one side: how much darker than the other, as a logarithm, one must be to be lifted, by how much it is
at most, and how finely the two sides are compared, as a share of the face's height."""

SHINE_FROM, SHINE_OVER = 0.12, 0.15
"""Where the logarithm of what is lighter than skin begins to be held back as a highlight, and how much of it stays."""

CREASE_FROM, CREASE = 0.04, 0.6
"""From how much darker than skin creases are softened, and how much of them stays: lamps that are not the studio's
soft ones draw every wrinkle."""

WHITE_FROM = 0.25
"""Logarithm of lightness at which colour is gone: light that skin mirrors is white."""


def evened(grey: np.ndarray, colour: np.ndarray, face: FaceMap) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of a face's lightness [h, w] and colour [h, w, 3] without shading, shadows, highlights and blotches.

    What is taken out is found on plain skin and led on beneath brows, eyes and lips: these stay as they are to it.
    """
    size = max(grey.shape)
    low, high = HAIR_BETWEEN
    skin = face.plain * np.clip((grey - low) / (high - low), 0, 1).astype(np.float32) * (face.mask > 0)
    shading = np.clip(_mean(grey[..., None], skin, SHADING_SIGMA * size), *SHADING_LIMITS)
    grey = grey - LIGHTER * np.maximum(shading, 0) - DARKER * np.minimum(shading, 0)
    grey = _without_shine(without_shadows(grey, face.mirror))
    grey = grey + (1 - CREASE) * face.plain * np.maximum(-grey - CREASE_FROM, 0)
    tinted = colour - COLOURED * _mean(colour, skin, COLOUR_SIGMA * size).reshape(colour.shape)
    white = np.clip(grey / WHITE_FROM, 0, 1)
    return grey, tinted * (1 - white * white * (3 - 2 * white))[..., None]


def without_shadows(grey: np.ndarray, mirror: np.ndarray) -> np.ndarray:
    """The logarithm of lightness [h, w] without what a lamp from the side leaves dark beside nose and mouth.

    Args:
        mirror: of `FaceMap`.
    """
    other = sampled(grey.astype(np.float32), mirror, cv2.INTER_LINEAR)
    miss = np.clip(other - grey, -SHADOW_LIMIT, SHADOW_LIMIT).astype(np.float32)
    darker = cv2.GaussianBlur(miss, (0, 0), SHADOW_SIGMA * max(grey.shape))
    return grey + np.clip(darker - SHADOW_FROM, 0, None)


def _mean(values: np.ndarray, weights: np.ndarray, sigma: float) -> np.ndarray:
    """Means of values [h, w, C] around each texel, of those that count: [h, w, C], or [h, w] of one channel."""
    counted = cv2.GaussianBlur(np.ascontiguousarray(values * weights[..., None], np.float32), (0, 0), sigma)
    around = cv2.GaussianBlur(weights, (0, 0), sigma) + 1e-3
    return counted / (around if counted.ndim == 2 else around[..., None])


def _without_shine(grey: np.ndarray) -> np.ndarray:
    over = np.maximum(grey - SHINE_FROM, 0)
    return np.minimum(grey, SHINE_FROM) + SHINE_OVER * np.tanh(over / SHINE_OVER)
