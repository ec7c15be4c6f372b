"""The packed form of person photos with joints and parsings, for training the pose estimator and the parser.

A pack is a folder: ``photos.npy`` [M,H,W,3] uint8 on canvases (`fit_to_canvas`), ``content.npy`` [M,4] int32 (where
the photo itself lies: x0, y0, x1, y1), ``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence),
``boxes.npy`` [M,4] float32 (the person: x0, y0, x1, y1), ``parsing.npy`` [M,H,W] uint8 (numbers of `PARSER_LABELS`,
254 = skin of unknown part, 255 = no label), ``has_parsing.npy`` and ``held_out.npy`` [M] uint8, ``possible.npy``
[M,14] uint8 (0: the photo's tags rule this one of `PARSER_LABELS` out), ``silhouettes.npy`` [M,H,W] uint8 (share of
each pixel that the person covers; studio only), ``people.json`` (keys), ``meta.json``.
``python -m vton soft-labels`` may add ``soft_labels.npy`` [M,H/2,W/2,14] uint8: a teacher's share of each of
`PARSER_LABELS`, 255 in all, or 0 where it has not been asked.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vton.data.npy_writer import NpyWriter, array_writers
from vton.data.pack_folder import check_room, memory_maps, new_pack, opened_as, read_facts, results, write_facts
from vton.data.persons.sources import CcpSource, PersonRow, StudioSource, find_source
from vton.schema import InputError, Pose
from vton.schema.label_sets import PARSER_LABELS

DEFAULT_HW = {"ccp": (384, 288), "studio": (256, 192)}
ARRAYS = ("photos", "content", "keypoints", "boxes", "parsing", "has_parsing", "held_out", "possible")
SOFT_LABELS = "soft_labels"
SEEN_FROM = 0.4
"""Machine-made joints at this confidence and below do not count as visible."""


def _writers(folder: Path, size_hw: tuple[int, int], silhouettes: bool) -> dict[str, NpyWriter]:
    rows = {
        "photos": ((*size_hw, 3), "uint8"),
        "content": ((4,), "int32"),
        "keypoints": ((18, 3), "float32"),
        "boxes": ((4,), "float32"),
        "parsing": (size_hw, "uint8"),
        "has_parsing": ((), "uint8"),
        "held_out": ((), "uint8"),
        "possible": ((len(PARSER_LABELS),), "uint8"),
    }
    if silhouettes:
        rows["silhouettes"] = (size_hw, "uint8")
    return array_writers(folder, rows)


def _append(writers: dict[str, NpyWriter], row: PersonRow) -> None:
    values = {"photos": row.photo, "content": row.content, "keypoints": row.keypoints.astype(np.float32),
              "boxes": row.box.astype(np.float32), "parsing": row.parsing, "has_parsing": np.uint8(row.has_parsing),
              "held_out": np.uint8(row.held_out), "possible": row.possible, "silhouettes": row.silhouette}  # fmt: skip
    for name, writer in writers.items():
        writer.append(np.asarray(values[name])[None])


def _read(job: tuple[CcpSource | StudioSource, object, tuple[int, int]]) -> list[PersonRow]:
    """Worker: the rows of one photo or outfit."""
    source, item, size_hw = job
    return source.rows(item, size_hw)


def _write(
    writers: dict[str, NpyWriter], jobs: list, processes: int, progress: Callable[[int, int], None] | None
) -> tuple[list[dict], list[str]]:
    """Writes all rows; returns what is known of each person, and why jobs were skipped."""
    people: list[dict] = []
    skipped: list[str] = []
    for rows in results(_read, jobs, processes, skipped, progress):
        for row in rows:
            _append(writers, row)
            people.append({"key": row.key, "held_out": row.held_out, "has_parsing": row.has_parsing})
    for writer in writers.values():
        writer.close()
    return people, skipped


def pack_persons(
    data_dirs: Sequence[str | os.PathLike],
    out: str | os.PathLike,
    size_hw: tuple[int, int] | None = None,
    looks: Sequence[int] | None = None,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict:
    """Packs the person photos of ``data_dirs`` into ``out`` (an older pack there is replaced at the end).

    Args:
        data_dirs: folders of studio shards, or Clothing Co-Parsing; of one form.
        size_hw: the canvas; None takes 384x288 for real photos, 256x192 for the studio's.
        looks: of every studio outfit, the looks to take; None takes all.
        progress: called with (jobs done, jobs in all).

    Returns:
        What is in ``meta.json``.

    Raises:
        InputError: folders of two forms, nothing that can be read, or ``out`` holds something else.
    """
    out = Path(out)
    check_room(out, "people.json", "a pack of persons")
    sources = [find_source(Path(folder), looks) for folder in data_dirs]
    if len({source.form for source in sources}) != 1:
        raise InputError("Real photos and studio shards go into packs of their own: pack them one by one.")
    form = sources[0].form
    size_hw = tuple(size_hw or DEFAULT_HW[form])
    jobs = [(source, item, size_hw) for source in sources for item in source.jobs]
    with new_pack(out) as folder:
        people, skipped = _write(_writers(folder, size_hw, form == "studio"), jobs, processes, progress)
        if not people:
            raise InputError(f"No person photo could be read: {skipped[0]}")
        meta = {
            "format": 1,
            "kind": "persons",
            "form": form,
            "size_hw": list(size_hw),
            "photos": len(people),
            "held_out": sum(person["held_out"] for person in people),
            "with_parsing": sum(person["has_parsing"] for person in people),
            "labels": list(PARSER_LABELS),
            "sources": [source.name for source in sources],
            "skipped": skipped,
        }
        write_facts(folder, "people.json", [person["key"] for person in people], meta)
    return meta


class PersonPack:
    """A pack, opened as read-only memory maps (attributes named as the files: ``photos``, ``boxes``, ...).

    ``form`` is "ccp" (real photos, machine-made joints) or "studio"; ``silhouettes`` is None for real photos.

    Raises:
        InputError: the folder is no pack of persons, or its arrays disagree with its ``meta.json``.
    """

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        with opened_as(folder, "a pack of persons", "python -m vton pack --kind persons"):
            self.keys, self.meta = read_facts(folder, "people.json")
            self.form: str = self.meta["form"]
            arrays = memory_maps(folder, ARRAYS)
            self.silhouettes = None
            if self.form == "studio":
                self.silhouettes = memory_maps(folder, ["silhouettes"])["silhouettes"]
        self.soft_labels: np.ndarray | None = None
        if (folder / f"{SOFT_LABELS}.npy").is_file():
            self.soft_labels = memory_maps(folder, [SOFT_LABELS])[SOFT_LABELS]
        (self.photos, self.content, self.keypoints, self.boxes, self.parsing, self.has_parsing, self.held_out,
         self.possible) = (arrays[name] for name in ARRAYS)  # fmt: skip
        self.size_hw = tuple(self.meta["size_hw"])
        same = {len(array) for array in arrays.values()} == {len(self.keys)} == {self.meta["photos"]}
        if not same or self.meta["labels"] != list(PARSER_LABELS):
            raise InputError(
                f"Pack '{folder.name}' is damaged or of another version: run `python -m vton pack` again."
            )

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

    def content_of(self, photo: int) -> tuple[slice, slice]:
        """Rows and columns of the canvas that show the photo, without its padding."""
        x0, y0, x1, y1 = (int(v) for v in self.content[photo])
        return slice(y0, y1), slice(x0, x1)
