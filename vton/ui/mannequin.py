"""A pose as people read it at a glance: a drawn mannequin."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from vton.conditioning.canvas import resized_image
from vton.schema import Pose

SIZE = (168, 224)
_BACKDROP, _BODY, _EDGE = "#efeae2", "#cdb79d", "#7d6d5b"
_OVER = 3  # drawn at so many times the size for smooth edges
_EDGE_WIDTH = 0.022  # as all widths below, in lengths from neck to hips
_NECK, _HEAD_WIDE, _HEAD_HIGH, _HAND = 0.075, 0.155, 0.21, 0.075
# Joint, next joint, and how wide the limb is at each; the near side last, since it covers the other.
_LEGS = ((8, 9, 0.17, 0.115), (9, 10, 0.11, 0.062), (11, 12, 0.17, 0.115), (12, 13, 0.11, 0.062))
_ARMS = ((2, 3, 0.105, 0.08), (3, 4, 0.078, 0.052), (5, 6, 0.105, 0.08), (6, 7, 0.078, 0.052))


def draw_mannequin(pose: Pose, size: tuple[int, int] = SIZE) -> Image.Image:
    """Draws a pose as a mannequin that fills the card.

    Args:
        pose: missing joints (confidence 0) and their limbs are left out.
        size: width and height in pixels.
    """
    width, height = size[0] * _OVER, size[1] * _OVER
    canvas = Image.new("RGB", (width, height), _BACKDROP)
    present = pose.present
    points = pose.keypoints_xy[present]
    low, high = points.min(0), points.max(0)
    extent = np.maximum(high - low, 1.0)
    scale = min(0.8 * height / extent[1], 0.72 * width / extent[0])
    xy = (pose.keypoints_xy - (low + high) / 2) * scale + np.array([width / 2, height / 2])
    _Figure(ImageDraw.Draw(canvas), xy, present, _unit(xy, present, extent[1] * scale)).draw()
    return resized_image(canvas, size)


def _unit(xy: np.ndarray, present: np.ndarray, stature: float) -> float:
    """The length from neck to hips, in pixels."""
    hips = [joint for joint in (8, 11) if present[joint]]
    if present[1] and hips:
        return max(float(np.linalg.norm(xy[1] - xy[hips].mean(0))), 0.2 * stature)
    return stature / 3


class _Figure:
    """The parts of one mannequin, each with an edge, so that an arm is seen before the body."""

    def __init__(self, draw: ImageDraw.ImageDraw, xy: np.ndarray, present: np.ndarray, unit: float) -> None:
        self.pen, self.xy, self.present, self.unit = draw, xy, present, unit

    def draw(self) -> None:
        """All parts, from the back to the front."""
        for ankle, knee in ((10, 9), (13, 12)):
            self._foot(ankle, knee)
        self._limbs(_LEGS)
        if self.present[0] and self.present[1]:
            self._tapered(self.xy[1], self.xy[0], _NECK, _NECK)
        self._torso()
        self._head()
        self._limbs(_ARMS)
        for wrist, elbow in ((4, 3), (7, 6)):
            self._hand(wrist, elbow)

    def _limbs(self, limbs: tuple[tuple[int, int, float, float], ...]) -> None:
        for upper, lower in zip(limbs[::2], limbs[1::2], strict=True):
            for start, end, wide, narrow in (upper, lower):
                if self.present[start] and self.present[end]:
                    self._tapered(self.xy[start], self.xy[end], wide, narrow)
            start, joint, _, wide = upper
            if self.present[start] and self.present[joint]:  # no edge across the knee or the elbow
                self._disc(self.xy[joint], wide - _EDGE_WIDTH, _BODY)

    def _tapered(self, start: np.ndarray, end: np.ndarray, wide: float, narrow: float) -> None:
        along = end - start
        across = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1e-6) * self.unit
        for less, colour in ((0.0, _EDGE), (_EDGE_WIDTH, _BODY)):
            one, other = (wide - less) * across, (narrow - less) * across
            self.pen.polygon([*map(tuple, (start + one, end + other, end - other, start - one))], fill=colour)
            self._disc(start, wide - less, colour)
            self._disc(end, narrow - less, colour)

    def _torso(self) -> None:
        if not all(self.present[joint] for joint in (1, 2, 5, 8, 11)):
            return
        neck, right, left, right_hip, left_hip = (self.xy[joint] for joint in (1, 2, 5, 8, 11))
        out = (left - right) / max(float(np.linalg.norm(left - right)), 1e-6) * self.unit
        up = np.array([0.0, -1.0]) * self.unit

        def waist(shoulder: np.ndarray, hip: np.ndarray, side: float) -> np.ndarray:
            return 0.38 * shoulder + 0.62 * hip + side * 0.05 * out

        for less, colour in ((0.0, _EDGE), (_EDGE_WIDTH, _BODY)):
            inset = less * out
            outline = [
                neck - 0.1 * out + 0.13 * up - less * up, right - 0.06 * out + 0.07 * up + inset - less * up,
                right - 0.09 * out - 0.08 * up + inset, waist(right, right_hip, -1) + inset,
                right_hip - 0.16 * out + inset, right_hip - 0.08 * out - 0.2 * up + inset,
                (right_hip + left_hip) / 2 - 0.24 * up,
                left_hip + 0.08 * out - 0.2 * up - inset, left_hip + 0.16 * out - inset,
                waist(left, left_hip, 1) - inset, left + 0.09 * out - 0.08 * up - inset,
                left + 0.06 * out + 0.07 * up - inset - less * up, neck + 0.1 * out + 0.13 * up - less * up,
            ]  # fmt: skip
            self.pen.polygon([*map(tuple, outline)], fill=colour)

    def _head(self) -> None:
        seen = [joint for joint in (0, 14, 15, 16, 17) if self.present[joint]]
        if not seen:
            return
        middle = self.xy[seen].mean(0)
        for less, colour in ((0.0, _EDGE), (_EDGE_WIDTH, _BODY)):
            wide, high = (_HEAD_WIDE - less) * self.unit, (_HEAD_HIGH - less) * self.unit
            x, y = middle
            self.pen.ellipse([x - wide, y - high, x + wide, y + high], fill=colour)

    def _hand(self, wrist: int, elbow: int) -> None:
        if self.present[wrist] and self.present[elbow]:
            along = self.xy[wrist] - self.xy[elbow]
            along = along / max(float(np.linalg.norm(along)), 1e-6) * self.unit
            self._tapered(self.xy[wrist], self.xy[wrist] + 0.1 * along, _HAND * 0.7, _HAND)

    def _foot(self, ankle: int, knee: int) -> None:
        if self.present[ankle] and self.present[knee]:
            aside = np.array([np.sign(self.xy[ankle][0] - self.xy[1][0]) * 0.06, 0.13]) * self.unit
            self._tapered(self.xy[ankle], self.xy[ankle] + aside, 0.06, 0.085)

    def _disc(self, at: np.ndarray, radius: float, colour: str) -> None:
        x, y = at
        r = radius * self.unit
        self.pen.ellipse([x - r, y - r, x + r, y + r], fill=colour)
