import io
import time

import numpy as np
import pytest
from drawn.figure import drawn_picture
from PIL import Image

from vton.provenance.carriers import answers, carriers, read_bytes, tile_of
from vton.provenance.payload import Payload
from vton.provenance.watermark import MIN_PSNR, embed, find
from vton.schema import DigitalSourceType

CONTENT = (16, 171, 3, 255, 128)


def jpeg(image_u8, quality):
    content = io.BytesIO()
    Image.fromarray(image_u8).save(content, "JPEG", quality=quality)
    return np.asarray(Image.open(content))


def resized(image_u8, times):
    height, width = image_u8.shape[:2]
    return np.asarray(Image.fromarray(image_u8).resize((round(width * times), round(height * times))))


def framed(image_u8):
    return np.pad(image_u8, ((40, 40), (30, 30), (0, 0)), constant_values=250)


CHANGES = {
    "none": lambda a: a,
    "JPEG 80": lambda a: jpeg(a, 80),
    "JPEG 50": lambda a: jpeg(a, 50),
    "half": lambda a: resized(a, 0.5),
    "half as JPEG 80": lambda a: jpeg(resized(a, 0.5), 80),
    "larger": lambda a: resized(a, 1.7),
    "a tenth cut off": lambda a: a[a.shape[0] // 10 :],
    "a tenth cut off each side": lambda a: a[a.shape[0] // 20 : -(a.shape[0] // 20), a.shape[1] // 10 :],
    "framed": framed,
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_bit_is_found_after(change, picture):
    found = find(CHANGES[change](embed(picture, CONTENT)))
    assert found is not None and found.content == CONTENT
    assert found.moved == (change.startswith("a tenth") or change == "framed")


@pytest.mark.parametrize("size", [(192, 256), (96, 128), (1024, 768), (900, 120), (768, 1024)])
def test_sizes(size):
    marked = embed(drawn_picture(size), CONTENT)
    assert marked.shape == (size[1], size[0], 3) and find(marked).content == CONTENT
    assert find(jpeg(marked, 90)).content == CONTENT


@pytest.mark.parametrize("size", [(192, 256), (768, 1024)])
def test_it_cannot_be_seen_and_is_quick(size):
    picture = drawn_picture(size)
    seconds = []
    for _ in range(3):
        started = time.thread_time()
        marked = embed(picture, CONTENT)
        seconds.append(time.thread_time() - started)
    error = (picture.astype(float) - marked) ** 2
    assert 10 * np.log10(255**2 / error.mean()) > MIN_PSNR - 0.3
    assert (marked.astype(int) - picture)[: size[1] // 20].std() < 1.7  # of the backdrop
    assert min(seconds) < 0.1


def test_the_same_picture_gets_the_same_mark_and_stays_as_it_is(picture):
    before = picture.copy()
    assert np.array_equal(embed(picture, CONTENT), embed(picture, CONTENT)) and np.array_equal(picture, before)
    assert not np.array_equal(embed(picture, CONTENT), embed(picture, (16, 0, 0, 0, 0)))


def test_what_is_transparent_stays_so(picture):
    alpha = np.zeros(picture.shape[:2], np.uint8)
    alpha[100:400, 80:300] = 255
    marked = embed(np.dstack([picture, alpha]), CONTENT)
    assert np.array_equal(marked[..., 3], alpha) and np.array_equal(marked[..., :3], embed(picture, CONTENT))


def test_nothing_is_found_where_nothing_is():
    noise = np.random.default_rng(1).integers(0, 256, (300, 200, 3), dtype=np.uint8)
    for unmarked in (drawn_picture(), noise, np.full((64, 64, 3), 200, np.uint8), np.zeros((16, 16, 3), np.uint8)):
        found = find(unmarked)
        assert found is None or Payload.from_bytes(found.content) is None


def test_a_plain_picture_can_be_marked():
    marked = embed(np.full((256, 192, 3), 128, np.uint8), CONTENT)
    assert find(marked).content == CONTENT


def test_tiles_hold_their_bytes_wherever_they_lie():
    tile = np.roll(tile_of(CONTENT, np.ones(5)), (31, 200), (0, 1))
    assert abs(tile.mean()) < 1e-3 and abs(tile.std() - 1) < 1e-3
    content, certainty = read_bytes(answers(np.fft.rfft2(tile), (31, 200)))
    assert content == CONTENT and certainty.min() > 15
    other, _ = read_bytes(answers(np.fft.rfft2(tile), (0, 0)))
    assert other != CONTENT


def test_the_carriers_never_change():
    """Or pictures that are out there would no longer be recognised."""
    own = carriers()
    assert np.count_nonzero(own.pattern) == 1989 and own.places[:4].tolist() == [28388, 26188, 31101, 3519]
    assert own.signs.shape == (5, 128, 9) and own.signs[0, :8, 0].tolist() == [-1, -1, 1, 1, 1, -1, 1, 1]


@pytest.mark.parametrize("source_type", DigitalSourceType)
@pytest.mark.parametrize("recipe", [None, "{}"])
def test_payloads_survive_and_single_wrong_bits_are_noticed(source_type, recipe):
    payload = Payload.of(source_type, recipe)
    content = payload.to_bytes()
    assert len(content) == 5 and Payload.from_bytes(content) == payload
    for bit in range(40):
        wrong = list(content)
        wrong[bit // 8] ^= 1 << bit % 8
        assert Payload.from_bytes(wrong) is None


def test_payloads_tell_recipes_apart():
    assert Payload.of(DigitalSourceType.GENERATED, "a") != Payload.of(DigitalSourceType.GENERATED, "b")
