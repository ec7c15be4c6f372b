"""The new garment as a layer of its own."""

from __future__ import annotations

import cv2
import numpy as np

from vton.compositing.layers import Layer
from vton.conditioning.agnostic import erased_region
from vton.conditioning.body_envelope import bare_arms, bare_torso, body_unit, hips_line, waist_line
from vton.conditioning.masks import distance_to, grown, nearest_colours, shrunk, soft, square, without_specks
from vton.conditioning.value_range import to_u8
from vton.models.tryon_output import TryOnOutput
from vton.schema import Person

_WORN = 0.4  # of what the network says: from there on a pixel is the garment's
_SLEEVE = 0.35  # of the body unit: as far beside its own sleeves an outer garment hides those of the top
_PIECE = 0.03  # of the largest piece: smaller ones are mistakes
_NEXT = square(1)
_SOFT = 5  # canvas pixels over which colours are mixed


def garment_layer(canvas: Person, output: TryOnOutput, slot: str) -> tuple[Layer, np.ndarray]:
    """The garment where the network sees it worn, with its own colours up to its border.

    Networks mix what adjoins a garment into the pixels at its border: there the nearest colours within are spread. They
    notch hems between the legs, as if skirts were trousers, and end tops where the old one ended: below the hips (tops
    and outer garments: below the waist, without sleeves and the opening) all of the warped garment is worn. An outer
    garment's sleeves become as wide as those of the top beneath.

    Args:
        canvas: the person on the canvas; output: of the network, for this person alone.

    Returns:
        The layer, and how much of each pixel is well inside of the warped garment: [h, w], float32, 0..1.
    """
    parsing, pose = canvas.parsing, canvas.pose
    unit = body_unit(pose, parsing.silhouette())
    erased = erased_region(parsing, pose, slot)
    worn, warped = (plane[0, 0].float().cpu().numpy().clip(0, 1) for plane in (output.worn, output.warped_mask))
    drawn = to_u8(output.result)[0]
    rows = np.arange(len(worn))[:, None]
    more = erased & (warped > worn)
    if slot in ("bottom", "dress"):
        more &= rows > hips_line(pose, unit)
    else:
        torso = bare_torso(pose, unit, canvas.size_hw)
        arms = bare_arms(pose, unit, canvas.size_hw) & ~torso
        of_arms = distance_to(arms) <= distance_to(torso)
        waist = waist_line(pose, unit)
        more &= (rows > waist) & ~of_arms & ~_opening(worn, round(waist))
    own = to_u8(output.warped)[0].astype(np.float32)
    both = (worn > _WORN) & (warped > _WORN)
    tone = np.median(drawn[both] - own[both], axis=0) if both.any() else 0
    drawn = np.where(more[..., None], np.clip(own + tone, 0, 255).astype(np.uint8), drawn)
    worn = np.where(more, warped, worn)
    inner = without_specks(worn > _WORN, _PIECE)
    core = shrunk(inner, _NEXT)
    if not core.any():
        return Layer(drawn.astype(np.float32), np.zeros_like(worn)), np.zeros_like(worn)
    colours, _ = nearest_colours(drawn, core)
    cover = cv2.blur(worn * grown(inner, _NEXT), (3, 3))
    if slot == "outer":
        sleeves = _wider_sleeves(canvas, inner, arms, unit) & of_arms & ~torso & erased
        colours[sleeves] = cv2.blur(colours, (_SOFT, _SOFT))[sleeves]
        cover = np.where(soft(sleeves) > 0, np.maximum(cover, soft(sleeves | inner)), cover)
    return Layer(colours.astype(np.float32), cover * erased), soft(shrunk(core & (warped > _WORN), _NEXT))


def _opening(worn: np.ndarray, row: int) -> np.ndarray:
    """The columns between the two sides of an open garment [h, w], 0..1, in this row: [w], bool."""
    there = worn[np.clip(row, 0, len(worn) - 1)] > _WORN
    return ~there & np.maximum.accumulate(there) & np.maximum.accumulate(there[::-1])[::-1]


def _wider_sleeves(canvas: Person, inner: np.ndarray, arms: np.ndarray, unit: float) -> np.ndarray:
    """The top or dress close beside the sleeves of the outer garment, which no jacket lets show: [h, w], bool."""
    sleeves = inner & arms
    if not sleeves.any():
        return np.zeros(canvas.size_hw, bool)
    return canvas.parsing.mask("top", "dress") & ~inner & (distance_to(sleeves) < _SLEEVE * unit)
