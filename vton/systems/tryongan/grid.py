"""One style in many poses and bodies, and what is left of a try-on without each of its losses, as sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from vton.conditioning.canvas import resize_u8
from vton.conditioning.photos.image_io import ImageSource
from vton.metrics.generation.sheet import tile
from vton.readers.overlays import pose_overlay
from vton.schema import InputError, Pose
from vton.systems.tryongan.canvas import picture_of
from vton.systems.tryongan.interpolation import LOSSES, interpolate
from vton.systems.tryongan.latent_file import Latent
from vton.systems.tryongan.search import Search
from vton.tryon.pipeline import Stopwatch

if TYPE_CHECKING:
    from vton.systems.tryongan.pipeline import TryOnGANPipeline

MOST_CELLS = 64
_PAPER = 251


def draw_grid(pipeline: TryOnGANPipeline, styles: Sequence[Latent], poses: Sequence[Pose],
              garment: Latent | None = None, slot: str | None = None,
              watch: Callable[[int, int], None] | None = None) -> np.ndarray:
    """A row for each style, a column for each pose, with the poses on top: [H, W, 3], uint8.

    A pose brings the body's build along: of a photo it is that person's.

    Args:
        garment, slot: whose garment of which slot everybody wears, mixed by region; None for none.
        watch: called with (pictures done, pictures in all).

    Raises:
        InputError: no picture, or more than `MOST_CELLS`.
    """
    total = len(styles) * len(poses)
    if not 1 <= total <= MOST_CELLS:
        raise InputError(f"{len(styles)} styles in {len(poses)} poses: ask for 1 to {MOST_CELLS} pictures.")
    paper = np.full((*pipeline.size_hw, 3), _PAPER, np.uint8)
    overlays = [pose_overlay(paper, pose.fit(pipeline.size_hw)) for pose in poses]  # larger than a small canvas
    cells = [resize_u8(overlay, pipeline.size_hw) for overlay in overlays]
    for style in styles:
        for pose in poses:
            if garment is None or slot is None:
                cells.append(pipeline.draw(style, pose))
            else:
                cells.append(pipeline.draw_mixed(style, garment, slot, pose))
            if watch is not None:
                watch(len(cells) - len(poses), total)
    return tile(cells, columns=len(poses))


def search_without(pipeline: TryOnGANPipeline, person: ImageSource, garment: ImageSource,
                   slot: str | None = None) -> Search[tuple[np.ndarray, dict[str, dict[str, float]]]]:
    """What each loss is worth: the article's figure of what goes wrong without localisation and identity.

    All begin with the same styles. "unedited" is the person as drawn, "swap" the garment's styles at their pose.

    Returns:
        A sheet with the pictures in a row, uint8, and by name of the variant the three losses, without weights.

    Raises:
        InputError: as the pipeline's call.
    """
    pair = yield from pipeline.search_pair(person, garment, slot, Stopwatch())
    fitting, settings = pair.fitting, pipeline.fitting
    found = {"unedited": fitting.constant(0.0), "swap": fitting.constant(1.0)}
    for left_out in ("", *LOSSES):
        fitted = yield from interpolate(fitting, settings.without([left_out]))
        found[f"without {left_out}" if left_out else "all losses"] = fitted.q
    pictures, table = [one.image_u8 for one in pair.people], {}
    for name, q in found.items():
        drawn = fitting.draw(q)
        pictures.append(picture_of(drawn))
        table[name] = {loss: float(value) for loss, value in fitting.terms(q, drawn, settings).items()}
    return tile(pictures, columns=len(pictures)), table
