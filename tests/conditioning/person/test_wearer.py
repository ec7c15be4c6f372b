"""What a garment of a slot may change of a person, and what is known of them, worked out once."""

import numpy as np
import pytest
from drawn.tryon import CLOTHES, drawn_person, without

from vton.conditioning.person.wearer import Wearer
from vton.schema import SIDED_LABELS, TRYON_SLOTS, Parsing


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_the_old_garment_is_erased_and_the_head_kept(slot):
    person = drawn_person(wears=CLOTHES[slot])
    erased = Wearer.of(person, slot).erased
    assert erased[person.parsing.mask(slot)].all()
    for name in ("hair", "shoes"):
        assert not erased[person.parsing.mask(name)].any()
    face, neck = person.parsing.mask("face"), person.pose.keypoints_xy[1, 1]
    rows = np.arange(256)[:, None]
    assert not erased[face & (rows < neck - 10)].any()
    assert 0.05 < erased.mean() < 0.6


def test_hands_stay_and_arms_go_under_an_upper_garment():
    person = drawn_person()
    erased = Wearer.of(person, "top").erased
    arms = person.parsing.mask("left_arm") | person.parsing.mask("right_arm")
    rows = np.arange(256)[:, None]
    wrist = person.pose.keypoints_xy[4, 1]
    assert not erased[arms & (rows > wrist)].any()
    assert erased[arms & (rows < wrist - 12)].mean() > 0.95
    assert not Wearer.of(person, "bottom").erased[arms].any()


def test_a_dress_is_parted_at_the_waist():
    person = drawn_person(wears=("dress",))
    dress = person.parsing.mask("dress")
    top = Wearer.of(person, "top").erased & dress
    bottom = Wearer.of(person, "bottom").erased & dress
    assert top.any() and bottom.any() and not (top & bottom).any()
    assert np.flatnonzero(top.any(1)).max() < np.flatnonzero(bottom.any(1)).min()


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_upper_garments_may_cover_the_neck(slot):
    person = drawn_person(wears=CLOTHES[slot])
    labels = person.parsing.labels.copy()
    labels[44:50, 90:102] = SIDED_LABELS.index("face")
    erased = Wearer(Parsing(labels, SIDED_LABELS), person.pose, slot).erased[44:50, 90:102]
    assert erased.all() if slot != "bottom" else not erased.any()


def test_a_long_skirt_may_fill_the_gap_between_the_legs():
    person = drawn_person()
    (right, left), middle = person.pose.keypoints_xy[[10, 13]], 96
    shin = int(0.85 * right[1])
    assert right[0] < middle < left[0]
    assert Wearer.of(person, "bottom").erased[shin, middle]


def test_a_coat_may_be_longer_than_a_top():
    person = drawn_person()
    top, outer = (Wearer.of(person, slot).erased for slot in ("top", "outer"))
    assert np.flatnonzero(outer.any(1)).max() > np.flatnonzero(top.any(1)).max() + 10


@pytest.mark.parametrize(
    "missing", [(8, 11), (1, 2, 5), (1, 2, 5, 8, 11), (3, 4), (9, 10, 12, 13), (0, 14, 15, 16, 17)]
)
@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_missing_joints_leave_a_usable_region(slot, missing):
    person = drawn_person(wears=CLOTHES[slot])
    erased = Wearer(person.parsing, without(person.pose, missing), slot).erased
    worn = person.parsing.mask(slot)
    assert erased[worn].mean() > 0.95
    assert erased.mean() < 0.75


def test_the_region_scales_with_the_photo():
    small, large = (drawn_person(size) for size in ((256, 192), (512, 384)))
    one = Wearer.of(small, "top").erased
    two = Wearer.of(large, "top").erased[::2, ::2]
    assert (one != two).mean() < 0.02


def test_belts_go_and_glasses_stay():
    person = drawn_person()
    labels = person.parsing.labels.copy()
    labels[26:29, 90:102] = labels[120:124, 80:112] = SIDED_LABELS.index("accessory")
    erased = Wearer(Parsing(labels, SIDED_LABELS), person.pose, "top").erased
    assert not erased[26:29, 90:102].any() and erased[120:124, 80:112].all()


def test_shoes_on_the_belly_are_a_mistake_of_the_parser():
    person = drawn_person()
    labels = person.parsing.labels.copy()
    labels[80:100, 85:105] = SIDED_LABELS.index("shoes")
    assert Wearer(Parsing(labels, SIDED_LABELS), person.pose, "top").erased[80:100, 85:105].all()


def test_the_mirror_image_has_the_mirrored_region():
    person = drawn_person()
    flipped = person.flip()
    for slot in TRYON_SLOTS:
        region = Wearer.of(person, slot).erased
        mirrored = Wearer.of(flipped, slot).erased[:, ::-1]
        assert (region != mirrored).mean() < 0.01


def test_what_was_worked_out_cannot_be_changed():
    person = Wearer.of(drawn_person(), "top")
    for array in (person.erased, person.mask("top"), person.limbs):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = True
    assert person.erased is person.erased and person.mask("top", "hair") is person.mask("hair", "top")


def test_a_mask_is_the_parsings():
    given = Parsing(np.arange(12, dtype=np.uint8).reshape(3, 4), drawn_person().parsing.names)
    asked = Wearer(given, drawn_person((3, 4)).pose, "top")
    assert np.array_equal(asked.mask("hair", "face"), given.mask("hair", "face"))
    assert np.array_equal(asked.silhouette, given.labels > 0)
