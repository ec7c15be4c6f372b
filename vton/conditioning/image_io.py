"""Files and uploads to upright 8-bit pictures, and generated pictures to PNG files with their recipe."""

from __future__ import annotations

import contextlib
import io
import json
import os
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from vton.schema import InputError, Parsing, Recipe, TryOnRecipe, quoted

MAX_PIXELS = 40_000_000
MIN_SIDE = 16
RECIPE_KEY = "vton"
LABELS_KEY = "labels"
# Other formats may hold several pictures too (phones put a preview into JPEG): there the first is meant.
_ANIMATED_FORMATS = ("GIF", "PNG", "WEBP", "AVIF")

ImageSource = str | os.PathLike | bytes | Image.Image | np.ndarray


def load_image(source: ImageSource) -> Image.Image:
    """Opens a picture, turns it upright and brings it to 8 bits per channel.

    Size and format are read from the header, so that a huge picture is refused without being decoded.

    Args:
        source: path, content of a file, PIL image, or array [H, W], [H, W, 3] or [H, W, 4] of uint8.

    Returns:
        An RGBA image when the source is transparent somewhere, else RGB.

    Raises:
        InputError: missing or unreadable file, not an image, truncated, animated, too large or too small.
    """
    if isinstance(source, np.ndarray):
        source = _from_array(source)
    if isinstance(source, Image.Image):
        _check_header(source, "The image")
        return _decoded(source, "The image")
    with _opened(source) as (image, name):
        _check_header(image, name)
        return _decoded(image, name)


def load_rgb(source: ImageSource) -> np.ndarray:
    """Opens a picture like ``load_image`` and lays what is transparent on white: [H, W, 3], uint8."""
    image = load_image(source)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("RGB"))


def write_png(path: str | os.PathLike, image_u8: np.ndarray, recipe: Recipe | TryOnRecipe | None = None) -> Path:
    """Writes a PNG in one step: the file is complete or not there at all.

    Args:
        path: target file; its folder is made when missing.
        image_u8: [H, W, 3] RGB, [H, W, 4] RGBA or [H, W] grey, uint8.
        recipe: stored as JSON in the text chunk ``vton``.

    Returns:
        The path.

    Raises:
        InputError: the file cannot be written.
    """
    return _write_png(Path(path), Image.fromarray(image_u8), _recipe_text(recipe))


def png_bytes(image_u8: np.ndarray, recipe: Recipe | TryOnRecipe | None = None) -> bytes:
    """The content of the file that `write_png` writes."""
    content = io.BytesIO()
    Image.fromarray(image_u8).save(content, "PNG", pnginfo=_png_info(_recipe_text(recipe)))
    return content.getvalue()


def _recipe_text(recipe: Recipe | TryOnRecipe | None) -> dict[str, str]:
    return {} if recipe is None else {RECIPE_KEY: recipe.to_json()}


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
    return _write_png(Path(path), image, {LABELS_KEY: json.dumps(parsing.names)})


def _png_info(text: dict[str, str]) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for key, value in text.items():
        info.add_text(key, value)
    return info


def _write_png(path: Path, image: Image.Image, text: dict[str, str]) -> Path:
    info = _png_info(text)
    temporary = path.parent / f".vton-{uuid.uuid4().hex}.png"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            image.save(file, "PNG", pnginfo=info)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        reason = error.strerror or "write error"
        raise InputError(f"Cannot write {path.name}: {reason}. Choose another output path.") from None
    return path


def read_recipe(source: ImageSource) -> Recipe:
    """Reads the recipe from a PNG that ``write_png`` made.

    Raises:
        InputError: not an image, or one without a recipe.
    """
    if isinstance(source, np.ndarray):
        raise InputError("This picture has no recipe: use the PNG file as this program wrote it.")
    if isinstance(source, Image.Image):
        return _recipe_of(source, "The image")
    with _opened(source) as (image, name):
        return _recipe_of(image, name)


def _recipe_of(image: Image.Image, name: str) -> Recipe:
    text = image.info.get(RECIPE_KEY)
    if not isinstance(text, str):
        raise InputError(
            f"{name} has no recipe: use a PNG as this program wrote it, not a copy or screenshot."
        )
    return Recipe.from_json(text)


@contextlib.contextmanager
def _opened(source: str | os.PathLike | bytes) -> Iterator[tuple[Image.Image, str]]:
    """Yields the lazily opened image and a name for messages that shows no folder."""
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
                image = Image.open(file)
        except Image.DecompressionBombError:
            raise InputError(_too_large(name)) from None
        except Exception:  # the header parsers raise anything on damaged files
            raise InputError(
                f"{name} is not an image this program can read: use a PNG, JPEG or WebP file."
            ) from None
        with image:
            yield image, name


def _check_header(image: Image.Image, name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InputError(f"{_too_large(name)} It has {width}x{height}.")
    if min(width, height) < MIN_SIDE:
        raise InputError(
            f"{name} is too small ({width}x{height}): use one of at least {MIN_SIDE}x{MIN_SIDE} pixels."
        )
    if image.format in _ANIMATED_FORMATS and getattr(image, "n_frames", 1) > 1:
        raise InputError(f"{name} is animated: save one frame as PNG or JPEG and use that.")


def _too_large(name: str) -> str:
    return f"{name} is too large: use one of at most {MAX_PIXELS // 1_000_000} million pixels."


def _decoded(image: Image.Image, name: str) -> Image.Image:
    try:
        image.load()
        return _eight_bit(_in_srgb(_upright(image)))
    except Exception:  # decoders raise anything on damaged files
        raise InputError(f"{name} is damaged or cut off: save or download it again.") from None


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
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
        values = np.asarray(image, np.float64)
        if image.mode == "F" and values.max() <= 1:
            values = values * 65535
        image = Image.fromarray(np.clip(values / 257 + 0.5, 0, 255).astype(np.uint8), "L")
    transparent = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if transparent:
        rgba = image.convert("RGBA")
        if rgba.getextrema()[3][0] < 255:
            return rgba
        image = rgba
    return image.convert("RGB")


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
