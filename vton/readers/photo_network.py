"""A bundled PhotoUNet with its checkpoint, and the way of photo pixels onto its canvas and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from vton import hub
from vton.conditioning.canvas import CanvasTransform, extent, fit_to_canvas
from vton.conditioning.value_range import image_tensor
from vton.hub.device import channels_last
from vton.hub.loading import load_network
from vton.readers.photo_unet import PhotoUNet
from vton.schema import InputError, SizeHW, as_size

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the photo."""

_WIDE, _TALL = 2.5, 3.0  # beyond these aspects a photo is looked at through windows of 3:2 and 1:2
_MAX_WINDOWS = 32
_LEAST_VIEW = 12  # pixels of the photo
_BATCH = 8


@dataclass(frozen=True)
class View:
    """A part of the photo on the network's canvas.

    Attributes:
        canvas_u8: [H, W, 3], uint8.
        box: the part of the photo.
        transform: pixels of the part to pixels of the canvas.
    """

    canvas_u8: np.ndarray
    box: Box
    transform: CanvasTransform

    @classmethod
    def of(cls, image_u8: np.ndarray, box: Box, canvas_hw: SizeHW) -> View:
        """Cuts the box out of a photo [H, W, 3], uint8, and fits it to the canvas as training does."""
        left, top, right, bottom = box
        canvas, transform = fit_to_canvas(image_u8[top:bottom, left:right], canvas_hw)
        return cls(canvas, box, transform)

    @classmethod
    def around(
        cls,
        image_u8: np.ndarray,
        found: tuple[float, float, float, float],
        padding: float,
        canvas_hw: SizeHW,
    ) -> View:
        """The view of what was found, in the aspect of the canvas as far as the photo reaches.

        Args:
            image_u8: [H, W, 3], uint8.
            found: left, top, right and bottom in photo pixels; they may lie outside.
            padding: on each side, in parts of the longer side of ``found``.
        """
        (h, w), aspect = image_u8.shape[:2], canvas_hw[1] / canvas_hw[0]
        left, top, right, bottom = np.clip(found, 0, (w, h, w, h))
        pad = padding * max(right - left, bottom - top)
        high = max(bottom - top + 2 * pad, (right - left + 2 * pad) / aspect, _LEAST_VIEW)
        half_x, half_y, x, y = high * aspect / 2, high / 2, (left + right) / 2, (top + bottom) / 2
        box = (
            max(0, int(x - half_x)), max(0, int(y - half_y)),
            min(w, int(np.ceil(x + half_x))), min(h, int(np.ceil(y + half_y))),
        )  # fmt: skip
        return cls.of(image_u8, box, canvas_hw)

    @classmethod
    def beyond(cls, image_u8: np.ndarray, box: Box, canvas_hw: SizeHW) -> View:
        """The view of a box that reaches beyond the photo, whose edges are carried on there."""
        (h, w), (left, top, right, bottom) = image_u8.shape[:2], box
        rows, columns = np.clip(np.arange(top, bottom), 0, h - 1), np.clip(np.arange(left, right), 0, w - 1)
        canvas, transform = fit_to_canvas(image_u8[rows[:, None], columns], canvas_hw)
        return cls(canvas, box, transform)

    def to_photo(self, xy: np.ndarray) -> np.ndarray:
        """Canvas pixels to photo pixels: [..., 2] -> [..., 2], float32."""
        return self.transform.inverse(xy) + np.array(self.box[:2], np.float32)

    def to_canvas(self, xy: np.ndarray) -> np.ndarray:
        """Photo pixels to canvas pixels: [..., 2] -> [..., 2], float32."""
        return self.transform.forward(np.asarray(xy) - self.box[:2])

    def box_of(self, cells: np.ndarray) -> Box:
        """The part of the box that linear enlarging fills from some cells of a map, [h, w], bool, one at least."""
        first_row, end_row, first_column, end_column = extent(cells)
        corners = np.array([[first_column - 1, first_row - 1], [end_column + 1, end_row + 1]])
        (x0, y0), (x1, y1) = self.to_photo(corners * (self.canvas_u8.shape[0] / cells.shape[0]))
        left, top, right, bottom = self.box
        x0, y0 = min(max(left, int(np.floor(x0))), right - 1), min(max(top, int(np.floor(y0))), bottom - 1)
        return x0, y0, max(x0 + 1, min(right, int(np.ceil(x1)))), max(y0 + 1, min(bottom, int(np.ceil(y1))))

    def spread(self, plane: np.ndarray, box: Box | None = None) -> np.ndarray:
        """Enlarges one map of the network, [h, w] float32 over the whole canvas, linearly to the photo's pixels.

        Args:
            box: a part of the view's own, which is what None means.

        Returns:
            [bottom - top, right - left], float32.
        """
        left, top, right, bottom = box or self.box
        stride = self.canvas_u8.shape[0] / plane.shape[0]
        step = self.transform.scale / stride
        # Cell and pixel centres lie at +0.5, which OpenCV's matrices do not know.
        first = self.to_canvas(np.array([left + 0.5, top + 0.5])) / stride - 0.5
        matrix = np.array([[step, 0, first[0]], [0, step, first[1]]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(plane, matrix, (right - left, bottom - top), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def body_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies it by itself, in half the time; float32 elsewhere."""
    can = torch.cpu.get_capabilities()
    return torch.bfloat16 if can.get("avx512_bf16") or can.get("amx_bf16") else torch.float32


class PhotoNetwork:
    """Runs one PhotoUNet over canvases.

    Args:
        checkpoint: bundled name, folder or Hub id.
        map_channels, pooled: what the network must give.

    Raises:
        InputError: the checkpoint is missing, corrupt or of another network.
    """

    def __init__(self, checkpoint: str | Path, map_channels: int, pooled: int) -> None:
        folder = hub.find_checkpoint(checkpoint)
        hub.verify(folder)
        self.dtype = body_dtype()
        self.network = load_network(PhotoUNet, folder).folded().narrowed(self.dtype)
        config = self.network.config
        if (config["map_channels"], config["pooled"]) != (map_channels, pooled):
            raise InputError(f"Checkpoint '{folder.name}' is of another network: give one that fits.")
        channels_last(self.network)
        self.size_hw: SizeHW = as_size(config["size_hw"])
        self.map_stride: int = config["map_stride"]
        self.checkpoint, self.revision = folder.name, hub.revision(folder)

    def __call__(self, views: list[View]) -> tuple[np.ndarray, np.ndarray]:
        """Returns raw logits: maps [N, C, H / stride, W / stride] and pooled [N, P], float32."""
        return self.logits(np.stack([view.canvas_u8 for view in views]))

    def logits(self, canvases_u8: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a call returns, for canvases instead of views.

        Args:
            canvases_u8: [N, H, W, 3], uint8; sizes other than ``size_hw`` must be multiples of 32.
        """
        parts = []
        for first in range(0, len(canvases_u8), _BATCH):
            image = image_tensor(canvases_u8[first : first + _BATCH])
            with torch.inference_mode():
                parts.append(self.network(image.to(self.dtype, memory_format=torch.channels_last)))
        maps, pooled = (torch.cat(tensors).numpy() for tensors in zip(*parts, strict=True))
        return maps, pooled


class BundledBackend:
    """What the backends have in common whose weights come with the repository.

    Attributes:
        bundled_as: name of the checkpoint.
    """

    name = "bundled"
    licence = "Apache-2.0"
    bundled_as: str

    @classmethod
    def available(cls) -> bool:
        """Whether the weights came with the repository."""
        return cls.bundled_as in hub.bundled_names()

    @classmethod
    def download_note(cls) -> str:
        """Nothing is fetched."""
        return ""


def first_boxes(size_hw: SizeHW) -> list[Box]:
    """The whole of a photo; of a banner or a strip, overlapping windows along its longer side instead."""
    h, w = size_hw
    if w > _WIDE * h:
        return [(at, 0, at + length, h) for at, length in _along(w, round(1.5 * h))]
    if h > _TALL * w:
        return [(0, at, w, at + length) for at, length in _along(h, 2 * w)]
    return [(0, 0, w, h)]


def first_views(image_u8: np.ndarray, canvas_hw: SizeHW) -> list[View]:
    """The `first_boxes` of a photo [H, W, 3], uint8, on the canvas."""
    return [View.of(image_u8, box, canvas_hw) for box in first_boxes(image_u8.shape[:2])]


def _along(side: int, length: int) -> list[tuple[int, int]]:
    """Starts and length of windows over a side, half overlapping unless that would be too many."""
    count = min(_MAX_WINDOWS, 1 + int(np.ceil((side - length) / (length / 2))))
    return [(int(at), length) for at in np.linspace(0, side - length, count).round()]


def tile_views(image_u8: np.ndarray, canvas_hw: SizeHW) -> list[View]:
    """Half overlapping tiles of half the photo's height, or of its full width where it is narrow.

    Args:
        image_u8: [H, W, 3], uint8.

    Returns:
        Row by row; none of a photo that would need too many of them.
    """
    h, w = image_u8.shape[:2]
    wide = min(w, max(1, round(h / 2 * canvas_hw[1] / canvas_hw[0])))
    high = min(h, max(1, round(wide * canvas_hw[0] / canvas_hw[1])))
    columns, rows = _along(w, wide), _along(h, high)
    if len(columns) * len(rows) > _MAX_WINDOWS:
        return []
    boxes = [(x, y, x + wide, y + high) for y, _ in rows for x, _ in columns]
    return [View.of(image_u8, box, canvas_hw) for box in boxes]
