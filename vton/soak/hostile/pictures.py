"""Small pictures drawn in code, as bytes of a file: what the hostile ones are made of."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def garment(rng: random.Random, size: tuple[int, int] = (180, 240)) -> Image.Image:
    """A plain shirt-like shape of a random colour on a light backdrop, RGB, ``size`` is width and height."""
    width, height = size
    colour = tuple(rng.randrange(20, 190) for _ in range(3))
    image = Image.new("RGB", size, "#ececec")
    outline = [(0.3, 0.15), (0.7, 0.15), (0.9, 0.4), (0.75, 0.46), (0.73, 0.85), (0.27, 0.85), (0.25, 0.46), (0.1, 0.4)]
    ImageDraw.Draw(image).polygon([(x * width, y * height) for x, y in outline], colour)
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of a Pillow format."""
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def grey(size: tuple[int, int], dtype: type = np.uint16) -> np.ndarray:
    """A slope from dark to light, [H, W], which compresses well; ``size`` is width and height."""
    top = np.iinfo(dtype).max if np.issubdtype(dtype, np.integer) else 1
    return np.tile(np.linspace(0, top, size[0]).astype(dtype), (size[1], 1))


def chunk(name: bytes, content: bytes, length: int | None = None) -> bytes:
    """One PNG chunk with the right checksum; ``length`` may lie."""
    size = len(content) if length is None else length
    return struct.pack(">I", size) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, depth: int, colour: int, *chunks: bytes, end: bool = True) -> bytes:
    """A PNG put together by hand: any header, any chunks."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return PNG_MAGIC + header + b"".join(chunks) + (chunk(b"IEND", b"") if end else b"")


def with_text(image: Image.Image, text: str, key: str = "vton", zipped: bool = False) -> bytes:
    """A PNG that carries a text, as a recipe is carried."""
    info = PngImagePlugin.PngInfo()
    info.add_text(key, text, zip=zipped)
    return encoded(image, "PNG", pnginfo=info)
