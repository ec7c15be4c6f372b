"""The C library's memory on Linux, which keeps what a visitor's large picture took unless it is told otherwise."""

from __future__ import annotations

import ctypes
import sys

_ARENAS, _OWN_PAGES, _KEPT_TOP = -8, -3, -1  # of mallopt(3): M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD


def keep_little() -> None:
    """Lets all threads share two arenas instead of one each, and gives buffers of pictures back as they are freed.

    Has to come before the threads start. Small buffers are kept as ever: drawing a picture takes no longer.
    """
    if mallopt := _of_libc("mallopt"):
        mallopt(_ARENAS, 2)
        mallopt(_OWN_PAGES, 8_000_000)  # Pillow takes 16 MiB at a time
        mallopt(_KEPT_TOP, 64_000_000)


def give_memory_back() -> None:
    """Returns freed memory to the system."""
    if trim := _of_libc("malloc_trim"):
        trim(0)


def _of_libc(name: str):
    """A function of the C library; None on other systems, or where the library lacks it."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
