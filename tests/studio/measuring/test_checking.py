"""vton.studio.measuring.checking: joints off their part of the body are found, and nothing else is."""

import numpy as np
import pytest

from vton.schema import COCO18, InputError
from vton.studio.measuring.checking import REGIONS_OF_JOINT, check, joints_off_region
from vton.studio.specs.labels import LABEL


def columns_of_joints():
    """A picture in which every joint has a column of its own, with a label it may lie on; and the joints."""
    labels = np.zeros((20, 18), np.uint8)
    for x, name in enumerate(COCO18):
        labels[:, x] = LABEL[REGIONS_OF_JOINT[name][0]]
    return labels, np.array([[x + 0.5, 10.0, 2] for x in range(18)])


def test_joints_on_their_parts_are_right():
    assert joints_off_region(*columns_of_joints()) == (18, [])


def test_a_joint_on_the_backdrop_is_wrong():
    labels, joints = columns_of_joints()
    labels[:, COCO18.index("left_wrist")] = LABEL["bg"]
    assert joints_off_region(labels, joints) == (18, [("left_wrist", "bg")])


def test_moved_joints_are_wrong_and_hidden_ones_do_not_count():
    labels, joints = columns_of_joints()
    moved = joints.copy()
    moved[:, 0] = moved[COCO18.index("left_ankle"), 0]
    seen, faults = joints_off_region(labels, moved)
    assert seen == 18 and {"nose", "neck", "left_elbow"} <= {joint for joint, _ in faults}
    joints[:9, 2], joints[9:12, 2] = 1, 0
    assert joints_off_region(labels, joints)[0] == 6


def test_a_folder_without_shards_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="studio render"):
        check(tmp_path)
