"""The joints of the app's pose presets, measured on the studio's own persons in the stances of the same names."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vton.schema import COCO18, InputError
from vton.studio.figures.ensemble import cut_ensemble
from vton.studio.figures.figure import pose_figure
from vton.studio.photos.cameras import camera_of, joints_of
from vton.studio.photos.photographer import Photographer
from vton.studio.rendering.framing import PICTURE_M
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.photo import PoseSpec, ViewSpec

SIZE_HW = (256, 192)
PERSONS = 8
SEEN, UNSEEN = 1.0, 0.6
"""Confidence of joints that most of the persons show, and of the others."""

NECK = COCO18.index("neck")
CENTRING = 0.5
"""How far the neck is brought back to the middle, where users expect it: photos shift persons by as much."""


def measure_presets(
    photographer: Photographer,
    names: Sequence[str],
    persons: int = PERSONS,
    seed: int = 0,
    show: Callable[[str], None] = print,
) -> dict[str, list[list[float]]]:
    """COCO-18 joints [x, y, confidence] by name, on a canvas of 256x192: the mean of dressed persons.

    Args:
        photographer: by whom they are dressed.
        names: of stances.
        persons: how many, the first of the run ``seed``.
        show: takes lines of progress.
    """
    found: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for index in range(persons):
        look = sample_looks(seed, index, 1, 1)[0]
        ensemble = cut_ensemble(photographer.model, look)
        for number, name in enumerate(names):
            pose = PoseSpec(name, seed=index * len(names) + number)
            figure = pose_figure(ensemble, look, pose, ViewSpec(), SIZE_HW[0] / PICTURE_M)
            found[name].append(joints_of(figure, camera_of(figure, ViewSpec()), SIZE_HW)[0])
        show(f"{index + 1}/{persons} persons")
    return {name: _mean(np.array(tables)) for name, tables in found.items()}


def _mean(tables: np.ndarray) -> list[list[float]]:
    """The preset of joints [N, 18, 3] with their visibility."""
    seen = (tables[..., 2] == 2).mean(0) > 0.5
    places = tables[..., :2].mean(0)
    places[:, 0] += CENTRING * (SIZE_HW[1] / 2 - places[NECK, 0])
    sure = np.where(seen, SEEN, UNSEEN)
    return [[round(float(x), 1), round(float(y), 1), float(c)] for (x, y), c in zip(places, sure, strict=True)]


def write_presets(path: str | os.PathLike, poses: dict[str, list[list[float]]], persons: int = PERSONS) -> None:
    """Writes what `vton.conditioning.pose.presets` reads.

    Raises:
        InputError: the file cannot be written.
    """
    about = f"COCO-18 joints [x, y, confidence], each the mean of {persons} people of our own studio"
    rows = ",\n".join(f'    "{name}": {json.dumps(joints, separators=(",", ":"))}' for name, joints in poses.items())
    text = f'{{\n  "about": "{about}",\n  "size_hw": {list(SIZE_HW)},\n  "poses": {{\n{rows}\n  }}\n}}\n'
    try:
        Path(path).write_text(text)
    except OSError as error:
        raise InputError(f"Cannot write '{Path(path).name}' ({error.strerror}): choose another file.") from None
