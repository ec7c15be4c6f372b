"""Nothing is lost: reload, links, dropped pictures, tabs in the address; and Generate waits for photos on their way."""

import base64
import json
import time

import pytest

from vton.provenance import read_recipe
from vton.schema import InputError
from vton.ui.engine import Engine
from vton.ui.looks import FOLDER
from vton.ui.panels.link import link_of, read_link
from vton.ui.studio import Studio

expect = pytest.importorskip("playwright.sync_api").expect
LOOKS = sorted(FOLDER.glob("*/result.png"))
DROP = """([selector, name, content]) => {
    const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0)), files = new DataTransfer();
    files.items.add(new File([bytes], name, { type: "image/png" }));
    const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files });
    document.querySelector(selector).dispatchEvent(drop);
    return drop.defaultPrevented;
}"""


def caption(page):
    return page.locator("#result-gallery caption")


def content(path):
    return base64.b64encode(path.read_bytes()).decode()


def test_reload_link_and_drop_bring_the_look_back(visitor, address):
    page = visitor
    first = caption(page).inner_text()
    page.wait_for_timeout(1000)  # restoring.js knows what was there at first
    page.locator("#look-gallery .thumbnail-item").nth(2).click()
    expect(caption(page)).not_to_have_text(first)
    look = caption(page).inner_text()
    page.wait_for_function("localStorage.getItem('outfit-studio-picture') !== null")
    page.reload()
    expect(caption(page)).to_have_text(look)
    expect(page.locator("#who").get_by_label("New person")).to_be_checked()
    page.locator("#copy-link").click()
    expect(page.locator("#result-column .said p")).to_have_text("The link is copied.")
    link = page.url
    assert page.evaluate(DROP, ["footer", "any.png", content(LOOKS[-1])]), "the browser would leave the page"
    expect(page.locator("#outfit-status")).to_contain_text("4 of 6 articles")
    expect(caption(page)).not_to_have_text(look)
    page.locator("#clear-outfit").click()
    page.wait_for_function("localStorage.getItem('outfit-studio-picture') === null")
    page.goto(address + "#about")
    expect(page.get_by_role("tab", name="About")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Verify").click()
    page.go_back()
    expect(page.get_by_role("tab", name="About")).to_have_attribute("aria-selected", "true")
    page.goto("about:blank")
    page.goto(link)
    expect(caption(page)).to_have_text(look)


def test_generate_waits_for_a_photo_on_its_way(page, photo):
    page.locator("#clear-outfit").click()
    expect(page.locator("#outfit-status")).to_contain_text("add at least one")
    page.route("**/gradio_api/upload?*", lambda route: (time.sleep(1), route.continue_()))
    before = caption(page).inner_text()
    page.locator("#add-photos input[type=file]").set_input_files(photo("red", "#b03030"))
    page.locator("#generate").click()
    expect(caption(page)).not_to_have_text(before)
    assert "model in" in caption(page).inner_text() and page.locator(".said p", has_text="No article").count() == 0


def test_a_link_says_what_it_lacks_and_garbage_is_refused_in_words():
    studio = Studio(Engine())
    recipe = read_recipe(LOOKS[0])
    text, lacking = link_of(recipe, studio)
    link = read_link(text, studio)
    assert not lacking and not link.lacking and (link.seed, link.psi) == (recipe.seed, recipe.psi)
    assert {slot: one.digest for slot, one in link.articles.items()} == {
        slot: one.digest for slot, one in recipe.outfit().items()
    }
    values = json.loads(base64.urlsafe_b64decode(text + "=="))
    own = encoded(values | {"articles": values["articles"] | {"top": "0123456789abcdef"}})
    assert read_link(own, studio).lacking == ["top"]
    changes = ({"seed": -1}, {"seed": "1"}, {"psi": float("nan")}, {"articles": []}, {"articles": {"cape": "x"}},
               {"pose": "flying"}, {"wear": {"top": "sideways"}}, {"pose": 3})  # fmt: skip
    for bad in ["", "a", "<b>", "x" * 9000, encoded([]), *(encoded(values | change) for change in changes)]:
        with pytest.raises(InputError):
            read_link(bad, studio)


def encoded(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
