"""Skin goes to the limb it lies on, and stays unknown where two limbs claim it."""

import numpy as np
from drawn.studio import JOINTS

from vton.data.persons.skin_parts import UNKNOWN_SKIN, split_skin
from vton.schema.label_sets import PARSER_LABELS


def joints():
    return np.column_stack([np.array(JOINTS, float) * 4, np.ones(18)])


def at(labels, joint):
    x, y = (int(v) for v in joints()[joint, :2])
    name = labels[y, x]
    return PARSER_LABELS[name] if name < len(PARSER_LABELS) else "unknown"


def test_each_part_by_its_limb():
    labels = split_skin(np.full((256, 192), UNKNOWN_SKIN, np.uint8), joints())
    assert [at(labels, j) for j in (0, 3, 7, 9, 13)] == ["face", "arms", "arms", "legs", "legs"]
    assert labels[128 - 30, 96] == PARSER_LABELS.index("torso_skin")
    assert (labels == UNKNOWN_SKIN).any() and (labels[:, :10] == UNKNOWN_SKIN).all()


def test_other_labels_stay_and_nothing_is_guessed_without_joints():
    cloth = np.full((256, 192), PARSER_LABELS.index("top"), np.uint8)
    assert (split_skin(cloth, joints()) == cloth).all()
    blind = joints()
    blind[:, 2] = 0.2
    skin = np.full((256, 192), UNKNOWN_SKIN, np.uint8)
    assert (split_skin(skin, blind) == UNKNOWN_SKIN).all()
