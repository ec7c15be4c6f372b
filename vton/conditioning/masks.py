"""The vocabulary of masks: the one place outside of the studio that calls OpenCV's morphology.

A mask is [H, W], bool, here as everywhere; lengths are pixels, areas are numbers of pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

_BLENDED_ROWS = 256  # at a time: the wide numbers of a large photo take much memory


def square(reach: float) -> np.ndarray:
    """The element of all pixels up to ``reach`` away along rows and columns; of 0.5: itself and those before it.

    Returns:
        [2 reach + 1, 2 reach + 1], uint8 ones.
    """
    side = round(2 * reach + 1)
    return np.ones((side, side), np.uint8)


def disc(reach: int) -> np.ndarray:
    """The element of all pixels up to about ``reach`` away in any direction: [2 reach + 1, 2 reach + 1], uint8."""
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))


def row(reach: int) -> np.ndarray:
    """The element of the pixels up to ``reach`` away to the left and right: [1, 2 reach + 1], uint8 ones."""
    return np.ones((1, 2 * reach + 1), np.uint8)


def grown(mask: np.ndarray, element: np.ndarray) -> np.ndarray:
    """Everything within the element around a pixel of the mask (dilation): [H, W], bool."""
    return cv2.dilate(mask.astype(np.uint8), element) > 0


def shrunk(mask: np.ndarray, element: np.ndarray, beyond: bool = True) -> np.ndarray:
    """The pixels around which the whole element is in the mask (erosion): [H, W], bool.

    Args:
        beyond: whether what lies beyond the picture counts as mask.
    """
    return cv2.erode(mask.astype(np.uint8), element, borderType=cv2.BORDER_CONSTANT, borderValue=int(beyond)) > 0


def opened(mask: np.ndarray, element: np.ndarray) -> np.ndarray:
    """The mask without what is narrower than the element: [H, W], bool."""
    return grown(shrunk(mask, element), element)


def closed(mask: np.ndarray, element: np.ndarray, beyond: bool = True) -> np.ndarray:
    """The mask with gaps that are narrower than the element: [H, W], bool; ``beyond``: see `shrunk`."""
    return shrunk(grown(mask, element), element, beyond)


def highest(plane: np.ndarray, element: np.ndarray) -> np.ndarray:
    """The largest value within the element around each pixel of a plane [H, W], of any type."""
    return cv2.dilate(plane, element)


def lowest(plane: np.ndarray, element: np.ndarray) -> np.ndarray:
    """The smallest value within the element around each pixel of a plane [H, W], of any type."""
    return cv2.erode(plane, element)


@dataclass(frozen=True, eq=False)
class Pieces:
    """The K connected pieces of a mask.

    Attributes:
        numbers: [H, W], int32, which piece a pixel belongs to, counted from 1; 0 outside of the mask.
        areas: [K], int32.
        boxes: [K, 4], int32: left, top, width and height.
        centres: [K, 2], float64: x and y.
    """

    numbers: np.ndarray
    areas: np.ndarray
    boxes: np.ndarray
    centres: np.ndarray

    def __len__(self) -> int:
        return len(self.areas)

    def where(self, chosen: np.ndarray) -> np.ndarray:
        """The mask of some pieces; chosen: [K], bool."""
        return np.concatenate([[False], chosen])[self.numbers]

    def share_of(self, mask: np.ndarray) -> np.ndarray:
        """How many pixels of each piece another mask has: [K], int64."""
        return np.bincount(self.numbers[mask], minlength=len(self) + 1)[1:]

    def window(self, piece: int | np.integer, margin: int) -> tuple[np.ndarray, tuple[slice, slice]]:
        """One piece, counted from 0, in its box with a margin around it.

        Returns:
            The mask in the box, [h, w], bool, and the box's rows and columns in the whole.
        """
        x, y, w, h = self.boxes[piece]
        box = slice(max(0, y - margin), y + h + margin), slice(max(0, x - margin), x + w + margin)
        return self.numbers[box] == piece + 1, box

    @property
    def enclosed(self) -> np.ndarray:
        """Which pieces touch no side of the picture: [K], bool."""
        left, top, width, height = self.boxes.T
        h, w = self.numbers.shape
        return (left > 0) & (top > 0) & (left + width < w) & (top + height < h)


def pieces(mask: np.ndarray, diagonal: bool = True) -> Pieces:
    """The connected pieces of a mask [H, W]; ``diagonal``: pixels that touch at a corner hang together too."""
    _, numbers, stats, centres = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8 if diagonal else 4
    )
    return Pieces(numbers, stats[1:, cv2.CC_STAT_AREA], stats[1:, :4], centres[1:])


def from_sides(mask: np.ndarray) -> np.ndarray:
    """The part of a mask that hangs together with the sides of the picture, not over corners: [H, W], bool."""
    found = pieces(mask, diagonal=False)
    return found.where(~found.enclosed)


def holes(mask: np.ndarray, most: float = np.inf) -> np.ndarray:
    """Gaps in a mask that it encloses, of an area up to ``most`` pixels: [H, W], bool."""
    gaps = pieces(~mask, diagonal=False)
    return gaps.where(gaps.enclosed & (gaps.areas <= most))


def without_specks(mask: np.ndarray, share: float) -> np.ndarray:
    """The mask without the pieces that have no more than a share of the area of the largest one: [H, W], bool."""
    found = pieces(mask)
    return found.where(found.areas > share * found.areas.max(initial=0))


def distance_to(mask: np.ndarray, rough: bool = False) -> np.ndarray:
    """From each pixel to the nearest of the mask: [H, W], float32; ``rough``: by steps to neighbours alone."""
    return cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 3 if rough else 5)


def nearest_colours(image_u8: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pixel's nearest colour among the known pixels, and how far it is from there.

    Args:
        image_u8: [H, W] or [H, W, C], uint8; known: [H, W], bool, somewhere True.

    Returns:
        The same shape, uint8, and [H, W], float32, pixels.
    """
    distance, numbers = cv2.distanceTransformWithLabels(
        np.where(known, np.uint8(0), np.uint8(255)), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = np.asarray(numbers, np.intp)
    colour_of = np.zeros((labels.max() + 1, *image_u8.shape[2:]), np.uint8)
    colour_of[labels[known]] = image_u8[known]
    return colour_of[labels], distance


def soft(mask: np.ndarray) -> np.ndarray:
    """A mask with a border three pixels wide: [H, W], float32, 0..1."""
    return cv2.blur(mask.astype(np.float32), (3, 3))


def soft_within(mask: np.ndarray, reach: int) -> np.ndarray:
    """1 well inside of a mask, falling to 0 at its rim over ``reach`` pixels: [H, W], float32; never beyond it."""
    side = 2 * reach + 1
    share = cv2.blur(mask.astype(np.float32), (side, side), borderType=cv2.BORDER_REPLICATE)
    return np.clip(2 * share - 1, 0, 1) * mask


def blend(below_u8: np.ndarray, above_u8: np.ndarray, alpha_u8: np.ndarray) -> None:
    """Lays a picture over another one in place; where ``alpha_u8`` is 0 not a bit changes.

    Args:
        below_u8: [H, W, 3], or [H, W, 4] with an alpha channel, uint8.
        above_u8: [H, W, 3], uint8.
        alpha_u8: [H, W], uint8, how much of ``above_u8`` is seen.
    """
    rows, columns = np.flatnonzero(alpha_u8.any(axis=1)), np.flatnonzero(alpha_u8.any(axis=0))
    if not len(rows):
        return
    across = slice(columns[0], columns[-1] + 1)
    for start in range(rows[0], rows[-1] + 1, _BLENDED_ROWS):
        part = slice(start, min(start + _BLENDED_ROWS, rows[-1] + 1)), across
        share, below = alpha_u8[part][..., None].astype(np.uint32), below_u8[part]
        if below.shape[2] == 4:
            whole = 255 * share + below[..., 3:] * (255 - share)
            below[..., 3:] = (whole + 127) // 255
            share = 255 * 255 * share // np.maximum(whole, 1)  # of what is seen of the two
        mixed = above_u8[part] * share + below[..., :3] * (255 - share)
        below[..., :3] = (mixed + 127) // 255
