"""Files of unknown origin to upright pictures of 8 bits: the one place that decodes them, in bounded memory."""

from __future__ import annotations

import contextlib
import io
import math
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageCms
from PIL.ExifTags import Base as ExifTag

from vton.schema import InputError, quoted

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""What phones, shops and painting programs give. Others (EPS, PSD, WMF, ...) start programs or old parsers."""
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
# Other formats may hold several pictures too (phones put a preview into JPEG): there the first is meant.
_ANIMATED_FORMATS = ("GIF", "PNG", "WEBP", "AVIF")
_LARGE = 6_000_000  # pixels, from which on only one picture is decoded at a time
_large_decode = threading.Lock()
_STRIP = 64  # rows
# EXIF's orientations: steps through rows and columns of the upright picture; from 5 on these are exchanged then.
_FLIPS = {1: (1, 1), 2: (1, -1), 3: (-1, -1), 4: (-1, 1), 5: (1, 1), 6: (1, -1), 7: (-1, -1), 8: (-1, 1)}
_SWAPPED = (5, 6, 7, 8)


@contextlib.contextmanager
def open_picture(source: str | os.PathLike | bytes) -> Iterator[tuple[Image.Image, str]]:
    """Yields the lazily opened image and a name for messages that shows no folder.

    Args:
        source: path, or content of a file.

    Raises:
        InputError: missing or unreadable file, or none of `FORMATS`.
    """
    if isinstance(source, bytes | bytearray):
        file: IO[bytes] = io.BytesIO(source)
        name = "The upload"
    else:
        path = Path(source)
        name = quoted(path.name) or "The file"
        try:
            file = path.open("rb")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a valid path"
            raise InputError(f"Cannot read {name}: {reason}. Check the path.") from None
    with file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                image = Image.open(file, formats=FORMATS)
        except Image.DecompressionBombError:
            raise InputError(_too_large(name)) from None
        except Exception:  # the header parsers raise anything on damaged files
            raise InputError(
                f"{name} is not an image this program can read: use a PNG, JPEG or WebP file."
            ) from None
        with image:
            yield image, name


def limit_pillow() -> None:
    """Lets nothing in this process open other formats or larger pictures, not even code that is not ours (Gradio's)."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow warns beyond this and refuses beyond twice this
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.init()
    for name in set(Image.ID) - set(FORMATS):
        Image.ID.remove(name)
        Image.OPEN.pop(name, None)


def check_header(image: Image.Image, name: str) -> None:
    """Refuses by size and format alone, before anything is decoded.

    Raises:
        InputError: too many or too few pixels, or an animation.
    """
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InputError(f"{_too_large(name)} It has {width}x{height}.")
    if min(width, height) < MIN_SIDE:
        raise InputError(
            f"{name} is too small ({width}x{height}): use one of at least {MIN_SIDE}x{MIN_SIDE} pixels."
        )
    if image.format in _ANIMATED_FORMATS and getattr(image, "n_frames", 1) > 1:
        raise InputError(f"{name} is animated: save one frame as PNG or JPEG and use that.")


def decoded(
    image: Image.Image, name: str, enough: int | None = None, keep: bool = False
) -> tuple[np.ndarray, tuple[int, int]]:
    """Decodes an opened image, turns it upright and brings it to 8 bits and sRGB.

    Beside the decoded file there is only the result in memory: all between is done in strips.

    Args:
        image: as `open_picture` yields it.
        name: for messages.
        keep: leave ``image`` as it is, since it is the caller's.
        enough: the longest side that the caller will use. A picture of at least four times that side comes
            smaller, but not below twice that side; a JPEG is decoded that way from the start.

    Returns:
        [H, W, 4] when it is transparent somewhere, else [H, W, 3], uint8; and the upright picture's own size.

    Raises:
        InputError: damaged or cut off.
    """
    width, height = image.size
    with _large_decode if width * height > _LARGE else contextlib.nullcontext():
        try:
            if not keep and (times := _times_too_large(image, enough)) > 1:
                image.draft(None, (width // times, height // times))
            image.load()
            turn = _orientation(image)
            pixels = _Strips(image).pixels(_times_too_large(image, enough), turn)
            return pixels, ((width, height) if turn in _SWAPPED else (height, width))
        except Exception:  # decoders raise anything on damaged files
            raise InputError(f"{name} is damaged or cut off: save or download it again.") from None


def strips(height: int, rows: int = _STRIP) -> Iterator[slice]:
    """The rows of a picture in pieces: what takes much memory for each pixel is done in these."""
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def _times_too_large(image: Image.Image, enough: int | None) -> int:
    return 1 if enough is None else max(1, max(image.size) // (2 * enough))


def _too_large(name: str) -> str:
    return f"{name} is too large: use one of at most {MAX_PIXELS // 1_000_000} million pixels."


def _orientation(image: Image.Image) -> int:
    """What EXIF says of the way the camera was held: a key of ``_FLIPS``."""
    try:
        turn = image.getexif().get(ExifTag.Orientation, 1)
        return turn if turn in _FLIPS else 1
    except Exception:  # a damaged EXIF block says nothing about the pixels
        return 1


class _Strips:
    """A decoded picture of any mode, read in strips of 8 bits and sRGB.

    Args:
        image: decoded; it is not changed.
    """

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self._wide = image.mode.startswith("I") or image.mode == "F"
        # Numbers of 16 or 32 bits, or floats up to 1 or up to 65535.
        self._unit = 65535 if image.mode == "F" and np.max(image.getextrema()[1]) <= 1 else 1
        self._to_srgb = _transform_to_srgb(image)
        self._mode = "RGB"
        if not self._wide and ("transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")):
            self._mode = "RGBA"
            if all(self._strip(rows).getchannel("A").getextrema() == (255, 255) for rows in strips(image.height)):
                self._mode = "RGB"

    def pixels(self, times: int, turn: int) -> np.ndarray:
        """All of it, 1 / ``times`` of the size and turned upright: [H, W, 3] or, of mode RGBA, [H, W, 4], uint8."""
        stored_hw = math.ceil(self._image.height / times), math.ceil(self._image.width / times)
        upright = np.empty((*(stored_hw[::-1] if turn in _SWAPPED else stored_hw), len(self._mode)), np.uint8)
        down, right = _FLIPS[turn]
        stored = upright[::down, ::right]  # the same memory as the file has its rows
        stored = stored.swapaxes(0, 1) if turn in _SWAPPED else stored
        for rows in strips(self._image.height, max(1, _STRIP // times) * times):
            strip = self._strip(rows)
            strip = strip.reduce(times) if times > 1 else strip
            top = rows.start // times
            stored[top : top + strip.height] = np.asarray(strip)
        return upright

    def _strip(self, rows: slice) -> Image.Image:
        strip = self._image.crop((0, rows.start, self._image.width, rows.stop))
        if self._wide:
            numbers = np.nan_to_num(np.asarray(strip, np.float64)) * (self._unit / 257) + 0.5
            strip = Image.fromarray(np.clip(numbers, 0, 255).astype(np.uint8))
        if self._to_srgb:
            converted = ImageCms.applyTransform(strip, self._to_srgb)
            assert converted is not None, "a new picture, as this one keeps its mode"
            strip = converted
        return strip if strip.mode == self._mode else strip.convert(self._mode)


def _transform_to_srgb(image: Image.Image) -> ImageCms.ImageCmsTransform | None:
    """From an embedded colour profile (phones write Display P3, print shops CMYK profiles)."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), image.mode, "RGB")
    except (ImageCms.PyCMSError, OSError):
        return None
