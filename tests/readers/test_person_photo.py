"""Photos of persons and of garments as a try-on reads them, and what it refuses before any network runs."""

import numpy as np
import pytest
from drawn.dressed_photo import draw_dressed, save_garment
from drawn.tryon import drawn_person
from PIL import Image
from tiny.colour_networks import figure
from tiny.tryon import as_bundled, save_networks

from vton.conditioning.person.wearer import Wearer
from vton.readers.garment.garment_photo import GarmentPhoto, read_garment
from vton.readers.person_photo import WORKING_SIDE, check_shows, read_person, read_person_photo
from vton.schema import ARTICLE_HW, SIDED_LABELS, InputError, Parsing, Person, Pose


@pytest.fixture(scope="module", autouse=True)
def networks(tmp_path_factory):
    """The estimators read colours; every garment is shoes to them."""
    with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "shoes", ())):
        yield


@pytest.fixture
def garment(tmp_path):
    return save_garment(tmp_path / "garment.png")


def part(person, rows=slice(None), columns=slice(None)):
    """The photo cut to some rows and columns; joints that are outside are missing."""
    image, labels = person.image_u8[rows, columns], person.parsing.labels[rows, columns]
    xy = person.pose.keypoints_xy - (columns.start or 0, rows.start or 0)
    seen = ((xy >= 0) & (xy < image.shape[1::-1])).all(axis=1)
    pose = Pose(np.where(seen[:, None], xy, 0), seen, image.shape[:2])
    return Person(image, Parsing(labels, SIDED_LABELS), pose)


def test_a_person_is_read_in_the_photos_pixels():
    pose = figure(420, 110, 40, (512, 400))
    person = read_person(draw_dressed(pose), "bundled", "bundled")
    assert person.size_hw == (512, 400) and person.parsing.names == SIDED_LABELS
    both = person.pose.present & pose.present
    assert both.sum() == 14 and np.abs(person.pose.keypoints_xy - pose.keypoints_xy)[both].max() < 5
    top = person.parsing.mask("top")
    x, y = pose.keypoints_xy[[2, 5, 8, 11]].mean(axis=0).astype(int)
    assert top[y, x] and not top[400:].any()


def test_a_large_photo_is_read_from_a_smaller_copy(tmp_path):
    large = draw_dressed(figure(1300, 300, 100, (1536, 1200)))
    photo = read_person_photo(large)
    assert photo.image_u8.shape == (1536, 1200, 3) and max(photo.found.size_hw) == WORKING_SIDE
    changed = large.copy()
    changed[0, 0] += 1
    assert photo.digest != read_person_photo(changed).digest


def test_a_cut_out_is_read_on_white_and_kept():
    cut = np.dstack([draw_dressed(figure(420, 110, 40, (512, 400))), np.full((512, 400), 255, np.uint8)])
    assert read_person_photo(cut).pixels().shape == (512, 400, 3)
    cut[:, 350:, 3] = 0
    photo = read_person_photo(cut)
    assert np.array_equal(photo.pixels(), cut) and (photo.image_u8[:, 350:] == 255).all()


def test_nobody_in_the_photo():
    with pytest.raises(InputError, match="No person found"):
        read_person_photo(np.full((300, 200, 3), 128, np.uint8))


def test_the_region_of_the_slot_must_be_in_the_picture():
    person = drawn_person((512, 384))
    for slot in ("top", "outer", "bottom", "dress"):
        check_shows(Wearer.of(person, slot))
    hips = int(person.pose.keypoints_xy[8, 1])
    half = part(person, rows=slice(0, hips))
    check_shows(Wearer.of(half, "top"))
    with pytest.raises(InputError, match="does not show the person's legs"):
        check_shows(Wearer.of(half, "bottom"))
    legs = part(person, rows=slice(hips + 20, None))
    check_shows(Wearer.of(legs, "bottom"))
    for slot in ("top", "outer", "dress"):
        with pytest.raises(InputError, match="does not show the person's upper body"):
            check_shows(Wearer.of(legs, slot))


def test_skin_counts_as_much_as_clothes():
    person = drawn_person((512, 384), wears=("top",))
    check_shows(Wearer.of(person, "bottom"))


def test_a_garment_comes_with_a_larger_picture_of_the_same(garment):
    read = read_garment(garment, "top")
    assert read.article.slot == "top" and read.sharp_u8.shape == (3 * ARTICLE_HW[0], 3 * ARTICLE_HW[1], 3)
    inside = read.article.mask_u8 > 0
    small = read.sharp_u8[1::3, 1::3]
    assert np.abs(small[inside].astype(int) - (200, 40, 40)).max() < 30
    # Beyond the outline its colours go on: no backdrop, no grey.
    assert np.abs(small[~inside].astype(int) - (200, 40, 40)).max() < 30


def test_the_garment_may_be_larger_than_what_networks_see(tmp_path):
    stripes = np.full((1400, 1050, 3), 236, np.uint8)
    stripes[200:1200, 200:850] = (20, 40, 160)
    stripes[200:1200:8, 200:850] = 255
    Image.fromarray(stripes).save(tmp_path / "striped.png")
    read = read_garment(str(tmp_path / "striped.png"), "top")
    rows = read.sharp_u8[300:480, 288].astype(int).sum(axis=1)
    assert np.ptp(rows) > 100


def test_what_cannot_be_worn_is_refused(garment):
    with pytest.raises(InputError, match="pair of shoes"):
        read_garment(garment)
    with pytest.raises(InputError, match="accessory"):
        read_garment(garment, "accessory")
    with pytest.raises(InputError, match="Unknown slot"):
        read_garment(garment, "cape")
    read = read_garment(garment, "dress")
    assert GarmentPhoto.of(read.article).article is read.article
