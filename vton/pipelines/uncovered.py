"""What the old garment hid and the new one leaves free, continued from what the photo shows around it."""

from __future__ import annotations

import cv2
import numpy as np
import torch

from vton.conditioning.agnostic import erased_region, taken_off
from vton.conditioning.article_photo import nearest_colours
from vton.conditioning.body_envelope import bare_arms, bare_limbs, bare_torso, body_unit, waist_line
from vton.conditioning.value_range import to_u8
from vton.models.tryon_output import TryOnOutput
from vton.schema import Person

_UPPER = ("top", "outer")
_LOWER = ("bottom", "dress")
_SKIN = ("face", "torso_skin", "left_arm", "right_arm", "left_leg", "right_leg")
_SHADOW = 3  # canvas pixels below the old hem that lie in its shadow
_COVERED = 0.5  # of the composition mask: nothing shines through what it shows by more
_LIKE = 24.0, 2.0  # of 255, and of the garment's deviation: how far its colours reach from their mean
_LEAST_SEEN = 12  # canvas pixels of a lower garment that are enough to go on with, in a column
_SNUG = 0.05  # of the body unit
_SLEEVE = 0.35  # of the body unit: as far beside its own sleeves an outer garment hides those of the top
_RIM = np.ones((5, 5), np.uint8)  # 2 canvas pixels around the new garment, which the network draws itself
_SOFT = 5  # canvas pixels over which the background's colours are mixed


def continued(canvas: Person, output: TryOnOutput, slot: str) -> tuple[torch.Tensor, np.ndarray]:
    """The result with background and lower garments that go on where the old garment was.

    Networks draw a strip of an average colour under a hem that is higher than the old one, and a glow where the old
    garment was wider. There, a lower garment is mirrored at the old hem, and the background's nearest colours are
    spread. Arms, legs and torso are left as drawn. An outer garment's sleeves become as wide as those of the top.

    Args:
        canvas: the person on the canvas; output: of the network, for this person alone.

    Returns:
        [1, 3, H, W], -1..1, and which pixels became sleeves: [H, W], bool.
    """
    parsing, pose = canvas.parsing, canvas.pose
    unit = body_unit(pose, parsing.silhouette())
    shown = output.composition_mask[0, 0].float().cpu().numpy().clip(0, 1)
    gone = taken_off(parsing, pose, slot)
    photo = canvas.image_u8.astype(np.float32)
    filled, share = photo.copy(), np.zeros(gone.shape, np.float32)
    torso = bare_torso(pose, unit, pose.size_hw)
    body = bare_limbs(pose, unit, pose.size_hw) | torso
    free = np.clip(1 - shown / _COVERED, 0, 1)
    if slot in _UPPER:
        lower = parsing.mask(*_LOWER) & ~gone
        rows, columns, *sources = _mirrored(lower, gone, round(waist_line(pose, unit)), body, unit)
        filled[rows, columns] = photo[tuple(sources)]
        share[rows, columns] = free[rows, columns]
    garment = cv2.dilate((shown > 0.3).astype(np.uint8), _RIM) > 0
    empty = gone & ~body & ~garment & (share == 0) & ~parsing.mask(*_SKIN)
    background, old = parsing.mask("background"), parsing.mask("top", "dress")
    if empty.any() and (background & ~gone).any():
        nearest, _ = nearest_colours(canvas.image_u8, background & ~gone)
        filled[empty] = cv2.blur(nearest.astype(np.float32), (_SOFT, _SOFT))[empty]
        share[empty] = 1
    # Sleeves may be drawn without a pixel of the warped garment, but in its opening the old clothes show.
    own = parsing.mask("bottom") | (old & torso) | ((old | background) & ~_of_its_colours(output))
    own &= ~gone
    share[own] = np.where(garment, free, 1)[own]
    widened = np.zeros_like(gone)
    if slot == "outer":
        colours, widened = _wider_sleeves(canvas, output, shown, torso, unit)
        filled[widened], share[widened] = colours[widened], 1
    share[~erased_region(parsing, pose, slot)] = 0
    new = torch.from_numpy(filled.transpose(2, 0, 1)[None] / 127.5 - 1).to(output.result)
    return torch.lerp(output.result, new, torch.from_numpy(share).to(output.result)), widened


def _wider_sleeves(
    canvas: Person, output: TryOnOutput, shown: np.ndarray, torso: np.ndarray, unit: float
) -> tuple[np.ndarray, np.ndarray]:
    """The sleeves of an outer garment over those of a top or dress, which no jacket lets show beside its own.

    Returns:
        Colours [H, W, 3], float32, 0..255, and where they belong: [H, W], bool.
    """
    arms = bare_arms(canvas.pose, unit, canvas.size_hw) & ~torso
    inner = cv2.erode(shown, _RIM) > _COVERED
    if not (inner & arms).any():
        return canvas.image_u8.astype(np.float32), np.zeros(canvas.size_hw, bool)
    nearest, distance = nearest_colours(to_u8(output.result)[0], inner & arms)
    beside = canvas.parsing.mask("top", "dress") & ~torso & ~inner & (distance < _SLEEVE * unit)
    beside &= _distance_to(arms) <= _distance_to(torso)
    return cv2.blur(nearest.astype(np.float32), (_SOFT, _SOFT)), beside


def _distance_to(part: np.ndarray) -> np.ndarray:
    """From each pixel to the nearest of [H, W], bool, in pixels: float32."""
    return cv2.distanceTransform((~part).astype(np.uint8), cv2.DIST_L2, 5)


def _of_its_colours(output: TryOnOutput) -> np.ndarray:
    """Where the result has about the colours of the new garment down to its hem, whoever drew it: [H, W], bool."""
    drawn, worn = output.result[0].float().cpu(), output.composition_mask[0, 0].cpu() > 0.5
    colours = output.warped[0].float().cpu()[:, worn]
    if not colours.shape[1]:
        return np.zeros(worn.shape, bool)
    mean, deviation = colours.mean(1), colours.std(1, unbiased=False)
    reach = _LIKE[0] / 127.5 + _LIKE[1] * deviation
    alike = ((drawn - mean[:, None, None]).abs() < reach[:, None, None]).all(0).numpy()
    alike[int(worn.any(1).nonzero().max()) + 1 :] = False  # below its hem
    return alike


def _mirrored(
    seen: np.ndarray, hidden: np.ndarray, top: int, body: np.ndarray, unit: float
) -> tuple[np.ndarray, ...]:
    """Hidden pixels above seen ones, and the pixels that they mirror.

    Args:
        seen, hidden: [H, W], bool.
        top: the row up to which they may reach, as close to the body as `_SNUG` there and straight in between.
        body: [H, W], bool; unit: its size, see `body_unit`.

    Returns:
        Rows and columns of the pixels, and of those that they mirror, [K] each.
    """
    height, width = seen.shape
    lengths = np.zeros((height + 1, width), int)
    for y in range(height - 1, -1, -1):
        lengths[y] = np.where(seen[y], lengths[y + 1] + 1, 0)
    borders = seen[1:] & hidden[:-1]
    bordered = borders.any(axis=0)
    first = np.where(bordered, borders.argmax(axis=0) + 1, top)
    length = np.where(bordered, lengths[first, np.arange(width)] - _SHADOW, 0)
    known = np.flatnonzero(length >= max(_LEAST_SEEN, length.max() // 2))
    if not len(known):
        return tuple(np.zeros((4, 0), int))
    # Above the gap between the legs there is little or nothing to mirror: such columns are like the nearest other.
    source = known[np.abs(np.arange(width)[:, None] - known).argmin(axis=1)]
    between = (np.arange(width) > known[0]) & (np.arange(width) < known[-1])
    off_body = _distance_to(body) / unit
    edge = first[source]
    below_top = np.minimum((np.arange(height)[:, None] - top) / np.maximum(edge - top, 1), 1)
    wide = np.maximum(off_body[edge, source] - _SNUG, 0)
    reach = (below_top > 0) & (off_body <= _SNUG + wide * below_top)
    rows, columns = np.nonzero(hidden & reach & (between | bordered))
    edge, length = edge[columns], length[source[columns]]
    step = edge - 1 - rows
    near = step < 2 * length  # a mirror longer than what is seen turns back, once
    step = np.where(step < 0, -1 - step, np.minimum(step, 2 * length - 1 - step))  # beside what is seen: its own row
    rows_there = np.minimum(edge + _SHADOW + step, height - 1)
    return rows[near], columns[near], rows_there[near], source[columns][near]
