"""What every registered system keeps: seeds, recipes, mixing, and clear refusals."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vton.provenance import read_recipe
from vton.schema import InputError
from vton.systems import get_pipeline


def test_same_recipe_same_bytes_whatever_the_count(pipeline, look):
    one = pipeline(*look(pipeline), seed=6)[0]
    several = pipeline(*look(pipeline), seed=5, count=3)
    assert [image.recipe.seed for image in several] == [5, 6, 7]
    assert np.array_equal(one.image_u8, several[1].image_u8)
    assert one.recipe == several[1].recipe
    assert np.array_equal(one.image_u8, pipeline.generate_from(one.recipe).image_u8)


def test_the_png_brings_everything_back(pipeline, look, tmp_path):
    made = pipeline(*look(pipeline), seed=3, psi=0.6)[0]
    made.save(tmp_path / "made.png")
    again = pipeline.generate_from(read_recipe(tmp_path / "made.png"))
    again.save(tmp_path / "again.png")
    assert (tmp_path / "made.png").read_bytes() == (tmp_path / "again.png").read_bytes()


def test_a_recipe_of_other_weights_is_drawn_with_a_warning(pipeline, look, caplog):
    made = pipeline(*look(pipeline), seed=3)[0]
    pipeline.generate_from(made.recipe)
    pipeline.mix(made, made, "colour", 0.5)
    assert not caplog.records
    older = replace(made.recipe, revision="0ld\nrevision")
    again = pipeline.generate_from(older)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    said = caplog.messages[0]
    assert "other weights" in said and r"'0ld\nrevision'" in said and pipeline.revision in said
    assert again.recipe.revision == pipeline.revision and np.array_equal(again.image_u8, made.image_u8)
    caplog.clear()
    pipeline.mix(older, made, "colour", 0.5)
    assert len(caplog.records) == 1


def test_another_seed_or_psi_gives_other_pixels(pipeline, look):
    first, second = pipeline(*look(pipeline), seed=0, count=2)
    other_psi = pipeline(*look(pipeline), seed=0, psi=0.2)[0]
    assert not np.array_equal(first.image_u8, second.image_u8)
    assert not np.array_equal(first.image_u8, other_psi.image_u8)


def test_the_image_is_a_picture(pipeline, look):
    made = pipeline(*look(pipeline), seed=1)[0]
    size_hw = tuple(side * pipeline.scale for side in pipeline.size_hw)
    assert made.image_u8.shape == (*size_hw, 3) and made.image_u8.dtype == np.uint8
    assert made.recipe.size_hw == size_hw
    assert made.image_u8.std() > 1
    assert made.recipe.system == pipeline.system and made.recipe.revision == pipeline.revision


def test_progress_is_told(pipeline, look):
    told = []
    pipeline(*look(pipeline), count=3, callback=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_global_random_state_neither_matters_nor_moves(pipeline, look):
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    one = pipeline(*look(pipeline), seed=2)[0]
    assert torch.equal(before, torch.random.get_rng_state())
    torch.manual_seed(2)
    assert np.array_equal(one.image_u8, pipeline(*look(pipeline), seed=2)[0].image_u8)


@pytest.mark.parametrize("transfer", ["colour", "pose", "2-5"])
def test_mix_moves_with_strength_from_the_target(pipeline, look, transfer):
    source, target = pipeline(*look(pipeline), seed=0, count=2)
    assert np.array_equal(pipeline.mix(source, target, transfer, 0).image_u8, target.image_u8)
    half, full = (pipeline.mix(source, target, transfer, s) for s in (0.5, 1))
    assert not np.array_equal(half.image_u8, target.image_u8)
    assert not np.array_equal(half.image_u8, full.image_u8)


def test_a_mix_has_a_recipe_and_can_be_mixed_again(pipeline, look, tmp_path):
    source, target = pipeline(*look(pipeline), seed=0, count=2)
    mixed = pipeline.mix(source, target, "2-5", 0.5)
    twice = pipeline.mix(mixed, source.recipe, "colour", 0.7)
    twice.save(tmp_path / "twice.png")
    recipe = read_recipe(tmp_path / "twice.png")
    assert recipe.mix["transfer"] == "colour" and recipe.mix["source"]["mix"]["strength"] == 0.5
    assert np.array_equal(pipeline.generate_from(recipe).image_u8, twice.image_u8)


def test_a_seed_stands_for_an_image_with_the_others_look(pipeline, look):
    source, target = pipeline(*look(pipeline), seed=8, count=2)
    by_seed = pipeline.mix(8, target, "colour", 1)
    assert np.array_equal(by_seed.image_u8, pipeline.mix(source, target, "colour", 1).image_u8)


def test_mixing_without_end_is_refused(pipeline, look):
    image = pipeline(*look(pipeline), seed=0)[0]
    with pytest.raises(InputError, match="mixes more than"):
        for _ in range(12):
            image = pipeline.mix(1, image, "2-3", 0.5)


def test_equal_sides_of_mixes_are_computed_once(pipeline, look, monkeypatch):
    image = pipeline(*look(pipeline), seed=1)[0]
    for _ in range(4):
        image = pipeline.mix(image, image, strength=0.5)
    encoded, condition = [], pipeline.condition
    monkeypatch.setattr(pipeline, "condition", lambda look: encoded.append(look) or condition(look))
    again = pipeline.generate_from(image.recipe)
    assert np.array_equal(again.image_u8, image.image_u8)
    assert len(encoded) == 2  # of the one picture that is mixed with itself, and of what comes out


@pytest.mark.parametrize(
    "wrong",
    [{"seed": -1}, {"seed": 1.5}, {"seed": 2**53}, {"seed": 2**53 - 1, "count": 2}, {"count": 0},
     {"psi": -0.1}, {"psi": float("nan")}, {"psi": 2.1}],
)  # fmt: skip
def test_numbers_out_of_range_are_refused(pipeline, look, wrong):
    with pytest.raises(InputError):
        pipeline(*look(pipeline), **wrong)


def test_strength_out_of_range_is_refused(pipeline, look):
    image = pipeline(*look(pipeline), seed=0)[0]
    for strength in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match="strength"):
            pipeline.mix(image, image, "colour", strength)


def test_recipes_of_other_systems_are_refused(load, look):
    fashion, outfit = load("fashion-gan"), load("outfit-gan")
    image = outfit(*look(outfit))[0]
    with pytest.raises(InputError, match="belongs to outfit-gan"):
        fashion.mix(3, image, "colour")
    with pytest.raises(InputError, match="belongs to fashion-gan"):
        outfit.generate_from(fashion(seed=1)[0].recipe)


def test_unknown_systems_are_named():
    with pytest.raises(InputError, match="choose one of outfit-gan, fashion-gan"):
        get_pipeline("cp-vton-9")


def test_bf16_draws_about_the_same(pipeline, look, tiny_generators):
    half = type(pipeline).from_pretrained(tiny_generators[pipeline.system], device="cpu", dtype=torch.bfloat16)
    exact, rounded = (p(*look(p), seed=4)[0].image_u8.astype(float) for p in (pipeline, half))
    assert 0 < np.abs(exact - rounded).mean() < 0.25 * exact.std()
