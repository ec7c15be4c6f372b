"""The whole way in a real browser: upload, pose, generate, mix, download, restore."""

import re

import pytest

from vton.provenance import read_recipe

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect


def upload(page, slot, path):
    page.locator(f"#tile-{slot} input[type=file]").set_input_files(path)
    expect(page.locator(f"#tile-{slot} img[src*='.article.webp']")).to_be_visible()


def clear(page):
    page.get_by_role("tab", name="Create").click()  # a reload opens the tab that the address names
    page.locator("#clear-outfit").click()
    expect(page.locator("#outfit-status")).to_contain_text("add at least one")


def save(page, button, path):
    with page.expect_download() as download:
        page.locator(button).click()
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(".png")
    return path


def choose_file(page, button, path):
    with page.expect_file_chooser() as chooser:
        page.locator(button).click()
    chooser.value.set_files(path)


def replace(page, slot, path):
    """Chooses another photo by the icon of a filled tile, and waits for its cut-out."""
    before = page.locator(f"#tile-{slot} img").get_attribute("src")
    choose_file(page, f"#tile-{slot} button[aria-label$='choose a photo']", path)
    expect(page.locator(f"#tile-{slot} img[src*='.article.webp']:not([src='{before}'])")).to_be_visible()


def choose_seed(page, seed):
    page.locator("#fine-tuning button").first.click()
    page.locator("#seed input").fill(str(seed))


def strength_by_keyboard(page):
    """An arrow key moves the slider of Mix, and the preview follows."""
    shown = page.locator("#mix-image img")
    before = shown.get_attribute("src")
    page.locator("#strength input[type=range]").press("ArrowLeft")
    expect(shown).not_to_have_attribute("src", before)


def result_source(page):
    return page.locator("#result-gallery img[data-testid=detailed-image]").get_attribute("src")


def test_upload_pose_generate_mix_download_restore(page, photo, tmp_path):
    clear(page)
    upload(page, "top", photo("red", "#b03030"))
    upload(page, "bottom", photo("blue", "#3050a0"))
    expect(page.locator("#outfit-status")).to_contain_text("2 of 6 articles")
    page.locator("#pose-gallery").get_by_role("button", name="Hands on hips").click()
    expect(page.locator("#pose-name")).to_contain_text("Hands on hips")
    choose_seed(page, 41)
    page.locator("#count").get_by_label("2").check()
    page.locator("#generate").click()
    expect(page.locator("#result-gallery")).to_contain_text("seed 41")
    expect(page.locator("#speed")).to_contain_text(re.compile(r"[\d.]+ s for 2 pictures"))
    first = result_source(page)
    page.locator("#result-gallery .thumbnails button").nth(1).click()
    expect(page.locator("#result-gallery caption")).to_contain_text("seed 42")
    assert result_source(page) != first

    for _ in range(40):  # the button follows the choice by way of the server
        png = save(page, "#download", tmp_path / "made.png")
        recipe = read_recipe(png)
        if recipe.seed == 42:
            break
        page.wait_for_timeout(250)
    assert (recipe.seed, recipe.pose_name, set(recipe.articles)) == (42, "hips-both", {"top", "bottom"})
    page.locator("#who").get_by_label("Same person").check()
    expect(page.locator("#seed input")).to_have_value("42")

    page.get_by_role("tab", name="Mix").click()
    expect(page.locator("#source-gallery .thumbnail-item").nth(0)).to_contain_text("seed 41")
    expect(page.locator("#target-gallery .thumbnail-item").nth(1)).to_contain_text("seed 42")
    page.locator("#source-gallery .thumbnail-item").nth(0).click()
    page.locator("#target-gallery .thumbnail-item").nth(1).click()
    page.locator("#transfer").get_by_label("Pose").check()
    expect(page.locator("#layer-text")).to_contain_text("Layers 1-3")
    page.locator("#mix-button").click()
    expect(page.locator("#source-gallery")).to_contain_text("mix, pose 1")
    mix = read_recipe(save(page, "#mix-download", tmp_path / "mix.png")).mix
    assert (mix["transfer"], mix["source"]["seed"], mix["target"]["seed"]) == ("pose", 41, 42)

    strength_by_keyboard(page)
    page.locator("#transfer").get_by_label("Colour").check()
    expect(page.locator("#layer-text")).not_to_contain_text("Layers 1-3")
    choose_file(page, "#mix-add", tmp_path / "mix.png")
    expect(page.locator("#layer-text")).to_contain_text("Layers 1-3")
    expect(page.locator("#transfer").get_by_label("Pose")).to_be_checked()

    page.reload()
    clear(page)
    choose_file(page, "#restore", png)
    expect(page.locator("#who").get_by_label("Same person")).to_be_checked()
    expect(page.locator("#pose-name")).to_contain_text("Hands on hips")
    expect(page.locator("#outfit-status")).to_contain_text("2 of 6 articles")
    for slot in ("top", "bottom"):
        expect(page.locator(f"#tile-{slot} img")).to_be_visible()
    before = result_source(page)
    page.locator("#generate").click()
    image = page.locator("#result-gallery img[data-testid=detailed-image]")
    expect(image).not_to_have_attribute("src", before)
    again = save(page, "#download", tmp_path / "again.png")
    assert again.read_bytes() == png.read_bytes()


def test_how_it_is_worn_is_chosen_and_comes_back_with_the_picture(page, photo, tmp_path):
    clear(page)
    upload(page, "top", photo("red", "#b03030"))
    page.locator("#how-worn button").first.click()
    page.locator("#worn-top input").click()
    page.get_by_role("option", name="tucked in", exact=True).click()
    choose_seed(page, 43)
    page.locator("#generate").click()
    expect(page.locator("#result-gallery")).to_contain_text("seed 43")
    png = save(page, "#download", tmp_path / "made.png")
    assert read_recipe(png).wear == {"top": "in", "sleeves": "down"}
    page.reload()
    page.locator("#how-worn button").first.click()
    expect(page.locator("#worn-top input")).to_have_value("as it suits")
    choose_file(page, "#restore", str(png))
    expect(page.locator("#worn-top input")).to_have_value("tucked in")


def test_dress_sets_top_and_bottom_aside_and_loses_nothing(page, photo):
    replace(page, "top", photo("green", "#207040"))  # in place of the look's own
    clear(page)
    choose_file(page, "#tile-top button[aria-label$='choose a photo']", photo("blue", "#3050a0"))
    expect(page.locator("#tile-top img[src*='.article.webp']")).to_be_visible()
    replace(page, "top", photo("red", "#b03030"))
    choose_file(page, "#tile-top button[aria-label$='choose a photo']", [])  # nothing is chosen: the photo stays
    upload(page, "dress", photo("green", "#207040"))
    expect(page.locator("#outfit-status")).to_contain_text("replaces top and bottom")
    expect(page.locator("#tile-top")).to_contain_text("aside")
    page.locator("#wear").get_by_label("Top and bottom").check()
    expect(page.locator("#tile-dress")).to_contain_text("aside")
    expect(page.locator("#tile-top img")).to_be_visible()
    page.locator("#tile-top button[aria-label$='remove photo']").click()
    expect(page.locator("#outfit-status")).to_contain_text("1 of 6 articles")
    expect(page.locator("#tile-dress")).not_to_contain_text("aside")
    expect(page.locator("#tile-top img")).to_have_count(0)


def test_garbage_upload_is_refused_in_words_and_the_rest_stays(page, photo, tmp_path):
    clear(page)
    upload(page, "top", photo("red", "#b03030"))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture at all" * 20)
    page.locator("#tile-shoes input[type=file]").set_input_files(broken)
    expect(page.locator(".said p")).to_contain_text("not an image")
    expect(page.locator("#tile-shoes img")).to_have_count(0)
    expect(page.locator("#outfit-status")).to_contain_text("1 of 6 articles")


def test_generate_without_articles_says_what_to_do(page):
    clear(page)
    page.locator("#generate").click()
    expect(page.locator(".said p")).to_contain_text("No article yet")


def test_keep_background_brings_the_photo_back(page, photo):
    clear(page)
    upload(page, "top", photo("red", "#b03030"))
    before = page.locator("#tile-top img").get_attribute("src")
    page.locator("#keep-background input").check()
    expect(page.locator("#tile-top img")).not_to_have_attribute("src", before)


def test_one_click_from_a_look_to_its_picture_and_one_more_to_a_new_person(page):
    clear(page)
    first = result_source(page)
    page.locator("#look-gallery .thumbnail-item").nth(1).click()
    expect(page.locator("#outfit-status")).to_contain_text("of 6 articles")
    image = page.locator("#result-gallery img[data-testid=detailed-image]")
    expect(image).not_to_have_attribute("src", first)
    look = result_source(page)
    seed = page.locator("#result-gallery caption").inner_text()
    page.locator("#generate").click()
    expect(image).not_to_have_attribute("src", look)
    expect(page.locator("#result-gallery caption")).not_to_have_text(seed)
    seed, drawn = page.locator("#result-gallery caption").inner_text(), result_source(page)
    page.locator("#who").get_by_label("Same person").check()
    page.wait_for_timeout(500)  # the seed comes from the server
    page.locator("#generate").click()
    expect(image).not_to_have_attribute("src", drawn)
    expect(page.locator("#result-gallery caption")).to_have_text(seed)
