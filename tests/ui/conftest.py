"""The page with a tiny model, served once for all tests of this folder, and a browser to visit it with."""

import contextlib
import os
import shutil

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

CHROMIUM = next(
    (path for name in (os.environ.get("CHROMIUM"), "/usr/bin/chromium", "chromium")
     if name and (path := shutil.which(name))), None,
)  # fmt: skip
ARGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--lang=en-US",
]  # fmt: skip


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """``photo(name, colour)``: path of a PNG with one plain garment-like shape on a light backdrop."""
    folder = tmp_path_factory.mktemp("photos")

    def make(name: str, colour: str) -> str:
        image = Image.new("RGB", (300, 400), "#ececec")
        draw = ImageDraw.Draw(image)
        draw.polygon([(90, 60), (210, 60), (270, 160), (225, 185), (220, 340), (80, 340), (75, 185), (30, 160)], colour)
        path = folder / f"{name}.png"
        image.save(path)
        return str(path)

    return make


@pytest.fixture(scope="session")
def demo(make_checkpoint, tmp_path_factory):
    """The page, as ``address`` serves it; its weights can be told how articles are worn."""
    from vton.systems.outfit_gan.pipeline import OutfitGANPipeline
    from vton.ui.app import build_app

    folder = make_checkpoint(tmp_path_factory.mktemp("served") / "tiny-outfit-gan", "outfit-gan", wear=True)
    return build_app(lambda: OutfitGANPipeline.from_pretrained(folder))


@pytest.fixture(scope="session")
def address(demo):
    """Address of the served page."""
    from vton.soak.server import free_port
    from vton.ui.app import launch_options

    # Of this process: Gradio itself would look for one from 7860 on, as do the other processes of the tests.
    _, url, _ = demo.launch(
        **launch_options(), prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", server_port=free_port(),
        inbrowser=False,
    )  # fmt: skip
    yield url
    demo.close()


@pytest.fixture(scope="session")
def client(address, tmp_path_factory):
    """A script's client. It reads no certificates, which would take more time than most answers."""
    from gradio_client import Client

    return Client(address, verbose=False, download_files=str(tmp_path_factory.mktemp("downloads")), ssl_verify=False)


@pytest.fixture(scope="session")
def http():
    """Plain requests, each by a connection of its own; without certificates, as ``client``."""
    with httpx.Client(verify=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0)) as http:
        yield http


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; tests that ask for it are skipped where it or Playwright is missing."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium: set CHROMIUM to its path")
    playwright.expect.set_options(timeout=40_000)
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def laptop(browser):
    """One browser profile for all pages, so that the scripts come from its cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script("localStorage.clear()")  # the page brings the last picture of the same visitor back
    yield context
    context.close()


@contextlib.contextmanager
def opened(browser, address, until="#generate", **options):
    """The page in a browser or one of its profiles, once an element of it is there."""
    page = browser.new_page(**options)
    page.set_default_timeout(40_000)
    page.goto(address)
    page.locator(until).wait_for()
    yield page
    page.close()


@pytest.fixture(scope="session")
def visit(browser, address):
    """``visit(query, **options)``: the page in a profile of its own, see `opened`."""
    return lambda query="", **options: opened(browser, address + query, **options)


@pytest.fixture
def page(laptop, address):
    """The page at the size of a laptop."""
    with opened(laptop, address) as page:
        yield page


@pytest.fixture(scope="module")
def phone(browser, address):
    """The page on a phone, opened once for all tests of a file."""
    with opened(browser, address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        yield page


@pytest.fixture
def visitor(browser, address):
    """The page of a browser that remembers, at the size of a laptop, once its first picture is there."""
    with opened(browser, address, "#result-gallery caption", viewport={"width": 1440, "height": 900}) as page:
        yield page


@pytest.fixture(scope="session")
def landscape(tmp_path_factory):
    """Path of a picture with neither a person nor a garment in it: sky above a meadow."""
    noise = np.random.default_rng(0).integers(-25, 25, (300, 400, 3))
    colours = np.full((300, 400, 3), (150, 190, 240))
    colours[150:] = (70, 150, 60)
    path = tmp_path_factory.mktemp("pictures") / "landscape.png"
    Image.fromarray(np.clip(colours + noise, 0, 255).astype(np.uint8)).save(path)
    return str(path)


@pytest.fixture(scope="session")
def colour_checkpoints(tmp_path_factory):
    """Gives the classes of ``tiny.colour_backends`` their networks."""
    from tiny import colour_backends
    from tiny.colour_networks import garment_checkpoint, pose_checkpoint

    folder = tmp_path_factory.mktemp("networks")
    colour_backends.ColourPose.folder = pose_checkpoint(folder / "pose")
    colour_backends.NoPerson.folder = pose_checkpoint(folder / "nobody", person=-5.0)
    colour_backends.ColourGarment.folder = garment_checkpoint(folder / "garment", "bottom")
    colour_backends.NoGarment.folder = garment_checkpoint(folder / "nothing", garment=False)


@pytest.fixture
def use_backends(colour_checkpoints, monkeypatch, tmp_path):
    """``use_backends(pose, garment)``: from now on the bundled backends are these classes of ``tiny.colour_backends``.

    OpenPose is missing, whatever this machine has.
    """
    monkeypatch.delenv("VTON_OPENPOSE", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    from vton.readers import GARMENT_SEGMENTERS, POSE_ESTIMATORS

    def use(pose: str = "ColourPose", garment: str = "ColourGarment") -> None:
        monkeypatch.setitem(POSE_ESTIMATORS, "bundled", f"tiny.colour_backends:{pose}")
        monkeypatch.setitem(GARMENT_SEGMENTERS, "bundled", f"tiny.colour_backends:{garment}")

    use()
    return use


@pytest.fixture(scope="session")
def person(tmp_path_factory):
    """Path of a wide picture with a person for ``tiny.colour_backends``, and the person's pose in it."""
    from tiny.colour_networks import draw_joints, figure

    pose = figure(420, 330, 40, (512, 800))
    path = tmp_path_factory.mktemp("pictures") / "person.png"
    Image.fromarray(draw_joints(pose)).save(path)
    return str(path), pose
