"""The pack of persons: photos with joints and parsings, for training the pose estimator and the parser.

It holds ``photos.npy`` [M,H,W,3] uint8 on canvases (`fit_to_canvas`), ``content.npy`` [M,4] int32 (where
the photo itself lies: x0, y0, x1, y1), ``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence),
``boxes.npy`` [M,4] float32 (the person: x0, y0, x1, y1), ``parsing.npy`` [M,H,W] uint8 (numbers of `PARSER_LABELS`,
254 = skin of unknown part, 255 = no label), ``has_parsing.npy`` and ``held_out.npy`` [M] uint8, ``possible.npy``
[M,14] uint8 (0: the photo's tags rule this one of `PARSER_LABELS` out), ``silhouettes.npy`` [M,H,W] uint8 (share of
each pixel that the person covers; of exact photos alone), ``people.json`` (keys), ``meta.json``.
``python -m vton soft-labels`` may add ``soft_labels.npy`` [M,H/2,W/2,14] uint8: a teacher's share of each of
`PARSER_LABELS`, 255 in all, or 0 where it has not been asked.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vton.data.pack import Pack, PackWriter, Progress, write_pack
from vton.data.pack_folder import memory_maps
from vton.data.persons.rows import PersonRow
from vton.data.source import Job, Source
from vton.schema import Pose, SizeHW
from vton.schema.label_sets import PARSER_LABELS

SOFT_LABELS = "soft_labels"


class PersonPack(Pack):
    """A pack of persons; ``silhouettes`` is None where they are not exact, ``soft_labels`` where no teacher was asked.

    See `Pack`; the arrays are told at the top of this file.
    """

    kind = "persons"
    array_names = ("photos", "content", "keypoints", "boxes", "parsing", "has_parsing", "held_out", "possible")
    photos: np.ndarray
    content: np.ndarray
    keypoints: np.ndarray
    boxes: np.ndarray
    parsing: np.ndarray
    has_parsing: np.ndarray
    held_out: np.ndarray
    possible: np.ndarray

    def __init__(self, folder: str | os.PathLike):
        super().__init__(folder)
        self.silhouettes = _if_there(Path(folder), "silhouettes")
        self.soft_labels = _if_there(Path(folder), SOFT_LABELS)

    @property
    def keys(self) -> list[str]:
        """Names each photo."""
        return self.facts

    @property
    def size_hw(self) -> SizeHW:
        """Height and width of the canvases."""
        height, width = self.meta["size_hw"]
        return height, width

    def is_whole(self) -> bool:
        """See `Pack`."""
        counts = {len(getattr(self, name)) for name in self.array_names}
        same = counts == {len(self.facts)} == {self.meta["photos"]}
        return same and self.meta["labels"] == list(PARSER_LABELS)

    def __len__(self) -> int:
        return len(self.photos)

    def indices(self, held_out: bool, parsed: bool = False) -> np.ndarray:
        """Numbers of the photos that are (not) held out, ascending; with ``parsed`` only those with a parsing."""
        chosen = np.asarray(self.held_out).astype(bool) == held_out
        return np.flatnonzero(chosen & (np.asarray(self.has_parsing).astype(bool) | (not parsed)))

    def pose(self, photo: int) -> Pose:
        """The given joints of one photo, in pixels of the canvas."""
        joints = np.array(self.keypoints[photo])
        return Pose(joints[:, :2].copy(), joints[:, 2].copy(), self.size_hw)

    def silhouette(self, photo: int) -> np.ndarray:
        """How much of each pixel the person of one photo covers, in packs that hold it: [H, W], uint8."""
        assert self.silhouettes is not None, "only the studio's packs hold silhouettes"
        return self.silhouettes[photo]

    def content_of(self, photo: int) -> tuple[slice, slice]:
        """Rows and columns of the canvas that show the photo, without its padding."""
        x0, y0, x1, y1 = (int(v) for v in self.content[photo])
        return slice(y0, y1), slice(x0, x1)


def _if_there(folder: Path, name: str) -> np.ndarray | None:
    return memory_maps(folder, [name])[name] if (folder / f"{name}.npy").is_file() else None


class PersonWriter(PackWriter):
    """Makes packs of persons.

    Args:
        size_hw: the canvas; None takes the one of the data set, see `Source`.
    """

    kind = "persons"
    nothing = "No person photo could be read"

    def __init__(self, size_hw: SizeHW | None = None):
        self.asked_hw, self.held_out, self.with_parsing = size_hw, 0, 0

    def start(self, sources: dict[str, Source]) -> list[tuple[str, Job]]:
        """A photo, or all photos of an outfit, is a job."""
        first = next(iter(sources.values()))
        self.size_hw, self.exact = self.asked_hw or first.person_hw, first.traits.exact
        return [(name, job) for name, source in sources.items() for job in source.persons(self.size_hw)]

    def shapes(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """See the top of this file."""
        rows = {
            "photos": ((*self.size_hw, 3), "uint8"),
            "content": ((4,), "int32"),
            "keypoints": ((18, 3), "float32"),
            "boxes": ((4,), "float32"),
            "parsing": (self.size_hw, "uint8"),
            "has_parsing": ((), "uint8"),
            "held_out": ((), "uint8"),
            "possible": ((len(PARSER_LABELS),), "uint8"),
        }
        return rows | ({"silhouettes": (self.size_hw, "uint8")} if self.exact else {})

    def add(self, rows: list[PersonRow], source: str) -> None:
        """Appends the persons of a job."""
        for row in rows:
            joints, box = row.keypoints.astype(np.float32), row.box.astype(np.float32)
            self.append(photos=row.photo, content=row.content, keypoints=joints, boxes=box, parsing=row.parsing,
                        has_parsing=np.uint8(row.has_parsing), held_out=np.uint8(row.held_out),
                        possible=row.possible)  # fmt: skip
            if self.exact:
                assert row.silhouette is not None, row.key
                self.append(silhouettes=row.silhouette)
            self.facts.append(row.key)
            self.held_out += row.held_out
            self.with_parsing += row.has_parsing

    def meta(self) -> dict[str, Any]:
        """Size, counts and the names behind the numbers."""
        return {
            "size_hw": list(self.size_hw),
            "photos": len(self.facts),
            "held_out": self.held_out,
            "with_parsing": self.with_parsing,
            "labels": list(PARSER_LABELS),
        }


def pack_persons(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    size_hw: SizeHW | None = None,
    looks: Sequence[int] | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Packs the persons of one data set; see `PersonWriter` and `write_pack`."""
    return write_pack(PersonWriter(size_hw), data_dirs, out, looks, processes, progress)
