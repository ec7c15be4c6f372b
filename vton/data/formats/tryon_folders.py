"""What the readers of users' own try-on data sets share: a pair's files, and how they are read onto the canvas.

None of these data sets may be redistributed; VITON was withdrawn by its authors. The readers open a user's own copy.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from vton.conditioning.canvas import fit_to_canvas
from vton.conditioning.person.sides import sided
from vton.conditioning.photos.decoding import FORMATS
from vton.data.formats.set_files import by_stem, missing, one_of, picture, where
from vton.data.pairs.rows import PAIR_HW, GarmentRow, PairRow, PhotoRow, garment_rgba, worn_map
from vton.data.source import Job, Source, Traits
from vton.schema import PARSER_LABELS, SIDED_LABELS, InputError, Pose, SizeHW
from vton.schema.label_sets import LABEL_MAPS, relabel
from vton.schema.slots import TRYON_SLOTS

_MASKS = ("cloth-mask", "cloth_mask", "cloth_mask-bytedance")
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
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} in '{path.parent.name}' cannot be read: restore the data set's list.") from error
    words = [line.split() for line in lines if line.strip()]
    if any(len(row) < 2 for row in words):
        raise InputError(f"{path.name} must have the names of a photo and of a garment in each line.")
    return [(row[0], row[1]) for row in words]


class ListedPairs(Source):
    """Every photo of the lists with its own garment, and the unpaired rows of the test list.

    The layout is CP-VTON's: ``{train,test}/{image,cloth,cloth-mask}`` beside folders of parsings and poses, and
    ``train_pairs.txt`` and ``test_pairs.txt`` (GP-VTON: ``train_pairs_1018.txt``, ``test_pairs_unpaired_1018.txt``).
    Pictures are found by their stem. Without masks the plain background is removed.

    Attributes:
        parsings, poses: names that those folders may have, the first one there counts.

    Raises:
        InputError: no list is there.
    """

    traits = Traits(real=True, exact=False)
    parsings: ClassVar[tuple[str, ...]]
    poses: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.listed = told_apart({split: self._pairs(folder, split) for split in ("train", "test")})
        if not self.listed:
            raise InputError(f"'{folder.name}' needs train_pairs.txt or test_pairs.txt beside train/ and test/.")

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether poses and parsings lie where the format has them."""
        return any(cls._places(folder / split) for split in ("train", "test"))

    def pairs(self) -> list[Job]:
        """A job per pair."""
        return [partial(read_pair, pair, self.labels_of(pair), ("top", "outer", "dress")) for pair in self.listed]

    @staticmethod
    @abstractmethod
    def own_garment(person: str) -> str:
        """File name of the garment that a photo shows."""

    @staticmethod
    @abstractmethod
    def labels_of(pair: FolderPair) -> LabelSet:
        """How a pair's parsing is numbered."""

    @classmethod
    def _places(cls, split: Path) -> tuple[Path, Path] | None:
        """Folders of parsings and poses of a split, if it has both."""
        parsings, poses = one_of(split, cls.parsings), one_of(split, cls.poses)
        return None if parsings is None or poses is None else (parsings, poses)

    def _pairs(self, folder: Path, split: str) -> list[FolderPair]:
        places = self._places(folder / split)
        lists = [folder / f"{split}_pairs.txt", *sorted(folder.glob(f"{split}_pairs*_1018.txt"))]
        lists = [path for path in lists if path.is_file()]
        if places is None or not lists:
            return []
        wanted: dict[tuple[str, str], FolderPair] = {}
        for person, garment in (pair for path in lists for pair in listed_pairs(path)):
            own = self.own_garment(person)
            garments = [own, garment] if by_stem(folder / split / "cloth", own).is_file() else [garment]
            for name in garments:
                pair = self._files(folder / split, places, person, name, split == "test")
                wanted.setdefault((pair.photo_key, pair.garment_key), pair)
        return list(wanted.values())

    def _files(self, split: Path, places: tuple[Path, Path], person: str, garment: str, held_out: bool) -> FolderPair:
        stem, (parsings, poses), masks = Path(person).stem, places, one_of(split, _MASKS)
        paired = Path(garment).stem == Path(self.own_garment(person)).stem
        return FolderPair(
            stem, Path(garment).stem, held_out, "top", paired, by_stem(split / "image", person),
            parsings / f"{stem}.png", poses / f"{stem}_keypoints.json", by_stem(split / "cloth", garment),
            masks and by_stem(masks, garment),
        )  # fmt: skip


def told_apart(splits: dict[str, list[FolderPair]]) -> list[FolderPair]:
    """The pairs of all splits; what has the name of another file in a split before is called ``split/name``."""
    photos: dict[str, Path] = {}
    garments: dict[str, Path] = {}

    def key_of(seen: dict[str, Path], key: str, path: Path, split: str) -> str:
        return key if seen.setdefault(key, path) == path else f"{split}/{key}"

    return [
        replace(
            pair, photo_key=key_of(photos, pair.photo_key, pair.image, split),
            garment_key=key_of(garments, pair.garment_key, pair.garment, split),
        )
        for split, pairs in splits.items() for pair in pairs
    ]  # fmt: skip


def read_pair(pair: FolderPair, labels: LabelSet, worn: Iterable[str]) -> list[PairRow]:
    """Reads one pair, the only row of its job.

    Args:
        worn: the labels of ours that the garment's pixels have; data sets of one category know what is worn.

    Raises:
        InputError: a file is missing or damaged, or nobody is in the pose.
    """
    image = picture(pair.image)
    canvas, _ = fit_to_canvas(image, PAIR_HW)
    pose = _pose(pair.pose, image.shape[:2])
    parsing = _sided(_numbers(pair.parsing), labels, pose)
    shown = worn_map(parsing)
    if pair.paired:
        of_garment = np.isin(parsing, [SIDED_LABELS.index(name) for name in worn])
        shown[of_garment] = TRYON_SLOTS.index(pair.slot) + 1
    joints = np.column_stack([pose.keypoints_xy, pose.confidence]).astype(np.float32)
    photo = PhotoRow(pair.photo_key, pair.held_out, canvas, parsing, joints, shown)
    return [PairRow(photo, GarmentRow(pair.garment_key, _garment(pair)), pair.slot, pair.paired)]


def _pose(path: Path, size_hw: SizeHW) -> Pose:
    try:
        return Pose.from_openpose(path.read_bytes(), size_hw).fit(PAIR_HW)
    except OSError:
        raise missing(path) from None
    except InputError as error:
        raise InputError(f"{where(path)}: {error}") from None


def _numbers(path: Path) -> np.ndarray:
    """Label numbers of a PNG with a palette or of one channel: [h, w], uint8."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.mode not in ("P", "L"):
                raise InputError(f"{where(path)} holds colours, not label numbers: use the PNG with a palette.")
            return np.array(image)
    except OSError:
        raise missing(path) from None


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
    image = picture(pair.garment)
    if pair.garment_mask is not None:
        mask = picture(pair.garment_mask)[..., 0]
        if mask.shape != image.shape[:2]:
            raise InputError(f"{where(pair.garment_mask)} has another size than its garment's picture.")
        image = np.dstack([image, np.where(mask >= _MASK_FROM, 255, 0).astype(np.uint8)])
    return garment_rgba(image, pair.slot)
