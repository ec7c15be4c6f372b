"""The finished looks shown as examples: articles, pose and seed, drawn by our own studio."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from vton.conditioning.canvas import fitted_image, resized_image
from vton.conditioning.photos.image_io import load_rgb
from vton.schema import SLOTS

FOLDER = Path(__file__).parent / "examples"
CARD = (420, 400)


@dataclass(frozen=True)
class ExampleLook:
    """One example.

    Attributes:
        title: shown on the card.
        articles: slot -> packshot file.
        pose: preset name.
        seed: of the result.
        result: PNG with its recipe, or None when it has not been made yet.
    """

    title: str
    articles: dict[str, Path]
    pose: str
    seed: int
    result: Path | None


def load_looks(folder: Path = FOLDER) -> list[ExampleLook]:
    """Reads every example folder, in the order of the folder names ("1-cream-coat")."""
    looks = []
    for place in sorted(path.parent for path in folder.glob("*/example.json")):
        facts = json.loads((place / "example.json").read_text(encoding="utf-8"))
        articles = {slot: place / f"{slot}.webp" for slot in SLOTS if (place / f"{slot}.webp").is_file()}
        result = place / "result.png"
        title = place.name.split("-", 1)[-1].replace("-", " ").capitalize()
        made = result if result.is_file() else None
        looks.append(ExampleLook(title, articles, facts["pose"], int(facts["seed"]), made))
    return looks


def draw_card(look: ExampleLook, skeleton: Image.Image) -> Image.Image:
    """Draws a look as a card: the result (or, without one, its pose) beside its articles."""
    width, height = CARD
    card = Image.new("RGB", CARD, "#f1efec")
    left = Image.fromarray(load_rgb(look.result)) if look.result else skeleton
    card.paste(resized_image(left, (height * 3 // 4, height)), (0, 0))
    left_edge, cell = height * 3 // 4, height // len(SLOTS) + 14
    paths = list(look.articles.values())[:5]
    top = (height - cell * len(paths)) // 2
    for row, path in enumerate(paths):
        packshot = fitted_image(Image.fromarray(load_rgb(path)), (width - left_edge - 12, cell - 4))
        card.paste(packshot, (left_edge + (width - left_edge - packshot.width) // 2, top + row * cell + 2))
    return card
