"""Whose files they are and how long they stay: they go when their visit ends, and after half an hour at the latest."""

from __future__ import annotations

import contextlib
import math
import os
import re
import stat
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

from vton.schema import InputError
from vton.ui.texts import say

KEEP_SECONDS = 30 * 60
SWEEP_EVERY_SECONDS = 60
_UPLOAD_FOLDER = re.compile("[0-9a-f]{64}")  # Gradio names them after the content
_visit: ContextVar[str | None] = ContextVar("visit", default=None)


def kept() -> str:
    """How long files stay, for the page."""
    return say("page.kept", minutes=KEEP_SECONDS // 60)


def gone() -> str:
    """What is said of a file that was deleted."""
    return say("page.gone", minutes=KEEP_SECONDS // 60)


def still_here(path: str) -> str:
    """The path of an upload or of a picture made before.

    Raises:
        InputError: it was deleted meanwhile.
    """
    if not Path(path).is_file():
        raise InputError(gone())
    return path


class Visits:
    """The files below one folder, each with the visits that use it.

    A visit is one of Gradio's sessions: a page that is open, or a client of the API. An upload belongs to the visits
    whose events were given its path (two may have uploaded the same picture), what is made to the visit it was made
    for. What is there when the page is built is part of it and stays.

    Args:
        folder: Gradio's folder for uploads.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._parts: set[Path] = set()
        self._files: defaultdict[str, dict[Path, int]] = defaultdict(dict)
        self._ended: dict[str, float] = {}
        self._first_seen: dict[tuple[Path, int], float] = {}

    def keep_what_is_here(self) -> None:
        """Makes everything that is in the folder now part of the page."""
        self._parts.update(path for path, _ in self._all_files())

    @contextlib.contextmanager
    def of(self, visit: str | None) -> Iterator[None]:
        """While an event of a visit runs: what is made belongs to it, and goes at once if the visit ends meanwhile."""
        token, began = _visit.set(visit), time.monotonic()
        try:
            yield
        finally:
            _visit.reset(token)
            # What ended before this event began was taken for closed, and is back.
            if visit is not None and self._ended.get(visit, -math.inf) >= began:
                self.end(visit)

    def note(self, path: str | Path) -> bool:
        """Notes that the visit whose event runs uses a file, uploaded or made.

        Returns:
            False when the path lies in the folder and nothing is there (any more).
        """
        place = Path(os.path.abspath(path))
        if not place.is_relative_to(self.folder):
            return True
        try:
            if not Path(os.path.realpath(place.parent)).is_relative_to(os.path.realpath(self.folder)):
                return True
            found = place.lstat()
        except (OSError, ValueError):
            return False
        visit = _visit.get()
        if visit is not None and place not in self._parts and stat.S_ISREG(found.st_mode):
            with self._lock:
                self._files[visit][place] = found.st_ino
        return True

    def end(self, visit: str) -> None:
        """Deletes the files of a visit, except those that another visit uses too."""
        now = time.monotonic()
        with self._lock:
            self._ended = {name: at for name, at in self._ended.items() if now - at < KEEP_SECONDS} | {visit: now}
            mine = self._files.pop(visit, {})
            shared = {path for files in self._files.values() for path in files if path in mine}
        for path, number in mine.items():
            with contextlib.suppress(OSError):  # it may be gone already
                # Another number: somebody uploaded the same picture again, and has not used it yet.
                if path not in shared and path.lstat().st_ino == number:
                    path.unlink()

    def sweep(self, now: float | None = None) -> None:
        """Deletes what has been here for `KEEP_SECONDS`, and empty folders of uploads.

        The time counts from when a sweep saw the file first: times of files change when Gradio hands them out again.

        Args:
            now: seconds of `time.monotonic`.
        """
        now = time.monotonic() if now is None else now
        seen = {}
        for path, number in self._all_files():
            first = self._first_seen.get((path, number), now)
            if path in self._parts:
                continue
            if now - first < KEEP_SECONDS - 2 * SWEEP_EVERY_SECONDS:  # no file may outstay between two sweeps
                seen[path, number] = first
                continue
            with contextlib.suppress(OSError):
                path.unlink()
        self._first_seen = seen
        self._forget_deleted()
        for place in self.folder.iterdir():
            if _UPLOAD_FOLDER.fullmatch(place.name) and time.time() - place.stat().st_mtime > SWEEP_EVERY_SECONDS:
                with contextlib.suppress(OSError):  # it is not empty
                    place.rmdir()

    def _forget_deleted(self) -> None:
        with self._lock:
            for visit, files in list(self._files.items()):
                left = {path: number for path, number in files.items() if path.exists()}
                self._files[visit] = left
                if not left:
                    del self._files[visit]

    def sweep_regularly(self, then: Callable[[], None]) -> None:
        """Sweeps in the background as long as the folder is there, also when nobody visits.

        Args:
            then: called after each sweep.
        """

        def work() -> None:
            while self.folder.is_dir():
                with contextlib.suppress(FileNotFoundError):  # the server is stopping
                    self.sweep()
                    then()
                time.sleep(SWEEP_EVERY_SECONDS)

        threading.Thread(target=work, name="sweep", daemon=True).start()

    def _all_files(self) -> Iterator[tuple[Path, int]]:
        """Every file and its number; what disappears meanwhile is left out."""
        for place, _, names in os.walk(self.folder):
            for name in names:
                with contextlib.suppress(OSError):
                    path = Path(place, name)
                    yield path, path.lstat().st_ino
