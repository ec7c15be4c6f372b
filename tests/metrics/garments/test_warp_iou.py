"""IoU of warped garments: hidden parts are not held against a warp, spilling is."""

import numpy as np

from vton.metrics.garments.warp_iou import visible_warp_iou, warp_iou
from vton.schema import SIDED_LABELS


def scene():
    """A shirt (rows 2-5) tucked into trousers (rows 6-9), an arm on its right, and its mask."""
    labels = np.zeros((12, 10), np.uint8)
    labels[2:6, 2:8], labels[6:10, 2:8], labels[2:6, 8] = (SIDED_LABELS.index(n) for n in ("top", "bottom", "left_arm"))
    return labels, labels == SIDED_LABELS.index("top")


def test_a_hem_under_the_trousers_is_right_and_one_beside_the_body_is_not():
    labels, worn = scene()
    tucked, spilled, short = (worn.copy() for _ in range(3))
    tucked[6:8, 2:8], spilled[2:6, :2], short[4:6] = True, True, False
    assert warp_iou(worn, worn) == visible_warp_iou(worn, worn, labels) == 1
    assert warp_iou(tucked, worn) == 24 / 36 and visible_warp_iou(tucked, worn, labels) == 1
    assert warp_iou(spilled, worn) == visible_warp_iou(spilled, worn, labels) == 24 / 32
    assert warp_iou(short, worn) == visible_warp_iou(short, worn, labels) == 0.5


def test_an_arm_may_hide_a_sleeve():
    labels, worn = scene()
    sleeve = worn.copy()
    sleeve[2:6, 8] = True
    assert visible_warp_iou(sleeve, worn, labels) == 1 > warp_iou(sleeve, worn)
