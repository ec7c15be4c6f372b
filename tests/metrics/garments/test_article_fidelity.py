"""Article figures: highest on the true picture, lower where the cloth is another's, blind to what is not cloth."""

import cv2
import numpy as np
import pytest
from tiny.random_networks import random_lpips

from vton.metrics.garments.article_fidelity import appearance, article_appearance, article_ssim, rank_of_own
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import Article


@pytest.fixture(scope="module")
def network():
    return LPIPS(random_lpips("alexnet"), "random")


def cloth(seed, size_hw=(256, 192)):
    """Blotches of two colours."""
    rng = np.random.default_rng(seed)
    small = rng.random((size_hw[0] // 16, size_hw[1] // 16)) > 0.5
    large = cv2.resize(small.astype(np.float32), size_hw[::-1], interpolation=cv2.INTER_LINEAR) > 0.5
    return rng.integers(0, 256, (2, 3)).astype(np.uint8)[large.astype(int)]


def test_ssim_looks_at_the_article_alone():
    image, region = cloth(0), np.zeros((256, 192), bool)
    region[60:200, 40:150] = True
    elsewhere, inside = image.copy(), image.copy()
    elsewhere[:50] = 0
    inside[80:160, 60:120] = cv2.blur(inside, (9, 9))[80:160, 60:120]
    assert article_ssim(image, image, region) == pytest.approx(1)
    assert article_ssim(image, elsewhere, region) == pytest.approx(1)
    assert article_ssim(image, inside, region) < 0.95
    assert article_ssim(image, image, region & (np.arange(192) < 42)) is None


def test_cloth_is_found_again_in_another_shape_and_not_by_its_shape(network):
    mask = np.zeros((256, 192), np.uint8)
    mask[40:220, 30:160] = 255
    pictures = [np.where(mask[..., None] > 0, cloth(seed), 128).astype(np.uint8) for seed in range(8)]
    articles = [Article("top", picture, mask) for picture in pictures]
    known = [article_appearance(network, article) for article in articles]
    region = np.zeros((256, 192), bool)
    region[30:110, 50:170] = region[100:180, 50:90] = True
    found, confused = 0, 0
    for number in range(8):
        query = appearance(network, cloth(number)[::-1, ::-1], region)
        others = known[:number] + known[number + 1:]
        found += rank_of_own(query, known[number], others) == 0
        confused += rank_of_own(known[(number + 1) % 8], known[number], others) == 0
    assert found >= 7 and not confused
    region[33:] = False
    assert appearance(network, cloth(0), region & (np.arange(192) < 60)) is None
