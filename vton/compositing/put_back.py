"""A try-on's result on its small canvas, back in the photo: only what changed is replaced, with a soft edge."""

from __future__ import annotations

import math

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from vton.compositing.garment_layer import garment_layer
from vton.compositing.layers import Layer, lay
from vton.compositing.uncovered import uncovered
from vton.conditioning.agnostic import erased_region, garment_tensors
from vton.conditioning.canvas import resize_u8
from vton.conditioning.image_io import on_white
from vton.conditioning.masks import blend, soft_within
from vton.conditioning.person_frame import FINEST, PersonFrame
from vton.conditioning.value_range import image_tensor
from vton.models.thin_plate_spline import warp
from vton.models.tryon_output import TryOnOutput
from vton.schema import ARTICLE_HW, Article, Person

PLAIN = (238, 237, 235)
_ALL = 4.0  # a quarter covered counts as replaced


def put_back(
    photo_u8: np.ndarray,
    frame: PersonFrame,
    found: Person,
    canvas: Person,
    output: TryOnOutput,
    garment: Article,
    sharp_u8: np.ndarray,
) -> np.ndarray:
    """Puts the garment on in the photo itself.

    Over the photo lie, in the erased region, what took the old garment's place, and the new garment. Every other pixel
    is the photo's own.

    Args:
        photo_u8: [H, W, 3], or [H, W, 4] of a person who was cut out; it is changed.
        frame: where the canvas lies in it.
        found: the person, read from the photo or from a smaller copy.
        canvas: the same on the canvas.
        output: of the network, for this person alone.
        garment: what the network put on; sharp_u8: [k * 256, k * 192, 3], uint8, the largest picture of it at hand.

    Returns:
        How much of each canvas pixel is new, [h, w], uint8.
    """
    slot = garment.slot
    times = min(FINEST, max(1, math.ceil(1 / frame.scale)))
    fine = frame.enlarged(times)
    # The copy of the photo shows hair and fingers finer than the canvas does.
    region = erased_region(found.parsing, found.pose, slot).astype(np.uint8)
    erased = erased_region(canvas.parsing, canvas.pose, slot).astype(np.float32)
    inside = fine.cut_labels(region, photo_u8.shape[:2]) & (_enlarged(erased, times) > 0.5)
    worn, warped = garment_layer(canvas, output, slot)
    layers = [*uncovered(canvas, output, slot, worn.cover > 0.5), worn]
    layers = [layer.enlarged(times) for layer in layers]
    if times > 1 and output.grid is not None:
        layers[-1] = Layer(layers[-1].colours + _details(output, garment, sharp_u8, warped, times), layers[-1].cover)
    picture = fine.cut(photo_u8).astype(np.float32)
    changed = lay(picture, layers, soft_within(inside, times))
    # What changes at all is mixed with the photo already.
    new = np.round(255 * np.clip(_ALL * changed, 0, 1)).astype(np.uint8)
    (left, top, right, bottom), (x0, y0, x1, y1) = frame.box, fine.inner
    box_hw = bottom - top, right - left
    alpha = _resized_mask(new[y0:y1, x0:x1], box_hw)
    alpha *= frame.photo_labels(region, photo_u8.shape[:2])
    drawn = np.clip(np.round(picture), 0, 255).astype(np.uint8)
    blend(photo_u8[top:bottom, left:right], resize_u8(drawn[y0:y1, x0:x1], box_hw), alpha)
    return resize_u8(new, canvas.size_hw)


def on_plain_backdrop(photo_u8: np.ndarray, found: Person) -> np.ndarray:
    """Puts a plain light backdrop behind the person, who is cut out softly along the parsing.

    Args:
        photo_u8: [H, W, 3], which is changed, or [H, W, 4], of which is taken what it looks like on white.

    Returns:
        [H, W, 3], uint8.
    """
    silhouette = found.parsing.silhouette().astype(np.float32)
    sigma = max(1.0, max(silhouette.shape) / 400)
    soft = np.clip(1.6 * cv2.GaussianBlur(silhouette, (0, 0), sigma) - 0.3, 0, 1)
    alpha = _resized_mask(np.round(255 * (1 - soft)).astype(np.uint8), photo_u8.shape[:2])
    result = on_white(photo_u8)
    blend(result, np.broadcast_to(np.array(PLAIN, np.uint8), result.shape), alpha)
    return result


def _details(
    output: TryOnOutput, garment: Article, sharp_u8: np.ndarray, warped: np.ndarray, times: int
) -> np.ndarray:
    """What the garment's larger picture shows beyond its small one, on a finer canvas: [H, W, 3], float32, +-255.

    The grid tells where each pixel of the garment comes from, at any resolution. All that the network did to the pixels
    stays: the difference is added.

    Args:
        warped: [h, w], float32, 0..1, where the garment's own pixels are shown.
    """
    size = tuple(side * times for side in warped.shape)
    grid, shown = output.grid.float().cpu(), torch.from_numpy(warped)[None, None]
    small, _ = warp(*garment_tensors([garment], warped.shape), grid)
    detail = _sampled(grid, sharp_u8, shown[0, 0] > 0.5, size) - F.interpolate(small, size, mode="bilinear")
    detail = detail * F.interpolate(shown, size, mode="bilinear") * 127.5
    return detail[0].permute(1, 2, 0).numpy()


def _sampled(grid: torch.Tensor, sharp_u8: np.ndarray, shown: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """The larger picture warped to the finer canvas: [1, 3, H, W], -1..1.

    Args:
        grid: [1, h, w, 2], -1..1 between the centres of the garment picture's outermost pixels.
        shown: [h, w], bool, where the garment is.
    """
    article = torch.tensor([ARTICLE_HW[1], ARTICLE_HW[0]]).view(1, 2, 1, 1)
    grid = grid.permute(0, 3, 1, 2)
    steps = ((grid[:, :, 1:] - grid[:, :, :-1]) * (article - 1) / 2).norm(dim=1)[0]
    inside = shown[1:] & shown[:-1]
    # Bilinear sampling would skip pixels of a picture that is shown much smaller: it is shrunk as much before.
    pace = float(steps[inside].median()) * sharp_u8.shape[0] / ARTICLE_HW[0] * grid.shape[-2] / size[0]
    if pace > 1:  # not where nothing is shown: then it is no number
        sharp_u8 = resize_u8(sharp_u8, tuple(max(1, round(side / pace)) for side in sharp_u8.shape[:2]))
    # From the centres of the outermost pixels, which move with the resolution, to the picture's edges, which do not.
    grid = (F.interpolate(grid, size, mode="bilinear") * (article - 1) / article).permute(0, 2, 3, 1)
    return F.grid_sample(image_tensor(sharp_u8[None]), grid, padding_mode="border", align_corners=False)


def _enlarged(plane: np.ndarray, times: int) -> np.ndarray:
    return cv2.resize(plane, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR) if times > 1 else plane


def _resized_mask(mask_u8: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Without overshoot, so that 0 stays 0 away from the edge."""
    shrink = size_hw[0] < mask_u8.shape[0]
    return cv2.resize(mask_u8, size_hw[::-1], interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
