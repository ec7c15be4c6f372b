"""A photo of one garment to the Article that the generator sees, for training data and uploads alike."""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import extent, fit_to_canvas, scaled, shrink_to
from vton.conditioning.masks import nearest_colours, shrunk, square
from vton.conditioning.photos.cutout import remove_background
from vton.conditioning.photos.image_io import ImageSource, load_image
from vton.schema import ARTICLE_HW, EMPTY_GREY, Article, InputError, SizeHW

FILL = 0.877  # of the canvas height or width; the studio's packshots have it too
WORKING_SIDE = 768  # pixels of the copy of a photo in which the article is cut out: three times the canvas
_MIN_ALPHA_SHARE = 0.002  # of the picture that an article must cover


def load_article(source: ImageSource, slot: str, remove_bg: bool = True) -> Article:
    """Opens a packshot, finds the article in it and lays it out like the studio does.

    The mask is the photo's own alpha channel if it is transparent somewhere, else what ``remove_background``
    finds. When there is no safe mask, the whole photo is fitted and its area is the mask. For photos that people
    take themselves use ``vton.readers.garment.article_reader.article_from_photo``.

    Args:
        source: path, content of a file, PIL image or array.
        slot: one of ``SLOTS``.
        remove_bg: False keeps the photo's background.

    Returns:
        The article in the form that a recipe stores.

    Raises:
        InputError: the photo cannot be read or shows nothing.
    """
    pixels, mask = open_photo(source)
    if mask is None and remove_bg:
        mask = remove_background(pixels)
    return as_article(pixels, mask, slot)


def open_photo(source: ImageSource, longest_side: int | None = WORKING_SIDE) -> tuple[np.ndarray, np.ndarray | None]:
    """Opens a photo of an article.

    Args:
        longest_side: larger photos are shrunk to it; None keeps their size.

    Returns:
        [h, w, 3], uint8 RGB, and the mask [h, w], uint8, 0 or 255, that its alpha channel gives, if it has one.

    Raises:
        InputError: the photo cannot be read or shows nothing.
    """
    pixels = load_image(source, longest_side)
    if longest_side is not None:
        pixels = shrink_to(pixels, longest_side)
    if pixels.shape[2] == 3:
        return pixels, None
    mask = np.where(pixels[..., 3] > 127, 255, 0).astype(np.uint8)
    if np.mean(mask > 0) < _MIN_ALPHA_SHARE:
        raise InputError("The picture is fully transparent: use one that shows the article.")
    return np.ascontiguousarray(pixels[..., :3]), mask


def as_article(image_u8: np.ndarray, mask_u8: np.ndarray | None, slot: str) -> Article:
    """The article of a photo [h, w, 3] and its mask [h, w], 0 or 255; the whole photo when there is no mask.

    Raises:
        InputError: unknown slot.
    """
    layout = _whole_photo(image_u8) if mask_u8 is None else lay_out(image_u8, mask_u8)
    return Article(slot, *layout).canonical()


def lay_out(
    image_u8: np.ndarray, mask_u8: np.ndarray, size_hw: SizeHW = ARTICLE_HW
) -> tuple[np.ndarray, np.ndarray]:
    """Crops to the mask and scales so that the article fills the canvas as in a packshot.

    Args:
        image_u8: [h, w, 3], uint8 RGB.
        mask_u8: [h, w], uint8, 255 on the article.
        size_hw: of the canvas; a multiple of 256x192 shows the same, larger.

    Returns:
        Image [H, W, 3] and mask [H, W], uint8.
    """
    canvas_h, canvas_w = size_hw
    scale, (x, y) = placement(mask_u8, size_hw)
    image = spread_colours(image_u8, mask_u8)
    # Moving by a matrix keeps fractions of a pixel; shrinking first keeps it free of aliasing.
    while scale <= 0.5:
        image, mask_u8 = (
            scaled(a, 0.5, "mean") for a in (image, mask_u8)
        )
        x, y, scale = x / 2, y / 2, scale * 2
    dx, dy = canvas_w / 2 - scale * x, canvas_h / 2 - scale * y
    # Pixel centres lie at +0.5, which OpenCV's matrices do not know.
    matrix = np.array([[scale, 0, dx + scale / 2 - 0.5], [0, scale, dy + scale / 2 - 0.5]])
    size, method = (canvas_w, canvas_h), cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    image = cv2.warpAffine(image, matrix, size, flags=method, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.warpAffine(mask_u8, matrix, size, flags=cv2.INTER_LINEAR, borderValue=0)
    mask = np.where(soft > 127, 255, 0).astype(np.uint8)
    image[mask == 0] = EMPTY_GREY
    return image, mask


def placement(mask: np.ndarray, size_hw: SizeHW = ARTICLE_HW) -> tuple[float, tuple[float, float]]:
    """How `lay_out` moves an article.

    Args:
        mask: [H, W], true or above 0 on the article, which must be somewhere.

    Returns:
        Pixels of the canvas per pixel of the photo, and the place x, y in the photo that comes to the canvas' middle.
    """
    top, bottom, left, right = extent(mask)
    scale = FILL * min(size_hw[0] / (bottom - top), size_hw[1] / (right - left))
    return scale, ((left + right) / 2, (top + bottom) / 2)


def _whole_photo(image_u8: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    image, _ = fit_to_canvas(image_u8, ARTICLE_HW, background=(EMPTY_GREY,) * 3)
    mask, _ = fit_to_canvas(np.full(image_u8.shape[:2], 255, np.uint8), ARTICLE_HW, background=0)
    return image, mask


def spread_colours(image_u8: np.ndarray, mask_u8: np.ndarray, reach: int = 3) -> np.ndarray:
    """Gives the outside and the rim of the mask the nearest inner colour, so that no backdrop shines in.

    Args:
        image_u8: [H, W, 3], uint8; mask_u8: [H, W], uint8, above 0 on the article.
        reach: pixels from the inner ones up to where the article takes their colour; what is farther is thin.

    Returns:
        [H, W, 3], uint8; the picture itself if the mask has no inner pixels.
    """
    inner = shrunk(mask_u8 > 0, square(1))
    if not inner.any():
        return image_u8
    nearest, distance = nearest_colours(image_u8, inner)
    thin = (mask_u8 > 0) & (distance > reach)  # straps have no inner pixels: they keep their own colour
    return np.where(thin[..., None], image_u8, nearest)
