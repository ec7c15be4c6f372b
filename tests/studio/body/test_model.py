"""The body model: numpy against anny's own vertices, shapes, skinning, posing and measures."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.body import baking
from vton.studio.body import model as body
from vton.studio.body.baking import PROBE_FACE, PROBE_SMILE, PROBE_STEP, PROBES, load_body_model
from vton.studio.body.phenotypes import variation_weights
from vton.studio.body.standards import MANNEQUINS
from vton.studio.geometry.mesh import boundary_edges
from vton.studio.geometry.rotations import axis_angle, between, euler, reach
from vton.studio.specs.labels import ARMS, FACE, FEET, LEGS, NECK, TORSO
from vton.studio.specs.person import BodySpec


@pytest.fixture(scope="module")
def model():
    return load_body_model()


@pytest.fixture(scope="module")
def shape(model):
    return model.shape(MANNEQUINS["female"])


def _spec_of(probe):
    defaults = dict.fromkeys(("muscle", "weight", "height", "proportions", "firmness"), 0.5)
    races = dict.fromkeys(("african", "asian", "caucasian"), 0.5)
    values = defaults | races | {k: v for k, v in probe.items() if k not in ("gender", "cupsize")}
    gender = "female" if probe["gender"] else "male"
    return BodySpec(gender=gender, cup_size=probe.get("cupsize", 0.5), face=PROBE_FACE, smile=PROBE_SMILE, **values)


@pytest.mark.parametrize("number", range(len(PROBES)))
def test_vertices_and_joints_equal_anny_to_half_a_millimetre(model, number):
    vertices, joints = model._blended(_spec_of(PROBES[number]))
    expected, expected_joints = model._arrays["probe_vertices"][number], model._arrays["probe_joints"][number]
    assert np.linalg.norm(vertices[::PROBE_STEP] - expected, axis=1).max() < 5e-4
    assert np.linalg.norm(joints - expected_joints, axis=1).max() < 5e-4


def test_the_probes_would_notice_a_phenotype_that_is_ignored(model):
    for name, value in (("weight", 0.6), ("smile", 0.0), ("african", 0.1), ("cup_size", 0.1)):
        changed = dataclasses.replace(_spec_of(PROBES[0]), **{name: value})
        moved = model._blended(changed)[0][::PROBE_STEP] - model._arrays["probe_vertices"][0]
        assert np.linalg.norm(moved, axis=1).max() > 5e-4, name


def test_a_belly_stands_out_in_front_and_nothing_else_does(model):
    plain = MANNEQUINS["female"]
    before, after = (model.shape(dataclasses.replace(plain, belly=belly)) for belly in (0.0, 1.0))
    moved = np.linalg.norm(after.vertices - before.vertices, axis=1) > 0.01
    waist = before.measures.waist_y
    assert after.measures.front(waist - 0.08) > before.measures.front(waist - 0.08) + 0.04
    assert not moved[model.regions.head | model.regions.arm | model.regions.foot].any()
    with pytest.raises(InputError, match="stomach"):
        model.shape(dataclasses.replace(plain, face={"stomach-pregnant-incr": 1.0}))


def test_variation_weights_are_shares_of_each_phenotype():
    weights = variation_weights({"gender": 0.25, "age": 2 / 3, "weight": 1.0, "african": 3, "asian": 1, "caucasian": 0})
    assert weights[:3] == pytest.approx([0.75, 0.25, 0])
    assert weights[3:5] == pytest.approx([0.75, 0.25])
    assert weights[5:10] == pytest.approx([0, 0, 0, 1, 0])
    assert weights.sum() == pytest.approx(9)


def test_a_second_start_is_fast_small_and_without_torch(model):
    code = (
        "import re, sys, time\n"
        "from vton.studio.body.baking import load_body_model\n"
        "model = load_body_model()\n"
        "print(time.process_time(), int(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1]) / 1024,"
        " 'torch' in sys.modules or 'anny' in sys.modules)"
    )
    seconds, megabytes, heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(seconds) < 5 and float(megabytes) < 300 and heavy == "False"


def test_baking_without_anny_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(baking.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="requirements-studio.txt"):
        baking.bake(tmp_path / "body.npz")
    assert not list(tmp_path.iterdir())


def test_baking_leaves_no_half_file(monkeypatch, tmp_path):
    monkeypatch.setattr(baking, "_collect", lambda: {"a": np.zeros(3)})
    monkeypatch.setattr(baking.os, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        baking.bake(tmp_path / "body.npz")
    assert not list(tmp_path.iterdir())


def test_cache_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert baking.baked_path().parent == tmp_path / "vton"


def test_unknown_changes_of_the_face_are_refused(model):
    with pytest.raises(InputError, match="third-eye"):
        model.shape(dataclasses.replace(MANNEQUINS["male"], face={"third-eye-incr": 1.0}))


def test_a_shape_stands_on_the_floor_and_is_symmetric(shape, model):
    skin = shape.vertices[model.regions.body]
    assert abs(skin[:, 1].min()) < 1e-5
    left, right = skin[skin[:, 0] > 0.01], skin[skin[:, 0] < -0.01]
    assert np.abs(left.max(0) - (right * [-1, 1, 1]).max(0)).max() < 2e-3
    assert shape.joints["upperarm01.L"][0] == pytest.approx(-shape.joints["upperarm01.R"][0], abs=1e-3)


def test_weight_and_height_do_what_they_say(model):
    base = MANNEQUINS["female"]
    heavy, tall = (model.shape(dataclasses.replace(base, **{k: 0.9})) for k in ("weight", "height"))
    measures = model.shape(base).measures
    assert heavy.measures.half_width(heavy.measures.waist_y) > 1.05 * measures.half_width(measures.waist_y)
    assert tall.measures.height > 1.05 * measures.height


def test_measures_are_in_the_order_of_a_body(shape):
    m = shape.measures
    heights = [m.ankle[1], m.knee[1], m.crotch_y, m.high_hip_y, m.waist_y, m.bust_y, m.shoulder[1], m.neck[1], m.height]
    assert heights == sorted(heights)
    assert m.half_width(m.waist_y) < m.half_width(m.high_hip_y)
    assert (m.profile_front > m.profile_back).all()
    assert 0.015 < m.radius_of_arm(m.arm_lengths[2]) < m.radius_of_arm(0.1) < 0.08


def test_along_arm_measures_from_the_shoulder_and_folds_the_right_side(shape):
    m = shape.measures
    middle = (m.elbow + m.wrist) / 2
    along, away = m.along_arm(np.stack([m.shoulder, m.elbow, middle, middle * [-1, 1, 1]]))
    expected = [0, m.arm_lengths[1], (m.arm_lengths[1] + m.arm_lengths[2]) / 2]
    assert along[:3] == pytest.approx(expected, abs=1e-3)
    assert away == pytest.approx(0, abs=1e-3)
    assert along[3] == pytest.approx(along[2], abs=1e-4)
    assert m.along_arm(np.zeros((2, 3, 3)))[0].shape == (2, 3)


def test_no_rotation_is_the_rest_pose(shape, model):
    posed = model.pose(shape, {})
    rest = shape.vertices[model.regions.body]
    offset = posed.vertices[model.regions.body] - rest
    assert np.abs(offset - offset.mean(0)).max() < 1e-4


def test_a_turned_bone_carries_its_children_and_only_them(shape, model):
    posed = model.pose(shape, {"lowerarm01.L": euler(z=40)})
    for bone in ("lowerarm01.L", "wrist.R", "head"):
        moved = posed.joint(bone) - shape.joints[bone]
        assert moved == pytest.approx(posed.joint("root") - shape.joints["root"], abs=1e-9)
    before, after = (j("wrist.L") - j("lowerarm01.L") for j in (shape.joints.__getitem__, posed.joint))
    assert after == pytest.approx(euler(z=40) @ before, abs=1e-9)


def test_a_turn_of_the_root_turns_everything_rigidly(shape, model):
    turn = euler(y=90)
    posed, still = model.pose(shape, {"root": turn}), model.pose(shape, {})
    chosen = model.regions.body
    turned = still.vertices[chosen] @ turn.T
    offset = posed.vertices[chosen] - turned
    assert np.abs(offset - offset.mean(0)).max() < 1e-4


def test_skinning_blends_between_bones():
    transforms = np.stack([np.eye(4), np.eye(4)])
    transforms[1, :3, 3] = [0, 2, 0]
    weights, bones = np.array([[0.25, 0.75], [1, 0]], np.float32), np.array([[0, 1], [1, 0]], np.int32)
    posed = body.skin(np.zeros((2, 3), np.float32), weights, bones, transforms)
    assert posed == pytest.approx(np.array([[0, 1.5, 0], [0, 2, 0]]))


def test_moving_a_posed_body_moves_all_of_it(shape, model):
    posed = model.pose(shape, {})
    moved = posed.moved((0.1, 0.2, -0.3))
    for a, b in (
        (moved.vertices, posed.vertices),
        (moved.surface.vertices, posed.surface.vertices),
        (moved.joint("head"), posed.joint("head")),
    ):
        assert a - b == pytest.approx(np.broadcast_to([0.1, 0.2, -0.3], b.shape), abs=1e-5)


def test_the_surface_is_whole_smooth_and_labelled(shape, model):
    surface = model.pose(shape, {}).surface
    assert len(surface.triangles) == 4 * len(model.triangles) == len(surface.labels) == len(surface.uv_triangles)
    assert surface.triangles.max() < len(surface.vertices) and surface.uv_triangles.max() < len(surface.uv)
    assert set(np.unique(surface.labels)) == {FACE, NECK, TORSO, ARMS, LEGS, FEET}
    assert len(boundary_edges(surface.triangles)) < 200
    centres = surface.vertices[surface.triangles].mean(1)
    assert centres[surface.labels == FEET, 1].max() < 0.25 and surface.toes[surface.labels != FEET].sum() == 0
    left = centres[:, 0] > 0
    assert all(left[surface.labels == label].mean() == pytest.approx(0.5, abs=0.03) for label in (FACE, ARMS, LEGS))
    outwards = (surface.normals * (surface.vertices - shape.joints["spine03"]))[:, 2]
    assert (outwards > 0).mean() > 0.55


def test_reach_keeps_the_lengths_of_the_bones_even_out_of_reach():
    root, pole = np.zeros(3), np.array([0, 0, 1.0])
    for target in (np.array([0, -0.5, 0]), np.array([0, -3.0, 0.0]), np.array([0, -0.01, 0])):
        middle, end = reach(root, target, 0.4, 0.35, pole)
        assert np.linalg.norm(middle) == pytest.approx(0.4) and np.linalg.norm(end - middle) == pytest.approx(0.35)
    assert reach(root, np.array([0, -0.5, 0]), 0.4, 0.35, pole)[0][2] > 0


def test_rotations_turn_what_they_say():
    assert between([0, 0, 2.0], [3.0, 0, 0]) @ [0, 0, 1] == pytest.approx([1, 0, 0])
    assert between(np.array([0, 1.0, 0]), np.array([0, -1.0, 0])) @ [0, 1, 0] == pytest.approx([0, -1, 0])
    assert axis_angle([0, 5, 0], 90) @ [0, 0, 1] == pytest.approx([1, 0, 0])
    assert euler(90, 90) @ [0, 1, 0] == pytest.approx([1, 0, 0], abs=1e-12)
