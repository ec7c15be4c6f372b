"""Assets drawn in code: portraits whose points are the template's own, seen from the front."""

import json

import cv2
import numpy as np

from vton.studio.likeness.face_map import face_points

SCALE, MIDDLE, TOP = 190.0, 256.0, 8.2
"""Pixels per decimetre, the column of the face's middle, and the template's height at the first row."""

SKIN = (150, 110, 90)
MARK = (0.35, 6.95)
"""Where marked portraits have a dark spot, x and y on the template."""


def place(points):
    """Pixels [..., 2] of places [..., 3] on the template."""
    points = np.asarray(points)
    return np.stack([MIDDLE + SCALE * points[..., 0], SCALE * (TOP - points[..., 1])], -1)


def draw_portrait(marked=False, light=0.0, skin=SKIN):
    """An even face [512, 512, 3] u8 RGB; ``light``: how much lighter the picture's right is than its left."""
    image = np.full((512, 512, 3), skin, np.float32) * np.linspace(1 - light / 2, 1 + light / 2, 512)[None, :, None]
    if marked:
        cv2.circle(image, place([*MARK, 1.3]).astype(int).tolist(), 7, (30, 22, 18), -1)
    return np.clip(image, 0, 255).astype(np.uint8)


def write_portraits(folder, portraits):
    """``portraits``: name -> (picture, facts that differ from those of a woman of 30)."""
    folder.mkdir(parents=True, exist_ok=True)
    points = np.column_stack([place(face_points()), -SCALE * face_points()[:, 2]])
    facts = {}
    for name, (image, change) in portraits.items():
        cv2.imwrite(str(folder / f"{name}.webp"), image[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 101])
        facts[name] = {"sex": "female", "age": 30, "yaw": 0.0, "cheek_lab": [60, 15, 20]} | change
        facts[name]["mesh468"] = points.tolist()
    (folder / "portraits.json").write_text(json.dumps(facts))
    return folder
