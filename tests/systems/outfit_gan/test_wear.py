"""How articles are worn, as somebody says: in the picture and its recipe; refused by weights that cannot be told."""

import numpy as np
import pytest

from vton.cli import main
from vton.readers.garment.article_reader import accessory_kind
from vton.schema import InputError, Outfit, Recipe, Wear
from vton.systems.outfit_gan.pipeline import OutfitGANPipeline


@pytest.fixture
def outfit(make_article):
    return Outfit.of(make_article("top"), make_article("bottom", (20, 20, 20)))


@pytest.fixture
def pipeline(make_checkpoint, tmp_path):
    return OutfitGANPipeline.from_pretrained(make_checkpoint(tmp_path / "tiny", "outfit-gan", wear=True))


def test_it_changes_the_picture_and_travels_in_the_recipe(pipeline, outfit):
    plain = pipeline(outfit, "stand", seed=3)[0]
    tucked = pipeline(outfit, "stand", seed=3, wear={"top": "in"})[0]
    assert not np.array_equal(plain.image_u8, tucked.image_u8)
    usual = {"top": "over", "sleeves": "down", "hems": "down"}
    assert plain.recipe.wear == usual and tucked.recipe.wear == usual | {"top": "in"}
    again = pipeline.generate_from(Recipe.from_json(tucked.recipe.to_json()))
    assert np.array_equal(again.image_u8, tucked.image_u8)


def test_what_is_said_of_an_article_that_is_not_worn_changes_nothing(pipeline, outfit):
    made = pipeline(outfit, "stand", seed=3, wear=Wear(accessory="hat", outer="open"))[0]
    assert not {"accessory", "side", "outer"} & set(made.recipe.wear)
    assert np.array_equal(made.image_u8, pipeline(outfit, "stand", seed=3)[0].image_u8)


def test_a_mix_keeps_how_the_target_is_worn(pipeline, outfit):
    source, target = (pipeline(outfit, "stand", seed=s, wear={"top": how})[0] for s, how in ((1, "in"), (2, "over")))
    mixed = pipeline.mix(source, target, "colour", 0.0)
    assert mixed.recipe.wear == target.recipe.wear and mixed.recipe.wear["top"] == "over"
    assert np.array_equal(mixed.image_u8, target.image_u8)


def test_weights_that_cannot_be_told_say_so(make_checkpoint, tmp_path, outfit):
    deaf = OutfitGANPipeline.from_pretrained(make_checkpoint(tmp_path / "deaf", "outfit-gan"))
    with pytest.raises(InputError, match="leave that out"):
        deaf(outfit, "stand", wear={"top": "in"})
    assert deaf(outfit, "stand", wear={})[0].recipe.wear == {}


@pytest.mark.parametrize(("said", "named"), [
    ("top=sideways", "over, half, in"), ("crown=on", "accessory"), ("top", "top=in"),
])  # fmt: skip
def test_the_command_line_names_what_can_be_said(said, named, tmp_path, capsys):
    code = main(["generate", "--top", str(tmp_path / "none.png"), "--wear", said, "--out", str(tmp_path / "x.png")])
    assert code == 2 and named in capsys.readouterr().err


def test_a_recipe_with_a_wrong_wear_is_refused(pipeline, outfit):
    values = pipeline(outfit, "stand")[0].recipe.to_dict()
    for wear in ([], {"top": 3}, {"top": "sideways"}, {"crown": "on"}):
        with pytest.raises(InputError, match="wear"):
            Recipe.from_json({**values, "wear": wear})


def test_an_accessory_of_which_nobody_says_so_is_what_it_looks_like(pipeline, outfit, make_article):
    worn = Outfit.of(*(article for _, article in outfit.items()), make_article("accessory"))
    kind = accessory_kind(make_article("accessory").canonical())
    made = pipeline(worn, "stand", seed=3)[0].recipe.wear
    assert (made["accessory"], made.get("side")) == (kind, "left" if kind == "bag" else None)
    said = pipeline(worn, "stand", seed=3, wear={"accessory": "bag", "side": "right"})[0].recipe.wear
    assert (said["accessory"], said["side"]) == ("bag", "right")
    hat = pipeline(worn, "stand", seed=3, wear={"accessory": "hat", "side": "right"})[0].recipe.wear
    assert hat["accessory"] == "hat" and "side" not in hat
