"""Hostile picture files, drawn in code from a seed: every kind comes round before one comes again."""

from __future__ import annotations

import math
import random
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from vton.soak.hostile.names import hostile_name
from vton.soak.hostile.pictures import PNG_MAGIC, chunk, encoded, garment, grey, png
from vton.soak.hostile.recipes import RECIPE_KINDS, hostile_recipe

FILE_COUNT = 300
Maker = Callable[[random.Random], bytes]
_BOMB = 30_000_000


def _photo(rng: random.Random, kind: str) -> bytes:
    options = {"progressive": True} if kind == "JPEG" else {}
    return encoded(garment(rng), kind, **options)


def _cut(kind: str) -> Maker:
    def make(rng: random.Random) -> bytes:
        content = _photo(rng, kind)
        return content[: rng.randrange(10, len(content))]

    return make


def _flipped(kind: str) -> Maker:
    def make(rng: random.Random) -> bytes:
        content = bytearray(_photo(rng, kind))
        for _ in range(rng.choice((1, 5, 60))):
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        return bytes(content)

    return make


def _animated(kind: str, frames: int) -> Maker:
    def make(rng: random.Random) -> bytes:
        pictures = [Image.new("P" if kind == "GIF" else "RGB", (24, 24), n % 250) for n in range(frames)]
        return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=20)

    return make


def _many_frames(rng: random.Random) -> bytes:
    """A GIF of thousands of frames, put together by hand: Pillow takes seconds for it."""
    frame = b"\x21\xf9\x04\x00\x02\x00\x00\x00\x2c\x00\x00\x00\x00\x20\x00\x20\x00\x00\x02\x02\x44\x01\x00"
    palette = bytes(rng.randrange(256) for _ in range(12))
    head = b"GIF89a" + struct.pack("<HHBBB", 32, 32, 0x91, 0, 0) + palette
    return head + frame * rng.randrange(2000, 9000) + b"\x3b"


def _turned(rng: random.Random) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = rng.randrange(0, 12)
    return encoded(garment(rng), "JPEG", exif=exif)


def _broken_exif(rng: random.Random) -> bytes:
    head = rng.choice((b"Exif\0\0MM\0*\0\0\0\x08", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0"))
    return encoded(garment(rng), "JPEG", exif=head + rng.randbytes(200))


def _broken_profile(rng: random.Random) -> bytes:
    size = rng.choice((0, 3, 128, 60_000))
    return encoded(garment(rng), rng.choice(("JPEG", "PNG", "WEBP")), icc_profile=rng.randbytes(size) or b"\0")


def _text_bomb(rng: random.Random) -> bytes:
    """A chunk of some kilobytes that unpacks to tens of megabytes."""
    packed = zlib.compress(bytes(_BOMB), 9)
    bombs = (
        chunk(b"zTXt", b"vton\0\0" + packed),
        chunk(b"iTXt", b"vton\0\1\0\0\0" + packed),
        chunk(b"iCCP", b"icc\0\0" + packed),
    )
    picture = encoded(garment(rng), "PNG")
    return picture[:33] + rng.choice(bombs) * rng.choice((1, 3)) + picture[33:]


def _huge_header(rng: random.Random) -> bytes:
    side = rng.choice((30_000, 65_535, 2**31 - 1))
    return png(side, side, rng.choice((1, 8, 16)), rng.choice((0, 2)), chunk(b"IDAT", zlib.compress(bytes(1000))))


def _data_bomb(rng: random.Random) -> bytes:
    """A small header before pixels without end."""
    return png(300, 300, 8, 2, chunk(b"IDAT", zlib.compress(bytes(_BOMB), 9)))


def _huge_jpeg(rng: random.Random) -> bytes:
    content = bytearray(_photo(rng, "JPEG"))
    start = content.find(b"\xff\xc2")
    content[start + 5 : start + 9] = struct.pack(">HH", 65_535, 65_535)
    return bytes(content)


def _sixteen_bit(rng: random.Random) -> bytes:
    side = rng.choice((1500, 3000, 6300))
    row = b"\0" + grey((side, 1)).astype(">u2").tobytes()
    return png(side, side, 16, 0, chunk(b"IDAT", zlib.compress(row * side, 1)))


def _float(rng: random.Random) -> bytes:
    pixels = grey((1200, 1500), np.float32) * rng.choice((1.0, 65535.0, 1e38))
    pixels[:3] = rng.choice((np.nan, np.inf, -np.inf, 0.5))
    return encoded(Image.fromarray(pixels), "TIFF")


def _large(rng: random.Random) -> bytes:
    """Pixels up to, and just over, what is accepted: of one colour, so that they travel light."""
    (width, height), (depth, colour, bytes_per_pixel) = (
        rng.choice(((6300, 6300), (9000, 4000), (2500, 16_000), (7000, 6000))),
        rng.choice(((1, 0, 1 / 8), (8, 0, 1), (8, 2, 3), (8, 6, 4))),
    )
    row = 1 + math.ceil(width * bytes_per_pixel)
    return png(width, height, depth, colour, chunk(b"IDAT", zlib.compress(bytes(row * height), 1)))


def _mode(rng: random.Random) -> bytes:
    mode, kind = rng.choice(
        (("CMYK", "JPEG"), ("1", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("P", "GIF"), ("I", "TIFF"), ("YCbCr", "JPEG"),
         ("LAB", "TIFF"), ("CMYK", "TIFF"), ("RGBA", "WEBP"), ("L", "JPEG2000"))
    )  # fmt: skip
    return encoded(garment(rng).convert("RGB").convert(mode) if mode != "LAB" else Image.new("LAB", (80, 90)), kind)


def _all_transparent(rng: random.Random) -> bytes:
    return encoded(Image.new("RGBA", (200, 260), (200, 30, 30, 0)), rng.choice(("PNG", "WEBP")))


def _one_colour(rng: random.Random) -> bytes:
    return encoded(Image.new("RGB", (200, 260), rng.choice(("white", "black", "#808080"))), "PNG")


def _noise(rng: random.Random) -> bytes:
    return encoded(Image.frombytes("RGB", (120, 160), rng.randbytes(120 * 160 * 3)), "PNG")


def _thin(rng: random.Random) -> bytes:
    size = rng.choice(((1, 1), (15, 15), (16, 16), (16, 9000), (9000, 17), (1, 20_000), (17, 30_000)))
    return encoded(Image.new("RGB", size, "#336699"), "PNG")


def _odd_png(rng: random.Random) -> bytes:
    good = chunk(b"IDAT", zlib.compress(bytes(40 * 121)))
    return rng.choice((
        png(40, 40, 8, 2),  # no pixels
        png(40, 40, 8, 2, good, end=False),
        png(0, 0, 8, 2, good),
        png(40, 40, 7, 9, good),  # no such depth and colour
        png(40, 40, 8, 3, good),  # no palette
        png(40, 40, 8, 2, chunk(b"IDAT", b"x" * 40, length=2**32 - 1)),
        png(40, 40, 8, 2, chunk(b"tRNS", b""), chunk(b"PLTE", b"\1"), good),
        png(40, 40, 8, 2, chunk(b"acTL", struct.pack(">II", 2**31, 0)), good),
        PNG_MAGIC,
    ))  # fmt: skip


def _other_format(rng: random.Random) -> bytes:
    """What Pillow may read but nobody should send: a program, a document, another picture format."""
    return rng.choice((
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n/x {(%pipe%id) (r) file} def x\nshowpage\n%%EOF\n",
        b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 64, 64, 8, 3) + bytes(60_000),
        b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF",
        encoded(garment(rng), "TIFF", save_all=True, append_images=[garment(rng)] * 3),
        _looped_tiff(),
        encoded(garment(rng), "BMP")[:22] + struct.pack("<i", -240) + encoded(garment(rng), "BMP")[26:],
        encoded(garment(rng, (64, 64)), "ICO"),
        encoded(garment(rng), "TGA"),
        encoded(garment(rng), "PPM"),
        b"P6 99999 99999 255 " + bytes(100),
        b"PK\3\4" + rng.randbytes(300),
        b"\x1f\x8b\x08" + rng.randbytes(300),
    ))  # fmt: skip


def _looped_tiff() -> bytes:
    """A directory of pictures whose next is itself."""
    entries = [(256, 4, 1, 20), (257, 4, 1, 20), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 400)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 8) + bytes(500)


def _markup_file(rng: random.Random) -> bytes:
    return rng.choice((
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="90" height="90"/>',
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a/*<script>alert(1)</script>*/",
    ))  # fmt: skip


def _wrong_magic(rng: random.Random) -> bytes:
    magic = rng.choice((PNG_MAGIC, b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"RIFF\xff\0\0\0WEBPVP8 ", b"II*\0", b"GIF89a"))
    return magic + rng.choice((rng.randbytes(3000), _photo(rng, "PNG")))


def _nothing(rng: random.Random) -> bytes:
    return rng.choice((b"", b"\0", b"\n", rng.randbytes(2000), "Kleid ひとつ".encode("utf-16")))


def _good(rng: random.Random) -> bytes:
    return encoded(garment(rng), "PNG")


FILE_KINDS: dict[str, Maker] = {
    **{f"cut {kind}": _cut(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF")},
    **{f"flipped {kind}": _flipped(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF")},
    "wrong magic": _wrong_magic,
    "nothing": _nothing,
    "text bomb": _text_bomb,
    "data bomb": _data_bomb,
    "huge header": _huge_header,
    "huge JPEG header": _huge_jpeg,
    "16 bit": _sixteen_bit,
    "float": _float,
    "large": _large,
    "mode": _mode,
    "transparent": _all_transparent,
    "one colour": _one_colour,
    "noise": _noise,
    "thin": _thin,
    "odd PNG": _odd_png,
    "other format": _other_format,
    "markup": _markup_file,
    "many frames": _many_frames,
    "animated GIF": _animated("GIF", 3),
    "animated PNG": _animated("PNG", 3),
    "animated WEBP": _animated("WEBP", 3),
    "EXIF turn": _turned,
    "broken EXIF": _broken_exif,
    "broken profile": _broken_profile,
    **{f"name {number}": _good for number in range(6)},
    **{f"recipe: {kind}": lambda rng, kind=kind: hostile_recipe(kind, rng) for kind in RECIPE_KINDS},
}


def hostile_file(seed: int, index: int) -> tuple[str, str, bytes]:
    """The file ``index`` of a seed.

    Returns:
        Its kind, the name to send it by, and its content.
    """
    kind = list(FILE_KINDS)[index % len(FILE_KINDS)]
    rng = random.Random(f"{seed}/file/{index}")
    name = hostile_name(rng) if kind.startswith("name") or rng.random() < 0.15 else f"picture{rng.choice(_SUFFIXES)}"
    return kind, name, FILE_KINDS[kind](rng)


_SUFFIXES = (".png", ".jpg", ".webp", ".gif", ".tiff", ".article.webp", "")
