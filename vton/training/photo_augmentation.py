"""Random views and random cameras for photos: geometry as one affine map, then colour, blur, JPEG and noise.

Coordinates are those of `Pose`: pixel i covers i..i+1, so that a picture's right edge is x = W.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vton.conditioning.canvas import resized
from vton.schema import COCO18, SizeHW

_NOISE = np.random.default_rng(7).normal(0, 32, (512, 512, 3)).round().clip(-127, 127).astype(np.int16)
FAR = (0.2, 0.5)  # height of people far away, as a share of the canvas
# Half bodies: where they begin and end as shares of the person's height, and the share of those without a head.
_HEADS, _ENDS, _HEADLESS = (-0.08, 0.04), (0.36, 0.85), 0.2
_HEADLESS_FROM, _HEADLESS_TO = (0.1, 0.5), (0.9, 1.08)
_HALF_FILLS, _HALF_PLAY = (0.85, 1.05), (0.12, 0.04)  # of the canvas' height; its shift of the canvas' width and height
_CLOSE_FILLS, _CLOSE_SLACK = (0.68, 0.95), 0.06  # of the canvas: a crop around the person, and its shift
_WIDE_SLACK, _WIDE_ROOM = 0.1, 0.5  # shift of wide views: always, and of the room that the person leaves
_STRETCH, _CUT_AT = 0.05, 25  # standard deviation of the aspect's logarithm; where rotations are cut
_SHRINKS = 0.66  # scale below which a picture is halved first, so that it shrinks without aliasing
# Colours: standard deviations of logarithms, of all channels and of each; the offset's of 0..1.
_GAMMA, _GAMMA_EACH, _GAIN, _GAIN_EACH, _OFFSET = 0.22, 0.04, 0.14, 0.06, 0.04
_SATURATION, _HUE = (0.4, 1.5), 0.12  # factor; standard deviation in radians
_LUMA = [0.299, 0.587, 0.114]  # ITU-R BT.601
# Pixels: shares of the size while resampled; strength of the noise, of a deviation of 32; JPEG quality.
_RESAMPLED, _NOISY, _QUALITY = (0.3, 0.9), (0.05, 0.4), (15, 90)
_DEFOCUSED, _DEFOCUS, _SHAKE = 0.7, (0.4, 1.8), (3, 8)  # share of round blurs; their deviation; length of others
_OCCLUDER = (0.03, 0.16)  # of the height: half its sides
SWAP = np.array([COCO18.index(n.replace("left", "X").replace("right", "left").replace("X", "right")) for n in COCO18])
"""Which joint each joint is in a mirror."""


@dataclass(frozen=True)
class ViewRange:
    """How the view of a person is drawn; shares add up to less than one, the rest is wide views.

    Attributes:
        half_body: share of views cut at the thighs, the hips or the chest (now and then the upper part is cut off).
        close: share of views as a crop around the person gives them.
        far: share of views of a person a fifth to a half as tall as the canvas.
        smallest, largest: height of the person in wide views, as a share of the canvas.
        rotation: standard deviation in degrees, cut at 25; turned: share of views that are rotated.
        flip: share of mirrored views.
    """

    half_body: float = 0.18
    close: float = 0.45
    far: float = 0.08
    smallest: float = 0.48
    largest: float = 1.1
    rotation: float = 10.0
    turned: float = 0.5
    flip: float = 0.5


@dataclass(frozen=True)
class Camera:
    """Probabilities of what happens to a picture's pixels."""

    colour: float = 0.8
    saturation: float = 0.4
    grey: float = 0.06
    occluder: float = 0.2
    blur: float = 0.15
    resample: float = 0.15
    jpeg: float = 0.3
    noise: float = 0.25


def affine(scale_xy: tuple[float, float], degrees: float, source: tuple[float, float],
           target: tuple[float, float]) -> np.ndarray:
    """The map [2, 3] that scales, turns and takes the point ``source`` to ``target``."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn * np.array(scale_xy)
    return np.column_stack([linear, np.array(target) - linear @ np.array(source)])


def random_view(rng: np.random.Generator, box: np.ndarray, size_hw: SizeHW, views: ViewRange) -> np.ndarray:
    """Draws the map [2, 3] from a photo to the canvas; a negative determinant mirrors.

    Args:
        box: the person in the photo, x0, y0, x1, y1.
    """
    (h, w), (x0, y0, x1, y1) = size_hw, (float(v) for v in box)
    centre_x, kind = (x0 + x1) / 2, rng.random()
    if kind < views.half_body:
        top, bottom = rng.uniform(*_HEADS), rng.uniform(*_ENDS)
        if rng.random() < _HEADLESS:
            top, bottom = rng.uniform(*_HEADLESS_FROM), rng.uniform(*_HEADLESS_TO)
        scale = h * rng.uniform(*_HALF_FILLS) / ((bottom - top) * (y1 - y0))
        source = (centre_x, y0 + (top + bottom) / 2 * (y1 - y0))
        play = (_HALF_PLAY[0] * w, _HALF_PLAY[1] * h)
    else:
        span = max(y1 - y0, (x1 - x0) * h / w)
        if kind < views.half_body + views.close:
            scale, slack = h * rng.uniform(*_CLOSE_FILLS) / span, _CLOSE_SLACK
        else:
            far = kind < views.half_body + views.close + views.far
            limits = FAR if far else (views.smallest, views.largest)
            scale, slack = h * np.exp(rng.uniform(*np.log(limits))) / span, _WIDE_SLACK
        source = centre_x, (y0 + y1) / 2
        play = tuple(_WIDE_ROOM * max(0.0, side - scale * length) * (slack > _CLOSE_SLACK) + slack * side
                     for side, length in ((w, x1 - x0), (h, y1 - y0)))  # fmt: skip
    stretch = np.exp(rng.normal(0, _STRETCH))
    mirror = -1.0 if rng.random() < views.flip else 1.0
    degrees = float(np.clip(rng.normal(0, views.rotation), -_CUT_AT, _CUT_AT)) if rng.random() < views.turned else 0.0
    target = (w / 2 + play[0] * rng.uniform(-1, 1), h / 2 + play[1] * rng.uniform(-1, 1))
    return affine((mirror * scale * stretch, scale / stretch), degrees, source, target)


def apply_to_points(matrix: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Points [..., 2] through a map [2, 3]."""
    return xy @ matrix[:, :2].T + matrix[:, 2]


def warp(image_u8: np.ndarray, matrix: np.ndarray, size_hw: SizeHW,
         border: Sequence[int] | np.ndarray | int | None = 0, nearest: bool = False) -> np.ndarray:
    """A picture [h, w] or [h, w, C] seen through a map; up to four channels shrink without aliasing.

    Args:
        border: what lies around the picture; None repeats its edge.
        nearest: for labels.
    """
    matrix = matrix.copy()
    few = image_u8.ndim == 2 or image_u8.shape[2] <= 4  # of more channels OpenCV takes no mean
    if not nearest and few and np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < _SHRINKS:
        h, w = image_u8.shape[:2]
        image_u8 = resized(image_u8, (max(1, h // 2), max(1, w // 2)), "mean")
        matrix[:, 0] *= w / image_u8.shape[1]
        matrix[:, 1] *= h / image_u8.shape[0]
    # OpenCV puts integer coordinates on pixel centres.
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(
        image_u8, matrix, size_hw[::-1], flags=cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE if border is None else cv2.BORDER_CONSTANT,
        borderValue=0 if border is None else border if isinstance(border, int) else tuple(int(v) for v in border),
    )  # fmt: skip


def shift_colours(rng: np.random.Generator, image_u8: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """Exposure, contrast, gamma and white balance, each channel by a table.

    Args:
        image_u8: [H, W, 3], uint8.
        strength: factor of all deviations; 0 changes nothing.

    Returns:
        [H, W, 3], uint8.
    """
    gamma = np.exp(rng.normal(0, _GAMMA * strength, 1) + rng.normal(0, _GAMMA_EACH * strength, 3))
    gain = np.exp(rng.normal(0, _GAIN * strength, 1) + rng.normal(0, _GAIN_EACH * strength, 3))
    offset = rng.normal(0, _OFFSET * strength, 1)
    level = np.linspace(0, 1, 256)[:, None]
    table = ((level**gamma - 0.5) * gain + 0.5 + offset).clip(0, 1)
    return cv2.LUT(image_u8, np.rint(table * 255).astype(np.uint8)[:, None])


def saturate(image_u8: np.ndarray, amount: float, hue: float = 0.0) -> np.ndarray:
    """Scales colourfulness by ``amount`` (0: grey) and turns the hue by ``hue`` radians: [H, W, 3], uint8."""
    k = np.full(3, 1 / np.sqrt(3))
    cross = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    turn = np.eye(3) + np.sin(hue) * cross + (1 - np.cos(hue)) * cross @ cross
    light = np.tile(_LUMA, (3, 1))
    return cv2.transform(image_u8, (light + amount * (np.eye(3) - light)) @ turn)


def photograph(rng: np.random.Generator, image_u8: np.ndarray, camera: Camera) -> np.ndarray:
    """What cameras, phones and web sites do to a picture: [H, W, 3], uint8, to the same."""
    if rng.random() < camera.colour:
        image_u8 = shift_colours(rng, image_u8)
    if rng.random() < camera.grey:
        image_u8 = saturate(image_u8, 0.0)
    elif rng.random() < camera.saturation:
        image_u8 = saturate(image_u8, rng.uniform(*_SATURATION), rng.normal(0, _HUE))
    if rng.random() < camera.blur:
        image_u8 = _blurred(rng, image_u8)
    if rng.random() < camera.resample:
        h, w = image_u8.shape[:2]
        share = rng.uniform(*_RESAMPLED)
        small = resized(image_u8, (round(h * share), round(w * share)), "mean")
        image_u8 = resized(small, (h, w), "cubic" if rng.random() < 0.5 else "linear")
    if rng.random() < camera.noise:
        y, x = rng.integers(0, 512 - 256, 2)
        tile = resized(_NOISE[y : y + 256, x : x + 256], image_u8.shape[:2], "corner")
        image_u8 = cv2.addWeighted(image_u8, 1.0, tile, rng.uniform(*_NOISY), 0.0, dtype=cv2.CV_8U)
    if rng.random() < camera.jpeg:
        data = cv2.imencode(".jpg", image_u8, (cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*_QUALITY))))[1]
        image_u8 = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return image_u8


def _blurred(rng: np.random.Generator, image_u8: np.ndarray) -> np.ndarray:
    if rng.random() < _DEFOCUSED:
        return cv2.GaussianBlur(image_u8, (0, 0), rng.uniform(*_DEFOCUS))
    size = int(rng.integers(*_SHAKE))
    kernel = np.zeros((size, size), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = size / 2 * np.array([np.cos(angle), np.sin(angle)])
    start, end = ([int(v) for v in np.rint((size - 1) / 2 + sign * reach)] for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return cv2.filter2D(image_u8, -1, kernel / max(kernel.sum(), 1))


def occlude(rng: np.random.Generator, image_u8: np.ndarray, texture_u8: np.ndarray | None = None) -> np.ndarray:
    """Covers a part of the picture, in place, with an ellipse or a box of one colour or of ``texture_u8``.

    Returns:
        What is covered: [H, W], bool.
    """
    h, w = image_u8.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    centre = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
    half = tuple(int(v) for v in rng.uniform(*_OCCLUDER, 2) * h)
    if rng.random() < 0.5:
        cv2.ellipse(mask, centre, half, float(rng.uniform(0, 180)), 0, 360, 255, -1)
    else:
        box = cv2.boxPoints((centre, (2 * half[0], 2 * half[1]), float(rng.uniform(0, 90))))
        cv2.fillConvexPoly(mask, np.rint(box).astype(np.int32), 255)
    covered = mask > 0
    image_u8[covered] = texture_u8[covered] if texture_u8 is not None else rng.integers(0, 256, 3)
    return covered


def blend(front: np.ndarray, back: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """``front`` over ``back``, [H, W, 3], where ``cover`` [H, W], uint8, says how much."""
    share = cover.astype(np.uint16)[..., None]
    return ((front * share + back * (255 - share) + 127) // 255).astype(np.uint8)
