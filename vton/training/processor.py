"""What a training process asks of its processor: a number format it is fast in, no denormals, memory that is kept."""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from vton.readers.photo_network import body_dtype

PRECISIONS = ("auto", "bf16", "float32")
# Of glibc's mallopt: blocks from this size on are given back to the system when freed, and what is free at the top.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3


def uses_bf16(precision: str, device: torch.device) -> bool:
    """Whether a run of this setting computes in bf16 (its weights, losses and optimiser stay float32).

    "auto" is bf16 on accelerators and on processors that multiply it. Others convert every operand to float32 and
    back: their convolutions then take five times as long as in float32 itself.

    Raises:
        ValueError: ``precision`` is none of `PRECISIONS`.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}, not {precision!r}")
    if precision == "auto":
        return device.type != "cpu" or body_dtype() is torch.bfloat16
    return precision == "bf16"


def prepare_process() -> None:
    """Makes this process fast at training; call it before torch starts its threads, which inherit the first part.

    Denormals (gradients of attention that is sharp) cost a processor some hundred cycles each, and are taken as zero.
    Freed memory is kept: the pages of a map of activations that go back to the system are filled with zeros anew when
    the next step asks for them.
    """
    torch.set_flush_denormal(True)
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(MMAP_THRESHOLD, 2**30)
        libc.mallopt(TRIM_THRESHOLD, 2**31 - 1)


@contextmanager
def prepared_process() -> Iterator[None]:
    """`prepare_process` for a while: scipy's trees, which split next to 0, never end where denormals are zero."""
    prepare_process()
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
