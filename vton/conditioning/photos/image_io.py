"""Files and uploads to upright 8-bit pictures, and pictures to PNG files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image, PngImagePlugin

from vton.conditioning.photos.decoding import check_header, decoded, open_picture, strips
from vton.schema import InputError, Parsing

LABELS_KEY = "labels"
_LARGE_PNG = 6_000_000  # pixels; larger ones are packed quickly rather than tightly: 40 million take 2 s instead of 5

ImageSource = str | os.PathLike | bytes | Image.Image | np.ndarray


def load_image(source: ImageSource, enough: int | None = None) -> np.ndarray:
    """Opens a picture, turns it upright and brings it to 8 bits per channel.

    Size and format are read from the header, so that a huge picture is refused without being decoded.

    Args:
        source: path, content of a file, PIL image, or array [H, W], [H, W, 3] or [H, W, 4] of uint8.
        enough: the longest side that is of use; much larger pictures come smaller, but not below twice that side.

    Returns:
        [H, W, 4] RGBA when the source is transparent somewhere, else [H, W, 3] RGB, uint8; the caller's own.

    Raises:
        InputError: missing or unreadable file, not an image, truncated, animated, too large or too small.
    """
    return _opened(source, enough)[0]


def load_rgb(source: ImageSource, enough: int | None = None) -> np.ndarray:
    """Opens a picture like ``load_image`` and lays what is transparent on white: [H, W, 3], uint8."""
    return on_white(load_image(source, enough))


def load_copy(source: ImageSource, enough: int) -> tuple[np.ndarray, tuple[int, int]]:
    """Opens a picture like ``load_rgb``; a large one perhaps comes smaller, see ``enough`` of `load_image`.

    Returns:
        [H, W, 3], uint8 RGB, and the picture's own height and width.

    Raises:
        InputError: as `load_rgb` does.
    """
    pixels, size_hw = _opened(source, enough)
    return on_white(pixels), size_hw


def on_white(image_u8: np.ndarray) -> np.ndarray:
    """What [H, W, 3] or [H, W, 4], uint8, looks like on paper: [H, W, 3], which of the former is the same array."""
    if image_u8.shape[2] == 3:
        return image_u8
    pixels = np.empty((*image_u8.shape[:2], 3), np.uint8)
    for rows in strips(len(image_u8)):
        part = Image.fromarray(image_u8[rows])
        paper = Image.new("RGBA", part.size, "white")
        pixels[rows] = np.asarray(Image.alpha_composite(paper, part))[..., :3]
    return pixels


def write_png(path: str | os.PathLike, image_u8: np.ndarray, texts: Mapping[str, str] | None = None) -> Path:
    """Writes a PNG in one step: the file is complete or not there at all.

    For pictures that a system made see `vton.provenance.write_made`.

    Args:
        path: target file; its folder is made when missing.
        image_u8: [H, W, 3] RGB, [H, W, 4] RGBA or [H, W] grey, uint8.
        texts: text chunks by keyword.

    Returns:
        The path.

    Raises:
        InputError: the file cannot be written.
    """
    return write_in_one_step(path, lambda file: _save_png(Image.fromarray(image_u8), file, texts))


def png_bytes(image_u8: np.ndarray, texts: Mapping[str, str] | None = None) -> bytes:
    """The content of the file that `write_png` writes; image_u8: [H, W, 3], uint8 RGB."""
    content = io.BytesIO()
    _save_png(Image.fromarray(image_u8), content, texts)
    return content.getvalue()


def write_labels(path: str | os.PathLike, parsing: Parsing) -> Path:
    """Writes a parsing as a PNG of label numbers with a palette; the text chunk ``labels`` lists the names.

    Returns:
        The path.

    Raises:
        InputError: the file cannot be written.
    """
    image = Image.fromarray(parsing.labels)
    every = Parsing(np.arange(len(parsing.names), dtype=np.uint8)[None], parsing.names)
    image.putpalette(every.colours().tobytes())
    return write_in_one_step(path, lambda file: _save_png(image, file, {LABELS_KEY: json.dumps(parsing.names)}))


def write_in_one_step(path: str | os.PathLike, write: Callable[[IO[bytes]], Any]) -> Path:
    """Has a picture's file written under another name and puts it in place; returns the path.

    Raises:
        InputError: it cannot be written.
    """
    path = Path(path)
    temporary = path.parent / f".vton-{uuid.uuid4().hex}.png"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            write(file)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        reason = error.strerror or "write error"
        raise InputError(f"Cannot write {path.name}: {reason}. Choose another output path.") from None
    return path


def _save_png(image: Image.Image, file: IO[bytes], texts: Mapping[str, str] | None) -> None:
    info = PngImagePlugin.PngInfo()
    for key, value in (texts or {}).items():
        info.add_text(key, value)  # what is not Latin-1 becomes an iTXt chunk, as XMP has to be
    level = 1 if image.width * image.height > _LARGE_PNG else 6
    image.save(file, "PNG", pnginfo=info, compress_level=level)


def _opened(source: ImageSource, enough: int | None) -> tuple[np.ndarray, tuple[int, int]]:
    if isinstance(source, np.ndarray):
        source = _from_array(source)
    if isinstance(source, Image.Image):
        check_header(source, "The image")
        return decoded(source, "The image", enough, keep=True)
    with open_picture(source) as (image, name):
        check_header(image, name)
        return decoded(image, name, enough)


def _from_array(array: np.ndarray) -> Image.Image:
    if (
        array.dtype != np.uint8
        or array.ndim not in (2, 3)
        or (array.ndim == 3 and array.shape[2] not in (3, 4))
    ):
        raise ValueError(
            f"an image array must be uint8 [H, W], [H, W, 3] or [H, W, 4], got {array.dtype} {array.shape}"
        )
    return Image.fromarray(array)
