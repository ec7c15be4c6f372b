"""IoU by hand."""

import numpy as np
import pytest

from vton.metrics.people.parsing_iou import JUDGED, ParsingCounts, mean_of
from vton.schema.label_sets import PARSER_LABELS

N = {name: i for i, name in enumerate(PARSER_LABELS)}


def test_iou_is_pooled_and_pixels_without_label_are_left_out():
    counts = ParsingCounts(merge_skin=False)
    top, bag = N["top"], N["bag"]
    counts.add(np.uint8([[top, top, bag, 255]]), np.uint8([[top, bag, bag, top]]))
    counts.add(np.uint8([[top, 0]]), np.uint8([[top, 0]]))
    iou = counts.iou()
    assert iou == {"background": 1.0, "top": pytest.approx(2 / 3), "bag": pytest.approx(1 / 2)}
    assert mean_of(iou, JUDGED) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_skin_of_unknown_part_matches_any_part():
    given = np.uint8([[254, 254, N["arms"], N["top"]]])
    found = np.uint8([[N["legs"], N["face"], N["torso_skin"], N["arms"]]])
    merged = ParsingCounts(merge_skin=True)
    merged.add(given, found)
    assert merged.iou() == {"skin": pytest.approx(3 / 4), "top": 0.0}
    apart = ParsingCounts(merge_skin=False)
    apart.add(given, found)
    assert set(apart.iou()) == {"arms", "top"} and not any(apart.iou().values())


def test_person_and_background():
    counts = ParsingCounts(merge_skin=True)
    counts.add(np.uint8([[0, 0, 0, N["top"], N["hair"], N["bag"]]]), np.uint8([[0, 0, 5, N["hair"], N["hair"], 0]]))
    found = counts.person_background()
    assert found == {"person": pytest.approx(2 / 4), "background": pytest.approx(2 / 4), "mean": pytest.approx(0.5)}
