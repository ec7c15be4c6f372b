"""A try-on's result on its small canvas, back in the photo: only what changed is replaced, with a soft edge."""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np

from vton.compositing.layer import Layer, lay
from vton.compositing.measures import COVERED
from vton.compositing.prints import printed
from vton.compositing.repairs import garment_of, layers_of
from vton.compositing.scene import Scene
from vton.conditioning.canvas import resize_smoothly, resize_u8, scaled
from vton.conditioning.masks import blend, soft_within
from vton.conditioning.person.frame import FINEST, PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import on_white
from vton.networks.tryon_output import TryOnOutput
from vton.schema import Article, TryOnSample

PLAIN = (238, 237, 235)
_EDGES = 400  # standard deviations of the blur along a person who is cut out, in the longer side of the picture
_STEEP, _INWARDS = 1.6, 0.3  # that edge is made steeper and moved inwards, or the old backdrop would shine through


def put_back(
    photo_u8: np.ndarray, frame: PersonFrame, found: Wearer, scene: Scene, article: Article | None = None,
    sharp_u8: np.ndarray | None = None,
) -> np.ndarray:
    """Puts the garment on in the photo itself.

    Over the photo lie, in the erased region, what took the old garment's place, and the new garment. Every other pixel
    is the photo's own.

    Args:
        photo_u8: [H, W, 3], or [H, W, 4] of a person who was cut out; it is changed.
        frame: where the canvas lies in it.
        found: the person, read from the photo or from a smaller copy.
        scene: the same person on the canvas, and what the network made of them.
        article: what the network put on; sharp_u8: [k * 256, k * 192, 3], uint8, the largest picture of it at hand.
            Without both, prints stay as the network drew them.

    Returns:
        How much of each canvas pixel is new, [h, w], uint8.
    """
    times = as_fine_as(frame, FINEST)
    garment = garment_of(scene)
    layers = [layer.enlarged(times) for layer in layers_of(scene, garment)]
    if article is not None and sharp_u8 is not None and "print" not in scene.without:
        layers[-1] = printed(scene, layers[-1], article, sharp_u8, garment.own_pixels(scene), times)
    return lay_in_photo(photo_u8, frame, found.erased, scene.wearer.erased, layers, times)


def as_fine_as(frame: PersonFrame, finest: int) -> int:
    """How many times as many pixels on each side the canvas has where it is as fine as the photo; at most so many."""
    return min(finest, max(1, math.ceil(1 / frame.scale)))


def lay_in_photo(
    photo_u8: np.ndarray,
    frame: PersonFrame,
    found_erased: np.ndarray,
    erased: np.ndarray,
    layers: Iterable[Layer],
    times: int,
) -> np.ndarray:
    """Lays layers over the erased region of a photo; every other pixel stays the photo's own.

    Args:
        photo_u8: [H, W, 3], or [H, W, 4] of a person who was cut out; it is changed.
        frame: where the canvas lies in it.
        found_erased: [h, w], bool, the region in the photo or a smaller copy; erased: the same on the canvas.
        layers: on the canvas with ``times`` as many pixels on each side.

    Returns:
        How much of each canvas pixel is new, [h, w], uint8.
    """
    # 1. The canvas as fine as the photo; its copy shows hair and fingers finer than the canvas does.
    fine, region = frame.enlarged(times), found_erased.astype(np.uint8)
    larger = scaled(erased.astype(np.float32), times, "linear") > 0.5
    inside = fine.cut_labels(region, photo_u8.shape[:2]) & larger
    # 2. The layers lie over the photo's part on the canvas, softly at the region's border, about a canvas pixel wide.
    picture = fine.cut(photo_u8).astype(np.float32)
    changed = lay(picture, layers, soft_within(inside, times))
    # 3. What changes at all is mixed with the photo already.
    new = np.round(255 * np.clip(COVERED * changed, 0, 1)).astype(np.uint8)
    (left, top, right, bottom), (x0, y0, x1, y1) = frame.box, fine.inner
    box_hw = bottom - top, right - left
    alpha = resize_smoothly(new[y0:y1, x0:x1], box_hw)
    alpha *= frame.photo_labels(region, photo_u8.shape[:2])
    drawn = np.clip(np.round(picture), 0, 255).astype(np.uint8)
    blend(photo_u8[top:bottom, left:right], resize_u8(drawn[y0:y1, x0:x1], box_hw), alpha)
    return resize_u8(new, frame.size_hw)


def on_canvas(sample: TryOnSample, output: TryOnOutput, without: frozenset[str] = frozenset()) -> np.ndarray:
    """The same for a photo that has the size of the canvas itself.

    Args:
        output: of the network, for this sample alone; without: names of repairs that are left out.

    Returns:
        [h, w, 3], uint8.
    """
    (h, w), wearer = sample.person.size_hw, Wearer.of(sample.person, sample.slot)
    frame = PersonFrame((0, 0, w, h), (0, 0, w, h), (h, w))
    photo = sample.person.image_u8.copy()
    scene = Scene(sample.person, wearer, output, without)
    put_back(photo, frame, wearer, scene, sample.garment, sample.garment.image_u8)
    return photo


def on_plain_backdrop(photo_u8: np.ndarray, silhouette: np.ndarray) -> np.ndarray:
    """Puts a plain light backdrop behind the person, who is cut out softly.

    Args:
        photo_u8: [H, W, 3], which is changed, or [H, W, 4], of which is taken what it looks like on white.
        silhouette: [h, w], bool, where the person is in it, or in a smaller copy.

    Returns:
        [H, W, 3], uint8.
    """
    sigma = max(1.0, max(silhouette.shape) / _EDGES)
    soft = np.clip(_STEEP * cv2.GaussianBlur(silhouette.astype(np.float32), (0, 0), sigma) - _INWARDS, 0, 1)
    alpha = resize_smoothly(np.round(255 * (1 - soft)).astype(np.uint8), photo_u8.shape[:2])
    result = on_white(photo_u8)
    blend(result, np.broadcast_to(np.array(PLAIN, np.uint8), result.shape), alpha)
    return result
