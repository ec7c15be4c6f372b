"""The one folder that a server writes to: locked while it runs, removed when it stops, or by the next one."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vton.schema import InputError

try:
    import fcntl
except ImportError:  # Windows has no flock: there a folder goes when its server stops, and none is swept
    fcntl = None

_USER = os.getuid() if hasattr(os, "getuid") else "user"
PREFIX = f"vton-{_USER}-"
_LOCK = "lock"
_TRIES = 10


@contextlib.contextmanager
def server_folder(base: Path) -> Iterator[Path]:
    """A new folder of this process, for its user's eyes only, removed at the end with all that is in it.

    The folder holds a lock file that is locked as long as the process lives. The system lets the lock go however the
    process dies, so a folder whose lock can be taken belongs to a dead server: those are removed first.

    Args:
        base: where temporary folders go; may be shared with other users.

    Raises:
        OSError: ``base`` cannot be written to.
    """
    remove_dead(base)
    path, lock = _new(base)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def remove_dead(base: Path) -> None:
    """Removes what servers of this user left in ``base`` when they were killed."""
    if fcntl is None:
        return
    for path in base.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another server that starts may be removing it too
            if not _ours(path):
                continue
            lock = _locked(path)
            if lock is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _ours(path: Path) -> bool:
    """Whether a path is a folder of this user, and no link to one."""
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _new(base: Path) -> tuple[Path, int | None]:
    for _ in range(_TRIES):
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))  # mode 0700
        if fcntl is None:
            return path, None
        with contextlib.suppress(FileNotFoundError):  # another server took it for a dead one's
            lock = _locked(path)
            if lock is not None:
                return path, lock
    raise InputError("No temporary folder could be made: start the server again.")


def _locked(path: Path) -> int | None:
    """Takes the lock of a folder; None when another process has it or has just removed the folder."""
    assert fcntl is not None
    lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        taken = os.fstat(lock).st_nlink > 0
    except OSError:
        taken = False
    if not taken:
        os.close(lock)
    return lock if taken else None
