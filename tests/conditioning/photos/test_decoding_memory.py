"""What large photos take while they are opened: in a process of its own, by the kernel's count of its pages."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from vton.conditioning.photos.image_io import load_copy

WIDTH, HEIGHT = 4000, 3000
ENOUGH, TIMES = 500, 4
KINDS = {"16 bit": (2, 3), "float": (4, 3), "colour": (4, 3), "transparent": (4, 4), "turned": (4, 3)}
"""Bytes of a pixel in Pillow's memory, and channels of the result."""
# A photo that was opened before has loaded all that is loaded once; then the highest mark is set back.
CODE = """
import gc, json, re, sys
from vton.conditioning.photos.image_io import load_image
def memory(name):
    return int(re.search(name + r":\\s*(\\d+)", open("/proc/self/status").read())[1]) * 1024
def took(path, enough):
    gc.collect()
    open("/proc/self/clear_refs", "w").write("5")
    before = memory("VmRSS")
    return *load_image(path, enough).shape, memory("VmHWM") - before
load_image(sys.argv[1], 500)
print(json.dumps([[took(path, enough) for enough in (None, 500)] for path in sys.argv[1:]]))
"""


def drawn(kind, size=(WIDTH, HEIGHT)):
    """A picture that packs well, of a mode that Pillow keeps as it is."""
    grey = np.tile(np.linspace(0, 255, size[0]).astype(np.uint8), (size[1], 1))
    if kind in ("16 bit", "float"):
        return Image.fromarray(grey.astype(np.uint16) * 257 if kind == "16 bit" else grey.astype(np.float32))
    image = Image.fromarray(grey).convert("RGB")
    if kind == "transparent":
        image.putalpha(Image.fromarray(grey))
    return image


def written(kind, path):
    exif = Image.Exif()
    exif[0x0112] = 6 if kind == "turned" else 1
    options = {"compression": "tiff_adobe_deflate"} if kind == "float" else {"compress_level": 1, "exif": exif}
    path = path.with_suffix(".tiff" if kind == "float" else ".png")
    drawn(kind).save(path, **options)
    return path


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """Kind -> [H, W, C and bytes] of the whole photo and of the copy."""
    folder = tmp_path_factory.mktemp("large")
    paths = [written(kind, folder / f"{number}") for number, kind in enumerate(KINDS)]
    done = subprocess.run([sys.executable, "-c", CODE, *paths], capture_output=True, text=True)
    assert not done.stderr
    return dict(zip(KINDS, json.loads(done.stdout), strict=True))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("enough", [None, ENOUGH])
def test_a_large_photo_takes_its_decoded_file_and_the_result(taken, kind, enough):
    stored, channels = KINDS[kind]
    times = TIMES if enough else 1
    height, width, found, took = taken[kind][bool(enough)]
    size = (HEIGHT // times, WIDTH // times)
    assert (height, width) == (size[::-1] if kind == "turned" else size) and found == channels
    least = stored + channels / times**2
    assert took < (least + 0.9) * WIDTH * HEIGHT  # another copy, in whatever mode, has a byte for each pixel at least


@pytest.mark.parametrize("suffix", ["png", "tiff", "jpg"])
def test_a_copy_comes_with_the_photos_own_upright_size(tmp_path, suffix):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / f"photo.{suffix}"
    drawn("colour", (801, 402)).save(path, exif=exif)
    copy, size_hw = load_copy(path, 100)
    assert size_hw == (801, 402) and copy.shape[:2] in ((201, 101), (200, 101), (201, 100), (200, 100))
