"""What is foretold of people that are drawn in code: each worry comes with its cause alone."""

import numpy as np
import pytest
from drawn.tryon import drawn_person, without

from vton.schema import SIDED_LABELS, Parsing, Person, Pose
from vton.tryon.forecast import GOOD, REFUSED, RISKY, forecast

HW = (512, 384)


def moved(person, **at):
    """The person with joints elsewhere: ``j4=(x, y)`` in parts of the height, x from the middle."""
    xy, (h, w) = person.pose.keypoints_xy.copy(), person.pose.size_hw
    for joint, (x, y) in at.items():
        xy[int(joint[1:])] = (w / 2 + x * h, y * h)
    return Person(person.image_u8, person.parsing, Pose(xy, person.pose.confidence, person.pose.size_hw))


def painted(person, label, rows, columns):
    """The person with something before the body, in parts of the height, columns from the middle."""
    labels, (h, w) = np.array(person.parsing.labels), person.pose.size_hw
    box = [round(r * h) for r in rows], [round(w / 2 + c * h) for c in columns]
    labels[box[0][0] : box[0][1], box[1][0] : box[1][1]] = SIDED_LABELS.index(label)
    return Person(person.image_u8, Parsing(labels, SIDED_LABELS), person.pose)


@pytest.fixture(scope="module")
def person():
    return drawn_person(HW)


def test_somebody_who_stands_free_is_good_for_everything(person):
    for slots in (("top",), ("bottom",), ("top", "bottom", "shoes"), ("dress",)):
        assert forecast(person, slots).outlook == GOOD, slots
    assert forecast(person).text() == "Forecast: good."


@pytest.mark.parametrize(
    ("change", "slot", "spared", "told"),
    [
        (lambda p: painted(p, "bag", (0.3, 0.42), (-0.06, 0.06)), "top", "bottom", "A bag"),
        (lambda p: painted(p, "hair", (0.2, 0.36), (-0.07, 0.02)), "dress", "bottom", "Long hair"),
        (lambda p: moved(p, j4=(0.02, 0.34), j7=(-0.02, 0.34)), "top", "bottom", "The arms"),
        (lambda p: moved(p, j9=(-0.12, 0.56), j12=(0.12, 0.56)), "bottom", "top", "sits"),
    ],
)
def test_each_worry_is_of_the_garments_that_it_concerns(person, change, slot, spared, told):
    worried = forecast(change(person), (slot,))
    assert worried.outlook == RISKY and len(worried.reasons) == 1 and told in worried.reasons[0]
    assert told in worried.text()
    assert forecast(change(person), (spared,)).outlook == GOOD


def test_views_and_sizes_that_are_hard_for_every_garment(person):
    aside = moved(person, j2=(-0.02, 0.2), j5=(0.02, 0.2))
    behind = Person(person.image_u8, person.parsing, without(person.pose, (0, 14, 15)))
    gone = np.where(person.parsing.mask("top", "bottom"), 0, person.parsing.labels).astype(np.uint8)
    gone[:230] = person.parsing.labels[:230]
    unclear = Person(person.image_u8, Parsing(gone, SIDED_LABELS), person.pose)
    for who, told in ((aside, "from the side"), (behind, "from behind"), (drawn_person((128, 96)), "small"),
                      (unclear, "outline")):  # fmt: skip
        assert any(told in reason for reason in forecast(who, ("top",)).reasons), told


def test_what_is_not_in_the_photo_is_refused_with_what_to_do(person):
    labels = np.array(person.parsing.labels)[:240]
    seen = person.pose.keypoints_xy[:, 1] < 240
    half = Person(person.image_u8[:240], Parsing(labels, SIDED_LABELS),
                  Pose(person.pose.keypoints_xy, person.pose.confidence * seen, (240, HW[1])))  # fmt: skip
    assert forecast(half, ("bottom",)).outlook == REFUSED
    assert "legs: use one that shows them" in forecast(half, ("top", "bottom")).text()
    assert forecast(half, ("top",)).outlook == forecast(half).outlook == GOOD
    assert forecast(half).text().startswith("Forecast: good. Not for bottom")
    with pytest.raises(ValueError, match="cape"):
        forecast(person, ("cape",))
