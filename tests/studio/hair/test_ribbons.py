"""Hair: every style grows where hair grows, out of head and shoulders, and the same from the same seed."""

import dataclasses

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.body.baking import load_body_model
from vton.studio.body.standards import MANNEQUINS
from vton.studio.hair.ribbons import grow
from vton.studio.hair.scalp import HeadFrame, above_hairline, on_ear, roots_of
from vton.studio.hair.strands import Colliders
from vton.studio.hair.styles import HAIR_COLOURS, STYLES
from vton.studio.poses.solver import pose_rotations
from vton.studio.specs.person import HairSpec
from vton.studio.specs.photo import PoseSpec


@pytest.fixture(scope="module")
def person():
    model = load_body_model()
    shape = model.shape(dataclasses.replace(MANNEQUINS["female"], height=0.5))
    return model, shape, model.pose(shape, pose_rotations(model, shape, PoseSpec("relaxed", seed=1)))


def _grow(person, style, **keywords):
    model, shape, posed = person
    spec = HairSpec(style, "brown", **{k: keywords.pop(k) for k in ("seed", "side", "length") if k in keywords})
    surface = [(posed.surface.vertices, posed.surface.normals)]
    return grow(model, shape, posed, spec, surface, keywords.pop("pixels_per_metre", 128), **keywords)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_whole_finite_and_near_the_head(person, style):
    hair = _grow(person, style)
    posed = person[2]
    assert hair.triangles.max() < len(hair.vertices) and hair.occluder_triangles.max() < len(hair.occluder_vertices)
    for values in (hair.vertices, hair.normals, hair.tangents, hair.shade):
        assert np.isfinite(values).all() and len(values) == len(hair.vertices)
    assert np.linalg.norm(hair.normals, axis=1) == pytest.approx(1, abs=1e-3)
    assert 0.2 < hair.shade.min() < hair.shade.max() < 1.4
    reach = np.linalg.norm(hair.vertices - posed.joint("head"), axis=1).max()
    assert reach < 0.32 + STYLES[style].length * 1.25
    assert len(hair.triangles) < 80_000


@pytest.mark.parametrize("style", STYLES)
def test_hair_stays_out_of_the_body(person, style):
    hair, posed = _grow(person, style), person[2]
    around = Colliders([(posed.surface.vertices, posed.surface.normals)], 0.5)
    heights, _ = around.height(hair.vertices[::7], 0.04)
    assert (heights < -0.008).mean() < 0.03


def test_roots_lie_on_the_scalp_and_spread_evenly(person):
    roots = roots_of(person[0])
    assert (roots.above > 0).all() and not on_ear(roots.at).any()
    assert abs((roots.at[:600, 0] > 0).mean() - 0.5) < 0.06
    gaps = np.linalg.norm(roots.at[:, None, :] - roots.at[None, :500], axis=2)[500:3000].min(1)
    assert np.percentile(gaps, 99) < 0.12


def test_the_hairline_is_above_the_brows_and_low_in_the_neck():
    forehead, crown, nape = np.array([[0, 7.7, 1.4], [0, 8.4, 0.3], [0, 6.6, -0.8]])
    assert above_hairline(forehead) < 0 < min(above_hairline(crown), above_hairline(nape))


def test_long_hair_falls_past_the_shoulder_not_along_it(person):
    hair, posed = _grow(person, "long"), person[2]
    shoulder = posed.joint("upperarm01.L")
    middle = posed.joint("neck01")
    below = hair.vertices[hair.vertices[:, 1] < shoulder[1]]
    assert len(below) > 0.05 * len(hair.vertices)
    wide = np.abs(below[:, 0] - middle[0]) > 0.95 * abs(shoulder[0] - middle[0])
    assert wide.mean() < 0.03


def test_length_and_side_change_the_geometry_as_they_say(person):
    short, long = (_grow(person, "long", length=f) for f in (0.8, 1.1))
    assert short.vertices[:, 1].min() > long.vertices[:, 1].min() + 0.05
    left, right = (_grow(person, "side", side=s) for s in (1, -1))
    assert np.abs(left.vertices - right.vertices).max() > 0.02


def test_a_hat_presses_hair_to_the_scalp(person):
    posed = person[2]
    head = HeadFrame.of(posed)
    plane = head.place([0, 7.6, 0.2]), head.up
    free, pressed = _grow(person, "afro"), _grow(person, "afro", hat=plane)
    assert pressed.vertices[:, 1].max() < free.vertices[:, 1].max() - 0.03
    assert pressed.vertices[:, 1].max() < posed.vertices[person[0].regions.body, 1].max() + 0.025


def test_coarse_pictures_get_fewer_and_broader_ribbons(person):
    coarse, fine = (_grow(person, "bob", pixels_per_metre=p) for p in (128, 512))
    assert len(fine.triangles) > 1.5 * len(coarse.triangles)

    def width(hair):
        return np.linalg.norm(hair.vertices[0] - hair.vertices[1])

    assert width(coarse) > 1.5 * width(fine)


def test_the_seed_decides_every_strand(person):
    one, same, other = (_grow(person, "messy", seed=s) for s in (1, 1, 2))
    assert np.array_equal(one.vertices, same.vertices) and not np.array_equal(one.vertices, other.vertices)


def test_unknown_styles_are_refused_and_colours_are_srgb(person):
    with pytest.raises(InputError, match="bobbangs"):
        _grow(person, "mullet")
    assert all(0 < c < 1 for colour in HAIR_COLOURS.values() for c in colour)


@pytest.mark.parametrize(("fall", "sides"), [("front", (-1, 1)), ("left", (1,)), ("right", (-1,))])
def test_hair_that_falls_forward_lies_on_its_side_of_the_chest(person, fall, sides):
    """How much of the hair below the shoulders is before them, on the person's left (1) and right (-1)."""
    model, shape, posed = person
    surface = [(posed.surface.vertices, posed.surface.normals)]
    neck = posed.joint("neck01")

    def ahead(name):
        spec = HairSpec("long", "brown", length=1.2, seed=3, fall=name)
        points = grow(model, shape, posed, spec, surface, 128).vertices - neck
        low = points[:, 1] < -0.05
        return {s: float((points[low & (points[:, 0] * s > 0), 2] > 0).mean()) for s in (-1, 1)}

    plain, fallen = ahead(""), ahead(fall)
    for side in (-1, 1):
        if side in sides:
            assert fallen[side] > plain[side] + 0.3, (plain, fallen)
        else:
            assert fallen[side] < plain[side], (plain, fallen)
