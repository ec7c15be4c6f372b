"""Cut-outs and packshots, on pictures drawn here whose true mask is known."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from vton.conditioning.photos.article_photo import FILL, load_article
from vton.conditioning.photos.cutout import remove_background
from vton.schema import ARTICLE_HW, EMPTY_GREY, InputError


def shirt_mask(h=256, w=192):
    outline = [(30, 40), (70, 22), (122, 22), (162, 40), (180, 130), (156, 136), (144, 90), (144, 226)]
    outline += [(48, 226), (48, 90), (36, 136), (12, 130)]
    points = (np.array(outline) * (w / 192, h / 256)).astype(np.int32)
    return cv2.fillPoly(np.zeros((h, w), np.uint8), [points], 255)


def packshot(colour, backdrop=(239, 239, 240), mask=None, quality=90):
    """A garment with shading on a vignette, antialiased and through WebP as the studio's are."""
    mask = shirt_mask() if mask is None else mask
    h, w = mask.shape
    y = np.linspace(0, 1, h)[:, None, None]
    scene = np.array(backdrop) * (1.006 - 0.012 * abs(y - 0.42)) * np.ones((h, w, 1))
    shade = 1 - 0.25 * cv2.GaussianBlur(np.where(mask > 0, 0, 1).astype(np.float32), (0, 0), 4)[..., None]
    shade = shade - 0.04 * (np.linspace(-1, 1, w)[None, :, None] > 0.2)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.6)[..., None] / 255
    image = scene * (1 - soft) + np.clip(np.array(colour) * shade, 0, 255) * soft
    encoded = cv2.imencode(".webp", image.astype(np.uint8)[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, quality])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)[..., ::-1].copy(), mask


COLOURS = {
    "white": (255, 255, 255), "cream": (252, 248, 238), "grey": (225, 225, 226), "black": (18, 18, 20),
    "red": (180, 30, 40), "yellow": (235, 205, 60), "navy": (30, 40, 90),
}  # fmt: skip


@pytest.mark.parametrize("name", COLOURS)
def test_packshots_on_light_grey(name):
    image, truth = packshot(COLOURS[name])
    mask = remove_background(image)
    assert mask is not None and set(np.unique(mask)) == {0, 255}
    assert np.mean(mask != truth) < 0.02


def test_a_hole_is_a_hole():
    truth = np.zeros((256, 192), np.uint8)
    cv2.rectangle(truth, (40, 120), (150, 230), 255, -1)
    cv2.ellipse(truth, (95, 120), (36, 70), 0, 180, 360, 255, 8)
    image, _ = packshot((110, 60, 40), mask=truth)
    mask = remove_background(image)
    assert mask[90, 95] == 0 and np.mean(mask != truth) < 0.02


def test_light_print_is_no_hole():
    image, truth = packshot((30, 60, 140))
    image[100:140, 80:112] = (250, 250, 250)
    image[150:154, 60:130] = (228, 228, 230)
    mask = remove_background(image)
    assert mask[152, 95] == 255 and mask[120, 96] == 255
    assert np.mean(mask != truth) < 0.02


def test_soft_shadow_belongs_to_the_backdrop():
    image, truth = packshot((150, 40, 60))
    shadow = np.roll(cv2.GaussianBlur(truth, (0, 0), 18), (8, 6), (0, 1))[..., None] / 255
    shaded = np.where(truth[..., None] > 0, image, image * (1 - 0.04 * shadow)).astype(np.uint8)
    mask = remove_background(shaded)
    assert mask is not None and np.mean(mask != truth) < 0.03


def test_coloured_snapshot_with_noise():
    image, truth = packshot((40, 120, 60), backdrop=(190, 140, 110), mask=shirt_mask(512, 384))
    noise = np.random.default_rng(3).normal(0, 4, image.shape)
    mask = remove_background(np.clip(image + noise, 0, 255).astype(np.uint8))
    assert mask is not None and np.mean(mask != truth) < 0.03


@pytest.mark.parametrize("kind", ["noise", "stripes", "empty", "everything", "confetti"])
def test_unsafe_photos_give_no_mask(kind):
    rng = np.random.default_rng(4)
    image, truth = packshot((150, 40, 60))
    if kind == "noise":
        image = rng.integers(0, 255, image.shape, np.uint8)
    elif kind == "stripes":
        image[:, np.arange(192) // 12 % 2 == 0] //= 3
    elif kind == "empty":
        image[:] = 238
    elif kind == "everything":
        image = np.ascontiguousarray(image[60:200, 50:140])
    else:
        image[:] = 238
        for x, y in rng.integers(20, 170, (25, 2)):
            image[y : y + 10, x : x + 10] = (90, 20, 30)
    assert remove_background(image) is None


def test_large_photo_gets_a_mask_of_its_own_size():
    image, truth = packshot((60, 90, 160), mask=shirt_mask(1536, 1152))
    mask = remove_background(image)
    assert mask.shape == (1536, 1152)
    assert np.mean(mask != truth) < 0.02


def box(mask):
    ys, xs = np.nonzero(mask)
    return ys.min(), ys.max() + 1, xs.min(), xs.max() + 1


@pytest.mark.parametrize("size_hw", [(256, 192), (900, 700), (120, 160)])
@pytest.mark.parametrize("slot", ["top", "bottom"])
def test_article_fills_the_canvas_like_a_packshot(size_hw, slot):
    mask = np.zeros(size_hw, np.uint8)
    h, w = size_hw
    if slot == "top":
        mask[h // 3 : h // 2, w // 8 : w // 8 + w // 2] = 255  # wide, off centre
    else:
        mask[h // 8 : h - h // 8, w // 3 : w // 3 + w // 8] = 255  # tall
    image = np.full((*size_hw, 3), 235, np.uint8)
    image[mask > 0] = (160, 30, 50)
    article = load_article(Image.fromarray(image), slot)
    top, bottom, left, right = box(article.mask_u8)
    fill = max((bottom - top) / 256, (right - left) / 192)
    assert fill == pytest.approx(FILL, abs=0.02)
    assert (top + bottom) / 2 == pytest.approx(128, abs=1.5)
    assert (left + right) / 2 == pytest.approx(96, abs=1.5)
    true_box = box(mask)
    aspect = (true_box[1] - true_box[0]) / (true_box[3] - true_box[2])
    assert (bottom - top) / (right - left) == pytest.approx(aspect, rel=0.06)
    inside = article.image_u8[article.mask_u8 > 0].astype(int)
    assert abs(inside - (160, 30, 50)).mean() < 4  # no light rim from the backdrop
    assert (article.image_u8[article.mask_u8 == 0] == EMPTY_GREY).all()


def test_packshot_hardly_changes():
    truth = np.zeros((256, 192), np.uint8)
    truth[16:240, 50:142] = 255
    image, _ = packshot((120, 60, 140), mask=truth)
    article = load_article(image, "dress")
    assert np.mean(article.mask_u8 != truth) < 0.01
    core = cv2.erode(truth, np.ones((9, 9), np.uint8)) > 0
    assert abs(article.image_u8[core].astype(int) - image[core]).mean() < 3


def test_alpha_is_the_mask():
    rgba = np.zeros((200, 150, 4), np.uint8)
    rgba[...] = (255, 255, 255, 0)
    cv2.circle(rgba, (75, 100), 40, (254, 254, 254, 255), -1)  # white on white: only alpha can tell
    buffer = io.BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG")
    article = load_article(buffer.getvalue(), "accessory")
    area = (article.mask_u8 > 0).sum() / (np.pi / 4 * (FILL * 192) ** 2)
    assert area == pytest.approx(1, abs=0.05)


def test_fully_transparent():
    with pytest.raises(InputError, match="transparent"):
        load_article(Image.fromarray(np.zeros((50, 50, 4), np.uint8)), "top")


@pytest.mark.parametrize("remove_bg", [True, False])
def test_without_a_safe_mask_the_whole_photo_is_the_article(remove_bg):
    photo = np.random.default_rng(1).integers(0, 255, (100, 300, 3), np.uint8)
    if not remove_bg:
        photo[:] = 230
        photo[30:70, 100:200] = 20
    article = load_article(photo, "outer", remove_bg=remove_bg)
    assert box(article.mask_u8) == (96, 160, 0, 192)
    assert (article.mask_u8[96:160] == 255).all()
    assert (article.image_u8[:96] == EMPTY_GREY).all()


def test_article_is_canonical():
    image, _ = packshot((120, 160, 40))
    article = load_article(image, "top")
    assert article.webp is not None and article.image_u8.shape == (*ARTICLE_HW, 3)
    assert load_article(image, "top") == article


def test_unknown_slot():
    with pytest.raises(InputError, match="slot"):
        load_article(packshot((9, 9, 9))[0], "hat")
