"""Relaxed hands on the real body."""

import numpy as np
import pytest

from vton.studio.poses.hands import relaxed_fingers


def still(*deviations):
    return np.zeros(len(deviations))


def test_fingers_and_nothing_else_are_known_on_the_surface(model):
    shape = model.mannequin("male")
    fingers = model.surface(shape.vertices).vertices[model.surface_fingers]
    knuckles = np.array([shape.joints[f"finger{f}-1.{s}"] for f in range(2, 6) for s in "LR"])
    tips = np.array([shape.joints[f"finger{f}-3.{s}"] for f in range(2, 6) for s in "LR"])
    near = [np.linalg.norm(fingers - tip, axis=1).min() for tip in tips]
    assert max(near) < 0.015 and fingers[:, 1].max() < knuckles[:, 1].max() + 0.08


@pytest.mark.parametrize("side", ["L", "R"])
def test_fingers_lie_together_in_order_and_bend_the_same_way(model, side):
    shape = model.mannequin("female")
    flat = relaxed_fingers(shape.joints, side, 0.0, still)
    bent = relaxed_fingers(shape.joints, side, 20.0, still)
    rest, gathered, curled = (model.pose(shape, r) for r in ({}, flat, bent))

    def tips(posed):
        return np.array([posed.joint(f"finger{f}-3.{side}") for f in range(2, 6)])

    def width(posed):
        return np.linalg.norm(tips(posed)[0] - tips(posed)[3])

    assert width(gathered) < 0.8 * width(rest)
    across = shape.joints[f"finger5-1.{side}"] - shape.joints[f"finger2-1.{side}"]
    assert (np.diff(tips(gathered) @ across) > 0).all()
    reach = [np.linalg.norm(tips(posed) - posed.joint(f"wrist.{side}"), axis=1) for posed in (rest, curled)]
    assert (reach[1] < reach[0]).all()
    inwards = (tips(curled) - tips(gathered)) @ np.array([-1.0 if side == "L" else 1.0, 0, 0])
    assert (inwards > 0).all()  # palms face the body at rest, so bent fingers come nearer to it
