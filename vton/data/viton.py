"""VITON as CP-VTON lays it out ("viton_resize", 256x192): a user's own copy.

``{train,test}/{image,cloth,cloth-mask,image-parse,pose}`` with LIP-20 parsings (CP-VTON+ has ``image-parse-new``, with
20 for the neck) and COCO-18 poses; ``train_pairs.txt`` and ``test_pairs.txt`` beside them. A photo is ``ID_0``, its
garment ``ID_1``; the test list puts other garments on people.
"""

from __future__ import annotations

from pathlib import Path

from vton.data.pair_sources import PairRow
from vton.data.tryon_folders import FolderPair, LabelSet, listed_pairs, read_pair
from vton.schema import InputError
from vton.schema.label_sets import LIP20

_LABELS = LabelSet("lip-20", LIP20)
_LABELS_WITH_NECK = LabelSet("lip-20", (*LIP20, "neck"))
_WORN = ("top", "outer", "dress")


class VitonPairs:
    """Every photo of the lists with its own garment, and the unpaired rows of the test list.

    Raises:
        InputError: no list is there.
    """

    form = "viton"

    def __init__(self, folder: Path):
        self.name = folder.name
        self.jobs = [pair for split in ("train", "test") for pair in _pairs(folder, split)]
        if not self.jobs:
            raise InputError(f"'{folder.name}' needs train_pairs.txt or test_pairs.txt beside train/ and test/.")

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether poses and parsings lie where CP-VTON has them."""
        return any((folder / split / "pose").is_dir() and _parsings(folder, split) for split in ("train", "test"))

    def rows(self, job: FolderPair) -> list[PairRow]:
        """The one pair of a job; InputError when a file is missing or damaged."""
        labels = _LABELS_WITH_NECK if job.parsing.parent.name == "image-parse-new" else _LABELS
        return [read_pair(job, labels, _WORN)]


def _parsings(folder: Path, split: str) -> Path | None:
    found = [folder / split / name for name in ("image-parse-new", "image-parse")]
    return next((path for path in found if path.is_dir()), None)


def _pairs(folder: Path, split: str) -> list[FolderPair]:
    parsings = _parsings(folder, split)
    if parsings is None or not (folder / f"{split}_pairs.txt").is_file():
        return []
    wanted: dict[tuple[str, str], None] = {}
    for person, garment in listed_pairs(folder / f"{split}_pairs.txt"):
        own = f"{person.rpartition('_')[0]}_1.jpg"
        if (folder / split / "cloth" / own).is_file():
            wanted[person, own] = None
        wanted[person, garment] = None
    return [_files(folder / split, parsings, person, garment, split == "test") for person, garment in wanted]


def _files(folder: Path, parsings: Path, person: str, garment: str, held_out: bool) -> FolderPair:
    stem, garment_stem = Path(person).stem, Path(garment).stem
    paired = stem.rpartition("_")[0] == garment_stem.rpartition("_")[0]
    return FolderPair(
        stem, garment_stem, held_out, "top", paired, folder / "image" / person, parsings / f"{stem}.png",
        folder / "pose" / f"{stem}_keypoints.json", folder / "cloth" / garment, folder / "cloth-mask" / garment,
    )  # fmt: skip
