"""Light and surfaces of simple scenes, where the right answer is known."""

import dataclasses

import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.light import lighting
from vton.studio.light.lighting import LIGHT_DIRECTIONS
from vton.studio.raster.appearance import Material
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.picture import prepare, shade, to_u8
from vton.studio.rendering.surface import Surface
from vton.studio.sets.floor import FloorRays, contact_shadow
from vton.studio.specs.photo import SceneSpec, ViewSpec

KEY = LIGHT_DIRECTIONS[0]
VIEW = ViewSpec(key_direction=KEY)
GREY = Material(colours=np.full((1, 3), 0.4, np.float32), translucency=0.0)


def quad(centre, half_width, half_height, **fields):
    """A rectangle that faces the camera."""
    x, y, z = centre
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    vertices = np.stack(
        [x + corners[:, 0] * half_width, y + corners[:, 1] * half_height, np.full(4, z)], 1, dtype=np.float32
    )
    normals = np.tile(np.array([[0, 0, 1]], np.float32), (4, 1))
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    return Surface(vertices, normals, triangles, uv=(corners + 1) / 2, material="grey", **fields)


def front(height_m=1.0, centre=(0, 0, 0)):
    return StudioCamera.front(centre, height_m)


def test_a_point_lands_on_its_pixel():
    size = (200, 100)
    for camera in (front(2.0, (0, 1, 0)), StudioCamera((0, 1, 6), (0, 1, 0), 2.0)):
        pixels = camera.project(np.array([[0, 1, 0], [0.5, 1, 0], [0, 2, 0]], np.float32), size)
        np.testing.assert_allclose(pixels[:, :2], [[50, 100], [100, 100], [50, 0]], atol=1e-3)
    nearer, farther = StudioCamera((0, 1, 6), (0, 1, 0), 2.0).project(np.array([[0.5, 1, 1], [0.5, 1, -1.0]]), size)
    assert nearer[0] > 100 > farther[0] and nearer[2] < farther[2]


def test_labels_articles_alpha_and_depth_agree_with_the_geometry():
    scene = [
        quad((0, 0, 0), 0.25, 0.25, label=9, article=3),
        quad((0.125, 0, 0.1), 0.125, 0.25, label=7, article=1),
    ]
    prepared = prepare(scene, front(), (64, 64), [KEY], floor=False)
    assert set(np.unique(prepared.labels[:, :16])) == {0}
    assert (prepared.labels[17:47, 17:31] == 9).all() and (prepared.labels[17:47, 33:47] == 7).all()
    assert ((prepared.labels == 9) == (prepared.articles == 3)).all()
    assert ((prepared.labels == 7) == (prepared.articles == 1)).all()
    assert prepared.alpha.sum() / 64**2 == pytest.approx(0.25, abs=0.002)
    assert prepared.depth[32, 20] == pytest.approx(6.5, abs=1e-3)
    assert prepared.depth[32, 40] == pytest.approx(6.4, abs=1e-3)
    assert np.isinf(prepared.depth[0, 0])
    assert prepared.backs.max() == 0


def test_what_is_behind_the_camera_or_at_its_lens_is_not_seen():
    """An arm that holds the camera goes past it."""
    camera = StudioCamera((0, 0, 1), (0, 0, 0), 1.0)
    ahead, behind, past = quad((0, 0, 0), 0.2, 0.2, label=7), quad((0, 0, 2), 9, 9, label=9), quad((0, 0, 0), 9, 9)
    past.vertices[:, 2] = [0.5, 0.5, 1.5, 1.5]
    labels = prepare([ahead, behind, dataclasses.replace(past, label=9)], camera, (32, 32), [KEY], floor=False).labels
    assert set(np.unique(labels)) == {0, 7}


def test_the_back_of_a_surface_is_known_and_darker():
    turned = quad((0, 0, 0), 0.3, 0.3)
    turned = dataclasses.replace(turned, triangles=turned.triangles[:, ::-1].copy(), normals=-turned.normals)
    material = dataclasses.replace(GREY, inside=0.5)
    right, wrong = (prepare([s], front(), (32, 32), [KEY], floor=False) for s in (quad((0, 0, 0), 0.3, 0.3), turned))
    assert wrong.backs[16, 16] == 1 and right.backs[16, 16] == 0
    image, dark = (shade(p, {"grey": material}, VIEW) for p in (right, wrong))
    np.testing.assert_allclose(dark[16, 16], image[16, 16] / 2, rtol=0.02)


def test_an_unoccluded_wall_has_the_light_of_the_formula():
    prepared = prepare([quad((0, 0, 0), 0.4, 0.4, casts_shadow=False)], front(), (32, 32), [KEY], floor=False)
    image = shade(prepared, {"grey": GREY}, VIEW)
    key = np.array(KEY) / np.linalg.norm(KEY)
    fill = np.array([0.9, 0.45, 0.8]) / np.linalg.norm([0.9, 0.45, 0.8])
    lit = np.array(VIEW.dome_colour) + key[2] * np.array(VIEW.key_colour) + fill[2] * np.array(VIEW.fill_colour)
    np.testing.assert_allclose(image[16, 16], 0.4 * lit, rtol=0.01)


def test_something_in_the_way_takes_the_key_light():
    wall = quad((0, 0, 0), 0.4, 0.4, casts_shadow=False)
    at = np.array(KEY) / np.linalg.norm(KEY) * 1.2
    blocker = quad(at, 1.3, 1.3, drawn=False)
    free, blocked = (prepare(s, front(), (32, 32), [KEY], floor=False) for s in ([wall], [wall, blocker]))
    assert free.keys[KEY][:, 1].min() == 1
    assert blocked.keys[KEY][:, 1].max() < 0.1
    assert blocked.dome.mean() < free.dome.mean()
    assert shade(blocked, {"grey": GREY}, VIEW)[16, 16, 0] < 0.75 * shade(free, {"grey": GREY}, VIEW)[16, 16, 0]


def test_softness_lies_between_the_hard_and_the_soft_key():
    wall = quad((0, 0, 0), 0.4, 0.4, casts_shadow=False)
    at = np.array(KEY) / np.linalg.norm(KEY) * 1.2
    prepared = prepare([wall, quad(at, 0.25, 0.25, drawn=False)], front(), (32, 32), [KEY], floor=False)
    hard, middle, soft = (
        shade(prepared, {"grey": GREY}, dataclasses.replace(VIEW, softness_deg=s)) for s in (12.0, 18.0, 24.0)
    )
    assert np.abs(hard - soft).max() > 0.02
    np.testing.assert_allclose(middle, (hard + soft) / 2, atol=1e-4)


def test_the_floor_takes_a_shadow_and_only_there():
    camera = StudioCamera((0, 1.1, 6.5), (0, 0.5, 0), 1.6)
    box = quad((0, 0.5, 0), 0.2, 0.5)
    prepared = prepare([box], camera, (96, 72), [KEY])
    image = shade(prepared, {"grey": GREY}, VIEW)
    without = prepare([dataclasses.replace(box, casts_shadow=False)], camera, (96, 72), [KEY])
    empty = shade(without, {"grey": GREY}, VIEW)
    clear = prepared.alpha == 0
    darker = (empty - image)[..., 0] * clear
    assert darker.max() > 0.03
    assert darker[:40].max() < 1e-4  # the wall above the floor's horizon


def test_a_shade_only_needs_what_was_prepared():
    prepared = prepare([quad((0, 0, 0), 0.3, 0.3)], front(), (32, 32), [KEY], floor=False)
    with pytest.raises(InputError, match="grey"):
        shade(prepared, {}, VIEW)
    with pytest.raises(InputError, match="direction"):
        shade(prepared, {"grey": GREY}, dataclasses.replace(VIEW, key_direction=(1.0, 1.0, 1.0)))


def test_parts_choose_their_colours_and_texture_stands_upright():
    scene = quad((0, 0, 0), 0.5, 0.5, part=np.array([0, 1], np.int32), casts_shadow=False)
    material = dataclasses.replace(GREY, colours=np.array([[0.4, 0, 0], [0, 0.4, 0]], np.float32))
    image = shade(prepare([scene], front(), (32, 32), [KEY], floor=False), {"grey": material}, VIEW)
    assert image[24, 28, 0] > 0.2 > image[24, 28, 1]  # below the diagonal
    assert image[8, 4, 1] > 0.2 > image[8, 4, 0]
    albedo = np.zeros((8, 8, 3), np.float32)
    albedo[:4, :, 0], albedo[4:, :, 2] = 0.4, 0.4
    scene = dataclasses.replace(scene, part=None)
    image = shade(prepare([scene], front(), (32, 32), [KEY], floor=False), {"grey": Material(albedo=albedo)}, VIEW)
    assert image[6, 16, 0] > 0.2 > image[6, 16, 2] and image[26, 16, 2] > 0.2 > image[26, 16, 0]


def test_a_bump_that_rises_to_the_right_turns_away_from_a_light_on_the_right():
    bump = np.tile(np.linspace(0, 0.3, 64, dtype=np.float32), (64, 1))
    scene = quad((0, 0, 0), 0.5, 0.5, casts_shadow=False)
    rising, falling = (Material(colours=GREY.colours, bump=b) for b in (bump, bump[:, ::-1]))
    view = dataclasses.replace(VIEW, key_direction=LIGHT_DIRECTIONS[3], fill_colour=(0, 0, 0), dome_colour=(0, 0, 0))
    prepared = prepare([scene], front(), (32, 32), [LIGHT_DIRECTIONS[3]], floor=False)
    left, right = (shade(prepared, {"grey": m}, view)[16, 16, 0] for m in (rising, falling))
    assert left < right


def test_a_cut_out_lets_the_backdrop_through():
    mask = np.zeros((8, 8), np.float32)
    mask[:, 4:] = 1
    prepared = prepare([quad((0, 0, 0), 0.5, 0.5, alpha=mask, label=1)], front(), (32, 32), [KEY], floor=False)
    assert prepared.alpha[:, :15].max() == 0 and prepared.alpha[:, 17:].min() == 1


def test_the_same_scene_gives_the_same_bytes():
    def photo():
        prepared = prepare([quad((0, 0.2, 0), 0.3, 0.3)], StudioCamera((0, 1, 6), (0, 0.5, 0), 1.4), (48, 36), [KEY])
        return to_u8(shade(prepared, {"grey": GREY}, VIEW)).tobytes()

    assert photo() == photo()


def test_srgb_of_known_values():
    assert to_u8(np.array([0.0, 0.2140, 1.0, 2.0])).tolist() == [0, 127, 255, 255]


def test_a_scene_changes_the_light_and_what_is_behind_but_no_label():
    """The same person, as a plate that stands on the floor, before light paper and in a street."""
    plate = quad((0, 0.5, 0), 0.2, 0.5, label=7, article=1)
    camera = StudioCamera((0, 1, 6), (0, 0.6, 0), 1.6)
    scene = SceneSpec("street", 5, "sun", 0.5, blur=0.1, soft_px=0.3)
    plain, moved = (prepare([plate], camera, (96, 72), [KEY], scene=s) for s in (None, scene))
    for name in ("labels", "articles", "alpha", "depth", "dressed", "backs"):
        assert np.array_equal(getattr(plain, name), getattr(moved, name)), name
    assert plain.floor.contact is None and moved.floor.contact.any()
    paper, street = (shade(p, {"grey": GREY}, dataclasses.replace(VIEW, scene=s)) for p, s in
                     ((plain, None), (moved, scene)))  # fmt: skip
    outside = plain.alpha == 0
    assert paper[outside].std() < 0.05 < street[outside].std()
    inside = (slice(40, 60), slice(32, 40))
    assert street[inside].std() < 0.02, "the person stays sharp and plain"


def test_soles_darken_the_floor_beside_them():
    camera, size = StudioCamera((0, 1, 6), (0, 0.4, 0), 1.2), (120, 90)
    x, z = np.meshgrid(np.arange(-0.05, 0.05, 0.005), np.arange(-0.1, 0.1, 0.005))
    sole = np.stack([x.ravel(), np.full(x.size, 0.005), z.ravel()], 1)
    grid = lighting.floor_grid()[1]
    shadow = contact_shadow(sole, FloorRays.of(camera, size, grid))
    places = np.array([[0, 0, 0], [0.07, 0, 0], [0.3, 0, 0], [0, 0.5, 0]])
    columns, rows = camera.project(places, size)[:, :2].astype(int).T
    under, beside, away, above = shadow[rows, columns]
    assert under > 0.8 > beside > 0.1 > away == above == 0
    assert not contact_shadow(sole + [0, 0.1, 0], FloorRays.of(camera, size, grid)).any(), "it is raised"


def test_strands_of_large_pictures_are_softened_and_what_is_far_from_hair_is_not():
    """Dark strands that are thinner than a pixel, before a light backdrop: steps between neighbours are smaller."""
    size = (576, 432)
    along, shade_ = np.tile(np.array([[0, 1, 0]], np.float32), (4, 1)), np.ones(4, np.float32)
    strands = [quad((0.02 * k, 0.2, 0), 0.0012, 0.2, label=1, tangents=along, shade=shade_) for k in range(4)]
    strands = [dataclasses.replace(strand, material="hair") for strand in strands]
    block = quad((0, -0.3, 0), 0.1, 0.1, label=7)
    materials = {"hair": Material("hair", colours=np.full((1, 3), 0.01, np.float32)), "grey": GREY}
    prepared = prepare([*strands, block], front(), size, [KEY], floor=False)
    soft, hard = (shade(p, materials, VIEW) for p in (prepared, dataclasses.replace(prepared, fringe=None)))
    far = prepared.fringe == 0
    assert np.array_equal(soft[far], hard[far]) and far[size[0] // 2 + 60 :].all() and far.mean() > 0.7
    steps = [np.abs(np.diff(image[150, :, 1])).max() for image in (soft, hard)]
    assert steps[0] < 0.75 * steps[1]
    assert prepare(strands, front(), (64, 48), [KEY], floor=False).fringe is None
