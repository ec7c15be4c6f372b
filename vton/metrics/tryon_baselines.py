"""Two try-ons without learning, which every system has to beat: nothing put on, and the garment pasted by its box."""

import cv2
import numpy as np

from vton.conditioning.agnostic import erased_region
from vton.schema.tryon import TryOnSample

RADIUS = 3


def inpainted(sample: TryOnSample) -> np.ndarray:
    """The person with the erased region filled in from around it (Telea 2004): [H, W, 3], uint8."""
    region = erased_region(sample.person.parsing, sample.person.pose, sample.slot)
    return cv2.inpaint(np.ascontiguousarray(sample.person.image_u8), region.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)


def pasted(sample: TryOnSample) -> np.ndarray:
    """`inpainted`, and in the erased region the garment, scaled from its box to the region's: [H, W, 3], uint8."""
    region = erased_region(sample.person.parsing, sample.person.pose, sample.slot)
    image, mask = garment_on_box(sample, region)
    return np.where((mask & region)[..., None], image, inpainted(sample))


def garment_on_box(sample: TryOnSample, region: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The garment stretched from its own box to the region's: [H, W, 3], uint8, and where it is, [H, W], bool."""
    h, w = region.shape
    image, mask = np.full((h, w, 3), 255, np.uint8), np.zeros((h, w), bool)
    worn = sample.garment.mask_u8 > 0
    if not (region.any() and worn.any()):
        return image, mask
    (top, bottom, left, right), (y0, y1, x0, x1) = _box(region), _box(worn)
    size = (right - left, bottom - top)
    cut, own = sample.garment.image_u8[y0:y1, x0:x1], worn[y0:y1, x0:x1].astype(np.uint8)
    image[top:bottom, left:right] = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    mask[top:bottom, left:right] = cv2.resize(own, size, interpolation=cv2.INTER_NEAREST_EXACT) > 0
    return image, mask


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """First and one past the last row and column."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


BASELINES = {"inpainted": inpainted, "pasted": pasted}
