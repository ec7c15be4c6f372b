"""Try-on and Compare in the page and by endpoint, on colour-reading estimators and tiny networks."""

import re
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from drawn.dressed_photo import save_dressed, save_garment
from gradio_client import handle_file
from gradio_client.exceptions import AppError
from PIL import Image
from tiny.colour_networks import figure
from tiny.tryon import as_bundled, save_networks

from vton.provenance import watermarked
from vton.schema import TRY_ONS, InputError, TryOnOrigin
from vton.systems import get_pipeline, systems
from vton.ui.engine import Engine
from vton.ui.fitting import FittingRoom
from vton.ui.panels.tryon_photos import Examples
from vton.ui.studio import Studio
from vton.ui.tabs.compare import CompareTab
from vton.ui.tabs.tryon import TryOnTab

COUNT = len(systems(*TRY_ONS))


@pytest.fixture(scope="module", autouse=True)
def networks(demo, tmp_path_factory):
    """Tiny estimators, for which everything is a top, and two try-on systems as the bundled weights.

    The page is built before: it offers the systems whose weights are here then.
    """
    with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "top", ("cp-vton", "ma-vton"))):
        yield


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Paths of a person's photo and a garment's."""
    folder = tmp_path_factory.mktemp("photos")
    person = save_dressed(folder / "person.png", figure(420, 110, 40, (512, 400)))
    return person, save_garment(folder / "garment.png")


def given(photos):
    return {"person": handle_file(photos[0]), "garment": handle_file(photos[1])}


def test_endpoint_tryon(client, photos):
    png, facts = client.predict(**given(photos), system="cp-vton", api_name="/tryon")
    result, before = get_pipeline("cp-vton")(*photos), np.array(Image.open(photos[0]))
    moved = (before != result.image_u8).any(axis=2)
    assert result.image_u8.shape == before.shape and moved.any() and not moved[400:].any()
    with Image.open(png) as image:
        assert np.array_equal(np.array(image), watermarked(result.pixels_u8, result.recipe))
        recipe = TryOnOrigin.from_json(image.info["vton"])
    assert (recipe.system, recipe.slot, facts["slot"], facts["system"]) == ("cp-vton", "top", "top", "cp-vton")
    best, facts = client.predict(**given(photos), slot="outer", background="plain", api_name="/tryon")
    assert facts["system"] == "ma-vton" and facts["slot"] == "outer"
    assert np.array(Image.open(best))[:9, :9].min() > 220


def test_endpoint_compare(client, photos):
    files, facts = client.predict(**given(photos), api_name="/compare")
    assert len(files) == 2 and len(facts) == COUNT
    by_system = {fact["system"]: fact for fact in facts}
    assert by_system["cp-vton"]["parameters"] > 1000 and by_system["ma-vton"]["licence"] == "Apache-2.0"
    assert "not here" in by_system["viton"]["problem"] and "not here" in by_system["acgpn"]["problem"]
    with pytest.raises(AppError, match="'dalle' is no try-on system: choose from viton"):
        client.predict(**given(photos), systems="cp-vton, dalle", api_name="/compare")


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"person": None}, "No person yet"), ({"garment": None}, "No garment yet"), ({"slot": "cape"}, "Unknown slot"),
     ({"system": "viton"}, "VITON are not here: choose"), ({"system": "dalle"}, "Unknown system"),
     ({"background": "beach"}, "background")],
)  # fmt: skip
def test_bad_requests_get_one_clear_sentence(client, photos, changes, says):
    with pytest.raises(AppError) as error:
        client.predict(**{**given(photos), "system": "cp-vton", **changes}, api_name="/tryon")
    message = str(error.value)
    assert says in message and message.endswith(".") and "Traceback" not in message and "/tmp" not in message


def test_examples_of_persons_are_found_in_their_folder(tmp_path):
    studio = Studio(Engine())
    assert Examples.of(studio, tmp_path).first() == (None, (None, "auto"))
    Image.new("RGB", (30, 40), "red").save(tmp_path / "one.webp")
    examples = Examples.of(studio, tmp_path)
    person, (garment, slot) = examples.first()
    assert Path(person).is_file() and Path(garment).is_file() and slot in ("top", "outer", "bottom", "dress")


def test_the_system_for_outfits_is_offered_first_once_its_weights_are_here(tmp_path, photos):
    saved = save_networks(tmp_path, "top", ("cp-vton", "outfit-tryon"))
    with as_bundled(saved):
        studio = Studio(Engine())
        with gr.Blocks() as blocks, gr.Tab() as tab:
            tryon = TryOnTab(studio, FittingRoom(studio.engine.turns), tab)
            compare = CompareTab(studio, tryon.room, tryon, tab)
        assert tryon.system.value == "outfit-tryon" and list(compare.images) == ["cp-vton", "outfit-tryon"]
        assert tryon.several.visible and not tryon.one.visible and len(tryon.outfit.tiles) == 6
        tiles = [photos[1], *[None] * 5]
        with blocks:
            outfit = [{"top": photos[1]}, *tiles, None]
            ((_, after), line, *_), = tryon._tryon_event(photos[0], None, "auto", False, "outfit-tryon", *outfit)
            assert Path(after).is_file() and "Top" in line and "Outfit Try-on" in line
            with pytest.raises(InputError, match="No garment yet"):
                next(tryon._tryon_event(photos[0], photos[1], "auto", False, "outfit-tryon", {}, *[None] * 7))


def test_try_on_and_compare_in_the_page(page, photos, landscape, tmp_path):
    expect = pytest.importorskip("playwright.sync_api").expect
    page.get_by_role("tab", name="Try-on").click()
    page.locator("#tryon-system input").click()
    page.get_by_role("option", name=re.compile("^CP-VTON")).click()
    for name in ("person", "garment"):
        if page.locator(f"#tryon-{name} img").count():
            page.locator(f"#tryon-{name}").get_by_label("remove photo").click()
    page.locator("#tryon-button").click()
    expect(page.locator(".said p").last).to_contain_text("No person yet")
    page.locator("#tryon-person input[type=file]").set_input_files(photos[0])
    expect(page.locator("#tryon-outlook")).to_contain_text("Forecast: ")
    page.locator("#tryon-person").get_by_label("remove photo").click()
    expect(page.locator("#tryon-outlook p")).to_have_count(0)
    page.locator("#tryon-person input[type=file]").set_input_files(photos[0])
    page.locator("#tryon-garment input[type=file]").set_input_files(photos[1])
    expect(page.locator("#tryon-garment-note")).to_contain_text("Looks like: Top")
    page.locator("#tryon-button").click()
    expect(page.locator("#tryon-line")).to_contain_text("Top by CP-VTON in")
    expect(page.locator("#tryon-slider img").first).to_be_visible()
    with page.expect_download() as download:
        page.locator("#tryon-download").click()
    download.value.save_as(tmp_path / "made.png")
    assert TryOnOrigin.from_json(Image.open(tmp_path / "made.png").info["vton"]).slot == "top"
    page.get_by_role("button", name="Steps").click()
    expect(page.locator("#tryon-steps")).to_contain_text("What may change")

    page.get_by_role("tab", name="Compare").click()
    expect(page.locator("#compare-person img")).to_be_visible()
    page.locator("#compare-button").click()
    cards = page.locator("#compare-cards .card").count()
    expect(page.locator("#compare-line")).to_contain_text(f"{cards} of {cards} done")
    expect(page.locator("#card-facts-cp-vton")).to_contain_text("Apache-2.0")
    expect(page.locator("#card-facts-viton")).to_contain_text("Weights are not here")
    page.locator("#compare-person").get_by_label("remove photo").click()
    page.locator("#compare-person input[type=file]").set_input_files(landscape)
    page.locator("#compare-button").click()
    expect(page.locator(".said p").last).to_contain_text("No person found")
    expect(page.locator("#card-facts-cp-vton")).to_contain_text("Apache-2.0")  # what was there stays

    page.get_by_role("tab", name="Create").click()
    with page.expect_file_chooser() as chooser:
        page.locator("#restore").click()
    chooser.value.set_files(tmp_path / "made.png")
    expect(page.locator(".said p").last).to_contain_text("This picture is a try-on")
