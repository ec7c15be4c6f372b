"""What all packs share: a folder that appears when it is whole, its arrays, and jobs in worker processes."""

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vton.schema import InputError


def check_room(out: Path, marker: str = "meta.json", kind: str = "a pack") -> None:
    """Makes sure that a pack may be written there: nothing, an empty folder, or an older pack.

    Args:
        marker: the file by which a pack of that kind is known.

    Raises:
        InputError: something else is there.
    """
    if out.exists() and not (out / marker).exists() and (out.is_file() or any(out.iterdir())):
        raise InputError(f"'{out.name}' exists and is not {kind}: choose another --out.")


@contextmanager
def new_pack(out: Path) -> Iterator[Path]:
    """Gives a folder to write a pack into; it takes the place of ``out`` at the end, and goes if that fails.

    Raises:
        InputError: the folder cannot be made.
    """
    folder = out.with_name(f"{out.name}.partial")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"Cannot write to '{out.name}' ({error.strerror}): choose another --out.") from error
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise
    if out.exists():
        shutil.rmtree(out)
    os.replace(folder, out)


def write_facts(folder: Path, name: str, rows: list, meta: dict[str, Any]) -> None:
    """Writes what is known of each row as ``name``, and ``meta.json``."""
    (folder / name).write_text(json.dumps(rows, separators=(",", ":")))
    (folder / "meta.json").write_text(json.dumps(meta, indent=1))


@contextmanager
def opened_as(folder: Path, kind: str, command: str) -> Iterator[None]:
    """While a pack is opened: files that are missing or broken become one message.

    Args:
        kind, command: what the pack is and how one is made.

    Raises:
        InputError: instead of OSError, ValueError and KeyError.
    """
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"'{folder.name}' is not {kind}: make one with `{command}`.") from error


def read_facts(folder: Path, name: str) -> tuple[list, dict[str, Any]]:
    """What `write_facts` wrote: the rows and ``meta.json``."""
    return json.loads((folder / name).read_text()), json.loads((folder / "meta.json").read_text())


def memory_maps(folder: Path, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Arrays of a pack by name, read-only."""
    return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}


def results(
    work: Callable[[Any], Any],
    jobs: Sequence[Any],
    processes: int,
    skipped: list[str],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Any]:
    """The results of the jobs in order, without those that raise InputError.

    Args:
        work: a function of a module, which other processes can import.
        processes: worker processes (1: none, work here).
        skipped: gets the messages of the InputErrors.
        progress: called with (jobs done, jobs in all), after the result has been used.
    """
    for done, result in enumerate(_attempts(partial(_attempt, work), jobs, processes), 1):
        if isinstance(result, InputError):
            skipped.append(str(result))
        else:
            yield result
        if progress:
            progress(done, len(jobs))


def _attempts(attempt: Callable[[Any], Any], jobs: Sequence[Any], processes: int) -> Iterator[Any]:
    if processes <= 1:
        yield from map(attempt, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(attempt, jobs, chunksize=8)


def _attempt(work: Callable[[Any], Any], job: Any) -> Any:
    cv2.setNumThreads(1)
    try:
        return work(job)
    except InputError as error:
        return error
