"""Decoding what strangers send: only common formats, in bounded memory, no larger than of use."""

import io
import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from vton.conditioning.photos import decoding
from vton.conditioning.photos.article_photo import open_photo
from vton.conditioning.photos.image_io import load_image, load_rgb
from vton.schema import InputError


def encoded(image, fmt, **options):
    buffer = io.BytesIO()
    image.save(buffer, fmt, **options)
    return buffer.getvalue()


def ramp(width, height):
    """A picture that is darker at its left."""
    return Image.fromarray(np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1)))


@pytest.mark.parametrize("fmt", ["EPS", "PPM", "TGA", "ICO", "PCX", "SGI"])
def test_formats_nobody_takes_photos_in_are_refused(fmt):
    with pytest.raises(InputError, match="not an image this program can read"):
        load_image(encoded(ramp(40, 40).convert("RGB"), fmt))


def test_the_whole_process_opens_neither_other_formats_nor_larger_pictures():
    code = (
        "import io; from PIL import Image; from vton.conditioning.photos.decoding import limit_pillow\n"
        "limit_pillow(); limit_pillow()\n"
        "file = io.BytesIO(); Image.new('RGB', (9, 9)).save(file, 'PNG'); assert Image.open(file).size == (9, 9)\n"
        "file = io.BytesIO(); Image.new('RGB', (9, 9)).save(file, 'EPS')\n"
        "try: Image.open(file)\n"
        "except Image.UnidentifiedImageError: print('refused')\n"
        "file = io.BytesIO(); Image.new('1', (8001, 5001)).save(file, 'PNG')\n"
        "try: Image.open(file)\n"
        "except Image.DecompressionBombError: print('too large')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("refused\ntoo large\n", "")


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_wide_numbers_take_a_strip_of_memory(mode):
    values = np.asarray(ramp(3000, 1200))
    wide = values.astype(np.float32) / 255 if mode == "F" else values.astype(np.int32) * 257
    image = Image.fromarray(wide.astype(np.uint16) if mode == "I;16" else wide)
    tracemalloc.start()
    made, _ = decoding.decoded(image, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    out = made[..., 0]
    assert np.abs(out.astype(int) - values).max() <= 1
    assert peak < 5 * values.size  # eight bytes for each pixel of the whole picture would be more


def test_floats_that_are_no_numbers_count_as_black():
    values = np.full((40, 40), 0.5, np.float32)
    values[3, 4] = np.nan
    assert load_rgb(Image.fromarray(values))[3, 4].max() == 0
    assert abs(int(load_rgb(Image.fromarray(values))[20, 20, 0]) - 128) <= 1


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(("width", "height"), [(1300, 900), (900, 1300)])
def test_pictures_come_no_larger_than_of_use(fmt, width, height):
    data = encoded(ramp(width, height).convert("RGB"), fmt)
    assert load_image(data).shape == (height, width, 3)
    small = load_image(data, enough=100)
    assert 200 <= max(small.shape) < 400
    assert abs(small.shape[1] / small.shape[0] - width / height) < 0.02
    row = small[50, :, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255, len(row))).max() < 4
    assert load_image(data, enough=400).shape == (height, width, 3)
    assert max(open_photo(data, 100)[0].shape) == 100


def test_the_callers_own_image_stays_as_it_is():
    image = Image.open(io.BytesIO(encoded(ramp(1300, 900).convert("RGB"), "JPEG")))
    small = load_image(image, enough=100)
    assert image.size == (1300, 900) and max(small.shape) < 400
    whole = load_image(image)
    whole[0, 0] = 9, 8, 7
    assert image.getpixel((0, 0)) != (9, 8, 7)


def test_one_large_picture_is_decoded_at_a_time(monkeypatch):
    monkeypatch.setattr(decoding, "_LARGE", 50 * 50)
    inside, most, load = [], [], Image.Image.load

    def watched(self):
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.02)
        inside.pop()
        return load(self)

    image = ramp(60, 60)
    monkeypatch.setattr(Image.Image, "load", watched)
    threads = [threading.Thread(target=decoding.decoded, args=(image.copy(), "x")) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(most) >= 4 and max(most) == 1
