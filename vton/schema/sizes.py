"""Sizes of pictures and canvases: height before width, in pixels."""

from __future__ import annotations

from collections.abc import Iterable

SizeHW = tuple[int, int]


def as_size(sides: Iterable[int]) -> SizeHW:
    """A height and a width from elsewhere (JSON, a config, ``tensor.shape[-2:]``) as a size.

    Raises:
        ValueError: they are not two.
    """
    height, width = sides
    return height, width
