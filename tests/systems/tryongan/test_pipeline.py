"""From two photos to one, from the page and the command line; latents, grids, and what is refused."""

import json

import numpy as np
import pytest
from drawn.dressed_photo import save_dressed, save_garment
from PIL import Image
from tiny.colour_networks import figure
from tiny.tryon import as_bundled, save_networks

from vton.cli import main
from vton.conditioning.pose.presets import preset_poses
from vton.provenance import watermarked
from vton.readers.person_photo import read_person_photo
from vton.schema import InputError, TryOnOrigin
from vton.systems import get_pipeline
from vton.systems.comparison import compare, read_both
from vton.systems.tryongan.interpolation import TryOnSettings
from vton.systems.tryongan.latent_file import Latent
from vton.systems.tryongan.projection import ProjectionSettings
from vton.systems.tryongan.search import Steps
from vton.systems.tryongan.system import SYSTEM
from vton.ui.app import build_app
from vton.ui.fitting import FittingRoom
from vton.ui.server.turns import Turns

NAME = SYSTEM.name


@pytest.fixture(scope="module", autouse=True)
def pipeline(tmp_path_factory):
    """Tiny networks as the bundled ones, and searches of a few steps."""
    with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "top", (NAME, "viton"))):
        pipeline = get_pipeline(NAME)
        pipeline.projection = ProjectionSettings(Steps(2, 4, 0.05))
        pipeline.fitting = TryOnSettings(steps=Steps(3, 3, 0.2))
        yield pipeline


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Paths of a person's photo and of somebody's in the garment."""
    folder = tmp_path_factory.mktemp("photos")
    person = save_dressed(folder / "person.png", figure(230, 60, 20, (280, 220)))
    return person, save_dressed(folder / "worn.png", figure(200, 40, 20, (240, 180)))


@pytest.fixture(scope="module")
def latent(photos, tmp_path_factory):
    """A file that `project` wrote."""
    out = tmp_path_factory.mktemp("latents") / "latent.safetensors"
    assert main(["project", photos[0], "--out", str(out), "--picture", str(out.with_suffix(".png"))]) == 0
    return out


def test_only_the_garments_region_changes(pipeline, photos):
    before, after = np.array(Image.open(photos[0])), pipeline(*photos, slot="top").image_u8
    moved = (before != after).any(axis=2)
    assert after.shape == before.shape and moved.any() and not moved[230:].any()  # feet and floor


def test_the_png_is_the_same_picture_marked_and_says_whose_it_is(pipeline, photos, tmp_path, capsys):
    out = tmp_path / "out.png"
    command = ["tryon", "--system", NAME, "--person", photos[0], "--garment", photos[1], "--out", str(out),
               "--slot", "top", "--steps-dir", str(tmp_path / "steps")]  # fmt: skip
    assert main(command) == 0
    said = capsys.readouterr().err
    assert "projection 6/6" in said and "try-on 6/6" in said and "put back" in said
    result = pipeline(*photos, slot="top")
    with Image.open(out) as image:
        assert np.array_equal(np.array(image), watermarked(result.pixels_u8, result.recipe))
        recipe = TryOnOrigin.from_json(image.info["vton"])
    assert (recipe.system, recipe.slot) == (NAME, "top")
    assert recipe.garment == read_person_photo(photos[1]).digest
    assert [file.name for file in sorted((tmp_path / "steps").iterdir())][-1].endswith("put-back.png")


def test_without_put_back_it_is_the_generators_own_picture(pipeline, photos):
    result = pipeline(*photos, without=["put-back"])
    assert result.image_u8.shape == (*pipeline.size_hw, 3) and result.recipe.size_hw == pipeline.size_hw
    assert np.array_equal(result.image_u8, result.steps["result-drawn"]) and result.slot in ("top", "bottom")


def test_the_page_sees_it_come_and_gets_the_same_picture(pipeline, photos):
    room = FittingRoom(Turns())
    *moments, (nothing, result) = room.watch(*photos, "top", NAME)
    assert nothing is None and all(result is None for _, result in moments)
    assert "projection 5 of 6" in moments[0][0].text() and moments[0][0].picture_u8.shape == (64, 48, 3)
    assert np.array_equal(room.try_on(*photos, "top", NAME).image_u8, result.image_u8)
    assert room.searches(NAME) and not room.searches("viton") and room.of_worn() == [SYSTEM.title]


def test_the_page_offers_the_person_in_other_poses(photos):
    parts = {part["props"].get("elem_id") for part in build_app().get_config_file()["components"]}
    assert "poses-button" in parts and f"card-{NAME}" in parts
    room = FittingRoom(Turns())
    one, both = (room.in_poses(photos[0], poses) for poses in (["relaxed"], ["relaxed", "walk-left"]))
    assert both.shape[0] == one.shape[0] > 2 * 64 and both.shape[1] > one.shape[1]
    for poses in ([], ["relaxed", "/etc/hosts"]):
        with pytest.raises(InputError, match="No such pose"):
            room.in_poses(photos[0], poses)
    with pytest.raises(InputError, match="No person yet"):
        room.in_poses(None, ["relaxed"])


def test_a_search_that_is_closed_lets_others_have_their_turn(photos):
    room = FittingRoom(Turns())
    search = room.watch(*photos, "top", NAME)
    next(search)
    search.close()
    with room.turns.turn("something else"):
        pass


@pytest.mark.parametrize("worn", [True, False], ids=["worn", "alone"])
def test_compare_gives_each_system_the_photo_that_it_takes(photos, tmp_path, worn):
    garment = photos[1] if worn else save_garment(tmp_path / "garment.png")
    systems = ["viton", NAME]
    made = {one.system: one for one in compare(*read_both(photos[0], garment, systems, "top"), systems)}
    taken, other = (made[NAME], made["viton"]) if worn else (made["viton"], made[NAME])
    assert taken.result is not None and taken.result.slot == "top"
    assert worn or (other.result is None and other.problem)


def test_what_cannot_be_tried_on_is_refused_in_words(pipeline, photos, tmp_path):
    alone = save_garment(tmp_path / "garment.png")
    with pytest.raises(InputError, match="TryOnGAN takes the garment from a photo of somebody wearing it"):
        pipeline(photos[0], alone)
    with pytest.raises(InputError, match="Nobody wears a garment of the kind 'dress'"):
        pipeline(*photos, slot="dress")
    with pytest.raises(InputError, match="background"):
        pipeline(*photos, background="beach")
    with pytest.raises(InputError, match="'colour' is no repair: choose from localisation"):
        pipeline(*photos, without=["colour"])


def test_a_latent_draws_its_photo_again_in_any_pose(pipeline, latent):
    found = pipeline.read_latent(latent)
    one, other = list(preset_poses().values())[:2]
    assert not np.array_equal(pipeline.draw(found, one), pipeline.draw(found, other))
    assert np.array_equal(pipeline.draw(found, one), pipeline.draw(pipeline.latent_of(latent), one))


def test_a_latent_of_other_weights_or_something_else_is_refused(pipeline, latent, tmp_path):
    found = pipeline.read_latent(latent)
    other = tmp_path / "other.safetensors"
    other.write_bytes(Latent(found.ws, found.pose, NAME, "0123456789ab").to_bytes())
    with pytest.raises(InputError, match="belongs to other weights of tryongan"):
        pipeline.read_latent(other)
    other.write_bytes(Latent(found.ws[:, 1:], found.pose, NAME, pipeline.revision).to_bytes())
    with pytest.raises(InputError, match="belongs to other weights"):
        pipeline.read_latent(other)
    other.write_bytes(b"no latent")
    with pytest.raises(InputError, match="Cannot read 'other.safetensors'"):
        pipeline.read_latent(other)
    with pytest.raises(InputError, match="Cannot read 'nothing.safetensors'"):
        pipeline.read_latent(tmp_path / "nothing.safetensors")


def test_a_grid_has_a_row_per_style_and_a_column_per_pose(photos, latent, tmp_path, capsys):
    command = ["grid", "--style", str(latent), photos[1], "--pose", "relaxed", photos[1], "walk-left"]
    assert main([*command, "--out", str(tmp_path / "grid.png")]) == 0
    assert main([*command, "--garment", photos[1], "--only", "top", "--out", str(tmp_path / "mixed.png")]) == 0
    plain, mixed = (np.array(Image.open(tmp_path / name)) for name in ("grid.png", "mixed.png"))
    assert plain.shape == mixed.shape and plain.shape[0] > 3 * 64 and plain.shape[1] > 3 * 48
    half = plain.shape[0] * 2 // 3
    assert (plain[half // 2 : half] != mixed[half // 2 : half]).any()  # the first person in the second's top
    assert main([*command, "--only", "top", "--out", str(tmp_path / "grid.png")]) == 2
    assert "--garment and --only belong together" in capsys.readouterr().err


def test_what_each_loss_is_worth_is_one_command(photos, tmp_path, capsys):
    report = tmp_path / "report.json"
    command = ["leave-out", "--person", photos[0], "--garment", photos[1], "--out", str(tmp_path / "sheet.png")]
    assert main([*command, "--report", str(report)]) == 0
    table = json.loads(report.read_text())
    variants = ["unedited", "swap", "all losses", "without localisation", "without garment", "without identity"]
    said = capsys.readouterr().out
    assert list(table) == variants and all(name in said for name in variants)
    assert table["unedited"]["identity"] == 0 and table["swap"]["garment"] < 1e-6
    assert table["without localisation"]["localisation"] > table["all losses"]["localisation"]


def test_a_copy_without_weights_says_so(photos, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("vton.hub.checkpoints.BUNDLED_ROOT", tmp_path)
    with pytest.raises(InputError, match="The weights of TryOnGAN are not here"):
        FittingRoom(Turns()).try_on(*photos, "top", NAME)
    with pytest.raises(InputError, match="The weights of TryOnGAN are not here"):
        next(FittingRoom(Turns()).watch(*photos, "top", NAME))
    parts = {part["props"].get("elem_id") for part in build_app().get_config_file()["components"]}
    assert "poses-button" not in parts
