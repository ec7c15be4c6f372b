"""A photo of somebody in a top and trousers, as the colour-reading estimators of ``tiny.colour_networks`` see it."""

import cv2
import numpy as np
from PIL import Image
from tiny.colour_networks import GREY, LABEL_COLOURS, draw_joints

from vton.schema import PARSER_LABELS

_PALE = 0.6  # paler than the joints' discs, so that clothes are not taken for joints


def draw_dressed(pose):
    """[H, W, 3], uint8: clothes in the colours of their labels, joints in theirs, on grey."""
    image = np.full((*pose.size_hw, 3), GREY, np.uint8)
    xy = np.round(pose.keypoints_xy).astype(np.int32)
    wide = max(8, pose.size_hw[0] // 15)
    trunk = cv2.convexHull(xy[[2, 5, 8, 11]])
    cv2.fillConvexPoly(image, trunk, _colour("top"))
    cv2.polylines(image, [trunk], True, _colour("top"), wide)
    for leg in ((8, 9, 10), (11, 12, 13)):
        cv2.polylines(image, [xy[list(leg)].reshape(-1, 1, 2)], False, _colour("bottom"), wide)
    return draw_joints(pose, image)


def save_dressed(path, pose, **options):
    """Writes the photo; returns its path as text."""
    Image.fromarray(draw_dressed(pose)).save(path, **options)
    return str(path)


def save_garment(path, colour=(200, 40, 40)):
    """Writes a photo of a shirt on a plain backdrop; returns its path as text."""
    image = np.full((300, 240, 3), 236, np.uint8)
    cv2.fillPoly(image, [np.array([(70, 50), (170, 50), (215, 130), (180, 150), (175, 250), (65, 250), (60, 150),
                                   (25, 130)])], colour)  # fmt: skip
    Image.fromarray(image).save(path)
    return str(path)


def _colour(label):
    colour = LABEL_COLOURS[PARSER_LABELS.index(label)].astype(float)
    return np.round(GREY + _PALE * (colour - GREY)).astype(int).tolist()
