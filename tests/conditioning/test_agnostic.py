"""What the try-on systems may see of a person: nothing of the old garment, all of what must stay."""

import numpy as np
import pytest
import torch
from drawn_tryon import drawn_garment, drawn_pair, drawn_person

from vton.conditioning.agnostic import (
    ERASED,
    PERSON_CHANNELS,
    body_shape,
    joint_squares,
    kept_labels,
    mean_skin,
    represent,
)
from vton.conditioning.wearer import Wearer
from vton.schema import SIDED_LABELS, TRYON_SLOTS, Parsing, Person, Pose

CLOTHES = {
    "top": ("top", "bottom"),
    "outer": ("top", "outer", "bottom"),
    "bottom": ("top", "bottom"),
    "dress": ("dress",),
}


def without(pose, joints):
    confidence = pose.confidence.copy()
    confidence[list(joints)] = 0
    return Pose(pose.keypoints_xy, confidence, pose.size_hw)


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


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_colours_of_the_old_garment_do_not_reach_the_networks(slot):
    garment = drawn_garment(slot)
    one, other = (
        represent([drawn_person(wears=CLOTHES[slot], colours={slot: colour})], [garment])
        for colour in ((250, 20, 20), (20, 20, 250))
    )
    assert torch.equal(one.person(), other.person())
    assert torch.equal(one.kept_parsing, other.kept_parsing)


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


def test_squares_and_shape():
    person = drawn_person()
    maps = joint_squares(without(person.pose, (4,)))
    assert maps.shape == (18, 256, 192) and not maps[4].any()
    assert maps[0].sum() == 121  # 11 x 11, VITON's
    shape = body_shape(Wearer.of(person, "top"))
    assert shape.min() == 0 and 0.5 < shape.max() <= 1
    assert shape[20, 96] < 0.3 < shape[100, 96]  # no head


def test_representation():
    samples = [drawn_pair(slot) for slot in TRYON_SLOTS]
    inputs = represent([s.person for s in samples], [s.garment for s in samples])
    assert inputs.person().shape == (4, PERSON_CHANNELS, 256, 192)
    assert inputs.slot.tolist() == [0, 1, 2, 3]
    gone = inputs.erased.bool()
    assert (inputs.kept[gone.expand_as(inputs.kept)] == 0).all()
    assert torch.equal(inputs.kept_parsing.sum(1, keepdim=True), 1 - inputs.erased)
    outside = inputs.garment_mask.expand_as(inputs.garment) == 0
    assert (inputs.garment[outside] == 1).all()
    assert len(inputs[:2]) == 2 and torch.equal(inputs[1:2].garment, inputs.garment[1:2])
    labels = kept_labels(samples[0].person.parsing, gone[0, 0].numpy())
    assert ((labels == ERASED) == gone[0, 0].numpy()).all()


def test_skin_is_the_colour_of_what_stays_bare():
    kept, labels = torch.zeros(2, 3, 8, 8), torch.zeros(2, 8, 8, dtype=torch.uint8)
    colour = torch.tensor([0.5, 0.2, -0.1])
    kept[0, :, 2:4, 2:6], labels[0, 2:4, 2:6] = colour[:, None, None], SIDED_LABELS.index("face")
    kept[0, :, 6], labels[0, 6] = 0.9, SIDED_LABELS.index("top")
    labels[1, 2:4] = ERASED
    skin = mean_skin(kept, labels)
    assert torch.allclose(skin[0], colour) and (skin[1] == 0).all()


def test_limbs_lie_where_the_pose_has_them():
    person = drawn_person(wears=("top",))
    drawn = person.parsing.mask("left_leg") | person.parsing.mask("right_leg")
    limbs = represent([person], [drawn_garment()]).limbs[0, 0].numpy() > 0
    legs = limbs & (np.arange(256)[:, None] > 0.55 * 256) & (np.arange(256)[:, None] < 0.88 * 256)
    drawn &= (np.arange(256)[:, None] > 0.55 * 256) & (np.arange(256)[:, None] < 0.88 * 256)
    assert (legs & drawn).sum() > 0.85 * drawn.sum() and legs.sum() < 2.5 * drawn.sum()
    confidence = person.pose.confidence.copy()
    confidence[[10, 13]] = 0
    halved = Wearer(person.parsing, Pose(person.pose.keypoints_xy, confidence, person.size_hw), "top").limbs
    knees = int(person.pose.keypoints_xy[9, 1])
    assert halved[knees].any() and not halved[knees + 20 :].any(), "no shins without ankles"


def test_persons_and_samples_check_their_sizes():
    person = drawn_person()
    with pytest.raises(ValueError, match="differ"):
        Person(person.image_u8[:-1], person.parsing, person.pose)
    with pytest.raises(ValueError, match="size of the canvas"):
        represent([person, drawn_person((128, 96))], [drawn_garment(), drawn_garment()])
    sample = drawn_pair("top")
    twice = sample.flip().flip()
    assert np.array_equal(twice.person.image_u8, sample.person.image_u8)
    assert np.array_equal(twice.worn_mask, sample.worn_mask) and twice.garment == sample.garment
