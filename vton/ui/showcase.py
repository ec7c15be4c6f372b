"""The pictures that show what the bundled weights draw: the example looks, a banner of them, and the preview.

``python -m vton.ui.showcase BANNER.webp`` draws them anew, for new weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vton.conditioning.canvas import fitted_image, resized_image
from vton.generation.look import Generated
from vton.generation.pipeline import StylePipeline
from vton.provenance import made_jpeg, watermarked, write_made
from vton.schema import DigitalSourceType, Task
from vton.systems import get_pipeline, leading
from vton.ui.browser import PREVIEW
from vton.ui.looks import FOLDER, ExampleLook, load_looks

RESULT = "result.png"
_COLUMNS, _GAP = 3, 12
_ARTICLE, _PICTURE = (108, 144), (384, 512)
_PREVIEW, _SHOWN, _MARGIN, _HEAD = (1200, 630), 4, 36, 100
_INK, _FAINT, _PAPER = (28, 26, 25), (91, 86, 80), (251, 250, 248)
_QUALITY = 88  # of the banner


def draw_showcase(
    pipeline: StylePipeline, banner: Path, folder: Path = FOLDER, preview: Path = PREVIEW
) -> list[Path]:
    """Draws every example look anew: writes ``result.png`` beside its articles, the banner (WebP) and the preview.

    Poses and seeds are those of the looks' ``example.json``: nothing is chosen after looking.

    Returns:
        The files written.
    """
    looks = load_looks(folder)
    drawn = [pipeline(dict(look.articles), look.pose, seed=look.seed)[0] for look in looks]
    files = []
    for look, made in zip(looks, drawn, strict=True):
        place = next(iter(look.articles.values())).parent
        files.append(write_made(place / RESULT, made.image_u8, made.recipe))
    pixels = watermarked(np.asarray(_banner(looks, drawn)), DigitalSourceType.COMPOSITE)
    banner.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(banner, "WEBP", quality=_QUALITY, method=6)
    preview.write_bytes(made_jpeg(np.asarray(_preview(drawn)), DigitalSourceType.COMPOSITE))
    return [*files, banner, preview]


def _banner(looks: Sequence[ExampleLook], drawn: Sequence[Generated]) -> Image.Image:
    """Each look's articles in two columns, and its picture, three looks in a row."""
    cell = 2 * _ARTICLE[0] + _PICTURE[0], _PICTURE[1]
    rows = -(-len(looks) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * (cell[0] + _GAP) - _GAP, rows * (cell[1] + _GAP) - _GAP), "white")
    for number, (look, made) in enumerate(zip(looks, drawn, strict=True)):
        left, top = number % _COLUMNS * (cell[0] + _GAP), number // _COLUMNS * (cell[1] + _GAP)
        for place, file in enumerate(look.articles.values()):
            article = fitted_image(Image.open(file).convert("RGB"), _ARTICLE)
            sheet.paste(article, (left + place % 2 * _ARTICLE[0], top + place // 2 * _ARTICLE[1]))
        sheet.paste(resized_image(Image.fromarray(made.image_u8), _PICTURE), (left + 2 * _ARTICLE[0], top))
    return sheet


def _preview(drawn: Sequence[Generated]) -> Image.Image:
    """The first looks side by side under the page's name, in the size that other sites show."""
    sheet = Image.new("RGB", _PREVIEW, _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, 28), "Outfit Studio", fill=_INK, font=ImageFont.load_default(48))
    pen.text((400, 46), "photos of clothes in, people wearing them out", fill=_FAINT, font=ImageFont.load_default(24))
    width = (_PREVIEW[0] - _MARGIN) // _SHOWN - _MARGIN
    height = _PREVIEW[1] - _HEAD - _MARGIN
    for number, made in enumerate(drawn[:_SHOWN]):
        picture = Image.fromarray(made.image_u8)
        aside = max(0, (picture.width - picture.height * width // height) // 2)
        picture = picture.crop((aside, 0, picture.width - aside, picture.height))
        sheet.paste(resized_image(picture, (width, height)), (_MARGIN + number * (width + _MARGIN), _HEAD))
    return sheet


def main() -> None:
    """Draws them by the bundled weights, and says which files these are."""
    parser = argparse.ArgumentParser(prog="python -m vton.ui.showcase", description=main.__doc__)
    parser.add_argument("banner", metavar="BANNER.webp", type=Path, help="README's banner")
    for file in draw_showcase(get_pipeline(leading(Task.GENERATION).name), parser.parse_args().banner):
        print(file)


if __name__ == "__main__":
    main()
