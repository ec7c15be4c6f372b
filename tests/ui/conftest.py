"""The page with a tiny model, served once for all tests of this folder."""

import pytest
from PIL import Image, ImageDraw


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
def address(tiny_outfit_checkpoint):
    """Address of the served page."""
    from vton.pipelines.outfit_gan import OutfitGANPipeline
    from vton.ui.app import build_app, launch_options

    demo = build_app(lambda: OutfitGANPipeline.from_pretrained(tiny_outfit_checkpoint))
    _, url, _ = demo.launch(
        **launch_options(), prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", inbrowser=False
    )
    yield url
    demo.close()
