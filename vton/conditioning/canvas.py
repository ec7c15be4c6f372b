"""Pictures of any size onto a canvas of fixed size: scaled and padded, never stretched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from vton.schema import SizeHW

HOW = {
    "mean": cv2.INTER_AREA,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "labels": cv2.INTER_NEAREST_EXACT,
    "corner": cv2.INTER_NEAREST,
}
"""Ways to resize: the mean of an area, for shrinking; bilinear; bicubic; the nearest pixel, for numbers of labels; the
nearest to each pixel's corner, half a pixel off."""

@dataclass(frozen=True)
class CanvasTransform:
    """Where pixels of the source lie on the canvas.

    Attributes:
        scale: canvas pixels per source pixel.
        dx, dy: canvas position of the source's top left corner, in pixels.
    """

    scale: float
    dx: float
    dy: float

    def forward(self, xy: np.ndarray) -> np.ndarray:
        """Source pixels to canvas pixels: [..., 2] -> [..., 2], float32."""
        return (np.asarray(xy, np.float64) * self.scale + (self.dx, self.dy)).astype(np.float32)

    def inverse(self, xy: np.ndarray) -> np.ndarray:
        """Canvas pixels to source pixels: [..., 2] -> [..., 2], float32."""
        return ((np.asarray(xy, np.float64) - (self.dx, self.dy)) / self.scale).astype(np.float32)


def fit_to_canvas(
    image_u8: np.ndarray,
    size_hw: SizeHW,
    background: tuple[int, ...] | int | None = None,
    labels: bool = False,
) -> tuple[np.ndarray, CanvasTransform]:
    """Scales a picture to fit the canvas and centres it.

    Args:
        image_u8: [h, w] or [h, w, C], uint8.
        size_hw: height and width of the canvas.
        background: colour of the padding; without it the median colour of the picture's own border.
        labels: the values are numbers of labels, which must not be mixed.

    Returns:
        [H, W] or [H, W, C], uint8, and the transform of pixel coordinates.
    """
    (h, w), (canvas_h, canvas_w) = image_u8.shape[:2], size_hw
    scale = min(canvas_h / h, canvas_w / w)
    inner_h, inner_w = (min(c, max(1, round(s * scale))) for c, s in ((canvas_h, h), (canvas_w, w)))
    dy, dx = (canvas_h - inner_h) // 2, (canvas_w - inner_w) // 2
    padding = np.median(border_pixels(image_u8), axis=0) if background is None else background
    canvas = np.empty((canvas_h, canvas_w, *image_u8.shape[2:]), np.uint8)
    canvas[:] = np.asarray(padding, np.uint8)
    if labels:
        inner = resized(image_u8, (inner_h, inner_w), "labels")
    else:
        inner = resize_u8(image_u8, (inner_h, inner_w))
    canvas[dy : dy + inner_h, dx : dx + inner_w] = inner
    return canvas, CanvasTransform(scale, dx, dy)


def resized(planes: np.ndarray, size_hw: SizeHW, how: str) -> np.ndarray:
    """[h, w] or [h, w, C], uint8 or float32, at another size.

    Args:
        how: a name in `HOW`.
    """
    return cv2.resize(planes, (size_hw[1], size_hw[0]), interpolation=HOW[how])


def scaled(planes: np.ndarray, times: float, how: str) -> np.ndarray:
    """[h, w] or [h, w, C], uint8 or float32, with ``times`` as many pixels on each side; ``how``: see `resized`."""
    return cv2.resize(planes, None, fx=times, fy=times, interpolation=HOW[how])


def sampled(
    planes: np.ndarray,
    source_xy: np.ndarray,
    how: int,
    beyond: int = cv2.BORDER_CONSTANT,
    value: tuple[float, ...] = (0, 0, 0, 0),
) -> np.ndarray:
    """Values of [h, w] or [h, w, C] at positions between its pixels: [H, W] or [H, W, C].

    Args:
        source_xy: [H, W, 2], float32, in pixels.
        how, beyond, value: flags of OpenCV for the interpolation and the border, and the border's constant colour.
    """
    second_map: Any = None  # x and y are in one array, which OpenCV's stubs do not know of
    return cv2.remap(planes, source_xy, second_map, how, borderMode=beyond, borderValue=value)


def rows_enlarged(plane: np.ndarray, size_hw: tuple[int, int], rows: slice) -> np.ndarray:
    """Some rows of a [h, w] plane, float32, that is enlarged by bicubic interpolation: [rows, W].

    A large picture that is worked on in strips never needs the whole of it.

    Args:
        size_hw: of the whole, not smaller than the plane.
        rows: with start and stop.
    """
    height, width = size_hw
    ys = (np.arange(rows.start, rows.stop) + 0.5) * (plane.shape[0] / height) - 0.5
    xs = (np.arange(width) + 0.5) * (plane.shape[1] / width) - 0.5
    columns, lines = np.meshgrid(xs.astype(np.float32), ys.astype(np.float32))
    return cv2.remap(plane, columns, lines, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def resized_image(image: Image.Image, size_wh: tuple[int, int]) -> Image.Image:
    """A picture on a sheet or card for people to look at, by Lanczos' filter."""
    return image.resize(size_wh, Image.Resampling.LANCZOS)


def fitted_image(image: Image.Image, size_wh: tuple[int, int]) -> Image.Image:
    """The same, at most so wide and high; its shape stays, and a small one its size."""
    fitted = image.copy()
    fitted.thumbnail(size_wh, Image.Resampling.LANCZOS)
    return fitted


def resize_u8(image_u8: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    """Resizes [h, w(, C)], uint8, without aliasing: area mean when shrinking, bicubic when growing."""
    if image_u8.shape[:2] == tuple(size_hw):
        return image_u8.copy()
    shrink = size_hw[0] < image_u8.shape[0] or size_hw[1] < image_u8.shape[1]
    return resized(image_u8, size_hw, "mean" if shrink else "cubic")


def resize_smoothly(planes: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    """Resizes [h, w(, C)], uint8 or float32: area mean when it gets lower, else bilinear, which overshoots nowhere."""
    return resized(planes, size_hw, "mean" if size_hw[0] < planes.shape[0] else "linear")


def shrink_to(image_u8: np.ndarray, longest_side: int) -> np.ndarray:
    """Shrinks a picture [H, W, C], uint8, to a longest side of ``longest_side``; returns smaller ones as they are."""
    h, w = image_u8.shape[:2]
    scale = longest_side / max(h, w)
    if scale >= 1:
        return image_u8
    return resize_u8(image_u8, (max(1, round(h * scale)), max(1, round(w * scale))))


def extent(mask: np.ndarray) -> tuple[int, int, int, int]:
    """First and one past the last row, then column, of what is not 0 in [H, W]; there must be something."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def border_pixels(image_u8: np.ndarray, width: int = 1) -> np.ndarray:
    """Returns the pixels along the four sides: [N] or [N, C]."""
    c = image_u8.shape[2:]
    sides = (image_u8[:width], image_u8[-width:], image_u8[:, :width], image_u8[:, -width:])
    return np.concatenate([side.reshape(-1, *c) for side in sides])
