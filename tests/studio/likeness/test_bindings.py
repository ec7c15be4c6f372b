"""Proxies: read from MakeHuman's files, and carried along by the body."""

import numpy as np
import pytest

from vton.studio.geometry.rotations import axis_angle
from vton.studio.likeness.bindings import read_proxy

OBJ = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nvt 1 1\nf 1/1 2/2 4/4 3/3\n"
MHCLO = """basemesh hm08
x_scale 5399 11998 1.4
z_scale 962 5320 1.9
y_scale 791 881 2.3
verts 0
material something.mhmat
{a} {b} {c} 0.5 0.25 0.25 0.1 0.2 0.3
{a}
{b}
{c}
delete_verts
1 2 3
"""


@pytest.fixture
def tied(model, tmp_path):
    corners = model.triangles[np.abs(model.template[model.triangles].mean(1) - [0, 8.6, 0.3]).sum(1).argmin()]
    (tmp_path / "quad.obj").write_text(OBJ)
    (tmp_path / "quad.mhclo").write_text(MHCLO.format(a=corners[0], b=corners[1], c=corners[2]))
    return read_proxy(tmp_path, "quad"), corners


def test_vertices_lie_on_their_corners_with_offsets_in_the_bodys_scale(model, tied):
    proxy, corners = tied
    assert len(proxy.triangles) == 2 and len(proxy.corners) == 4
    body = model.mannequin("female").vertices
    places = proxy.fitted(body)
    np.testing.assert_allclose(places[1:], body[corners], atol=1e-6)
    offset = places[0] - (0.5 * body[corners[0]] + 0.25 * body[corners[1]] + 0.25 * body[corners[2]])
    width = abs(body[5399, 0] - body[11998, 0]) / 1.4
    assert offset[0] == pytest.approx(0.1 * width, rel=1e-4)
    np.testing.assert_allclose(proxy.fitted(2 * body), 2 * places, rtol=1e-5)


def test_proxies_turn_with_the_head(model, tied):
    proxy, _ = tied
    posed = model.pose(model.mannequin("female"), {"head": axis_angle([0, 1, 0], 40)})
    expected = posed.point("head", proxy.fitted(posed.shape.vertices))
    np.testing.assert_allclose(proxy.posed(posed), expected, atol=2e-3)
