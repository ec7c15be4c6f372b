"""Files of a user's own data set: found by their stem, and named with their folder when they cannot be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vton.conditioning.photos.image_io import load_rgb
from vton.schema import InputError

_SUFFIXES = (".jpg", ".png", ".jpeg", ".webp", ".JPG", ".PNG")


def by_stem(folder: Path, name: str) -> Path:
    """A file of that name, else one of the same stem in another format, else the place where it should be."""
    path = folder / name
    if path.is_file():
        return path
    others = (path.with_name(f"{path.stem}{suffix}") for suffix in _SUFFIXES)
    return next((other for other in others if other.is_file()), path)


def one_of(folder: Path, names: tuple[str, ...]) -> Path | None:
    """The first folder of these names that is there."""
    return next((folder / name for name in names if (folder / name).is_dir()), None)


def where(path: Path) -> str:
    """The end of a path that tells its folder within the data set, as in "train/cloth/00001_00.jpg"."""
    return "/".join(path.parts[-3:])


def missing(path: Path) -> InputError:
    """What is said of a file that is not where it should be."""
    return InputError(f"{where(path)} is missing or cannot be read: keep the data set's folders together.")


def picture(path: Path) -> np.ndarray:
    """A photo of the data set: [h, w, 3], uint8.

    Raises:
        InputError: it is missing or damaged; the message names its folder.
    """
    if not path.is_file():
        raise missing(path)
    try:
        return load_rgb(path)
    except InputError as error:
        raise InputError(f"{where(path)}: {error}") from None
