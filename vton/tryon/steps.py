"""The intermediates of a try-on as pictures, for the page, for `--steps-dir` and for sheets."""

from __future__ import annotations

import numpy as np
import torch

from vton.conditioning.value_range import to_u8
from vton.networks.tryon_output import TryOnOutput
from vton.readers.overlays import pose_overlay
from vton.schema import PALETTE, SIDED_LABELS, Article, Parsing, Person

_GREY = 128


def steps_of(
    person: Person, erased: np.ndarray, garment: Article, output: TryOnOutput, changed_u8: np.ndarray
) -> dict[str, np.ndarray]:
    """Everything between the photos and the result, in order.

    Args:
        person: on the canvas; erased: [h, w], bool, what may change of them.
        output: of the network, for this person alone.
        changed_u8: [H, W], how much of each pixel was put back into the photo.

    Returns:
        Name -> [h, w, 3], uint8. Names are words with hyphens, fit for file names.
    """
    steps = {
        "person": person.image_u8,
        "pose": pose_overlay(person.image_u8, person.pose),
        "parsing": person.parsing.colours(),
        "agnostic-person": np.where(erased[..., None], np.uint8(_GREY), person.image_u8),
        "garment": np.where(garment.mask_u8[..., None] > 0, garment.image_u8, np.uint8(255)),
        "warped-garment": _on_white(output.warped, output.warped_mask),
        "warped-mask": picture(output.warped_mask),
    }
    steps |= {name.replace("_", "-"): picture(tensor) for name, tensor in output.steps.items()}
    steps["composition-mask"] = picture(output.composition_mask)
    steps["result-on-canvas"] = picture(output.result)
    steps["put-back"] = np.repeat(changed_u8[..., None], 3, axis=2)
    return steps


def picture(tensor: torch.Tensor) -> np.ndarray:
    """The first of [N, C, H, W] as a picture [H, W, 3], uint8.

    Three channels are colours -1..1, one is a mask 0..1, more are a plane per label.
    """
    if tensor.shape[1] == 3:
        return np.ascontiguousarray(to_u8(tensor[:1])[0])
    planes = tensor[0].float().cpu().numpy()
    if len(planes) == 1:
        return np.repeat(np.round(planes[0].clip(0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)
    if len(planes) == len(SIDED_LABELS):
        return Parsing(planes.argmax(0).astype(np.uint8), SIDED_LABELS).colours()
    return PALETTE[planes.argmax(0) % len(PALETTE)]


def _on_white(image: torch.Tensor, mask: torch.Tensor) -> np.ndarray:
    mask = mask.clamp(0, 1)
    return picture(image * mask + (1 - mask))
