"""vton.studio.figures.holding: hands that hold something are where it is, closed around it, before the body."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vton.schema import InputError
from vton.studio.accessories.props import RIM
from vton.studio.figures.holding import held_thing, hold
from vton.studio.figures.surfaces import part_surface
from vton.studio.photos.keypoints import HIDDEN, VISIBLE, visibility
from vton.studio.poses.solver import pose_rotations
from vton.studio.raster.camera import NEAREST_M
from vton.studio.rendering.framing import Landmarks, crop_camera
from vton.studio.specs.labels import HELD
from vton.studio.specs.photo import HeldSpec, LensSpec, PoseSpec, ViewSpec

SIDES = ("L", "R")
SELFIE = ViewSpec(framing="near", lens=LensSpec(distance=0.52, rise=0.1))


@pytest.fixture(scope="module")
def body(model):
    return model, model.standard()


def posed(body, held, view=None):
    model, shape = body
    rotations = pose_rotations(model, shape, PoseSpec("relaxed", seed=2))
    return model.pose(shape, hold(model, shape, rotations, held, view or ViewSpec()) if held else rotations)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("kind", ["phone", "cup"])
def test_a_hand_holds_a_thing_before_the_chest(body, kind, side):
    figure = posed(body, HeldSpec(kind, side, aside=0.05, ahead=0.2, up=0.0))
    thing = held_thing(figure, HeldSpec(kind, side))
    chest = figure.joint("spine01")
    middle = thing.vertices.mean(0)
    assert 0.1 < middle[2] - chest[2] < 0.5 and abs(middle[1] - chest[1]) < 0.2 and abs(middle[0]) < 0.16
    skin = cKDTree(figure.vertices)
    tips = np.stack([figure.joint(f"finger{n}-3.{side}") for n in range(1, 6)])
    assert cKDTree(thing.vertices).query(tips)[0].max() < 0.045, "all fingers are around it"
    inside = (thing.vertices - figure.vertices[skin.query(thing.vertices)[1]])
    depth = (inside * figure.normals[skin.query(thing.vertices)[1]]).sum(1)
    assert (depth < -0.012).mean() < 0.05, "it does not stick in the hand"


def test_the_other_arm_stays(body):
    plain, holding = posed(body, None), posed(body, HeldSpec("cup", "R"))
    assert np.allclose(plain.joint("wrist.L"), holding.joint("wrist.L"))
    assert np.linalg.norm(plain.joint("wrist.R") - holding.joint("wrist.R")) > 0.2


def test_a_phone_is_upright_and_shows_its_back(body):
    figure = posed(body, HeldSpec("phone", "R", ahead=0.2, up=0.2))
    phone = held_thing(figure, HeldSpec("phone", "R"))
    size = np.ptp(phone.vertices, axis=0)
    assert size[1] > 0.13 and size[2] < 0.6 * size[1]
    lenses = phone.vertices[np.unique(phone.triangles[phone.part == RIM])].mean(0)
    middle = (phone.vertices.min(0) + phone.vertices.max(0)) / 2
    assert lenses[1] > middle[1] + 0.03 and lenses[2] > middle[2] + 0.001


def test_joints_behind_a_held_thing_are_hidden(body):
    figure = posed(body, HeldSpec("phone", "R", ahead=0.2, up=0.2))
    phone = part_surface(held_thing(figure, HeldSpec("phone", "R")), HELD, "phone")
    eye = np.array([0.0, 1.2, 6.5])
    behind = phone.vertices.mean(0) + 0.1 * (phone.vertices.mean(0) - eye) / 5
    places = np.stack([behind, behind + [0.3, 0, 0]])
    assert visibility(["right_wrist"] * 2, places, figure, [phone], eye).tolist() == [HIDDEN, VISIBLE]


@pytest.mark.parametrize("side", SIDES)
def test_the_hand_with_the_camera_is_beside_the_picture(body, side):
    held = HeldSpec("camera", side)
    figure = posed(body, held, SELFIE)
    assert held_thing(figure, held) is None
    camera = crop_camera(Landmarks.of(figure.shape, figure.transforms), SELFIE)
    assert camera.project(figure.joint(f"wrist.{side}")[None], (256, 192))[0, 2] < 0.15, "stretched to the camera"
    bones = [b for b in figure.shape.model.bones if b.startswith(("finger", "wrist")) and b.endswith(side)]
    x, y, depth = camera.project(np.stack([figure.joint(bone) for bone in bones]), (256, 192)).T
    seen = (x > 0) & (x < 192) & (y > 0) & (y < 256) & (depth > NEAREST_M)
    assert not seen.any()


def test_what_cannot_be_held(body):
    with pytest.raises(InputError, match="phone, cup"):
        posed(body, HeldSpec("piano", "L"))
    with pytest.raises(InputError, match="L or R"):
        posed(body, HeldSpec("cup", "left"))
