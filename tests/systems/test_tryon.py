"""What every try-on system keeps: the photo outside of the garment's region, its size, and clear refusals."""

import json

import numpy as np
import pytest
from drawn.tryon import drawn_garment, drawn_person
from PIL import Image
from tiny.tryon import tiny_checkpoint, tryon_class

from vton.conditioning.person.wearer import Wearer
from vton.provenance import read_recipe
from vton.readers.person_photo import PersonPhoto
from vton.schema import (
    ALONE_TRY_ONS,
    TRYON_SLOTS,
    InputError,
    Parsing,
    Person,
    Pose,
    Task,
    TryOnOrigin,
    TryOnSample,
)
from vton.systems import parse_tryon_systems, systems

_TWO = ("top", "bottom")
WEARS = {"top": _TWO, "outer": ("top", "outer", "bottom"), "bottom": _TWO, "dress": ("dress",)}


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    """``load(system)``: its pipeline on a tiny network with random weights."""
    loaded = {}

    def load(system):
        if system not in loaded:
            folder = tiny_checkpoint(tmp_path_factory.mktemp("tryon") / f"tiny-{system}", system)
            loaded[system] = tryon_class(system).from_pretrained(folder, device="cpu")
        return loaded[system]

    return load


@pytest.fixture(params=systems(*ALONE_TRY_ONS))
def pipeline(request, load):
    return load(request.param)


@pytest.fixture
def one(load):
    """One system, for what they all share."""
    return load("cp-vton")


def photo_of(size_hw, height, at=(0, 0), **options):
    """A `Person` of that height in a larger photo of noise, the top left corner of the person's canvas ``at`` x, y."""
    rng = np.random.default_rng(3)
    person = drawn_person((height, height * 3 // 4), rng=rng, **options)
    image = rng.integers(60, 200, (*size_hw, 3), np.uint8)
    labels = np.zeros(size_hw, np.uint8)
    (x, y), (h, w) = at, size_hw
    part = slice(y, min(h, y + height)), slice(x, min(w, x + height * 3 // 4))
    inner = slice(0, part[0].stop - y), slice(0, part[1].stop - x)
    labels[part] = person.parsing.labels[inner]
    image[part] = np.where(labels[part][..., None] > 0, person.image_u8[inner], image[part])
    xy = person.pose.keypoints_xy + at
    seen = (xy >= 0).all(1) & (xy < (w, h)).all(1)
    return Person(image, Parsing(labels, person.parsing.names), Pose(np.where(seen[:, None], xy, 0), seen, size_hw))


def changed(result, person):
    return (result.image_u8 != person.image_u8).any(axis=2)


def test_names_are_read_with_commas_between_them():
    assert parse_tryon_systems("viton, cp-vton,viton,,") == ["viton", "cp-vton"] and parse_tryon_systems(" ") == []
    for text in ("outfit-gan", "viton,outfit-gan", "viton cp-vton"):
        with pytest.raises(InputError, match=f"no try-on system: choose from {', '.join(systems(Task.TRY_ON))}"):
            parse_tryon_systems(text)


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_only_the_garments_region_changes(pipeline, slot):
    person = photo_of((420, 300), 380, (8, 20), wears=WEARS[slot])
    result = pipeline(person, drawn_garment(slot, (20, 200, 90)), background="keep")
    assert result.image_u8.shape == person.image_u8.shape and result.slot == slot
    new, erased = changed(result, person), Wearer.of(person, slot).erased
    assert new.mean() > 0.02 and not (new & ~erased).any()
    for name in ("hair", "shoes"):
        assert not new[person.parsing.mask(name)].any(), name
    above_chin = np.arange(420)[:, None] < person.pose.keypoints_xy[0, 1]
    assert not new[person.parsing.mask("face") & above_chin].any()


def test_another_garment_gives_other_pixels_within_the_region(pipeline):
    person = photo_of((300, 240), 280, (10, 10))
    red, blue = (pipeline(person, drawn_garment("top", colour)) for colour in ((220, 30, 30), (30, 30, 220)))
    moved = (red.image_u8 != blue.image_u8).any(axis=2)
    assert moved.sum() > 100
    assert not (moved & ~Wearer.of(person, "top").erased).any()


def test_the_network_runs_on_samples_that_are_on_the_canvas(pipeline):
    samples = [TryOnSample(slot, drawn_person(wears=WEARS[slot]), drawn_garment(slot)) for slot in ("top", "bottom")]
    output = pipeline.try_on(samples)
    assert output.result.shape == (2, 3, 256, 192) and output.result.isfinite().all()
    inputs = pipeline.prepare_inputs(samples)
    kept = inputs.erased.expand(-1, 3, -1, -1) < 0.5
    assert (output.result[kept] == inputs.kept[kept]).all()


@pytest.mark.parametrize(
    ("size_hw", "height", "at"),
    [((200, 900), 190, (400, 5)), ((900, 260), 240, (20, 500)), ((64, 48), 60, (1, 2)), ((2000, 1500), 1900, (40, 60))],
    ids=["landscape", "portrait", "tiny", "huge"],
)
def test_photos_of_any_size_come_back_in_their_size(one, size_hw, height, at):
    person = photo_of(size_hw, height, at)
    result = one(person, drawn_garment("top", (20, 200, 90)))
    new = changed(result, person)
    assert result.image_u8.shape == person.image_u8.shape and new.any()
    around = np.zeros(size_hw, bool)
    around[at[1] : at[1] + height, at[0] : at[0] + height * 3 // 4] = True
    assert not new[~around].any()


def test_the_png_says_what_it_is_and_cannot_be_taken_for_a_generated_model(one, tmp_path):
    person, garment = photo_of((300, 240), 280, (10, 10)), drawn_garment("top")
    result = one(person, garment)
    result.save(tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as image:
        text = image.info["vton"]
    recipe = TryOnOrigin.from_json(text)
    assert recipe == result.recipe and result.image.info["vton"] == text
    assert (recipe.system, recipe.slot, recipe.revision) == ("cp-vton", "top", one.revision)
    assert recipe.garment == garment.digest and recipe.size_hw == (300, 240)
    assert "AlgorithmicMedia" in json.loads(text)["digital_source_type"]
    with pytest.raises(InputError, match="try-on"):
        read_recipe(tmp_path / "result.png")


def test_every_step_is_shown(pipeline):
    result = pipeline(photo_of((300, 240), 280, (10, 10)), drawn_garment("dress"), slot="top")
    expected = {"pose", "parsing", "agnostic-person", "warped-garment", "warped-mask", "composition-mask"}
    assert expected <= set(result.steps)
    assert list(result.steps)[-1] == "put-back" and result.slot == "top"
    for name, picture in result.steps.items():
        assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3, name
        assert name == name.lower() and " " not in name and "_" not in name
    assert {"garment", "person", "network", "put back"} <= set(result.seconds)


def test_a_cut_out_person_comes_back_cut_out_unless_before_a_backdrop(one, tmp_path):
    person = photo_of((300, 260), 256, (30, 20))
    alpha = np.where(person.parsing.silhouette(), 255, 0).astype(np.uint8)
    photo = PersonPhoto(np.dstack([person.image_u8, alpha]), person, 64 * "0")
    one(photo, drawn_garment("top")).save(tmp_path / "cut.png")
    made = np.array(Image.open(tmp_path / "cut.png"))
    assert made.shape == (300, 260, 4) and (made[..., 3] >= alpha).all() and (made[..., 3] == 0).any()
    assert one(photo, drawn_garment("top"), background="plain").image.mode == "RGB"


def test_a_plain_background_replaces_the_photos(one):
    person = photo_of((300, 240), 280, (10, 10))
    result = one(person, drawn_garment("top"), background="plain")
    corner = result.image_u8[:8, -8:].reshape(-1, 3)
    assert corner.min() > 220 and np.ptp(corner, axis=0).max() == 0
    middle = person.parsing.mask("face")
    middle[1:-1] &= middle[2:] & middle[:-2]
    ys, xs = np.nonzero(middle)
    y, x = int(np.median(ys)), int(np.median(xs))
    assert np.array_equal(result.image_u8[y, x], person.image_u8[y, x])
    assert result.recipe.background == "plain"


def test_what_cannot_be_tried_on_is_refused_in_words(one, make_article):
    person = photo_of((300, 240), 280, (10, 10))
    with pytest.raises(InputError, match="cannot be tried on"):
        one(person, make_article("shoes"))
    with pytest.raises(InputError, match="Unknown slot"):
        one(person, drawn_garment("top"), slot="cape")
    with pytest.raises(InputError, match="background"):
        one(person, drawn_garment("top"), background="beach")
    portrait = photo_of((110, 180), 280, (0, 0))
    with pytest.raises(InputError, match="does not show the person's legs"):
        one(portrait, drawn_garment("bottom"))
    one(portrait, drawn_garment("top"))


def test_another_systems_checkpoint_is_refused(load, tmp_path):
    folder = tiny_checkpoint(tmp_path / "cp", "cp-vton")
    with pytest.raises(InputError):
        tryon_class("acgpn").from_pretrained(folder)
