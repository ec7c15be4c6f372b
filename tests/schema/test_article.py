"""GarmentMask and label sets: what they refuse, and mirror images that keep left and right apart."""

import numpy as np
import pytest

from vton.schema import COLOURS, PARSER_LABELS, REGIONS, SIDED_LABELS, SLOTS, GarmentMask, Parsing

EQUAL = dict.fromkeys(SLOTS, 0.15)


def mask(**changes):
    box = np.zeros((6, 4), np.uint8)
    box[1:3, 1:3] = 255
    return GarmentMask(**{"mask_u8": box, "alpha_u8": box, "slot_scores": EQUAL, "garment": 0.9, "hat": 0.2, **changes})


def test_the_best_slot():
    found = mask(slot_scores=EQUAL | {"shoes": 0.2})
    assert found.slot == "shoes" and found.size_hw == (6, 4)
    with pytest.raises(ValueError):
        found.mask_u8[0, 0] = 1


@pytest.mark.parametrize(
    "changes",
    [
        {"mask_u8": np.zeros((6, 4), np.float32)},
        {"mask_u8": np.ones((6, 4), np.uint8)},
        {"alpha_u8": np.zeros((4, 6), np.uint8)},
        {"slot_scores": {"top": 1.0}},
        {"slot_scores": EQUAL | {"hat": 0.0}},
        {"slot_scores": EQUAL | {"top": 0.9}},
        {"slot_scores": EQUAL | {"top": -0.1}},
        {"slot_scores": EQUAL | {"top": float("nan")}},
        {"garment": 1.5},
        {"garment": float("nan")},
        {"hat": 1.5},
        {"hat": float("nan")},
    ],
)
def test_nonsense_is_refused(changes):
    with pytest.raises(ValueError):
        mask(**changes)


def test_a_mirrored_parsing_swaps_sides():
    labels = np.zeros((2, 3), np.uint8)
    labels[0, 0], labels[1, 2] = SIDED_LABELS.index("left_arm"), SIDED_LABELS.index("top")
    flipped = Parsing(labels, SIDED_LABELS).flip()
    assert flipped.mask("right_arm")[0, 2] and flipped.mask("top")[1, 0] and not flipped.mask("left_arm").any()
    assert np.array_equal(flipped.flip().labels, labels)


@pytest.mark.parametrize("names", [REGIONS, PARSER_LABELS, SIDED_LABELS])
def test_every_label_has_its_own_colour(names):
    assert len({COLOURS[name] for name in names}) == len(names)
    row = Parsing(np.arange(len(names), dtype=np.uint8)[None], names).colours()[0]
    assert [tuple(colour) for colour in row.tolist()] == [COLOURS[name] for name in names]
