"""vton.studio.article_photos.taking, backdrops and sampling: photos with masks and cloth that repeat byte by byte."""

from dataclasses import replace

import numpy as np
import pytest

from vton.studio.article_photos.sampling import relight_article, sample_article_view, views_of
from vton.studio.article_photos.taking import arranged, develop, set_up
from vton.studio.raster.appearance import Material
from vton.studio.sampling.looks import sample_looks
from vton.studio.sets.backdrops import BACKDROPS, PALETTES, TEXTURE_PX, paint
from vton.studio.specs.labels import ARTICLE_ID
from vton.studio.specs.look import LookSpec
from vton.studio.specs.photo import ArticleViewSpec

HW = (64, 48)
GARMENTS = ("longsleeve", "midi", "straight", "blazer")


def take(mannequin, pressed, article, kind="flat", seed=0):
    """A photo of an article in a drawn view, and the view."""
    view = sample_article_view(np.random.default_rng(seed), article, kind)
    item = pressed(article.type) if article.type in GARMENTS else None
    return set_up(*arranged(mannequin, article, item, view), view, HW), view


@pytest.mark.parametrize(
    ("type_", "kind"),
    [(t, k) for t in GARMENTS for k in ("flat", "hanger")] + [(t, "flat") for t in ("sneaker", "cap", "handbag")],
)
def test_every_article_has_a_mask_and_its_cloth_in_every_pixel_of_it(mannequin, pressed, article, type_, kind):
    shot, _ = take(mannequin, pressed, article(type_), kind)
    number = ARTICLE_ID[article(type_).slot]
    inside, outside = shot.mask_u8 > 200, shot.mask_u8 < 10
    assert inside.mean() > 0.06 and outside.mean() > 0.1
    cloth = shot.prepared.cloth
    assert (cloth.article[inside] == number).mean() > 0.99 and not cloth.article[shot.mask_u8 == 0].any()
    assert np.isfinite(cloth.place).all() and np.ptp(cloth.place[cloth.of(number)], 0).max() > 0.05


def test_a_garment_that_lies_shows_its_back_inside_the_neck(mannequin, pressed, article):
    view = replace(sample_article_view(np.random.default_rng(1), article("longsleeve"), "flat"), turn_deg=0.0, fill=0.9)
    shot = set_up(*arranged(mannequin, article("longsleeve"), pressed("longsleeve"), view), view, (256, 192))
    rows, columns = np.nonzero(shot.prepared.cloth.inside)
    own = np.nonzero(shot.mask_u8 > 128)[0]
    neck = (rows < np.percentile(own, 25)) & (np.abs(columns - 96) < 30)
    assert neck.sum() > 15


def test_the_same_view_gives_the_same_bytes(mannequin, pressed, article):
    grey = {"top": Material("cloth", np.full((1, 3), 0.4, np.float32))}
    photos = []
    for _ in range(2):
        shot, view = take(mannequin, pressed, article("longsleeve"), "hanger", seed=4)
        photos.append(develop(shot, grey, view))
    assert photos[0].shape == (*HW, 3) and photos[0].tobytes() == photos[1].tobytes()
    other, view = take(mannequin, pressed, article("longsleeve"), "hanger", seed=5)
    assert develop(other, grey, view).tobytes() != photos[0].tobytes()


def test_white_on_white_has_its_true_mask(mannequin, pressed, article):
    white = article("longsleeve", (0.95, 0.95, 0.95))
    shot, view = take(mannequin, pressed, white, seed=2)
    material = {"top": Material("cloth", np.full((1, 3), 0.86, np.float32))}
    pale = replace(view, backdrop="white", backdrop_colour=(0.93, 0.93, 0.93), exposure=1.0, vignette=0.0)
    image = develop(shot, material, pale).astype(int)
    dark = develop(shot, material, replace(pale, backdrop_colour=(0.1, 0.1, 0.1))).astype(int)
    own, rest = shot.mask_u8 == 255, shot.mask_u8 == 0
    assert abs(image[own].mean() - image[rest].mean()) < 40
    assert np.abs(image - dark)[own].max() == 0 or view.blur_px > 0
    assert (np.abs(image - dark)[rest].mean(1) > 30).mean() > 0.95


def test_pale_and_dark_cloth_lies_on_its_own_tone_often(article):
    rng = np.random.default_rng(0)
    for colour, low, high in (((0.95, 0.95, 0.93), 0.85, 1.0), ((0.08, 0.08, 0.09), 0.0, 0.15)):
        worn = article("longsleeve", colour)
        view = sample_article_view(rng, worn, "flat")
        tones = [np.mean(relight_article(rng, view, worn).backdrop_colour) for _ in range(200)]
        assert np.mean([low <= tone <= high for tone in tones]) > 0.25


@pytest.mark.parametrize("name", BACKDROPS)
def test_backdrops_are_finite_and_of_their_colour(name):
    view = ArticleViewSpec("top", "flat", "spread", name, PALETTES[name][0], seed=9)
    albedo, height = paint(view, 1.5)
    assert albedo.shape == (TEXTURE_PX, TEXTURE_PX, 3) and height.shape == (TEXTURE_PX, TEXTURE_PX)
    assert np.isfinite(albedo).all() and 0 < albedo.min() <= albedo.max() < 1
    assert np.isfinite(height).all() and np.abs(height).max() < 0.05
    assert np.array_equal(albedo, paint(view, 1.5)[0])


def test_views_stay_in_their_ranges_and_survive_json(article):
    rng = np.random.default_rng(1)
    for type_ in ("longsleeve", "midi", "straight", "sneaker", "cap", "handbag"):
        views = [v for _ in range(30) for v in views_of(rng, article(type_))]
        assert {v.kind for v in views} == ({"flat", "hanger"} if article(type_).slot in ("top", "bottom") else {"flat"})
        for view in views:
            assert ArticleViewSpec.from_dict(view.to_dict()) == view
            assert bool(view.hanger) == (view.kind == "hanger")
            if type_ == "longsleeve" and view.kind == "flat":
                assert all(15 <= angle <= 85 for angle in view.limb_deg) and abs(view.turn_deg) <= 20


def test_looks_share_how_their_articles_lie_but_not_on_what():
    looks = sample_looks(3, 1, 1, 3)
    assert {v.slot for v in looks[0].article_views} == {a.slot for a in looks[0].outfit.articles}
    appearance = {"backdrop", "backdrop_colour", "key_colour", "fill_colour", "dome_colour", "exposure", "vignette",
                  "blur_px", "softness_deg"}  # fmt: skip
    for views in zip(*(look.article_views for look in looks), strict=True):
        shared = [{k: v for k, v in view.to_dict().items() if k not in appearance} for view in views]
        assert shared[0] == shared[1] == shared[2]
        assert len({view.backdrop_colour for view in views}) > 1
    assert LookSpec.from_dict(looks[2].to_dict()) == looks[2]
