"""DressCode (1024x768): a user's own copy, non-commercial.

``{upper_body,lower_body,dresses}/{images,keypoints,label_maps}`` with ATR-18 parsings ``ID_4.png`` and poses
``ID_2.json``; a photo is ``images/ID_0.jpg``, its garment ``images/ID_1.jpg``. Each category has ``train_pairs.txt``,
``test_pairs_paired.txt`` and ``test_pairs_unpaired.txt``.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from vton.data.formats.set_files import by_stem
from vton.data.formats.tryon_folders import FolderPair, LabelSet, listed_pairs, read_pair
from vton.data.source import Job, Source, Traits
from vton.schema import InputError
from vton.schema.label_sets import ATR18

_LABELS = LabelSet("atr-18", ATR18)
_SLOTS = {"upper_body": "top", "lower_body": "bottom", "dresses": "dress"}
_WORN = {"top": ("top", "outer"), "bottom": ("bottom",), "dress": ("dress",)}
_LISTS = {"train_pairs.txt": False, "test_pairs_paired.txt": True, "test_pairs_unpaired.txt": True}
"""And whether what they list is held out."""


class DressCode(Source):
    """The pairs of all categories and lists that are there.

    Raises:
        InputError: no category has a list.
    """

    form = "dresscode"
    traits = Traits(real=True, exact=False)

    def __init__(self, folder: Path):
        super().__init__(folder)
        wanted: dict[FolderPair, None] = {}
        for category in _SLOTS:
            for name, held_out in _LISTS.items():
                if (folder / category / name).is_file():
                    listed = listed_pairs(folder / category / name)
                    wanted |= dict.fromkeys(_files(folder / category, *pair, held_out) for pair in listed)
        self.listed = list(wanted)
        if not self.listed:
            raise InputError(f"'{folder.name}' needs {', '.join(_LISTS)} in each of {', '.join(_SLOTS)}.")

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether a category's label maps are there."""
        return any((folder / category / "label_maps").is_dir() for category in _SLOTS)

    def pairs(self) -> list[Job]:
        """A job per pair."""
        return [partial(read_pair, pair, _LABELS, _WORN[pair.slot]) for pair in self.listed]


def _files(folder: Path, person: str, garment: str, held_out: bool) -> FolderPair:
    number, garment_number = (Path(name).stem.rpartition("_")[0] for name in (person, garment))
    return FolderPair(
        f"{folder.name}/{number}", f"{folder.name}/{garment_number}", held_out, _SLOTS[folder.name],
        number == garment_number, by_stem(folder / "images", person), folder / "label_maps" / f"{number}_4.png",
        folder / "keypoints" / f"{number}_2.json", by_stem(folder / "images", garment),
    )  # fmt: skip
