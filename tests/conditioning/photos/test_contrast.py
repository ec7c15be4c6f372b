"""White on white and black on black: found by the backdrop once the contrast is spread."""

import cv2
import numpy as np
import pytest

from vton.conditioning.photos.contrast import with_contrast
from vton.conditioning.photos.cutout import remove_background

SHIRT = np.array([(90, 60), (130, 75), (170, 75), (210, 60), (270, 130), (230, 160), (215, 130), (215, 330), (85, 330),
                  (85, 130), (70, 160), (30, 130)])  # fmt: skip


def shirt(cloth, backdrop, folds=4):
    """A shirt with soft folds [400, 300, 3], and where it is; cloth and backdrop: grey levels."""
    mask = np.zeros((400, 300), np.uint8)
    cv2.fillPoly(mask, [SHIRT], 255)
    columns, rows = np.meshgrid(np.arange(300), np.arange(400))
    relief = folds * (np.sin(columns / 17 + rows / 40) + np.sin(rows / 23))
    grey = np.where(mask > 0, cloth + relief, backdrop)
    return np.repeat(grey.clip(0, 255).round().astype(np.uint8)[..., None], 3, 2), mask


@pytest.mark.parametrize(("cloth", "backdrop"), [(242, 255), (236, 250), (14, 0), (22, 34)])
def test_cloth_on_a_backdrop_of_its_own_colour_is_found(cloth, backdrop):
    image, true = shirt(cloth, backdrop)
    found = remove_background(image)
    assert found is not None
    assert ((found > 0) & (true > 0)).sum() / ((found > 0) | (true > 0)).sum() > 0.95


def test_photos_of_usual_contrast_and_of_nothing_stay_as_they_are():
    image, _ = shirt(120, 240)
    assert with_contrast(image) is image
    nothing = np.full((40, 30, 3), 255, np.uint8)
    assert with_contrast(nothing) is nothing
