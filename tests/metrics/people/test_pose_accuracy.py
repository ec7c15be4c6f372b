"""PCK by hand."""

import numpy as np
import pytest

from vton.metrics.people.pose_accuracy import HIPS, joint_errors, pck, pck_per_joint


def test_errors_are_shares_of_the_height_and_unseen_joints_do_not_count():
    given = np.column_stack([np.zeros((18, 2)), np.r_[0.4, np.ones(17)]])
    found = np.zeros((18, 2))
    found[1], found[2], found[3] = (3, 4), np.nan, (60, 80)
    errors = joint_errors(found, given, 100)
    assert np.isnan(errors[0]) and errors[1] == pytest.approx(0.05) and np.isinf(errors[2]) and errors[3] == 1
    assert pck(errors[None], 0.05) == pytest.approx(15 / 17)
    assert pck(errors[None], 0.04) == pytest.approx(14 / 17)


def test_hips_may_be_looser():
    errors = np.zeros((4, 18))
    errors[:, HIPS] = 0.06
    assert pck(errors, 0.05) == pytest.approx(16 / 18) and pck(errors, 0.05, 0.02) == 1
    single = pck_per_joint(errors, 0.05)
    assert single["left_hip"] == single["right_hip"] == 0 and single["neck"] == 1


def test_nothing_to_judge_is_no_figure():
    assert np.isnan(pck(np.full((2, 18), np.nan), 0.05))
