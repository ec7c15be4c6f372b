"""The conditional system: articles and pose reach the pixels, and travel with their layers in a mix."""

import cv2
import numpy as np
import pytest
from PIL import Image

from vton.conditioning.pose.presets import load_pose, preset_poses
from vton.schema import InputError, Outfit
from vton.systems.outfit_gan.pipeline import OutfitGANPipeline


@pytest.fixture(params=["spatial", "vector"])
def pipeline(request, load, make_checkpoint, tmp_path_factory):
    """The bundled kind of generator and the paper's."""
    if request.param == "spatial":
        return load("outfit-gan")
    folder = tmp_path_factory.mktemp("v") / "tiny"
    return OutfitGANPipeline.from_pretrained(make_checkpoint(folder, "outfit-gan", condition="vector"))


@pytest.fixture
def outfit(make_article):
    return Outfit.of(make_article("top"), make_article("shoes", (20, 20, 20)))


@pytest.mark.parametrize("slot", ["top", "shoes"])
def test_changing_an_article_changes_pixels(pipeline, outfit, make_article, slot):
    changed = Outfit.of(**{**dict(outfit.items()), slot: make_article(slot, (40, 200, 60))})
    before, after = (pipeline(o, "stand", seed=1)[0].image_u8 for o in (outfit, changed))
    assert not np.array_equal(before, after)


def test_every_preset_pose_gives_other_pixels(pipeline, outfit):
    images = {pipeline(outfit, name, seed=1)[0].image_u8.tobytes() for name in preset_poses()}
    assert len(images) == len(preset_poses()) >= 8


def test_a_preset_is_named_in_the_recipe_however_it_was_given(pipeline, outfit):
    for pose in ("walk-left", load_pose("walk-left"), load_pose("walk-left").to_openpose()):
        recipe = pipeline(outfit, pose)[0].recipe
        assert recipe.pose_name == "walk-left" and recipe.to_pose() == load_pose("walk-left")
    assert pipeline(outfit, load_pose("walk-left").flip())[0].recipe.pose_name is None


def test_pictures_are_taken_as_articles(pipeline, tmp_path):
    photo = Image.new("RGB", (120, 160), "white")
    photo.paste((180, 30, 30), (30, 30, 90, 130))
    photo.save(tmp_path / "top.png")
    by_path, by_image = (
        pipeline({"top": s, "outer": None}, "stand")[0] for s in (tmp_path / "top.png", photo)
    )
    assert np.array_equal(by_path.image_u8, by_image.image_u8)
    assert list(by_path.recipe.articles) == ["top"]


def test_an_outfit_from_a_recipe_is_the_outfit_itself(pipeline, outfit):
    made = pipeline(outfit, "stand", seed=2)[0]
    again = pipeline(made.recipe.outfit(), made.recipe.to_pose(), seed=2)[0]
    assert np.array_equal(made.image_u8, again.image_u8) and made.recipe == again.recipe


def test_the_parsing_names_every_pixel(load, outfit):
    made = load("outfit-gan")(outfit, "stand")[0]
    assert made.parsing.size_hw == made.image_u8.shape[:2]


def test_a_picture_has_the_size_that_is_asked_for(load, outfit):
    pipeline = load("outfit-gan")
    small, large = (pipeline(outfit, "stand", seed=1, scale=scale)[0] for scale in (1, 2))
    assert small.image_u8.shape[0] == pipeline.size_hw[0] and large.image_u8.shape[0] == 2 * pipeline.size_hw[0]
    assert large.parsing.size_hw == large.image_u8.shape[:2]
    shrunk = cv2.resize(large.image_u8, small.image_u8.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk.astype(int) - small.image_u8).mean() < 0.3 * small.image_u8.std()
    for made in (small, large):
        assert np.array_equal(pipeline.generate_from(made.recipe).image_u8, made.image_u8)
    assert pipeline.mix(small, small, "colour").image_u8.shape == small.image_u8.shape
    for scale in (0, 3, 1.5, True):
        with pytest.raises(InputError, match="scale"):
            pipeline(outfit, "stand", scale=scale)


def test_full_pose_transfer_takes_the_sources_pose(load, outfit):
    pipeline = load("outfit-gan")
    source, target = pipeline(outfit, "hand-hair", seed=1)[0], pipeline(outfit, "stand", seed=1)[0]
    # The seed and the outfit are the same, so with every layer swapped nothing of the target is left.
    mixed = pipeline.mix(source, target, (1, pipeline.layers.count), 1)
    recoloured_itself = np.abs(mixed.image_u8.astype(int) - source.image_u8).mean()
    assert recoloured_itself < 0.2 * np.abs(target.image_u8.astype(int) - source.image_u8).mean()


def test_colour_transfer_recolours_the_targets_articles(load, make_article):
    pipeline = load("outfit-gan")
    red, blue = (Outfit.of(make_article("top", rgb)) for rgb in ((200, 40, 40), (40, 60, 180)))
    source, target = pipeline(blue, "stand", seed=1)[0], pipeline(red, "stand", seed=1)[0]
    mixed = pipeline.mix(source, target, "colour", 1)
    far = np.abs(target.image_u8.astype(int) - source.image_u8).mean()
    assert np.abs(mixed.image_u8.astype(int) - source.image_u8).mean() < 0.8 * far


@pytest.mark.parametrize(("outfit", "pose", "message"), [
    (None, "stand", "No article"),
    (Outfit.empty(), "stand", "No article"),
    ({"hat": "x.png"}, "stand", "Unknown slot"),
    ({"top": "there-is-none.png"}, "stand", "Cannot read there-is-none.png"),
    ({"top": "a.png", "dress": "b.png"}, "stand", "dress replaces top"),
])  # fmt: skip
def test_outfits_that_cannot_be_worn(load, outfit, pose, message):
    with pytest.raises(InputError, match=message):
        load("outfit-gan")(outfit, pose)


def test_poses_that_cannot_be_drawn(load, outfit):
    with pytest.raises(InputError, match="No pose is named"):
        load("outfit-gan")(outfit, "moonwalk")


def test_two_seeds_have_no_outfit_to_wear(load):
    with pytest.raises(InputError, match="No article"):
        load("outfit-gan").mix(1, 2, "colour")
