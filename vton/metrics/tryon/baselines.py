"""Two try-ons without learning, which every system has to beat: nothing put on, and the garment pasted by its box."""

from typing import NamedTuple

import cv2
import numpy as np

from vton.conditioning.canvas import extent, resized
from vton.conditioning.person.wearer import Wearer
from vton.schema.person import TryOnSample

RADIUS = 3  # pixels that OpenCV's inpainting looks around


class Baseline(NamedTuple):
    """A try-on [H, W, 3], uint8, and the mask of the warped garment [H, W], bool, None where there is none."""

    image_u8: np.ndarray
    warped: np.ndarray | None


def inpainted(sample: TryOnSample) -> Baseline:
    """The person with the erased region filled in from around it (Telea 2004)."""
    return Baseline(_filled(sample, region_of(sample)), None)


def pasted(sample: TryOnSample) -> Baseline:
    """`inpainted`, and in the erased region the garment, scaled from its box to the region's."""
    region = region_of(sample)
    image, mask = garment_on_box(sample, region)
    return Baseline(np.where((mask & region)[..., None], image, _filled(sample, region)), mask)


def region_of(sample: TryOnSample) -> np.ndarray:
    """The erased region: [H, W], bool."""
    return Wearer.of(sample.person, sample.slot).erased


def garment_on_box(sample: TryOnSample, region: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The garment stretched from its own box to the region's: [H, W, 3], uint8, and where it is, [H, W], bool."""
    h, w = region.shape
    image, mask = np.full((h, w, 3), 255, np.uint8), np.zeros((h, w), bool)
    worn = sample.garment.mask_u8 > 0
    if not (region.any() and worn.any()):
        return image, mask
    (top, bottom, left, right), (y0, y1, x0, x1) = extent(region), extent(worn)
    size = bottom - top, right - left
    cut, own = sample.garment.image_u8[y0:y1, x0:x1], worn[y0:y1, x0:x1].astype(np.uint8)
    image[top:bottom, left:right] = resized(cut, size, "mean")
    mask[top:bottom, left:right] = resized(own, size, "labels") > 0
    return image, mask


def _filled(sample: TryOnSample, region: np.ndarray) -> np.ndarray:
    return cv2.inpaint(np.ascontiguousarray(sample.person.image_u8), region.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)


BASELINES = {"inpainted": inpainted, "pasted": pasted}
