"""The finished looks shown as examples: articles of our own studio, pose and seed; and the picture of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from vton.conditioning.canvas import resized_image
from vton.conditioning.photos.image_io import load_rgb
from vton.schema import SLOTS, Pose
from vton.ui.mannequin import draw_mannequin

FOLDER = Path(__file__).parent / "examples"
THUMBNAIL = (216, 288)


@dataclass(frozen=True)
class ExampleLook:
    """One example.

    Attributes:
        name: of its folder, without the number.
        articles: slot -> packshot file.
        pose: preset name.
        seed: of the result.
        result: PNG with its recipe, or None when it has not been made yet.
    """

    name: str
    articles: dict[str, Path]
    pose: str
    seed: int
    result: Path | None

    @property
    def title(self) -> str:
        """In English, from the name."""
        return self.name.replace("-", " ").capitalize()


def load_looks(folder: Path = FOLDER) -> list[ExampleLook]:
    """Reads every example folder, in the order of their names ("1-cream-coat"), but those to "show_first" first."""
    looks, first = [], []
    for place in sorted(path.parent for path in folder.glob("*/example.json")):
        facts = json.loads((place / "example.json").read_text(encoding="utf-8"))
        articles = {slot: place / f"{slot}.webp" for slot in SLOTS if (place / f"{slot}.webp").is_file()}
        result = place / "result.png"
        made = result if result.is_file() else None
        look = ExampleLook(place.name.split("-", 1)[-1], articles, facts["pose"], int(facts["seed"]), made)
        (first if facts.get("show_first") else looks).append(look)
    return first + looks


def draw_thumbnail(look: ExampleLook, pose: Pose) -> Image.Image:
    """Draws a look small: its picture or, while there is none, a mannequin in its pose."""
    if look.result is None:
        return draw_mannequin(pose, THUMBNAIL)
    return resized_image(Image.fromarray(load_rgb(look.result)), THUMBNAIL)
