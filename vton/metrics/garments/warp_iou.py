"""How well a warped garment covers where the photo shows it, as Minar et al. 2020 (CVPRW) measure it."""

import numpy as np

from vton.metrics.readers.garment_mask import mask_iou
from vton.schema import SIDED_LABELS

BEHIND = ("background", "face", "torso_skin", "left_leg", "right_leg")
"""Labels of what a garment may lie in front of, and is never hidden by; ``face`` includes the neck."""
_BEHIND = np.array([name in BEHIND for name in SIDED_LABELS])


def hidden_pixels(labels: np.ndarray, worn: np.ndarray) -> np.ndarray:
    """Where arms, hair, bags or other clothes may be in front of the garment: [H, W], bool.

    Args:
        labels: [H, W], uint8, of ``SIDED_LABELS``; worn: [H, W], bool, where the photo shows the garment.
    """
    return ~(_BEHIND[labels] | worn)


def warp_iou(warped: np.ndarray, worn: np.ndarray) -> float:
    """IoU of the warped garment's mask and of what the photo shows of it: [H, W], bool."""
    return mask_iou(warped, worn)


def visible_warp_iou(warped: np.ndarray, worn: np.ndarray, labels: np.ndarray) -> float:
    """`warp_iou` without the `hidden_pixels`: there the photo does not tell whether the garment goes on.

    A warp is right to lay a shirt's hem under the skirt that it is tucked into, or a sleeve under the hair.

    Args:
        warped, worn: [H, W], bool; labels: [H, W], uint8, of ``SIDED_LABELS``.
    """
    seen = ~hidden_pixels(labels, worn)
    return mask_iou(warped & seen, worn)
