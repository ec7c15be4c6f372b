"""Every kind of file that people upload, and PNGs."""

import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from vton.conditioning.photos.image_io import load_image, write_png
from vton.schema import InputError


def encoded(image, fmt, **options):
    buffer = io.BytesIO()
    image.save(buffer, fmt, **options)
    return buffer.getvalue()


def half_red(size=(40, 30)):
    """Left half red, right half blue."""
    array = np.zeros((size[1], size[0], 3), np.uint8)
    array[:, : size[0] // 2, 0] = 255
    array[:, size[0] // 2 :, 2] = 255
    return Image.fromarray(array)


def huge_png(width, height):
    """A PNG whose header promises more than its few bytes can hold."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "BMP", "TIFF"])
def test_lossless_formats(fmt):
    data = encoded(half_red(), fmt, **({"lossless": True} if fmt == "WEBP" else {}))
    image = load_image(data)
    assert image.shape == (30, 40, 3) and np.array_equal(image, half_red())


def test_sources(tmp_path):
    path = tmp_path / "a.png"
    half_red().save(path)
    for source in (path, str(path), path.read_bytes(), half_red(), np.array(half_red())):
        assert np.array_equal(load_image(source), half_red())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = load_image(encoded(half_red((64, 48)), "JPEG", exif=exif, quality=95))
    assert image.shape == ((48, 64, 3) if orientation < 5 else (64, 48, 3))
    red = np.asarray(image)[..., 0].astype(float)
    left, right, top, bottom = (part.mean() > 128 for part in (red[:, :9], red[:, -9:], red[:9], red[-9:]))
    where = {1: left, 2: right, 3: right, 4: left, 5: top, 6: top, 7: bottom, 8: bottom}
    assert where[orientation]


@pytest.mark.parametrize("mode", ["L", "LA", "P", "CMYK", "1", "I;16", "I", "F", "RGBA", "YCbCr"])
def test_modes(mode):
    grey = Image.fromarray(np.tile(np.arange(0, 200, 5, dtype=np.uint8), (20, 1)))
    if mode in ("I;16", "I"):
        image = Image.fromarray(np.asarray(grey).astype(np.uint16 if mode == "I;16" else np.int32) * 257)
    elif mode == "F":
        image = Image.fromarray(np.asarray(grey, np.float32) / 255)
    else:
        image = grey.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr") else grey.convert(mode)
    assert image.mode == mode
    out = load_image(image)
    assert out.shape == (20, 40, 3)
    if mode != "1":
        assert abs(np.asarray(out)[..., 1].astype(int) - np.asarray(grey)).max() <= 2


@pytest.mark.parametrize("bits", ["CMYK-JPEG", "16-bit-PNG", "grey-JPEG"])
def test_files_of_unusual_modes(bits):
    if bits == "16-bit-PNG":
        data = encoded(Image.fromarray(np.full((20, 20), 51400, np.uint16)), "PNG")
    else:
        mode = "CMYK" if bits.startswith("CMYK") else "L"
        data = encoded(Image.new("RGB", (20, 20), (200, 200, 200)).convert(mode), "JPEG", quality=95)
    assert abs(np.asarray(load_image(data)).astype(int) - 200).max() <= 3


def test_transparency_is_kept_where_there_is_any():
    clear = half_red().convert("RGBA")
    clear.putalpha(Image.fromarray(np.tile(np.arange(40, dtype=np.uint8) * 6, (30, 1))))
    assert load_image(encoded(clear, "PNG")).shape[2] == 4
    assert load_image(half_red().convert("RGBA")).shape[2] == 3
    palette = half_red().convert("P")
    assert load_image(encoded(palette, "PNG", transparency=palette.getpixel((0, 0)))).shape[2] == 4
    assert load_image(encoded(half_red(), "PNG", transparency=(255, 0, 0))).shape[2] == 4


def test_colour_profile_is_followed():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = load_image(encoded(half_red(), "PNG", icc_profile=profile))
    assert abs(np.asarray(same).astype(int) - np.asarray(half_red())).max() <= 1
    assert np.array_equal(load_image(encoded(half_red(), "PNG", icc_profile=b"damaged")), half_red())


def test_damaged_exif_does_not_matter():
    data = encoded(half_red(), "JPEG", exif=b"Exif\0\0nonsense", quality=95)
    assert load_image(data).shape == (30, 40, 3)


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "GIF"])
def test_truncated_file(fmt):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90, 3), np.uint8))
    data = encoded(noise, fmt)
    with pytest.raises(InputError, match="damaged|not an image"):
        load_image(data[: len(data) // 2])


@pytest.mark.parametrize("data", [b"", b"hello, this is text", b"\xff\xd8\xff", b"GIF89a", b"\0" * 100])
def test_not_an_image(data):
    with pytest.raises(InputError, match="PNG"):
        load_image(data)


@pytest.mark.parametrize("size", [(12000, 12000), (30000, 30000), (8000, 5001)])
def test_huge_image_is_refused_without_decoding(size, monkeypatch, recwarn):
    def decode(self):
        raise AssertionError("the image was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    with pytest.raises(InputError, match="40 million"):
        load_image(huge_png(*size))
    assert not recwarn.list


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15)])
def test_tiny_image(size):
    with pytest.raises(InputError, match="too small"):
        load_image(encoded(Image.new("RGB", size), "PNG"))


@pytest.mark.parametrize("fmt", ["GIF", "PNG", "WEBP"])
def test_animation(fmt):
    frames = [Image.new("RGB", (32, 32), (60 * i, 0, 0)) for i in range(3)]
    data = encoded(frames[0], fmt, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(InputError, match="one frame"):
        load_image(data)


def test_still_gif():
    assert load_image(encoded(half_red(), "GIF")).shape == (30, 40, 3)


@pytest.mark.parametrize("name", ["missing.png", "", "a\0b.png"])
def test_missing_file_names_no_folder(tmp_path, name):
    with pytest.raises(InputError) as error:
        load_image(f"{tmp_path}/{name}")
    assert str(tmp_path) not in str(error.value) and "\n" not in str(error.value)


def test_texts_travel_in_the_png(tmp_path):
    pixels, texts = np.asarray(half_red()), {"vton": "{}", "title": "r\u00f6d \ufeff"}
    path = write_png(tmp_path / "new" / "a.png", pixels, texts)
    assert np.array_equal(load_image(path), pixels) and Image.open(path).text == texts
    assert os.listdir(path.parent) == ["a.png"]
    assert write_png(path, pixels).stat().st_size < 1000  # replaces the file


def test_unwritable_output(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    for path in (tmp_path / "file" / "a.png", tmp_path / "folder.png", tmp_path / ("x" * 300 + ".png")):
        with pytest.raises(InputError, match="Cannot write") as error:
            write_png(path, np.asarray(half_red()))
        assert str(tmp_path) not in str(error.value)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder.png"]
