"""Labels of the cloth, drawn: flat sheets that lie straight before the camera."""

import numpy as np

from vton.data.cloth import NO_ISLAND, ClothBuffers


def no_cloth(size_hw):
    """A picture without any article."""
    return sheet(size_hw, (0, 0, 0, 0))


def sheet(size_hw, box, article=1, island=0, inside=False, origin=(1.0, 1.0), step_m=0.01, turned=0.0):
    """One article in rows and columns ``box`` (top, bottom, left, right); u runs right and v up from ``origin``, metres
    at the middle of the picture, ``step_m`` a pixel, turned by radians."""
    height, width = size_hw
    row, column = np.mgrid[:height, :width] + 0.5
    right, up = (column - width / 2) * step_m, (height / 2 - row) * step_m
    c, s = np.cos(turned), np.sin(turned)
    place = np.stack([origin[0] + c * right - s * up, origin[1] + s * right + c * up, np.zeros_like(up)], -1)
    shown = np.zeros(size_hw, bool)
    shown[box[0] : box[1], box[2] : box[3]] = True
    return ClothBuffers(
        np.where(shown, article, 0).astype(np.uint8),
        np.where(shown, island, NO_ISLAND).astype(np.int8),
        np.where(shown[..., None], place, 0).astype(np.float32),
        shown & inside,
    )
