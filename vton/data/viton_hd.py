"""VITON-HD (1024x768), also as HR-VITON lays it out: a user's own copy, non-commercial.

``{train,test}/{image,cloth,cloth-mask,image-parse,openpose-json}`` (HR-VITON: ``image-parse-v3``, ``openpose_json``)
with CIHP-20 parsings and BODY_25 poses; ``train_pairs.txt`` and ``test_pairs.txt`` beside them. A photo and its garment
have the same name.
"""

from __future__ import annotations

from pathlib import Path

from vton.data.pair_sources import PairRow
from vton.data.tryon_folders import FolderPair, LabelSet, listed_pairs, read_pair
from vton.schema import InputError
from vton.schema.label_sets import CIHP20

_LABELS = LabelSet("cihp-20", CIHP20)
_WORN = ("top", "outer", "dress")
_PARSINGS, _POSES = ("image-parse-v3", "image-parse"), ("openpose_json", "openpose-json")


class VitonHdPairs:
    """Every photo of the lists with its own garment, and the unpaired rows of the test list.

    Raises:
        InputError: no list is there.
    """

    form = "viton-hd"

    def __init__(self, folder: Path):
        self.name = folder.name
        self.jobs = [pair for split in ("train", "test") for pair in _pairs(folder, split)]
        if not self.jobs:
            raise InputError(f"'{folder.name}' needs train_pairs.txt or test_pairs.txt beside train/ and test/.")

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether poses lie where VITON-HD has them."""
        return any(_first(folder / split, _POSES) for split in ("train", "test"))

    def rows(self, job: FolderPair) -> list[PairRow]:
        """The one pair of a job; InputError when a file is missing or damaged."""
        return [read_pair(job, _LABELS, _WORN)]


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_dir()), None)


def _pairs(folder: Path, split: str) -> list[FolderPair]:
    parsings, poses = _first(folder / split, _PARSINGS), _first(folder / split, _POSES)
    if parsings is None or poses is None or not (folder / f"{split}_pairs.txt").is_file():
        return []
    wanted: dict[tuple[str, str], None] = {}
    for person, garment in listed_pairs(folder / f"{split}_pairs.txt"):
        if (folder / split / "cloth" / person).is_file():
            wanted[person, person] = None
        wanted[person, garment] = None
    pairs = []
    for person, garment in wanted:
        stem, files = Path(person).stem, folder / split
        pairs.append(FolderPair(
            stem, Path(garment).stem, split == "test", "top", person == garment, files / "image" / person,
            parsings / f"{stem}.png", poses / f"{stem}_keypoints.json", files / "cloth" / garment,
            files / "cloth-mask" / garment,
        ))  # fmt: skip
    return pairs
