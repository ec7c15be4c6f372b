"""The one place that writes pictures which were made here: recipe, IPTC's terms, watermark and Content Credentials."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image

from vton.conditioning.photos.decoding import open_picture
from vton.conditioning.photos.image_io import ImageSource, png_bytes, write_in_one_step, write_png
from vton.provenance.content_credentials import is_signing, signed
from vton.provenance.payload import Payload
from vton.provenance.watermark import embed
from vton.provenance.xmp import digest_of_pixels, packet
from vton.schema import DigitalSourceType, InputError, Recipe, TryOnOrigin

RECIPE_KEY = "vton"
SOURCE_KEY = "DigitalSourceType"
XMP_KEY = "XML:com.adobe.xmp"
_QUALITY = 88  # of a JPEG

Origin = Recipe | TryOnOrigin | DigitalSourceType
"""What a picture says of itself: its recipe, or its kind alone (a sheet, a step of a try-on)."""


def write_made(path: str | os.PathLike, image_u8: np.ndarray, origin: Origin) -> Path:
    """Writes a picture that was made here as PNG with all its marks, in one step.

    Its pixels differ from ``image_u8`` by the watermark. The same picture and origin give the same bytes, unless they
    are signed.

    Args:
        path: target file; its folder is made when missing.
        image_u8: [H, W, 3] RGB or [H, W, 4] RGBA, uint8.
        origin: see `Origin`.

    Returns:
        The path.

    Raises:
        InputError: the file cannot be written or signed.
    """
    if is_signing():
        content = made_png(image_u8, origin)
        return write_in_one_step(path, lambda file: file.write(content))
    marked = watermarked(image_u8, origin)
    return write_png(path, marked, _texts(marked, origin))


def made_png(image_u8: np.ndarray, origin: Origin) -> bytes:
    """The content of the file that `write_made` writes."""
    marked = watermarked(image_u8, origin)
    return signed(png_bytes(marked, _texts(marked, origin)), "image/png", _source_type(origin))


def made_jpeg(image_u8: np.ndarray, origin: Origin) -> bytes:
    """The picture, [H, W, 3], uint8, as JPEG with all its marks but the recipe, which may be too long for one."""
    content, source_type = io.BytesIO(), _source_type(origin)
    xmp = packet(source_type).encode()
    Image.fromarray(watermarked(image_u8, origin)).save(content, "JPEG", quality=_QUALITY, xmp=xmp)
    return signed(content.getvalue(), "image/jpeg", source_type)


def watermarked(image_u8: np.ndarray, origin: Origin) -> np.ndarray:
    """The pixels that are written: a new array of the same shape."""
    return embed(image_u8, Payload.of(_source_type(origin), _recipe_text(origin)).to_bytes())


def read_recipe(source: ImageSource) -> Recipe:
    """Reads the recipe of a generated picture from a PNG that `write_made` wrote, or an earlier version.

    Raises:
        InputError: not an image, one without a recipe, or a try-on.
    """
    if isinstance(source, np.ndarray):
        raise InputError("This picture has no recipe: use the PNG file as this program wrote it.")
    if isinstance(source, Image.Image):
        return _recipe_of(source, "The image")
    with open_picture(source) as (image, name):
        return _recipe_of(image, name)


def _recipe_of(image: Image.Image, name: str) -> Recipe:
    text = image.info.get(RECIPE_KEY)
    if not isinstance(text, str):
        raise InputError(f"{name} has no recipe: use a PNG as this program wrote it, not a copy or screenshot.")
    return Recipe.from_json(text)


def _source_type(origin: Origin) -> DigitalSourceType:
    return origin if isinstance(origin, DigitalSourceType) else DigitalSourceType(origin.digital_source_type)


def _recipe_text(origin: Origin) -> str | None:
    return None if isinstance(origin, DigitalSourceType) else origin.to_json()


def _texts(marked: np.ndarray, origin: Origin) -> dict[str, str]:
    """The text chunks of a PNG."""
    source_type, recipe = _source_type(origin), _recipe_text(origin)
    return {
        **({} if recipe is None else {RECIPE_KEY: recipe}),
        SOURCE_KEY: source_type.value,
        XMP_KEY: packet(source_type, digest_of_pixels(marked)),
    }
