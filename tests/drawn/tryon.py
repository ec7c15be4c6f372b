"""A standing person of coloured limbs with a sided parsing and a pose, and garments, for the try-on systems' tests."""

import cv2
import numpy as np

from vton.schema import ARTICLE_HW, SIDED_LABELS, Article, Parsing, Person, Pose, TryOnSample

COLOURS = {
    "background": (225, 225, 228), "hair": (60, 40, 30), "face": (230, 190, 165), "left_arm": (230, 185, 160),
    "right_arm": (228, 183, 158), "left_leg": (225, 180, 155), "right_leg": (223, 178, 153), "top": (180, 40, 50),
    "outer": (40, 80, 60), "bottom": (40, 60, 140), "dress": (120, 60, 130), "shoes": (30, 30, 30),
    "bag": (150, 110, 50),
}  # fmt: skip
# Of a canvas of height 1, the middle at x = 0; the person's right side is on the left.
JOINTS = [(0, 0.12), (0, 0.2), (-0.08, 0.2), (-0.12, 0.34), (-0.14, 0.46), (0.08, 0.2), (0.12, 0.34), (0.14, 0.46),
          (-0.05, 0.5), (-0.06, 0.7), (-0.06, 0.9), (0.05, 0.5), (0.06, 0.7), (0.06, 0.9), (-0.015, 0.105),
          (0.015, 0.105), (-0.035, 0.11), (0.035, 0.11)]  # fmt: skip

# What a person wears who changes a garment of that slot.
CLOTHES = {
    "top": ("top", "bottom"), "outer": ("top", "outer", "bottom"), "bottom": ("top", "bottom"), "dress": ("dress",),
}  # fmt: skip


def without(pose, joints):
    """The pose with these joints unseen."""
    confidence = pose.confidence.copy()
    confidence[list(joints)] = 0
    return Pose(pose.keypoints_xy, confidence, pose.size_hw)


def drawn_person(size_hw=(256, 192), wears=("top", "bottom"), colours=None, rng=None):
    """A `Person`; ``wears`` lists labels of clothes, ``colours`` replaces some of COLOURS, ``rng`` adds fine noise."""
    h, w = size_hw
    xy = np.array(JOINTS, np.float32) * h + (w / 2, 0)
    labels = np.zeros(size_hw, np.uint8)

    def put(name, *points, width):
        at = np.round([xy[p] if isinstance(p, int) else p for p in points]).astype(np.int32)
        cv2.polylines(labels, [at.reshape(-1, 1, 2)], False, SIDED_LABELS.index(name), max(1, round(width * h)))

    for side, arm, leg in (("right", (2, 3, 4), (8, 9, 10)), ("left", (5, 6, 7), (11, 12, 13))):
        put(f"{side}_arm", *arm, xy[arm[2]] + 0.3 * (xy[arm[2]] - xy[arm[1]]), width=0.04)
        put(f"{side}_leg", *leg, width=0.06)
        if "bottom" in wears:
            put("bottom", *leg, width=0.075)
        put("shoes", xy[leg[2]] + (0, 0.015 * h), xy[leg[2]] + (0, 0.04 * h), width=0.06)
    put("hair", (xy[0][0], 0.075 * h), (xy[0][0], 0.09 * h), width=0.085)
    put("face", (xy[0][0], 0.105 * h), 1, width=0.06)
    for name in ("dress", "top", "outer"):
        if name in wears:
            bottom = 0.66 if name == "dress" else 0.5
            put(name, (w / 2, 0.25 * h), (w / 2, bottom * h), width=0.16 if name != "outer" else 0.18)
            put(name, 2, 5, width=0.05)
            put(name, 2, 3, width=0.05)
            put(name, 5, 6, width=0.05)
    table = np.array([{**COLOURS, **(colours or {})}.get(name, (128, 128, 128)) for name in SIDED_LABELS], np.uint8)
    image = table[labels]
    if rng is not None:
        image = np.clip(image + rng.integers(-6, 7, image.shape), 0, 255).astype(np.uint8)
    pose = Pose(xy, np.ones(18, np.float32), size_hw)
    return Person(image, Parsing(labels, SIDED_LABELS), pose)


def drawn_garment(slot="top", colour=(180, 40, 50), stripes=None):
    """An `Article` in the middle of its canvas; ``stripes`` is the colour of horizontal bands."""
    h, w = ARTICLE_HW
    mask = np.zeros(ARTICLE_HW, np.uint8)
    tall = {"top": 0.5, "outer": 0.6, "bottom": 0.7, "dress": 0.8}[slot]
    y0, y1 = int(h * (1 - tall) / 2), int(h * (1 + tall) / 2)
    mask[y0:y1, int(0.28 * w) : int(0.72 * w)] = 255
    if slot != "bottom":
        mask[y0 : y0 + int(0.2 * h), int(0.1 * w) : int(0.9 * w)] = 255
    image = np.full((*ARTICLE_HW, 3), colour, np.uint8)
    if stripes is not None:
        image[np.arange(h) // 12 % 2 == 1] = stripes
    return Article(slot, image, mask)


def drawn_pair(slot="top", key="pair", size_hw=(256, 192), **options):
    """A `TryOnSample` whose photo shows the garment."""
    wears = {"top": ("top", "bottom"), "outer": ("top", "outer", "bottom"), "bottom": ("top", "bottom"),
             "dress": ("dress",)}[slot]  # fmt: skip
    person = drawn_person(size_hw, wears, **options)
    return TryOnSample(key, person, drawn_garment(slot, COLOURS[slot]), person.parsing.mask(slot))
