"""What the readers of users' own try-on data sets share: a pair's files, and how they are read onto the canvas.

None of these data sets may be redistributed; VITON was withdrawn by its authors. The readers open a user's own copy.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from vton.conditioning.canvas import fit_to_canvas
from vton.conditioning.decoding import FORMATS
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


class ListedPairs(ABC):
    """Every photo of the lists with its own garment, and the unpaired rows of the test list.

    The layout is CP-VTON's: ``{train,test}/{image,cloth,cloth-mask}`` beside folders of parsings and poses, and
    ``train_pairs.txt`` and ``test_pairs.txt``.

    Attributes:
        form: name of the format.
        parsings, poses: names that those folders may have, the first one there counts.

    Raises:
        InputError: no list is there.
    """

    form: str
    parsings: tuple[str, ...]
    poses: tuple[str, ...]

    def __init__(self, folder: Path):
        self.name = folder.name
        self.jobs = [pair for split in ("train", "test") for pair in self._pairs(folder, split)]
        if not self.jobs:
            raise InputError(f"'{folder.name}' needs train_pairs.txt or test_pairs.txt beside train/ and test/.")

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether poses and parsings lie where the format has them."""
        return any(cls._places(folder / split) for split in ("train", "test"))

    def rows(self, job: FolderPair) -> list[PairRow]:
        """The one pair of a job; InputError when a file is missing or damaged."""
        return [read_pair(job, self.labels_of(job), ("top", "outer", "dress"))]

    @staticmethod
    @abstractmethod
    def own_garment(person: str) -> str:
        """File name of the garment that a photo shows."""

    @staticmethod
    @abstractmethod
    def labels_of(job: FolderPair) -> LabelSet:
        """How a job's parsing is numbered."""

    @classmethod
    def _places(cls, split: Path) -> tuple[Path, Path] | None:
        """Folders of parsings and poses of a split, if it has both."""
        found = [next((split / n for n in names if (split / n).is_dir()), None) for names in (cls.parsings, cls.poses)]
        return None if None in found else tuple(found)

    def _pairs(self, folder: Path, split: str) -> list[FolderPair]:
        places = self._places(folder / split)
        if places is None or not (folder / f"{split}_pairs.txt").is_file():
            return []
        wanted: dict[tuple[str, str], None] = {}
        for person, garment in listed_pairs(folder / f"{split}_pairs.txt"):
            own = self.own_garment(person)
            if (folder / split / "cloth" / own).is_file():
                wanted[person, own] = None
            wanted[person, garment] = None
        return [self._files(folder / split, places, *pair, split == "test") for pair in wanted]

    def _files(self, split: Path, places: tuple[Path, Path], person: str, garment: str, held_out: bool) -> FolderPair:
        stem, (parsings, poses) = Path(person).stem, places
        return FolderPair(
            stem, Path(garment).stem, held_out, "top", garment == self.own_garment(person), split / "image" / person,
            parsings / f"{stem}.png", poses / f"{stem}_keypoints.json", split / "cloth" / garment,
            split / "cloth-mask" / garment,
        )  # fmt: skip


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
        with Image.open(path, formats=FORMATS) as image:
            if image.mode not in ("P", "L"):
                raise InputError(f"Parsing {path.name} holds colours, not label numbers: use the PNG with a palette.")
            return np.array(image)
    except OSError:
        raise InputError(f"Parsing {path.name} is missing or damaged: keep the data set's folders together.") from None


def _sided(numbers: np.ndarray, labels: LabelSet, pose: Pose) -> np.ndarray:
    """Label numbers of a set -> ours with sides on the canvas; the set's own sides count where it has them."""
    names, table = labels.names, LABEL_MAPS[labels.key]
    numbers, _ = fit_to_canvas(numbers, PAIR_HW, background=0, labels=True)
    try:
        ours = relabel(numbers, names, table, PARSER_LABELS)
    except ValueError as error:
        raise InputError(f"The parsing is not of the set {labels.key}: {error}.") from None
    result = np.array(sided(ours, pose).labels)
    for name in set(names) & set(SIDED_LABELS):
        result[numbers == names.index(name)] = SIDED_LABELS.index(name)
    return result


def _garment(pair: FolderPair) -> np.ndarray:
    image = load_rgb(pair.garment)
    if pair.garment_mask is not None:
        mask = load_rgb(pair.garment_mask)[..., 0]
        if mask.shape != image.shape[:2]:
            raise InputError(f"{pair.garment_mask.name} has another size than its garment's picture.")
        image = np.dstack([image, np.where(mask >= _MASK_FROM, 255, 0).astype(np.uint8)])
    return garment_rgba(image, pair.slot)
