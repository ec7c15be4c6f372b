"""The painter of garments, on an atlas that is laid out by hand."""

import dataclasses

import cv2
import numpy as np
import pytest

from vton.schema import InputError
from vton.studio.fabrics.painting import NEUTRALS, PALETTE, GarmentPainter, cloth_material, dye, linear
from vton.studio.fabrics.patterns import canvas_of
from vton.studio.fabrics.pen import Ink, Pen
from vton.studio.fabrics.prints import PRINTS, Stamp
from vton.studio.garments.atlas import ATLAS_M, BORDERS, Atlas, AtlasMarks
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

SIZE = 256
MARKS = AtlasMarks(
    neck_v=1.5, shoulder_v=1.4, bust_v=1.3, waist_v=1.1, hip_v=0.95, crotch_v=0.82, knee_v=0.5, top_v=1.05, hem_v=0.9,
    button_v=1.2, open_u=0.02, side_u=0.25, sleeve=0.5, elbow=0.3,
)  # fmt: skip


@dataclasses.dataclass
class PaperGarment:
    """As much of a garment as the painter looks at."""

    kind: str
    atlas: Atlas


def garment(kind="top"):
    """A torso from hem to neck in the middle of the atlas, with a border line at each end and one at the waist."""
    levels = {"hem": MARKS.hem_v, "neck": MARKS.neck_v, "waist": MARKS.top_v}
    lines = {name: [[0.5, v], [1.4, v]] for name, v in levels.items()}
    uv = np.array(list(lines.values()), np.float32) / ATLAS_M
    kinds = np.array([BORDERS.index(name) for name in lines], np.int8)
    seam = np.array([[[0.5, 0.9], [0.5, 1.5]]], np.float32) / ATLAS_M
    empty = np.zeros((0, 2), np.float32)
    return PaperGarment(kind, Atlas(empty, np.zeros((0, 3), np.int32), np.zeros(0, np.int8), uv, kinds, seam, MARKS))


def fabric(**changes):
    colours = (PALETTE["red"], PALETTE["cream"], PALETTE["navy"])
    return dataclasses.replace(FabricSpec("satin", "solid", colours, seed=3), **changes)


def painted(cut=None, kind="top", type_="tee", **changes):
    article = ArticleSpec("top", type_, cut or {}, fabric(**changes), seed=5)
    return GarmentPainter(garment(kind), article, SIZE).paint(article.fabric)


def at(image, u, v):
    """The texel at atlas metres."""
    return image[int((1 - v / ATLAS_M) * SIZE), int(u / ATLAS_M * SIZE)]


def test_palette_is_srgb_and_neutrals_are_in_it():
    assert set(NEUTRALS) <= set(PALETTE)
    assert all(0 <= channel <= 1 for colour in PALETTE.values() for channel in colour)
    np.testing.assert_allclose(linear((0.5, 0.5, 0.5)), 0.2140, atol=1e-3)
    assert dye((0, 0, 0)).min() > 0.01 and dye((1, 1, 1)).max() < 0.9


def test_plain_cloth_has_the_colour_of_its_dye():
    texture = painted()
    assert texture.albedo.shape == (SIZE, SIZE, 3) and texture.bump.shape == (SIZE, SIZE)
    np.testing.assert_allclose(at(texture.albedo, 0.77, 1.25), dye(PALETTE["red"]), atol=0.005)


def test_the_same_fabric_gives_the_same_texture_and_another_colour_the_same_relief():
    painter = GarmentPainter(garment(), ArticleSpec("top", "tee", {}, fabric(), seed=5), SIZE)
    one, again = painter.paint(fabric(weave="knit")), painter.paint(fabric(weave="knit"))
    np.testing.assert_array_equal(one.albedo, again.albedo)
    blue = painter.paint(fabric(weave="knit", colours=(PALETTE["blue"],) * 3))
    np.testing.assert_array_equal(one.bump, blue.bump)
    assert blue.albedo[..., 2].mean() > 3 * one.albedo[..., 2].mean()


@pytest.mark.parametrize(
    ("cut", "where"),
    [
        ({"placket": 9.0, "buttons": 7}, (0.95, 1.2)),
        ({"belt": True}, (0.75, 1.1)),
        ({"rib_hem": 0.05}, (0.7, 0.92)),
        ({"pocket": True}, (1.045, 1.235)),
        ({"kangaroo": True}, (0.95, 0.955)),
        ({"zip": True}, (0.95, 1.2)),
        ({"quilt": 0.08}, (0.7, 1.2)),
        ({"collar": "turtle"}, (0.7, 2.4)),
    ],
)
def test_a_detail_is_where_the_tailor_puts_it_and_nowhere_else(cut, where):
    plain, detailed = painted(), painted(cut)
    change = np.abs(plain.albedo - detailed.albedo).sum(-1) + 100 * np.abs(plain.bump - detailed.bump)
    row, column = int((1 - where[1] / ATLAS_M) * SIZE), int(where[0] / ATLAS_M * SIZE)
    assert change[row - 4 : row + 5, column - 4 : column + 5].max() > 0.02
    if not {"quilt", "collar"} & set(cut):
        assert (change > 1e-3).mean() < 0.06


def test_a_print_sits_on_the_chest_and_stands_out():
    change = np.abs(painted(graphic=True).albedo - painted().albedo).sum(-1)
    rows, columns = np.nonzero(change > 0.05)
    u, v = columns.mean() / SIZE * ATLAS_M, (1 - rows.mean() / SIZE) * ATLAS_M
    assert abs(u - MARKS.centre_u) < 0.12 and abs(v - MARKS.bust_v) < 0.12
    assert np.abs(painted(kind="skirt", graphic=True).albedo - painted(kind="skirt").albedo).max() == 0


@pytest.mark.parametrize("name", PRINTS)
def test_each_print_stays_in_its_square(name):
    canvas = canvas_of(SIZE, 1.28)
    albedo = canvas.plain(np.full(3, 0.5))
    pen = Pen(canvas, albedo, np.zeros((SIZE, SIZE), np.float32))
    inks = [np.array(c, np.float32) for c in ((0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8))]
    PRINTS[name](Stamp(pen, 0.64, 0.64, 0.2), np.random.default_rng(2), inks)
    changed = np.abs(albedo - 0.5).max(-1) > 0.02
    rows, columns = np.nonzero(changed)
    assert changed.sum() > 0.12 * (0.4 / canvas.texel) ** 2
    assert abs(rows - SIZE / 2).max() < 46 and abs(columns - SIZE / 2).max() < 46


def test_worn_jeans_are_paler_and_ripped_ones_show_threads():
    cut = {"waistband": 0.036, "stitch": True, "pockets": True, "fly": True}
    plain, worn, ripped = (
        painted(cut, "pants", "straight", weave="denim", **more) for more in ({}, {"fade": 1.0}, {"ripped": True})
    )
    thigh = at(worn.albedo, MARKS.leg_u[0], MARKS.knee_v + 0.2) - at(plain.albedo, MARKS.leg_u[0], MARKS.knee_v + 0.2)
    assert thigh[2] > 0.05
    assert ((ripped.albedo - plain.albedo).max(-1) > 0.1).any()


def test_sleeves_of_a_colour_block_match_the_shoulders():
    albedo = painted(pattern="block").albedo
    for v in (0.3, 0.6, 1.5, 1.8):
        np.testing.assert_allclose(at(albedo, 2.2, v), at(albedo, 0.7, 1.42), atol=0.02)


@pytest.mark.parametrize("pattern", ["gingham", "dots", "houndstooth", "floral", "block", "plaid"])
def test_a_cloth_is_the_same_on_every_size_of_the_atlas(pattern):
    """Photos and packshots of one article may be painted on atlases of different sizes."""
    article = ArticleSpec("top", "tee", {}, fabric(pattern=pattern, scale=0.8), seed=5)
    small, large = (GarmentPainter(garment(), article, size).paint(article.fabric).albedo for size in (512, 1024))
    large = cv2.resize(large, (512, 512), interpolation=cv2.INTER_AREA)
    here = slice(220, 420), slice(100, 280)
    agreement = np.corrcoef(cv2.blur(small[here], (5, 5)).ravel(), cv2.blur(large[here], (5, 5)).ravel())[0, 1]
    assert agreement > 0.8


def test_creases_belong_to_cloth_that_folds():
    article = ArticleSpec("outer", "puffer", {}, fabric(), seed=5)
    assert GarmentPainter(garment("outer"), article, SIZE).creases is None
    assert np.ptp(painted().bump) > 0.001


def test_unknown_names_are_refused():
    with pytest.raises(InputError, match="pattern"):
        painted(pattern="tartanish")
    with pytest.raises(InputError, match="weave"):
        painted(weave="steel")


def test_the_pen_draws_where_it_is_told():
    canvas = canvas_of(SIZE, 2.56)
    albedo, height = np.zeros((SIZE, SIZE, 3), np.float32), np.zeros((SIZE, SIZE), np.float32)
    pen = Pen(canvas, albedo, height)
    pen.rectangle(1.0, 0.5, 1.4, 0.7, Ink((1, 1, 1), relief=0.002))
    rows, columns = np.nonzero(albedo[..., 0] > 0.5)
    assert columns.min() == pytest.approx(100, abs=1) and columns.max() == pytest.approx(139, abs=1)
    assert rows.min() == pytest.approx(SIZE - 70, abs=1) and rows.max() == pytest.approx(SIZE - 51, abs=1)
    assert height.max() == pytest.approx(0.002)
    pen.disc(-3.0, 0.5, 0.1, Ink((1, 1, 1)))  # outside: nothing happens
    pen.disc(2.0, 2.0, 0.1, Ink((1, 0, 0)))
    area = (albedo[..., 0] - albedo[..., 1]).sum() * canvas.texel**2
    assert area == pytest.approx(np.pi * 0.01, rel=0.03)


def test_a_material_of_cloth_has_the_weaves_light():
    texture = painted()
    satin, wool = (cloth_material(fabric(weave=weave), texture) for weave in ("satin", "wool"))
    assert satin.spec > wool.spec and wool.sheen > satin.sheen and satin.albedo is texture.albedo
