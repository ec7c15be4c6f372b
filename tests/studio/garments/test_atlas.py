"""vton.studio.garments.atlas: seams run straight where the triangles that they cross do not."""

import numpy as np
import pytest

from vton.studio.garments.atlas import ATLAS_M, AtlasMarks, _straightened
from vton.studio.garments.cutting import Pattern

MARKS = AtlasMarks(
    neck_v=1.5, shoulder_v=1.4, bust_v=1.3, waist_v=1.1, hip_v=0.95, crotch_v=0.82, knee_v=0.5, top_v=1.05, hem_v=0.9,
    button_v=1.2, open_u=0.02, side_u=0.25, sleeve=0.5, elbow=0.3,
)  # fmt: skip
ENDS = {
    ("top", 0): MARKS.centre_u + 2 * MARKS.side_u,
    ("top", 2): MARKS.sleeve_u + np.pi * MARKS.sleeve_radius,
    ("pants", 1): MARKS.leg_u[0] + np.pi * MARKS.leg_radius,
}


@pytest.mark.parametrize(("kind", "island"), ENDS, ids=lambda value: str(value))
def test_a_zigzag_at_the_end_of_an_island_becomes_a_line_at_its_heights(kind, island):
    end, v = ENDS[kind, island], np.linspace(0.9, 1.2, 13)
    u = end + 0.01 * (-1.0) ** np.arange(13)
    zigzag = np.stack([np.stack([u[:-1], v[:-1]], 1), np.stack([u[1:], v[1:]], 1)], 1) / ATLAS_M
    line = _straightened(zigzag.astype(np.float32), np.full(12, island), MARKS, Pattern(kind=kind))
    np.testing.assert_allclose(line[..., 0] * ATLAS_M, end, atol=1e-5)
    np.testing.assert_array_equal(line[..., 1], zigzag[..., 1].astype(np.float32))


def test_a_jump_in_the_middle_of_an_island_is_no_seam():
    bend = np.array([[[MARKS.sleeve_u, 0.4], [MARKS.sleeve_u + 0.02, 0.41]]], np.float32) / ATLAS_M
    assert not len(_straightened(bend, np.array([1]), MARKS, Pattern(kind="top")))
