"""vton.studio.photos.photographer: a real shoot; labels, articles, joints and looks agree with each other."""

import dataclasses

import numpy as np
import pytest

from vton.data.cloth import NOT_SHOWN
from vton.schema import COCO18, InputError, Parsing, Pose
from vton.studio.figures.ensemble import cut_ensemble
from vton.studio.figures.figure import pose_figure
from vton.studio.photos.cameras import camera_of, joints_of
from vton.studio.photos.photographer import Photographer
from vton.studio.photos.records import RejectedOutfit
from vton.studio.rendering.picture import prepare
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import (
    ARTICLE_ID,
    BAG,
    BG,
    DRESS,
    FACE,
    GLASSES,
    HAIR,
    HAT,
    LABELS,
    OUTER,
    PANTS,
    SHOES,
    SKIRT,
    TOP,
)  # fmt: skip
from vton.studio.specs.photo import PoseSpec, ViewSpec

HW = (256, 192)
OUTFIT, TROUSERS = 0, 2
ARTICLE_LABELS = {
    "top": {TOP}, "outer": {OUTER}, "bottom": {PANTS, SKIRT}, "dress": {DRESS}, "shoes": {SHOES},
    "accessory": {BAG, HAT},
}  # fmt: skip


@pytest.fixture(scope="module")
def studio(model):
    return Photographer()


@pytest.fixture(scope="module")
def looks(studio):
    """Three looks of one outfit, one photo each."""
    return studio.shoot(sample_looks(0, OUTFIT, 1, 3), HW)


def test_photos_show_a_person_on_a_plain_backdrop(looks):
    for look in looks:
        photo = look.photos[0]
        assert photo.image_u8.shape == (*HW, 3) and photo.image_u8.dtype == np.uint8
        person = photo.parsing != BG
        assert 0.08 < person.mean() < 0.45 and not person[0].any() and not person[:, 0].any()
        assert np.isin([HAIR, FACE, SHOES], photo.parsing).all()
        corner = photo.image_u8[:20, :20].astype(int)
        assert corner.std() < 3 and corner.mean() > 170


def test_labels_articles_and_silhouette_agree(looks):
    photo, outfit = looks[0].photos[0], looks[0].spec.outfit
    worn = {slot: (photo.article_ids == number) for slot, number in ARTICLE_ID.items()}
    for slot, mask in worn.items():
        assert mask.any() == (outfit.article(slot) is not None), slot
        assert set(np.unique(photo.parsing[mask]).tolist()) <= ARTICLE_LABELS[slot], slot
    cloth = np.isin(photo.parsing, [TOP, OUTER, PANTS, SKIRT, DRESS, SHOES, BAG, HAT])
    assert np.array_equal(cloth, photo.article_ids > 0)
    covered = photo.silhouette > 127
    assert ((photo.parsing != BG) != covered).mean() < 0.01
    assert photo.parsing.max() < len(LABELS)


def test_looks_share_labels_and_differ_in_pixels(looks):
    first = looks[0].photos[0]
    for look in looks[1:]:
        photo = look.photos[0]
        assert np.array_equal(photo.parsing, first.parsing) and np.array_equal(photo.coco18, first.coco18)
        person = photo.parsing != BG
        assert np.abs(photo.image_u8.astype(int) - first.image_u8)[person].mean() > 8


def test_packshots_have_exact_masks(looks):
    for look in looks:
        assert set(look.packshots) == {a.slot for a in look.spec.outfit.articles}
        for slot, packshot in look.packshots.items():
            solid = packshot.mask_u8 > 250
            rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
            assert max(np.ptp(rows) / HW[0], np.ptp(columns) / HW[1]) == pytest.approx(0.877, abs=0.03), slot
            backdrop = packshot.image_u8[packshot.mask_u8 == 0].astype(int)
            assert backdrop.min() > 200 and backdrop.std() < 6, slot


def test_photos_know_where_their_cloth_is_on_the_packshots(looks):
    """Every article is found, and what is warped has about the colours of the photo."""
    photo, packshots = looks[0].photos[0], looks[0].packshots
    assert np.mean(photo.cloth.article == photo.article_ids) > 0.995
    assert looks[1].photos[0].places["body"] is photo.places["body"], "once for all looks"
    field = photo.places["body"]
    assert np.array_equal(np.isnan(field[..., 0]), photo.cloth.article == 0)
    for slot, packshot in packshots.items():
        mine = photo.cloth.article == ARTICLE_ID[slot]
        shown = mine & (field[..., 0] != NOT_SHOWN)
        assert shown.sum() > 0.6 * mine.sum(), slot
        x, y = field[shown].astype(int).T
        assert (packshot.mask_u8[y, x] > 0).all() and (packshot.cloth.article[y, x] == ARTICLE_ID[slot]).all()
        assert np.abs(packshot.image_u8[y, x].astype(int) - photo.image_u8[shown]).mean() < 40, slot


def test_an_article_has_its_colour_in_photo_and_packshot(looks):
    compared = 0
    for look in looks:
        photo = look.photos[0]
        for article in look.spec.outfit.articles:
            if article.slot in ("top", "dress", "bottom") and article.fabric.pattern == "solid":
                worn = np.median(photo.image_u8[photo.article_ids == ARTICLE_ID[article.slot]], axis=0)
                packshot = look.packshots[article.slot]
                alone = np.median(packshot.image_u8[packshot.mask_u8 > 250], axis=0)
                assert np.abs(worn - alone).mean() < 40 and np.abs(alone / 255 - article.fabric.colours[0]).mean() < 0.2
                compared += 1
    assert compared


def test_joints_lie_on_the_person_and_mirror(looks):
    photo = looks[0].photos[0]
    xy, visibility = photo.coco18[:, :2], photo.coco18[:, 2]
    assert (visibility > 0).all()
    for (x, y), seen in zip(xy, visibility, strict=True):
        if seen == 2:
            window = photo.parsing[max(0, int(y) - 3) : int(y) + 4, max(0, int(x) - 3) : int(x) + 4]
            assert (window != BG).any()
    head = {LABELS.index(n) for n in ("face", "hair", "hat", "glasses", "neck")}
    nose = xy[COCO18.index("nose")].astype(int)
    assert photo.parsing[nose[1], nose[0]] in head | {GLASSES}
    left, right = (xy[COCO18.index(f"{side}_shoulder"), 0] for side in ("left", "right"))
    assert left > right, "the person faces the camera"
    pose = Pose(xy, np.minimum(visibility / 2, 1), HW)
    flipped, mirrored = pose.flip(), Parsing(photo.parsing % 10).flip()
    assert flipped.keypoints_xy[5, 0] == pytest.approx(HW[1] - xy[2, 0]) and mirrored.size_hw == HW
    ankles = photo.mpii16[[0, 5], 1]
    assert (ankles > 200).all() and photo.mpii16[9, 1] < 40, "head on top, ankles at the bottom"


def test_the_same_specs_are_the_same_pixels(studio, looks):
    again = studio.shoot([looks[0].spec], HW, packshots=False)[0]
    assert np.array_equal(again.photos[0].image_u8, looks[0].photos[0].image_u8)


def test_half_body_and_back_views(studio):
    look = sample_looks(0, OUTFIT, 1, 1)[0]
    half = dataclasses.replace(look.views[0], framing="half")
    back = dataclasses.replace(look.poses[0], yaw_deg=180.0)
    both = dataclasses.replace(look, poses=(look.poses[0], back), views=(half, look.views[0]))
    near, away = studio.shoot([both], HW, packshots=False)[0].photos
    assert (near.parsing[-1] != BG).any() and near.coco18[10, 2] == 0
    joints = away.coco18
    assert joints[5, 0] < joints[2, 0] and joints[COCO18.index("nose"), 2] == 1
    assert (away.parsing == FACE).sum() < 0.5 * (near.parsing == FACE).sum()


def test_a_seat_is_background_to_labels_and_silhouette(studio):
    look = sample_looks(0, TROUSERS, 1, 1)[0]
    sitting = dataclasses.replace(look, poses=(PoseSpec("perch", seed=1),))
    figure = pose_figure(cut_ensemble(studio.model, sitting), sitting, sitting.poses[0], look.views[0], 130.0)
    camera = camera_of(figure, look.views[0])
    with_seat = prepare(figure.surfaces, camera, HW, [look.views[0].key_direction])
    others = [s for s in figure.surfaces if s.material != "seat"]
    without = prepare(others, camera, HW, [look.views[0].key_direction])
    seat = with_seat.alpha - without.alpha
    assert (seat > 0.9).sum() > 300 and not with_seat.articles[seat > 0.9].any()
    assert (with_seat.labels[seat > 0.6] == BG).all() and with_seat.dressed[seat > 0.9].max() < 0.1
    assert (with_seat.dressed <= without.dressed + 1e-6).all() and (with_seat.dressed <= with_seat.alpha).all()
    joints = dict(zip(COCO18, joints_of(figure, camera, HW)[0][:, 1], strict=True))
    for side in ("left", "right"):
        hip, knee, ankle = (joints[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
        assert knee - hip < 0.85 * (ankle - knee), "thighs point forwards"


def test_an_unknown_framing_says_so(studio):
    class Figure:
        surfaces = ()

    with pytest.raises((InputError, ValueError)):
        camera_of(Figure(), ViewSpec(framing="quarter"))


def test_refused_names_its_reason(studio):
    look = sample_looks(0, OUTFIT, 1, 1)[0]
    too_near = dataclasses.replace(look, views=(dataclasses.replace(look.views[0], zoom=0.5),))
    with pytest.raises(RejectedOutfit, match="out of frame"):
        studio.shoot([too_near], HW, packshots=False)


def test_figures_stand_on_the_floor(studio):
    look = sample_looks(0, OUTFIT, 1, 1)[0]
    figure = pose_figure(cut_ensemble(studio.model, look), look, look.poses[0], look.views[0], 130.0)
    shoes = next(s for s in figure.surfaces if s.material == "shoes")
    assert shoes.vertices[:, 1].min() == pytest.approx(0, abs=1e-4)
    assert min(d.mesh.vertices[:, 1].min() for d in figure.drapes) > -0.005
