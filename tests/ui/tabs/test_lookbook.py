"""The Lookbook tab in a real browser: articles in turn, poses, the sheet, the archive, and what is refused."""

import zipfile

import pytest
from PIL import Image

from vton.provenance import read_recipe

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect


def open_tab(page):
    page.get_by_role("tab", name="Lookbook").click()
    expect(page.locator("#book-outfit")).to_contain_text("Worn from Create")


def test_two_articles_in_three_poses_and_what_is_refused(page, photo, tmp_path):
    open_tab(page)
    files = [photo("plum", "#703060"), photo("sand", "#c0a070")]
    page.locator("#book-photos input[type=file]").set_input_files(files)
    expect(page.locator("#book-articles .thumbnail-item")).to_have_count(2)
    page.locator("#book-articles .thumbnail-item").nth(1).click()
    page.locator("#book-kind input").click()
    page.get_by_role("option", name="Outerwear").click()
    expect(page.locator("#book-articles .thumbnail-item").nth(1)).to_contain_text("Outerwear")
    page.locator("#book-seed input").fill("12")
    page.locator("#book-button").click()
    expect(page.locator("#book-sheet img")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#book-download").click()
    download.value.save_as(tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        pictures = sorted(name for name in archive.namelist() if name.startswith("look"))
        recipes = [read_recipe(archive.read(name)) for name in pictures]
    assert len(recipes) == 6 and {recipe.seed for recipe in recipes} == {12}
    assert len({recipe.pose_name for recipe in recipes}) == 3
    assert "outer" in recipes[-1].articles
    page.locator("#book-remove").click()
    expect(page.locator("#book-articles .thumbnail-item")).to_have_count(1)
    page.locator("#book-clear").click()
    expect(page.locator("#book-articles")).to_be_hidden()

    Image.new("RGB", (200, 200), "#88a0c0").save(tmp_path / "sky.png")
    page.locator("#book-photos input[type=file]").set_input_files(str(tmp_path / "sky.png"))
    expect(page.locator(".said p").first).to_contain_text("sky.png")
    expect(page.locator("#book-articles")).to_be_hidden()
    page.get_by_role("tab", name="Create").click()
    page.locator("#clear-outfit").click()
    expect(page.locator("#outfit-status")).to_contain_text("add at least one")
    page.get_by_role("tab", name="Lookbook").click()
    expect(page.locator("#book-outfit")).to_contain_text("Nothing is worn")
    page.locator("#book-button").click()
    expect(page.locator(".said p", has_text="No article yet")).to_be_visible()
