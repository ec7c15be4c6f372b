"""Sheets of try-on samples: photo, garment, what the systems see, and what they make of it."""

from collections.abc import Sequence

import numpy as np
import torch

from vton.conditioning.person.agnostic import TryOnInput
from vton.conditioning.value_range import to_u8
from vton.metrics.generation.sheet import tile
from vton.networks.tryon_output import TryOnOutput

TILED = 2


def pictures_u8(image: torch.Tensor) -> np.ndarray:
    """[N, 3, H, W], -1..1, or [N, 1, H, W], 0..1 -> [N, H, W, 3], uint8."""
    image = image.detach().float().cpu()
    if image.shape[1] == 1:
        image = image.expand(-1, 3, -1, -1) * 2 - 1
    return to_u8(image)


def system_rows(photo_u8: np.ndarray, inputs: TryOnInput, made: Sequence[np.ndarray]) -> list[np.ndarray]:
    """One row per sample: photo | garment | agnostic person | what each system made.

    Args:
        photo_u8: [N, H, W, 3]; made: of each system, [N, H, W, 3], uint8.
    """
    columns = [photo_u8, pictures_u8(inputs.garment), pictures_u8(inputs.kept), *made]
    return [np.hstack(row) for row in zip(*columns, strict=True)]


def training_rows(photo_u8: np.ndarray, inputs: TryOnInput, out: TryOnOutput) -> list[np.ndarray]:
    """One row per sample of one system: photo | garment | agnostic | warped | its share | every step | result.

    Args:
        photo_u8: [N, H, W, 3], uint8; inputs, out: of the same N samples.

    Returns:
        N rows [H, W of all columns, 3], uint8.
    """
    steps = [step for step in out.steps.values() if step.shape[1] in (1, 3)]
    made = [pictures_u8(x) for x in (out.warped, out.composition_mask, *steps, out.result)]
    return system_rows(photo_u8, inputs, made)


def sheet_of_rows(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows on one sheet, two beside each other: [h, w, 3], uint8."""
    return tile(rows, TILED if len(rows) > 1 else 1)
