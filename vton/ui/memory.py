"""The C library's memory on Linux, which keeps what a visitor's large picture took unless it is told otherwise."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8  # of mallopt(3)


def share_arenas() -> None:
    """Lets all threads take memory from two arenas instead of one each; has to come before they start."""
    if mallopt := _of_libc("mallopt"):
        mallopt(_M_ARENA_MAX, 2)


def give_memory_back() -> None:
    """Returns freed memory to the system."""
    if trim := _of_libc("malloc_trim"):
        trim(0)


def _of_libc(name: str):
    """A function of the C library; None on other systems, or where the library lacks it."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
