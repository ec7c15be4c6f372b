"""axe-core in every tab, light and dark, on a laptop and a phone; and the way to Generate by keyboard."""

import re

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
TABS = ("Create", "Mix", "Lookbook", "Try-on", "Compare", "Verify", "About")
SEEN = {"runOnly": ["color-contrast", "target-size"], "resultTypes": ["violations"]}
"""What widths and colours can change; everything else is the same on a phone and in the dark."""
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
ALL = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"


def faults(page, options):
    """What axe-core finds: rule and element, each once."""
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def test_axe_finds_nothing_in_any_tab(page):
    page.add_style_tag(content=STILL)
    page.evaluate(Axe().axe_script)
    found = []
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for tab in TABS:
            page.get_by_role("tab", name=tab, exact=True).first.click()
            expect(page.get_by_role("tabpanel").first).to_be_visible()
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(150)  # names.js runs with the next frame
            for dark, options in ((False, SEEN if width < 1000 else ALL), (True, COLOURS)):
                page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
                found += [f"{tab} {width} {fault}" for fault in faults(page, options)]
    page.set_viewport_size({"width": 1440, "height": 900})
    assert not found


def test_axe_finds_nothing_in_code_of_the_settings(page):
    page.add_style_tag(content=STILL)
    page.evaluate(Axe().axe_script)
    page.locator("#create-snippets button").first.click()
    page.locator("#create-snippets-form").get_by_label("MCP").check()
    expect(page.locator("#create-snippets-note")).to_contain_text("dress")
    assert not faults(page, ALL)
    page.evaluate("document.body.classList.add('dark')")
    assert not faults(page, COLOURS)


def test_the_keyboard_reaches_generate_soon_and_every_slot_has_a_name(page):
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#generate")).to_be_focused()
    for slot in ("Top", "Shoes"):
        button = page.get_by_role("button", name=f"{slot}, ")
        assert button.count() and page.get_by_role("button", name="Remove Image").count() == 0
    expect(page.locator("#result-gallery img[data-testid=detailed-image]")).to_have_attribute(
        "alt", re.compile("model in .*shoes")
    )
