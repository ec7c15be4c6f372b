"""Where the canvas of a try-on lies in a photo: cut around the person, fitted by padding, never stretched."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vton.conditioning.canvas import border_pixels, resize_u8
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import on_white
from vton.schema import Parsing, Person, Pose, SizeHW, as_size

CANVAS_HW = (256, 192)
FINEST = 3
"""The canvas is enlarged at most so many times for the photo, and the garment's larger picture is as fine."""
_PERSON_SHARE = 0.9  # of the canvas' height or width, as in training
_LEAST_SIDE = 12  # pixels of the photo


@dataclass(frozen=True)
class PersonFrame:
    """A part of the photo and its place on the canvas.

    Attributes:
        box: left, top, right and bottom in pixels of the photo.
        inner: the same of the canvas: where the box lies on it; the rest is padding.
        size_hw: of the canvas.
    """

    box: tuple[int, int, int, int]
    inner: tuple[int, int, int, int]
    size_hw: SizeHW = CANVAS_HW

    @classmethod
    def around(cls, person: Wearer, photo_hw: SizeHW, size_hw: SizeHW = CANVAS_HW) -> PersonFrame:
        """The frame with the person in its middle, 0.9 of it high or wide; beyond the photo it is padding.

        Args:
            person: read from the photo, or from a smaller copy of it.
            photo_hw: size of the photo.
        """
        joints = person.pose.keypoints_xy[person.pose.present]
        ys, xs = np.nonzero(person.silhouette)
        corners = np.concatenate([joints, np.stack([xs, ys], 1), np.stack([xs, ys], 1) + 1])
        (h, w), canvas_wh = photo_hw, np.array(size_hw[::-1])
        box = np.clip([corners.min(0), corners.max(0)], 0, person.size_hw[::-1]) * (w, h) / person.size_hw[::-1]
        scale = _PERSON_SHARE * (canvas_wh / np.maximum(box[1] - box[0], _LEAST_SIDE)).min()
        start = box.mean(0) - canvas_wh / scale / 2
        low = np.clip(np.floor(start), 0, (w - 1, h - 1)).astype(int)
        high = np.clip(np.ceil(start + canvas_wh / scale), low + 1, (w, h)).astype(int)
        x0, y0 = np.clip(np.round((low - start) * scale), 0, canvas_wh - 1).astype(int).tolist()
        x1, y1 = np.clip(np.round((high - start) * scale), (x0 + 1, y0 + 1), canvas_wh).astype(int).tolist()
        return cls((*low.tolist(), *high.tolist()), (x0, y0, x1, y1), as_size(size_hw))

    @property
    def scale(self) -> float:
        """Canvas pixels per pixel of the photo."""
        return (self.inner[3] - self.inner[1]) / (self.box[3] - self.box[1])

    def enlarged(self, times: int) -> PersonFrame:
        """The same frame on a canvas with ``times`` as many pixels on each side."""
        x0, y0, x1, y1 = (times * v for v in self.inner)
        return PersonFrame(self.box, (x0, y0, x1, y1), as_size(times * side for side in self.size_hw))

    def cut(self, photo_u8: np.ndarray) -> np.ndarray:
        """The box of a photo on the canvas: [h, w, 3], uint8; the padding has the median colour of the box's border.

        Args:
            photo_u8: [H, W, 3], or [H, W, 4] of which is taken what it looks like on white.
        """
        (left, top, right, bottom), (x0, y0, x1, y1) = self.box, self.inner
        part = resize_u8(on_white(photo_u8[top:bottom, left:right]), (y1 - y0, x1 - x0))
        canvas = np.empty((*self.size_hw, 3), np.uint8)
        canvas[:] = np.median(border_pixels(part), axis=0).astype(np.uint8)
        canvas[y0:y1, x0:x1] = part
        return canvas

    def cut_labels(self, labels_u8: np.ndarray, photo_hw: SizeHW) -> np.ndarray:
        """Labels [h, w], uint8, of the photo or of a smaller copy, on the canvas; the padding is 0."""
        per_x, per_y = self._step()
        sx, sy = labels_u8.shape[1] / photo_hw[1], labels_u8.shape[0] / photo_hw[0]
        # Pixel centres lie at +0.5, which OpenCV's matrices do not know.
        matrix = np.array([[per_x * sx, 0, ((0.5 - self.inner[0]) * per_x + self.box[0]) * sx - 0.5],
                           [0, per_y * sy, ((0.5 - self.inner[1]) * per_y + self.box[1]) * sy - 0.5]])  # fmt: skip
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        labels = cv2.warpAffine(labels_u8, matrix, self.size_hw[::-1], flags=flags, borderValue=0)
        x0, y0, x1, y1 = self.inner
        labels[:y0], labels[y1:], labels[:, :x0], labels[:, x1:] = 0, 0, 0, 0
        return labels

    def photo_labels(self, labels_u8: np.ndarray, photo_hw: SizeHW) -> np.ndarray:
        """Labels [h, w], uint8, of a smaller copy at the pixels of the photo that lie in the box."""
        left, top, right, bottom = self.box
        rows = ((np.arange(top, bottom) + 0.5) * labels_u8.shape[0] / photo_hw[0]).astype(int)
        columns = ((np.arange(left, right) + 0.5) * labels_u8.shape[1] / photo_hw[1]).astype(int)
        return labels_u8[rows][:, columns]

    def cut_pose(self, pose: Pose, photo_hw: SizeHW) -> Pose:
        """A pose of the photo, or of a smaller copy, on the canvas."""
        pose = pose.resized(photo_hw)
        xy = (pose.keypoints_xy - self.box[:2]) / self._step() + self.inner[:2]
        return Pose(np.where(pose.present[:, None], xy, 0), pose.confidence, self.size_hw)

    def person(self, photo_u8: np.ndarray, person: Person) -> Person:
        """Photo, parsing and pose on the canvas.

        Args:
            photo_u8: [H, W, 3] or [H, W, 4].
            person: read from it, or from a smaller copy.
        """
        photo_hw = photo_u8.shape[:2]
        parsing = Parsing(self.cut_labels(person.parsing.labels, photo_hw), person.parsing.names)
        return Person(self.cut(photo_u8), parsing, self.cut_pose(person.pose, photo_hw))

    def _step(self) -> np.ndarray:
        """Photo pixels per canvas pixel along x and y; rounding makes them differ by a trifle."""
        (left, top, right, bottom), (x0, y0, x1, y1) = self.box, self.inner
        return np.array([(right - left) / (x1 - x0), (bottom - top) / (y1 - y0)])
