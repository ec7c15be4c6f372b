"""vton.studio.sets.seats: as high as the body sits, on the floor, under the hips; stools and boxes."""

import dataclasses

import numpy as np
import pytest

from vton.studio.body.standards import MANNEQUINS
from vton.studio.poses.solver import pose_rotations
from vton.studio.poses.stance_table import STANCES
from vton.studio.sets.seats import CUSHION_M, RADIUS_M, seat_under
from vton.studio.specs.photo import PoseSpec

SEATED = [name for name, stance in STANCES.items() if stance.seat]


@pytest.mark.parametrize("weight", [0.3, 1.0])
@pytest.mark.parametrize("name", SEATED)
def test_the_body_sits_on_its_seat(model, name, weight):
    shape = model.shape(dataclasses.replace(MANNEQUINS["female"], weight=weight))
    posed = model.pose(shape, pose_rotations(model, shape, PoseSpec(name, seed=3)))
    seat = seat_under(posed, 3)
    top = float(seat.mesh.vertices[:, 1].max())
    trunk = posed.vertices[model.regions.torso & ~model.regions.foot]
    middle = seat.points[0]
    over = trunk[np.hypot(*(trunk - middle)[:, ::2].T) < 0.9 * RADIUS_M]
    lowest = over[over[:, 1] > 0.3, 1].min()
    assert CUSHION_M - 0.001 < lowest - top < CUSHION_M + 0.015
    assert seat.mesh.vertices[:, 1].min() == pytest.approx(0, abs=0.015)
    assert 0.35 < top < 0.95 and (top < 0.6 or STANCES[name].seat > 0.7)


def test_some_seats_are_boxes_and_both_face_out(model):
    shape = model.mannequin("male")
    posed = model.pose(shape, pose_rotations(model, shape, PoseSpec("sit", seed=3)))
    sizes = set()
    for seed in range(12):
        mesh = seat_under(posed, seed).mesh
        sizes.add(len(mesh.vertices))
        corners = mesh.vertices[mesh.triangles].astype(np.float64)
        volume = (np.cross(corners[:, 0], corners[:, 1]) * corners[:, 2]).sum() / 6
        assert 0.001 < volume < 0.08
    assert len(sizes) == 2
