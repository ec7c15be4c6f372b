"""Files of unknown origin to upright pictures of 8 bits: the one place that decodes them, in bounded memory."""

from __future__ import annotations

import contextlib
import io
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageCms, ImageOps
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


def decoded(image: Image.Image, name: str, enough: int | None = None, keep: bool = False) -> Image.Image:
    """Decodes an opened image, turns it upright and brings it to 8 bits and sRGB.

    Args:
        image: as `open_picture` yields it; changed and returned itself where that saves a copy.
        name: for messages.
        keep: leave ``image`` as it is, since it is the caller's.
        enough: the longest side that the caller will use. A picture of at least four times that side comes
            smaller, but not below twice that side; a JPEG is decoded that way from the start.

    Returns:
        RGBA when it is transparent somewhere, else RGB.

    Raises:
        InputError: damaged or cut off.
    """
    large = image.width * image.height > _LARGE
    with _large_decode if large else contextlib.nullcontext():
        try:
            if not keep and (times := _times_too_large(image, enough)) > 1:
                image.draft(None, (image.width // times, image.height // times))
            image.load()
            result = _eight_bit(_in_srgb(_upright(image)))
            if (times := _times_too_large(result, enough)) > 1:
                return result.reduce(times)
            return result.copy() if keep and result is image else result
        except Exception:  # decoders raise anything on damaged files
            raise InputError(f"{name} is damaged or cut off: save or download it again.") from None


def strips(height: int) -> Iterator[slice]:
    """The rows of a picture in pieces: what takes much memory for each pixel is done in these."""
    for top in range(0, height, _STRIP):
        yield slice(top, min(top + _STRIP, height))


def _times_too_large(image: Image.Image, enough: int | None) -> int:
    return 1 if enough is None else max(1, max(image.size) // (2 * enough))


def _too_large(name: str) -> str:
    return f"{name} is too large: use one of at most {MAX_PIXELS // 1_000_000} million pixels."


def _upright(image: Image.Image) -> Image.Image:
    try:
        return image if image.getexif().get(ExifTag.Orientation, 1) == 1 else ImageOps.exif_transpose(image)
    except Exception:  # a damaged EXIF block says nothing about the pixels
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """Follows an embedded colour profile (phones write Display P3, print shops CMYK profiles)."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        image = _from_wide_numbers(image)
    transparent = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if transparent:
        rgba = image if image.mode == "RGBA" else image.convert("RGBA")
        if rgba.getextrema()[3][0] < 255:
            return rgba
        image = rgba
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_wide_numbers(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, or of floats up to 1 or up to 65535, as grey of 8 bits."""
    unit = 65535 if image.mode == "F" and image.getextrema()[1] <= 1 else 1
    grey = np.empty((image.height, image.width), np.uint8)
    for rows in strips(image.height):
        values = np.asarray(image.crop((0, rows.start, image.width, rows.stop)), np.float64)
        grey[rows] = np.clip(np.nan_to_num(values) * (unit / 257) + 0.5, 0, 255)
    return Image.fromarray(grey)
