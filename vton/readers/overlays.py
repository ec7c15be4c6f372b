"""What an estimator found, drawn over the photo: a skeleton with confidences, or label colours with a legend."""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import resize_u8
from vton.schema import COCO18_LIMBS, Parsing, Pose

_LEAST_SIDE, _LARGEST_SIDE = 640, 1600  # pixels: below the first the numbers cannot be read
_HOLLOW_BELOW = 0.4  # confidence
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LEGEND_WIDTH, _ROW = 150, 26  # pixels: the longest label's name, and a line of it
_MIDDLE, _RIGHT, _LEFT = (250, 210, 60), (255, 120, 60), (70, 170, 255)


def pose_overlay(image_u8: np.ndarray, pose: Pose) -> np.ndarray:
    """Draws limbs and joints over the photo, and each joint's confidence in percent beside it.

    The person's right side is orange, the left side blue; joints of little confidence are hollow.

    Args:
        image_u8: [H, W, 3], uint8.
        pose: on a canvas of the same aspect.

    Returns:
        The picture, its longer side between 640 and 1600 pixels so that the numbers can be read.
    """
    canvas = _readable(image_u8)
    pose = pose.resized(canvas.shape[:2])
    points = [tuple(int(v) for v in xy) for xy in np.round(pose.keypoints_xy)]
    unit = max(canvas.shape[:2]) / _LEAST_SIDE
    for a, b in COCO18_LIMBS:
        if pose.present[a] and pose.present[b]:
            cv2.line(canvas, points[a], points[b], _colour(b), max(2, round(3 * unit)), cv2.LINE_AA)
    for joint in np.flatnonzero(pose.present):
        filled = -1 if pose.confidence[joint] >= _HOLLOW_BELOW else max(1, round(unit))
        cv2.circle(canvas, points[joint], round(4 * unit), _colour(int(joint)), filled, cv2.LINE_AA)
    for joint in np.flatnonzero(pose.present):
        x, y = points[joint]
        text, at = f"{100 * pose.confidence[joint]:.0f}", (x + round(6 * unit), y + round(4 * unit))
        for colour, thickness in (((0, 0, 0), 3), ((255, 255, 255), 1)):
            width = max(1, round(thickness * unit))
            cv2.putText(canvas, text, at, _FONT, 0.36 * unit, colour, width, cv2.LINE_AA)
    return canvas


def parsing_overlay(image_u8: np.ndarray, parsing: Parsing, strength: float = 0.6) -> np.ndarray:
    """Lays label colours over the photo; a legend of the labels that occur stands on the right.

    Args:
        image_u8: [H, W, 3], uint8, of the parsing's size.
        strength: 0 shows the photo alone, 1 the colours alone; the background stays as it is.

    Returns:
        [H', W' + legend, 3], uint8.
    """
    person = (parsing.silhouette() * strength)[..., None]
    mixed = np.round(image_u8 * (1 - person) + parsing.colours() * person).astype(np.uint8)
    canvas = _readable(mixed)
    shown = np.bincount(parsing.labels.ravel(), minlength=len(parsing.names))
    rows = [i for i in np.argsort(-shown, kind="stable") if shown[i] and parsing.names[i] != "background"]
    height = max(canvas.shape[0], _ROW * (len(rows) + 1))
    sheet = np.full((height, canvas.shape[1] + _LEGEND_WIDTH, 3), 255, np.uint8)
    sheet[: canvas.shape[0], : canvas.shape[1]] = canvas
    colours = Parsing(np.arange(len(parsing.names), dtype=np.uint8)[None], parsing.names).colours()[0]
    for number, label in enumerate(rows):
        x, y = canvas.shape[1] + 10, 8 + number * _ROW
        cv2.rectangle(sheet, (x, y), (x + 18, y + 18), colours[label].tolist(), -1)
        name = parsing.names[label].replace("_", " ")
        cv2.putText(sheet, name, (x + 26, y + 14), _FONT, 0.45, (30, 30, 30), 1, cv2.LINE_AA)
    return sheet


def _colour(joint: int) -> tuple[int, int, int]:
    if joint in (0, 1):
        return _MIDDLE
    return _RIGHT if joint in (2, 3, 4, 8, 9, 10, 14, 16) else _LEFT


def _readable(image_u8: np.ndarray) -> np.ndarray:
    side = max(image_u8.shape[:2])
    scale = min(max(side, _LEAST_SIDE), _LARGEST_SIDE) / side
    h, w = (max(1, round(s * scale)) for s in image_u8.shape[:2])
    return resize_u8(image_u8, (h, w))
