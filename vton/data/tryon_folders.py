"""What the readers of users' own try-on data sets share: a pair's files, and how they are read onto the canvas.

None of these data sets may be redistributed; VITON was withdrawn by its authors. The readers open a user's own copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from vton.conditioning.canvas import fit_to_canvas
from vton.conditioning.image_io import load_rgb
from vton.conditioning.sides import sided
from vton.data.pair_sources import PAIR_HW, GarmentRow, PairRow, PhotoRow, garment_rgba, worn_map
from vton.schema import PARSER_LABELS, SIDED_LABELS, InputError, Pose
from vton.schema.label_sets import LABEL_MAPS, relabel
from vton.schema.tryon import TRYON_SLOTS

_MASK_FROM = 128


@dataclass(frozen=True)
class FolderPair:
    """The files of one photo and one garment.

    Attributes:
        photo_key, garment_key: name them within their data set.
        held_out: whether it is of the test split.
        paired: whether the photo shows the garment.
        garment_mask: None when the data set has none; then the plain background is removed.
    """

    photo_key: str
    garment_key: str
    held_out: bool
    slot: str
    paired: bool
    image: Path
    parsing: Path
    pose: Path
    garment: Path
    garment_mask: Path | None = None


@dataclass(frozen=True)
class LabelSet:
    """How a data set numbers its parsings: ``names`` in order, and the key of their table in `LABEL_MAPS`."""

    key: str
    names: tuple[str, ...]


def listed_pairs(path: Path) -> list[tuple[str, str]]:
    """Names of photo and garment in each line of a list.

    Raises:
        InputError: the list is missing, or a line has not two names.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} in '{path.parent.name}' cannot be read: restore the data set's list.") from error
    words = [line.split() for line in lines if line.strip()]
    if any(len(row) < 2 for row in words):
        raise InputError(f"{path.name} must have the names of a photo and of a garment in each line.")
    return [(row[0], row[1]) for row in words]


def read_pair(pair: FolderPair, labels: LabelSet, worn: Iterable[str]) -> PairRow:
    """Reads one pair.

    Args:
        worn: the labels of ours that the garment's pixels have; data sets of one category know what is worn.

    Raises:
        InputError: a file is missing or damaged, or nobody is in the pose.
    """
    image = load_rgb(pair.image)
    canvas, _ = fit_to_canvas(image, PAIR_HW)
    pose = _pose(pair.pose, image.shape[:2])
    parsing = _sided(_numbers(pair.parsing), labels, pose)
    shown = worn_map(parsing)
    if pair.paired:
        of_garment = np.isin(parsing, [SIDED_LABELS.index(name) for name in worn])
        shown[of_garment] = TRYON_SLOTS.index(pair.slot) + 1
    joints = np.column_stack([pose.keypoints_xy, pose.confidence]).astype(np.float32)
    photo = PhotoRow(pair.photo_key, pair.held_out, canvas, parsing, joints, shown)
    return PairRow(photo, GarmentRow(pair.garment_key, _garment(pair)), pair.slot, pair.paired)


def _pose(path: Path, size_hw: tuple[int, int]) -> Pose:
    try:
        return Pose.from_openpose(path.read_bytes(), size_hw).fit(PAIR_HW)
    except OSError:
        raise InputError(f"Pose {path.name} is missing: keep the data set's folders together.") from None
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None


def _numbers(path: Path) -> np.ndarray:
    """Label numbers of a PNG with a palette or of one channel: [h, w], uint8."""
    try:
        with Image.open(path) as image:
            if image.mode not in ("P", "L"):
                raise InputError(f"Parsing {path.name} holds colours, not label numbers: use the PNG with a palette.")
            return np.array(image)
    except OSError:
        raise InputError(f"Parsing {path.name} is missing or damaged: keep the data set's folders together.") from None


def _sided(numbers: np.ndarray, labels: LabelSet, pose: Pose) -> np.ndarray:
    """Label numbers of a set -> ours with sides on the canvas; the set's own sides count where it has them."""
    names, table = labels.names, LABEL_MAPS[labels.key]
    numbers = _fit(numbers)
    try:
        ours = relabel(numbers, names, table, PARSER_LABELS)
    except ValueError as error:
        raise InputError(f"The parsing is not of the set {labels.key}: {error}.") from None
    result = np.array(sided(ours, pose).labels)
    for name in set(names) & set(SIDED_LABELS):
        result[numbers == names.index(name)] = SIDED_LABELS.index(name)
    return result


def _fit(numbers: np.ndarray) -> np.ndarray:
    """Labels on the canvas like `fit_to_canvas`, but nearest; background around them."""
    (h, w), (canvas_h, canvas_w) = numbers.shape, PAIR_HW
    scale = min(canvas_h / h, canvas_w / w)
    inner_h, inner_w = min(canvas_h, round(h * scale)), min(canvas_w, round(w * scale))
    y, x = (canvas_h - inner_h) // 2, (canvas_w - inner_w) // 2
    canvas = np.zeros(PAIR_HW, np.uint8)
    small = cv2.resize(numbers, (inner_w, inner_h), interpolation=cv2.INTER_NEAREST_EXACT)
    canvas[y : y + inner_h, x : x + inner_w] = small
    return canvas


def _garment(pair: FolderPair) -> np.ndarray:
    image = load_rgb(pair.garment)
    if pair.garment_mask is not None:
        mask = load_rgb(pair.garment_mask)[..., 0]
        if mask.shape != image.shape[:2]:
            raise InputError(f"{pair.garment_mask.name} has another size than its garment's picture.")
        image = np.dstack([image, np.where(mask >= _MASK_FROM, 255, 0).astype(np.uint8)])
    return garment_rgba(image, pair.slot)
