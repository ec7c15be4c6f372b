"""The page in other languages than English, in a real browser: words, messages, names, and the list in the header."""

import re

import pytest

from vton.ui.texts import NAMES, say, speaking

expect = pytest.importorskip("playwright.sync_api").expect
ROMAN = re.compile(r"[A-Za-z]{4,}")
EMPTY = {
    "de": "Noch kein Kleidungsstück: bitte mindestens ein Foto hinzufügen.",
    "ja": "まだ服がありません。写真を 1 枚以上追加してください。",
}
SPEED = {"de": re.compile("Das erste Bild|Etwa"), "ja": re.compile("最初の画像|この環境では")}
UNREADABLE = {"de": "kein lesbares Bild", "ja": "読み取れる画像では"}
LAPTOP = {"viewport": {"width": 1440, "height": 900}}


def words(language):
    """``say`` in a language."""

    def spoken(key, **holes):
        with speaking(language):
            return say(key, **holes)

    return spoken


@pytest.mark.parametrize("language", ["de", "ja"])
def test_tabs_buttons_lines_and_messages_are_in_the_visitors_language(visit, language, photo, tmp_path):
    said = words(language)
    with visit(locale=language, **LAPTOP) as page:
        expect(page.locator("html")).to_have_attribute("lang", language)
        for tab in ("create", "try-on", "about"):
            expect(page.get_by_role("tab", name=said(f"tabs.{tab}"), exact=True).first).to_be_visible()
        expect(page.get_by_role("button", name=said("result.generate"), exact=True)).to_be_visible()
        expect(page.locator("#speed")).to_contain_text(SPEED[language])
        page.locator("#clear-outfit").click()
        expect(page.locator("#outfit-status")).to_have_text(said("outfit.empty"))
        page.locator("#generate").click()
        expect(page.locator(".said p").first).to_have_text(EMPTY[language])
        broken = tmp_path / "broken.png"
        broken.write_bytes(b"no picture at all" * 20)
        page.locator("#tile-shoes input[type=file]").set_input_files(broken)
        expect(page.locator(".said p").first).to_contain_text(UNREADABLE[language])
        page.locator("#tile-top input[type=file]").set_input_files(photo("red", "#b03030"))
        expect(page.locator("#outfit-status")).to_have_text(said("outfit.count", count=1, of=6))
        page.locator("#pose-gallery").get_by_role("button", name=said("poses.hips-both")).click()
        expect(page.locator("#pose-name")).to_contain_text(said("poses.hips-both"))
        page.locator("#pose-tabs").get_by_role("tab", name=said("pose.edit"), exact=True).click()
        joint = page.locator("#pose-editor [data-joint=left_wrist]")
        expect(joint).to_have_attribute("aria-label", re.compile(said("joint.left_wrist")))
        expect(page.get_by_role("button", name=said("names.remove-photo", tile=said("slot.top")))).to_be_visible()


def test_no_english_is_left_on_the_japanese_page(visit):
    known = {"Outfit", "Studio", "Apache", "JSON", "OpenPose", "VITON", "TryOnGAN", "ACGPN", "Looks"}
    with visit("?lang=ja", **LAPTOP) as page:
        for tab in ("create", "mix", "lookbook", "verify"):
            page.locator(f"#tab-{tab}-button").first.click()
            page.wait_for_timeout(500)
            text = page.locator(".gradio-container").inner_text()
            names = page.evaluate(
                "[...document.querySelectorAll('.gradio-container [aria-label], .gradio-container [title]')]"
                ".filter(e => e.getClientRects().length).map(e => `${e.ariaLabel ?? ''} ${e.title}`).join('\\n')"
            )
            left = set(ROMAN.findall(f"{text}\n{names}")) - known - set(ROMAN.findall(" ".join(NAMES.values())))
            assert left <= {"processing"}, tab  # Gradio's word beside the seconds


def test_the_list_in_the_header_changes_the_language_and_the_browser_remembers_it(visit, address):
    with visit("?lang=fr#verify", until="#language", **LAPTOP) as page:
        said = words("fr")
        expect(page.get_by_role("tab", name=said("tabs.verify"), exact=True)).to_have_attribute("aria-selected", "true")
        chooser = page.get_by_role("combobox", name=said("page.language"))
        expect(chooser).to_have_value("fr")
        assert chooser.locator("option").all_inner_texts() == list(NAMES.values())
        chooser.focus()
        page.keyboard.press("ArrowDown")  # chooses, and does not leave the page yet
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.get_by_role("tab", name=words("es")("tabs.verify"), exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
        assert "lang=" not in page.url
        page.goto(address)
        expect(page.locator("#generate")).to_have_text(words("es")("result.generate"))
        page.goto(f"{address}?__lang=zh")
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        page.locator("#language").select_option("en")
        expect(page.locator("#generate")).to_have_text("Generate")
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_language_that_the_page_does_not_speak_is_english(visit):
    with visit(locale="pt-BR", **LAPTOP) as page:
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#generate")).to_have_text("Generate")


@pytest.mark.parametrize("language", [one for one in NAMES if one != "en"])
def test_every_tab_fits_a_phone(visit, language):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with visit(f"?lang={language}", **options) as page:
        expect(page.locator("#tab-about-button").first).to_be_in_viewport()
        for tab, button in (("create", "#generate"), ("mix", "#mix-button"), ("lookbook", "#book-button"),
                            ("compare", "#compare-button")):  # fmt: skip
            page.locator(f"#tab-{tab}-button").first.click()
            expect(page.locator(button)).to_be_in_viewport(ratio=1)
            wide = page.locator(button).evaluate("e => e.scrollWidth > e.clientWidth")
            assert not wide and page.evaluate("document.documentElement.scrollWidth") <= 390
