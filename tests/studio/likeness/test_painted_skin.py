"""Skin and eyes on the real body."""

import dataclasses

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.likeness.painted_eyes import IRISES, eye_material, eye_surfaces
from vton.studio.likeness.painted_skin import TONES, SkinPainter, skin_material
from vton.studio.specs.labels import FACE
from vton.studio.specs.person import SkinSpec

BARE = SkinSpec(tone=3.0, iris="brown")
BROWN = (0.30, 0.20, 0.13)


@pytest.fixture(scope="module")
def painter(model):
    return SkinPainter(model, 256)


def texel(painter, x, y, front=True):
    """Flat index of the texel whose place on the template is nearest, on the front or anywhere."""
    distance = (painter.x - x) ** 2 + (painter.y - y) ** 2 + (np.where(painter.z > 0, 0, 9) if front else 0)
    return int(distance.argmin())


def at(painter, albedo, x, y):
    return albedo.reshape(-1, 3)[texel(painter, x, y)]


def test_tones_go_from_light_to_dark(painter):
    light = [painter.paint(dataclasses.replace(BARE, tone=t), BROWN, "bob").mean() for t in np.linspace(0, 9, 10)]
    assert (np.diff(light) < 0).all()
    assert len(TONES) == 10


def test_the_same_person_has_the_same_skin_and_a_seed_changes_it_a_little(painter):
    one, again = (painter.paint(BARE, BROWN, "bob") for _ in range(2))
    np.testing.assert_array_equal(one, again)
    other = painter.paint(dataclasses.replace(BARE, seed=9), BROWN, "bob")
    assert 0 < np.abs(one - other).mean() < 0.03


def test_lips_take_their_colour(painter):
    bare = painter.paint(BARE, BROWN, "bob")
    red = painter.paint(dataclasses.replace(BARE, lip_colour=(0.72, 0.1, 0.14)), BROWN, "bob")
    changed = np.flatnonzero(np.abs(bare - red).max(-1).ravel() > 0.03)
    assert len(changed) and (painter.masks["lips"].ravel()[changed] > 0).mean() > 0.6
    core = painter.masks["lips"] > 0.9
    assert red[core][:, 0].mean() > 3 * red[core][:, 1].mean()


def test_brows_and_scalp_are_of_the_hair(painter):
    dark, fair = (painter.paint(BARE, c, "bob") for c in ((0.05, 0.04, 0.04), (0.85, 0.75, 0.55)))
    assert at(painter, dark, 0.3, 7.53).sum() < 0.5 * at(painter, dark, 0.3, 7.75).sum()
    assert at(painter, fair, 0.0, 8.6).sum() > 4 * at(painter, dark, 0.0, 8.6).sum()
    np.testing.assert_allclose(at(painter, fair, 1.2, 4.5), at(painter, dark, 1.2, 4.5), atol=1e-4)


def test_stubble_and_freckles_stay_on_the_face(painter):
    bare = painter.paint(BARE, BROWN, "bob")
    for change in ({"stubble": 0.8}, {"freckles": 1.0}, {"makeup": 0.8}):
        changed = np.abs(painter.paint(dataclasses.replace(BARE, **change), BROWN, "bob") - bare).max(-1) > 0.01
        changed &= painter.y < 90  # between the islands it does not matter
        assert changed.any()
        assert painter.y[changed].min() > 6.0 and painter.z[changed].min() > 0


def test_socks_end_where_they_should_and_tights_reach_the_hips(painter):
    bare = painter.paint(BARE, BROWN, "bob")
    low, high = bare.copy(), bare.copy()
    painter.socks(low, 0.1, (1.0, 1.0, 1.0))
    painter.socks(high, 1.0, (1.0, 1.0, 1.0))
    tops = [painter.y[np.abs(sock - bare).max(-1) > 0.05].max() for sock in (low, high)]
    assert tops[0] < -6.5 and -4.5 < tops[1] < -3.5
    tights = bare.copy()
    painter.tights(tights, 0.9)
    assert at(painter, tights, 1.0, -3.0).sum() < 0.3 * at(painter, bare, 1.0, -3.0).sum()
    np.testing.assert_array_equal(at(painter, tights, 0.5, 4.0), at(painter, bare, 0.5, 4.0))


def test_eyes_are_white_around_an_iris_around_a_pupil():
    for name in IRISES:
        albedo = eye_material(name, 64).albedo
        pupil, iris, white = albedo[32, 32].sum(), albedo[32, 32 + 11].sum(), albedo[32, 32 + 22].sum()
        assert pupil < 0.05 < iris < white / 3
    with pytest.raises(InputError, match="iris"):
        eye_material("violet")


def test_eyes_sit_in_the_face_and_look_ahead(model):
    posed = model.pose(model.mannequin("female"), {})
    left, right = eye_surfaces(model, posed)
    for eye in (left, right):
        assert eye.label == FACE and eye.material == "eyes"
        centre = eye.uv[eye.vertices[:, 2].argmax()]
        np.testing.assert_allclose(centre, 0.5, atol=0.15)
        assert np.ptp(eye.vertices, 0).max() < 0.05
    assert left.vertices[:, 0].mean() == pytest.approx(-right.vertices[:, 0].mean(), abs=1e-3)


def test_dark_skin_shines_more():
    albedo = np.ones((4, 4, 3), np.float32)
    assert skin_material(albedo, 8.0).spec > skin_material(albedo, 1.0).spec
