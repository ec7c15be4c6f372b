"""An outfit on a photo of any size: what changes, what stays, what is refused."""

import numpy as np
import pytest
import torch
from drawn.tryon import drawn_person

from vton.conditioning.person.frame import PersonFrame
from vton.readers.garment.garment_photo import GarmentPhoto
from vton.schema import ARTICLE_HW, REGIONS, SIDED_LABELS, SLOTS, InputError, Parsing, Person, Pose, TryOnOrigin
from vton.systems.outfit_tryon.composition import FineScene, new_clothes
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.systems.outfit_tryon.network import OutfitTryOnOutput
from vton.systems.outfit_tryon.pipeline import BARES

FIVE = ("top", "outer", "bottom", "shoes", "accessory")  # a dress takes the place of two of the six


@pytest.fixture(scope="module")
def person():
    """Somebody in a photo larger than the canvas, with fine noise."""
    return drawn_person((400, 300), rng=np.random.default_rng(2))


def changed(result, other):
    return (result.image_u8 != other).any(axis=2)


def test_an_outfit_at_once_changes_its_regions_alone(pipeline, person, article):
    result = pipeline(person, {slot: article(slot) for slot in FIVE})
    worn = DressedWearer.of(person, tuple(slot for slot in SLOTS if slot in FIVE))
    new = changed(result, person.image_u8)
    assert result.image_u8.shape == (400, 300, 3) and new.mean() > 0.1 and not (new & ~worn.erased).any()
    assert not new[person.parsing.mask("face") & (worn.body.rows < person.pose.keypoints_xy[0, 1])].any()
    origin = TryOnOrigin.from_json(result.recipe.to_json())
    assert origin.slot == result.slot == "+".join(FIVE) and origin.garment.count("+") == 4
    assert list(result.steps)[-1] == "put-back" and np.ptp(result.steps["garment"]) > 0


@pytest.mark.parametrize("slot", ["dress", "outer", "shoes", "accessory"])
def test_another_picture_of_any_article_changes_pixels(pipeline, person, article, slot):
    given = [slot, *(s for s in ("bottom", "outer") if slot != "dress" and s != slot)]
    outfit = {s: article(s) for s in given}
    one = pipeline(person, outfit)
    other = pipeline(person, {**outfit, slot: article(slot, (250, 250, 20))})
    moved = changed(one, other.image_u8)
    assert moved.any() and not (moved & ~DressedWearer.of(person, tuple(outfit)).erased).any()


def test_the_pose_changes_pixels(pipeline, person, article):
    xy = person.pose.keypoints_xy.copy()
    xy[[3, 4]] += (-20, -30)
    moved = Person(person.image_u8, person.parsing, Pose(xy, person.pose.confidence, person.pose.size_hw))
    one, other = (pipeline(who, article("dress")) for who in (person, moved))
    both = DressedWearer.of(person, ("dress",)).erased & DressedWearer.of(moved, ("dress",)).erased
    assert (changed(one, other.image_u8) & both).any()


def test_one_article_may_be_of_any_slot_and_is_taken_for_what_is_said(pipeline, person, article):
    assert pipeline(person, article("shoes")).slot == "shoes"
    assert pipeline(person, GarmentPhoto.of(article("top")), slot="outer").slot == "outer"
    assert pipeline(person, {"top": article("top"), "shoes": None}).slot == "top"


def test_what_cannot_be_worn_is_refused_in_a_line(pipeline, person, article):
    for outfit, told in (
        ({}, "No article yet"),
        ({"dress": article("dress"), "top": article("top")}, "A dress replaces top and bottom"),
        ({"cape": article("top")}, "Unknown slot"),
    ):
        with pytest.raises(InputError, match=told):
            pipeline(person, outfit)
    with pytest.raises(InputError, match="Unknown slot"):
        pipeline(person, article("top"), slot="cape")
    with pytest.raises(InputError, match="no repair: choose from own-pixels"):
        pipeline(person, article("top"), without=("teeth",))
    half = Person(person.image_u8[:200], Parsing(person.parsing.labels[:200], SIDED_LABELS), cut_pose(person.pose, 200))
    with pytest.raises(InputError, match="does not show the person's feet"):
        pipeline(half, {"top": article("top"), "shoes": article("shoes")})
    with pytest.raises(InputError, match="does not show the person's legs"):
        pipeline(half, {"bottom": article("bottom")})


def cut_pose(pose, height):
    seen = pose.keypoints_xy[:, 1] < height
    return Pose(np.where(seen[:, None], pose.keypoints_xy, 0), pose.confidence * seen, (height, pose.size_hw[1]))


def fields(regions, colour=0.0, hw=(256, 192)):
    """An output that shows these regions [h, w], each article at its own place, on ground of a colour."""
    shown = torch.from_numpy(regions.astype(np.int64))[None, None]
    logits = torch.full((1, len(REGIONS), *hw), -30.0).scatter(1, shown, 30.0)
    y, x = torch.meshgrid(*((torch.arange(side) + 0.5) / side * 2 - 1 for side in hw), indexing="ij")
    plane = lambda value, channels=1: torch.full((1, channels, *hw), value)  # noqa: E731
    worn = (logits[:, 4:].sum(1, keepdim=True) > -150).float()
    return OutfitTryOnOutput(
        result=plane(colour, 3), warped=plane(colour, 3), warped_mask=worn, composition_mask=worn, worn=worn,
        ground=plane(colour, 3) * (1 - worn), logits=logits, coverage=plane(30.0), continued=plane(0.0),
        correspondence=torch.stack([x, y])[None, None].expand(1, 6, -1, -1, -1),
    )  # fmt: skip


def striped(article_of, times):
    """A top, every pixel of it cloth, and a picture ``times`` as large with stripes of one of its own pixels."""
    h, w = (side * times for side in ARTICLE_HW)
    picture = np.zeros((h, w, 3), np.uint8)
    picture[::2] = 255
    top = article_of("top")
    return GarmentPhoto(type(top)("top", top.image_u8, np.full(ARTICLE_HW, 255, np.uint8)), picture)


def test_prints_are_as_sharp_as_the_articles_own_larger_picture(article):
    person = drawn_person((768, 576))
    found = DressedWearer.of(person, ("top",))
    frame = PersonFrame((0, 0, 576, 768), (0, 0, 192, 256), (256, 192))
    scene = FineScene.of(person.image_u8, frame, found, 3)
    everywhere = fields(np.full((256, 192), REGIONS.index("top")))
    layer = new_clothes(scene, everywhere, {"top": striped(article, 3)})
    stripes = layer.colours[300:330, 260:320]  # on the chest
    assert np.allclose(stripes[::2], 255, atol=3) and np.allclose(stripes[1::2], 0, atol=3)
    coarse = new_clothes(scene, everywhere, {"top": striped(article, 3)}, frozenset({"print"}))
    assert np.ptp(coarse.colours[300:330, 260:320]) < 3


def test_what_shows_the_same_as_before_keeps_the_photos_own_pixels(article):
    person = drawn_person()
    found = DressedWearer.of(person, ("top",))
    frame = PersonFrame((0, 0, 192, 256), (0, 0, 192, 256), (256, 192))
    scene = FineScene.of(person.image_u8, frame, found, 1)
    worn = {"top": GarmentPhoto.of(article("top"))}
    same = new_clothes(scene, fields(found.regions), worn)
    assert (same.cover[found.taken_off] == 1).all() and (same.cover[~found.taken_off] < 1e-3).all()
    whole = new_clothes(scene, fields(found.regions), worn, frozenset({"own-pixels"}))
    assert (whole.cover[found.erased] == 1).all()


def test_a_part_of_the_canvas_is_as_good_as_the_whole(article, monkeypatch):
    person = drawn_person((512, 384))
    found = DressedWearer.of(person, ("top",))
    frame = PersonFrame((0, 0, 384, 512), (0, 0, 192, 256), (256, 192))
    scene, output = FineScene.of(person.image_u8, frame, found, 2), fields(DressedWearer.of(drawn_person(), ()).regions)
    worn = {"top": GarmentPhoto.of(article("top"))}
    part = new_clothes(scene, output, worn)
    monkeypatch.setattr(FineScene, "window", lambda self: (slice(0, 256), slice(0, 192)))
    whole = new_clothes(scene, output, worn)
    assert part.cover.sum() < whole.cover.sum() and np.allclose(part.cover[found.erased], whole.cover[found.erased])
    assert np.allclose(part.colours[found.erased], whole.colours[found.erased], atol=0.5)


def test_the_backdrop_that_goes_on_is_the_photos(article):
    person = drawn_person(colours={"background": (10, 200, 90)})
    found = DressedWearer.of(person, ("top",))
    frame = PersonFrame((0, 0, 192, 256), (0, 0, 192, 256), (256, 192))
    scene, worn = FineScene.of(person.image_u8, frame, found, 1), {"top": GarmentPhoto.of(article("top"))}
    nothing = fields(np.zeros((256, 192), int))
    nothing.continued = torch.ones_like(nothing.continued)
    colours = new_clothes(scene, nothing, worn).colours[found.taken_off]
    assert np.allclose(colours, (10, 200, 90), atol=3)
    drawn = new_clothes(scene, nothing, worn, frozenset({"backdrop"})).colours[found.taken_off]
    assert np.allclose(drawn, 127.5, atol=1)


def test_skin_that_the_photo_does_not_show_is_said(pipeline, person, article, monkeypatch):
    regions = DressedWearer.of(drawn_person(), ("top",)).regions.copy()
    for bare, told in ((False, ()), (True, (BARES,))):
        if bare:
            regions[regions == REGIONS.index("top")] = REGIONS.index("skin")
        shown = fields(regions)
        monkeypatch.setattr(pipeline, "dress", lambda *_, shown=shown: shown)
        assert pipeline(drawn_person(), article("top")).warnings == told
