"""Markup in recipes, file names and arguments is shown as text: no element, no request, in a real browser."""

import ast
import json
import re
import tempfile
from pathlib import Path

import pytest
from gradio.utils import get_upload_folder
from PIL import Image, PngImagePlugin

import vton.ui
from vton.provenance import RECIPE_KEY
from vton.schema import quoted
from vton.ui.looks import FOLDER
from vton.ui.widgets import RefusedInput, escaped, hint

EVIL = "<img data-evil src=//evil.invalid/x>"
EVIL_NAME = "<img data-evil src=evil>"  # a file's name has no slash
MARKUP = ["<script>alert(1)</script>", "<a href=//evil.invalid>log in</a>", "<form action=//evil.invalid>", "</p><b>"]


def poisoned(folder, name, change):
    """A PNG like those that this program writes, with a changed recipe."""
    with Image.open(next(FOLDER.glob("1-*/result.png"))) as image:
        recipe, picture = json.loads(image.info[RECIPE_KEY]), image.convert("RGB")
    info = PngImagePlugin.PngInfo()
    info.add_text(RECIPE_KEY, json.dumps(change(recipe)))
    picture.save(folder / f"{name}.png", pnginfo=info)
    return str(folder / f"{name}.png")


@pytest.fixture
def watched(page):
    """The page; anything that markup could do on it is noted, and must not have happened."""
    done = []
    page.on("request", lambda request: done.append(request.url) if request.url.endswith(("/x", "/evil")) else None)
    page.on("dialog", lambda dialog: (done.append(dialog.message), dialog.dismiss()))
    yield page
    assert not done and page.locator("[data-evil]").count() == 0


def choose(page, button, path):
    with page.expect_file_chooser() as chooser:
        page.locator(button).click()
    chooser.value.set_files(path)


def told(page, text):
    toast = page.locator(".said p", has_text=text).first
    toast.wait_for()
    assert page.locator("[data-evil]").count() == 0


def test_recipes(watched, tmp_path):
    page = watched
    system = poisoned(tmp_path, "system", lambda recipe: {**recipe, "system": EVIL})
    slot = poisoned(tmp_path, "slot", lambda recipe: {**recipe, "articles": {EVIL: ""}})
    version = poisoned(tmp_path, "version", lambda recipe: {**recipe, "version": EVIL})
    names = {"seed": 77, "checkpoint": EVIL, "revision": EVIL, "pose_name": EVIL}
    named = poisoned(tmp_path, "named", lambda recipe: {**recipe, **names})
    mix = poisoned(
        tmp_path, "mix",
        lambda recipe: {**recipe, "mix": {"source": recipe, "target": recipe, "transfer": EVIL, "strength": 0.5}},
    )  # fmt: skip
    choose(page, "#restore", named)
    page.locator("#result-gallery", has_text="seed 77").wait_for()
    choose(page, "#restore", mix)
    told(page, "This picture is a mix")
    page.locator("#result-gallery", has_text="mix, <img data-evil").first.wait_for()
    choose(page, "#restore", slot)
    told(page, "Unknown slot '<img data-evil")
    choose(page, "#restore", version)
    told(page, "This recipe has version <img data-evil")
    page.get_by_role("tab", name="Mix").click()
    page.locator("#layer-text", has_text="Layer").wait_for()
    choose(page, "#mix-add", mix)
    told(page, "Transfer must be colour, pose or a range")
    choose(page, "#mix-add", system)
    page.locator("#source-gallery .thumbnail-item").nth(1).wait_for()
    page.locator("#source-gallery .thumbnail-item").first.click()
    told(page, "This recipe belongs to <img data-evil")


def test_file_names(watched, photo, tmp_path):
    page = watched
    Path(get_upload_folder()).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=get_upload_folder()) as folder:
        broken, text = Path(folder) / f"{EVIL_NAME}.png", Path(folder) / f"{EVIL_NAME}.json"
        broken.write_bytes(b"no picture" * 9)
        text.write_bytes(b"\xff\xfe\x00")
        # Gradio takes < and > out of names; this server's answer to an upload is a file that has them all the same.
        page.route(re.compile(r"/gradio_api/upload($|\?)"), lambda route: route.fulfill(
            json=[str(text if "mine.json" in route.request.post_data else broken)]
        ))  # fmt: skip
        mine = tmp_path / "mine.png"
        mine.write_bytes(b"a picture")
        for box in ("#tile-top", "#add-photos"):
            page.locator(f"{box} input[type=file]").set_input_files(mine)
            told(page, f"{EVIL_NAME}.png is not an image")
        choose(page, "#restore", mine)
        told(page, f"{EVIL_NAME}.png is not an image")
        page.get_by_role("tab", name="From photo").click()
        page.locator("#pose-photo input[type=file]").set_input_files(mine)
        page.locator("#pose-photo-result", has_text=f"{EVIL_NAME}.png is not an image").wait_for()
        page.get_by_role("tab", name="JSON").click()
        (tmp_path / "mine.json").write_text("json")
        choose(page, "#pose-json-load", tmp_path / "mine.json")
        told(page, f"{EVIL_NAME}.json is not a text file")
        for tab, box in (("Mix", "#mix-add"), ("Lookbook", "#book-photos"), ("Try-on", "#tryon-garment")):
            page.get_by_role("tab", name=tab, exact=True).click()
            if box == "#mix-add":
                choose(page, box, mine)
                told(page, f"{EVIL_NAME}.png is not an image")
                continue
            if box == "#tryon-garment":
                page.locator("#tryon-system input").click()
                page.get_by_role("option", name=re.compile("^MA-VTON")).click()
            if page.locator(box).get_by_label("remove photo").count():
                page.locator(box).get_by_label("remove photo").click()
            page.locator(f"{box} input[type=file]").set_input_files(mine)
            where = ".said p" if box == "#book-photos" else "#tryon-garment-note"
            page.locator(where, has_text=f"{EVIL_NAME}.png is not an image").first.wait_for()


def test_text_becomes_html_in_one_place():
    for markup in [*MARKUP, EVIL]:
        shown = markup.replace("<", "&lt;").replace(">", "&gt;")
        assert escaped(markup) == shown and RefusedInput(markup).message == f"{shown}."
        assert hint(markup, markup) == f"<p class='hint' role='status'><b>{shown}</b> {shown}</p>"
    assert escaped("it's \"so\" & <so>") == "it's \"so\" &amp; &lt;so&gt;"
    assert escaped("two\nlines\x00\ud83d\u202e") == "two lines"


def test_what_users_gave_is_cut():
    assert quoted("short.png") == "short.png" and quoted("a\nb\x1b") == "a b"
    assert len(quoted("x" * 900 + ".png")) == 40 and quoted("x" * 900 + ".png").endswith(".png")


def test_only_one_file_of_the_page_speaks_to_the_browser():
    """gr.Error, gr.Warning and gr.Info show HTML: they are called where text is escaped, and html.escape only there."""
    for file in Path(vton.ui.__file__).parent.rglob("*.py"):
        nodes = ast.walk(ast.parse(file.read_text("utf-8")))
        called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        loud = called & {"gr.Error", "gr.Warning", "gr.Info", "html.escape"}
        own = {"widgets.py": loud, "page.py": {"gr.Error"}}  # the latter says one fixed sentence
        assert loud <= own.get(file.name, set()), file.name
