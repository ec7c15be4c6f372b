"""Code of the page's settings: a parser, Python, a shell and the served page understand it, and draw the same."""

import ast
import json
import shutil
import subprocess
import zipfile

import numpy as np
import pytest
from PIL import Image

from vton.cli import _parser, main
from vton.provenance import read_recipe
from vton.schema import SLOTS
from vton.systems import usual_tryon
from vton.ui.snippets import forms
from vton.ui.snippets.generation import Book, Drawing, Mixing
from vton.ui.snippets.photos import Checking, Comparing, Fitting

HOSTILE = """it's a "top" $(touch x) `y` \\ %s\n\u00e9.jpg"""
POSE = '{"people": [], "note": "it\'s \\"one\\" \\\\ $HOME"}'
WORN = {"top": HOSTILE, "shoes": "shoes.jpg"}
OTHER = "viton" if usual_tryon() != "viton" else "acgpn"
ALL = [
    Drawing({}), Drawing(WORN, HOSTILE, 0, 3, 0.65, {"top": "in", "accessory": "hat"}), Drawing(WORN, POSE, 7),
    Mixing(), Mixing("5-9", 0.35), Mixing(HOSTILE), Book({}),
    Book(WORN, (("bottom", "try-1.jpg"), ("dress", HOSTILE)), ("stand", HOSTILE), 7),
    Fitting(usual_tryon()), Fitting(OTHER, "dress", "plain"), Fitting("outfit-tryon", outfit=WORN),
    Fitting("outfit-tryon", "dress", outfit={"shoes": "shoes.jpg"}), Comparing((OTHER,)),
    Comparing((OTHER, "viton"), "top", "plain"), Checking(),
]  # fmt: skip
EACH = pytest.mark.parametrize("settings", ALL, ids=lambda one: f"{one.endpoint[1:]}-{ALL.index(one)}")
ADDRESS = 'http://it\'s "here"\n'
DRAWN = Drawing({"top": HOSTILE}, "hips-both", 41, psi=0.7, wear={"top": "in"})
WITHOUT_CURL = """curl() {
    for word; do case $word in "{"*) printf %s "$word" > body.json; esac; done
    echo '["/uploaded/photo"]'
}
"""


def words(settings):
    """What a shell hands to the program."""
    script = f"python() {{ printf '%s\\0' \"$@\"; }}\n{forms.command(settings)}"
    told = subprocess.run(["bash", "-c", script], check=True, capture_output=True, encoding="utf-8", timeout=60).stdout
    option, name, *argv = told.split("\0")[:-1]
    assert (option, name) == ("-m", "vton")
    return argv


def parsed(settings):
    """The options as the real parser reads them."""
    argv = words(settings)
    return vars(_parser(argv).parse_args(argv))


def pixels(file):
    with Image.open(file) as image:
        return np.array(image)


@pytest.fixture(scope="module")
def weights(make_checkpoint, tmp_path_factory):
    """Folder of weights like those of the served page."""
    return str(make_checkpoint(tmp_path_factory.mktemp("weights") / "tiny-outfit-gan", "outfit-gan", wear=True))


@pytest.fixture(scope="module")
def drawn(weights, photo, tmp_path_factory):
    """Folder with the photo of `DRAWN` and, as model.png, what its command draws."""
    folder = tmp_path_factory.mktemp("drawn")
    shutil.copy(photo("red", "#b03030"), folder / HOSTILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main([*words(DRAWN), "--checkpoint", weights]) == 0
    return folder


@EACH
def test_a_command_is_parsed(settings):
    assert parsed(settings)["verb"] == settings.endpoint[1:]


def test_a_command_says_what_is_set_and_nothing_else():
    told = parsed(ALL[1])
    assert [told[slot] for slot in SLOTS if told[slot]] == [HOSTILE, "shoes.jpg"]
    assert (told["pose"], told["seed"], told["count"], told["psi"]) == (HOSTILE, 0, 3, 0.65)
    assert told["wear"] == ["top=in", "accessory=hat"] and told["out"].endswith("/")
    assert parsed(ALL[2])["pose"] == "pose.json" and POSE not in forms.command(ALL[2])
    told = parsed(ALL[7])
    assert told["tried"] == ["bottom=try-1.jpg", f"dress={HOSTILE}"]
    assert (told["pose"], told["seed"]) == (["stand", HOSTILE], 7)
    told = parsed(ALL[9])
    assert (told["system"], told["slot"], told["background"]) == (OTHER, "dress", "plain")
    assert (parsed(ALL[10])["top"], parsed(ALL[10])["garment"]) == (HOSTILE, None)
    assert (parsed(ALL[4])["transfer"], parsed(ALL[4])["strength"]) == ("5-9", 0.35)
    assert forms.command(Drawing({"dress": "dress.jpg"}, seed=-1)) == (
        "python -m vton generate \\\n    --dress dress.jpg \\\n    --out model.png\n"
    )
    assert forms.command(Fitting(usual_tryon())).count("--") == 3, "person, garment, out"


def test_a_command_draws(drawn):
    recipe = read_recipe(drawn / "model.png")
    assert (recipe.seed, recipe.pose_name, recipe.psi, recipe.wear["top"]) == (41, "hips-both", 0.7, "in")
    assert list(recipe.articles) == ["top"]


@EACH
def test_python_is_valid(settings):
    ast.parse(settings.python())
    ast.parse(forms.client(settings, ADDRESS))


def test_python_draws_the_same(drawn, weights, photo, monkeypatch, capsys):
    monkeypatch.chdir(drawn)
    expected = pixels("model.png")

    def run(settings):
        code = settings.python()
        exec(code.replace("get_pipeline('outfit-gan')", f"get_pipeline('outfit-gan', {weights!r})"), {})

    run(DRAWN)
    assert np.array_equal(pixels("model.png"), expected)
    run(Drawing(DRAWN.articles, "stand", 3, 2))
    assert [read_recipe(f"model-{seed}.png").pose_name for seed in (3, 4)] == ["stand"] * 2
    shutil.copy("model-3.png", "source.png")
    shutil.copy("model.png", "target.png")
    run(Mixing("pose", 0.5))
    mix = read_recipe("mixed.png").mix or {}
    assert (mix["transfer"], mix["strength"]) == ("pose", 0.5)
    shutil.copy("mixed.png", "picture.png")
    capsys.readouterr()
    run(Checking())
    assert capsys.readouterr().out.startswith("made here")
    shutil.copy(photo("blue", "#3050a0"), "try-1.jpg")
    run(Book(DRAWN.articles, (("shoes", "try-1.jpg"),), ("stand", "wide"), 5))
    with zipfile.ZipFile("lookbook.zip") as archive:
        assert {"look01-stand-seed5.png", "look01-wide-seed5.png"} < set(archive.namelist())


@EACH
def test_requests_are_those_of_the_page(settings, demo, tmp_path):
    parameters = demo.get_api_info()["named_endpoints"][settings.endpoint]["parameters"]
    names = {one["parameter_name"] for one in parameters}
    needed = {one["parameter_name"] for one in parameters if not one["parameter_has_default"]}
    call = next(node for node in ast.walk(ast.parse(forms.client(settings, ADDRESS)))
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "predict")  # fmt: skip
    given = {one.arg: one.value for one in call.keywords}
    assert ast.literal_eval(given.pop("api_name")) == settings.endpoint and needed <= set(given) <= names
    for name in (HOSTILE, "shoes.jpg", *(f"{one}.{kind}" for kind in ("jpg", "png") for one in
                 ("top", "person", "garment", "try-1", "source", "target", "picture"))):  # fmt: skip
        (tmp_path / name).touch()
    script = forms.curl(settings, ADDRESS)
    assert f"/gradio_api/call/v2{settings.endpoint}" in script
    subprocess.run(["bash", "-c", WITHOUT_CURL + script], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    body, arguments = json.loads((tmp_path / "body.json").read_text("utf-8")), settings.request()
    assert list(body) == list(given) == list(arguments) and not (tmp_path / "x").exists()
    agents = json.loads(forms.tool_arguments(settings))
    for name, value in body.items():
        files = value if isinstance(value, list) else [value]
        if isinstance(files[0], dict):
            assert {one["path"] for one in files} == {"/uploaded/photo"}
        else:
            assert value == agents[name]


def test_an_endpoint_puts_on_one_garment_of_an_outfit():
    assert (ALL[10].left_out, ALL[10].request()["slot"]) == (("shoes",), "top")
    assert (ALL[11].left_out, "slot" in ALL[11].request()) == (("shoes",), False)
    assert ALL[9].left_out == ()


def test_a_pose_of_json_reaches_all():
    assert "pose='pose.json'" in ALL[2].python() and "pose=open('pose.json').read()" in forms.client(ALL[2], ADDRESS)
    assert json.loads(forms.tool_arguments(ALL[2]))["pose"] == POSE


def test_agents_find_the_page():
    assert json.loads(forms.agent(ADDRESS)) == {"mcpServers": {"vton": {"url": f"{ADDRESS}/gradio_api/mcp/"}}}


def test_the_served_page_draws_the_same(drawn, address, http, monkeypatch):
    monkeypatch.chdir(drawn)
    expected, told = pixels("model.png"), {}
    exec(forms.client(DRAWN, address.rstrip("/")), told)
    assert np.array_equal(pixels(told["result"][0]), expected)
    if shutil.which("curl") is None:
        pytest.skip("no curl")
    script = ["bash", "-c", forms.curl(DRAWN, address.rstrip("/"))]
    answer = subprocess.run(script, check=True, capture_output=True, text=True, timeout=200).stdout
    assert "event: complete" in answer
    (files,) = json.loads(answer.rpartition("data: ")[2])
    (drawn / "answer.png").write_bytes(http.get(files[0]["url"]).content)
    assert np.array_equal(pixels("answer.png"), expected) and not (drawn / "x").exists()


def test_the_fold_shows_what_is_set_and_asks_the_server_only_while_it_is_open(page, photo):
    expect = pytest.importorskip("playwright.sync_api").expect
    asked = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/queue/join?") else None)
    page.locator("#clear-outfit").click()
    expect(page.locator("#outfit-status")).to_contain_text("add at least one")
    page.locator("#tile-top input[type=file]").set_input_files(photo("secret-name", "#b03030"))
    expect(page.locator("#outfit-status")).to_contain_text("1 of 6")
    page.locator("#pose-follow input").uncheck()
    page.locator("#pose-gallery").get_by_role("button", name="Hands on hips").click()
    expect(page.locator("#pose-name")).to_contain_text("Hands on hips")
    page.locator("#fine-tuning button").first.click()
    page.locator("#seed input").fill("41")
    code, variety = page.locator("#create-snippets-code textarea"), page.locator("#psi input[type=range]")
    page.wait_for_timeout(1500)
    before = len(asked)
    variety.press("ArrowLeft")
    page.wait_for_timeout(1000)
    assert len(asked) == before > 0
    page.locator("#create-snippets button").first.click()
    expect(code).to_have_value(
        "python -m vton generate \\\n    --top top.jpg \\\n    --pose hips-both \\\n    --seed 41 \\\n"
        "    --psi 0.75 \\\n    --out model.png\n"
    )
    page.locator("#create-snippets-form").get_by_label("Python").check()
    variety.press("ArrowLeft")
    expect(code).to_have_value(Drawing({"top": "top.jpg"}, "hips-both", 41, psi=0.7).python())
    page.locator("#create-snippets-form").get_by_label("MCP").check()
    expect(page.locator("#create-snippets-note")).to_contain_text('"seed": 41')
