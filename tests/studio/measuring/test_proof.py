"""vton.studio.measuring.proof: labels agree with what an independent check shows; a wrong label is found out."""

import json

import numpy as np
import pytest

from vton.data.cloth import NOT_SHOWN
from vton.schema import InputError
from vton.studio.measuring import proof
from vton.studio.measuring.check_cloth import Reading
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import ARTICLE_ID

OUTFIT = 20
"""Of seed 900: a checked dress under a bomber jacket, a crossbody bag, loafers, one hand on the hip."""


@pytest.fixture(scope="module")
def measured(model):
    """Everything of one outfit."""
    return list(proof.measure_look(model, sample_looks(900, OUTFIT, 1, 1, worn=1.0)[0]))


def test_labels_are_where_the_check_is(measured):
    assert {slot for _, slot, _ in measured} == {"dress", "outer", "shoes", "accessory"}
    assert {kind for kind, _, _ in measured} == {"body", "flat", "hanger", "worn"}
    for kind, slot, found in measured:
        if (kind, slot) == ("worn", "accessory") and len(found.errors) <= 20:
            continue  # the arm of this wearer leaves too little of the bag
        assert len(found.errors) > 20, (kind, slot)
        assert np.median(found.errors) <= 1.0 and np.percentile(found.errors, 95) <= 3.0, (kind, slot)
        assert found.missed <= 0.01 * (found.shown + found.hidden), (kind, slot)
        if slot in ("dress", "outer"):
            least = 0.5 if kind == "worn" else 0.8  # arms and coats hide some of what another wearer wears
            assert found.shown > least * (found.shown + found.hidden), (kind, slot)


def flat_reading(size_hw=(40, 30), step_m=0.004):
    row, column = np.mgrid[: size_hw[0], : size_hw[1]] + 0.5
    points = np.stack([column * step_m, 1 - row * step_m, np.zeros(size_hw)], -1)
    return Reading(points, np.ones(size_hw, bool))


@pytest.mark.parametrize("shift", [(0.0, 0.0), (3.0, -4.0), (0.5, 0.0)])
def test_the_error_is_how_far_the_label_is_off(shift):
    row, column = np.mgrid[5:35, 5:25] + 0.5
    field = np.full((40, 30, 2), np.nan, np.float32)
    field[5:35, 5:25] = np.stack([column, row], -1) + shift
    found = proof.measure(field, flat_reading(), flat_reading(), 2.0)
    np.testing.assert_allclose(found.errors, 2 * np.hypot(*shift), atol=1e-3)
    assert (found.shown, found.hidden, found.missed) == (600, 0, 0)


def test_what_cannot_be_read_is_counted_and_not_measured():
    row, column = np.mgrid[:40, :30] + 0.5
    photo, picture = flat_reading(), flat_reading()
    photo.readable[:10], picture.readable[30:] = False, False
    found = proof.measure(np.stack([column, row], -1).astype(np.float32), photo, picture, 1.0)
    assert found.unread == 600 and len(found.errors) == 600


def test_hiding_what_the_picture_shows_is_counted():
    field = np.full((40, 30, 2), NOT_SHOWN, np.float32)
    found = proof.measure(field, flat_reading(), flat_reading(), 1.0)
    assert (found.shown, found.hidden, found.missed, len(found.errors)) == (0, 1200, 1200, 0)


def test_a_report_has_every_kind_and_slot(monkeypatch, model):
    row = proof.Measured(np.arange(101) / 10, 90, 10, 1, 5)
    slots = [a.slot for a in sample_looks(900, 0, 1, 1)[0].outfit.articles]
    monkeypatch.setattr(proof, "measure_look", lambda *_: [("body", slot, row) for slot in slots])
    report = proof.prove(2, 900, lambda line: None)
    assert report["body"]["median_px"] == 5.0 and report["body"]["p95_px"] == 9.5
    assert set(report["body"]["slots"]) == set(slots) <= set(ARTICLE_ID)
    assert report["body"]["articles"] == len(slots) and report["body"]["shown"] == 0.9


def test_a_report_is_written_or_says_why_not(tmp_path):
    proof.write_report(tmp_path / "report.json", {"body": {"median_px": 0.1}})
    assert json.loads((tmp_path / "report.json").read_text()) == {"body": {"median_px": 0.1}}
    with pytest.raises(InputError, match="report.json"):
        proof.write_report(tmp_path / "none" / "report.json", {})
