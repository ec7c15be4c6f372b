"""What the try-on systems may see of a person: nothing of the old garment, all of what must stay."""

import numpy as np
import pytest
import torch
from drawn.tryon import CLOTHES, drawn_garment, drawn_pair, drawn_person, without

from vton.conditioning.person.agnostic import (
    ERASED,
    PERSON_CHANNELS,
    body_shape,
    joint_squares,
    kept_labels,
    mean_skin,
    represent,
)
from vton.conditioning.person.wearer import Wearer
from vton.schema import SIDED_LABELS, TRYON_SLOTS, Person, Pose


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_colours_of_the_old_garment_do_not_reach_the_networks(slot):
    garment = drawn_garment(slot)
    one, other = (
        represent([drawn_person(wears=CLOTHES[slot], colours={slot: colour})], [garment])
        for colour in ((250, 20, 20), (20, 20, 250))
    )
    assert torch.equal(one.person(), other.person())
    assert torch.equal(one.kept_parsing, other.kept_parsing)


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
