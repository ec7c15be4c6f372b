"""vton.studio.accessories.props: phone and cup are closed, face outwards, and have a colour for every part."""

import numpy as np
import pytest

from vton.studio.accessories.props import CASES, CUPS, build_cup, build_phone, prop_material
from vton.studio.specs.photo import HeldSpec

PROPS = {"phone": (build_phone(), CASES, (0.0735, 0.150)), "cup": (build_cup(), CUPS, (0.094, 0.122))}


@pytest.mark.parametrize("kind", PROPS)
def test_a_prop_is_a_solid_of_its_size(kind):
    mesh, _, (width, height) = PROPS[kind]
    size = np.ptp(mesh.vertices, axis=0)
    assert size[:2] == pytest.approx((width, height), rel=0.05)
    corners = mesh.vertices[mesh.triangles].astype(np.float64)
    volume = np.einsum("ni,ni->n", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert 0.5 < volume / np.prod(size) < 1.2, "all triangles face outwards"


@pytest.mark.parametrize("kind", PROPS)
def test_looks_differ_in_colours(kind):
    mesh, table, _ = PROPS[kind]
    materials = [prop_material(HeldSpec(kind, "R", colours=colours)) for colours in table]
    assert len({material.colours.tobytes() for material in materials}) == len(table)
    assert set(np.unique(mesh.part)) == set(range(len(materials[0].colours)))
