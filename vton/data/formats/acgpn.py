"""VITON as ACGPN lays it out (256x192): a user's own copy, non-commercial.

``{train,test}_{img,label,color,edge,pose}`` with parsings in ACGPN's own 14 labels, ``color`` the garments and
``edge`` their masks. A photo is ``ID_0``, its garment ``ID_1``; there are no lists.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from vton.data.formats.set_files import by_stem
from vton.data.formats.tryon_folders import FolderPair, LabelSet, read_pair, told_apart
from vton.data.source import Job, Source, Traits
from vton.schema import InputError
from vton.schema.label_sets import ACGPN14

_LABELS = LabelSet("acgpn-14", ACGPN14)
_WORN = ("top",)
_PHASES = ("train", "test")


class AcgpnViton(Source):
    """Every photo with its own garment.

    Raises:
        InputError: no photo has a garment.
    """

    form = "acgpn"
    traits = Traits(real=True, exact=False)

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.found = told_apart({phase: _pairs(folder, phase) for phase in _PHASES})
        if not self.found:
            raise InputError(f"'{folder.name}' has no photo train_img/ID_0.jpg with a garment train_color/ID_1.jpg.")

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether photos and labels lie where ACGPN has them."""
        return any((folder / f"{phase}_img").is_dir() and (folder / f"{phase}_label").is_dir() for phase in _PHASES)

    def pairs(self) -> list[Job]:
        """A job per pair."""
        return [partial(read_pair, pair, _LABELS, _WORN) for pair in self.found]


def _pairs(folder: Path, phase: str) -> list[FolderPair]:
    pairs, masks = [], folder / f"{phase}_edge"
    for image in sorted((folder / f"{phase}_img").glob("*_0.jpg")):
        number = image.stem.rpartition("_")[0]
        garment = by_stem(folder / f"{phase}_color", f"{number}_1.jpg")
        if garment.is_file():
            pairs.append(FolderPair(
                image.stem, garment.stem, phase == "test", "top", True, image,
                folder / f"{phase}_label" / f"{image.stem}.png",
                folder / f"{phase}_pose" / f"{image.stem}_keypoints.json", garment,
                by_stem(masks, garment.name) if masks.is_dir() else None,
            ))  # fmt: skip
    return pairs
