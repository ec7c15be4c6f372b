"""The intermediates of a try-on of an outfit as pictures."""

from __future__ import annotations

import numpy as np

from vton.conditioning.canvas import resize_u8
from vton.schema import SLOTS, Article, Outfit, Person
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.systems.outfit_tryon.network import OutfitTryOnOutput
from vton.tryon.steps import steps_of

_COLUMNS = 3


def outfit_steps(
    person: Person, wearer: DressedWearer, outfit: Outfit, output: OutfitTryOnOutput, changed_u8: np.ndarray
) -> dict[str, np.ndarray]:
    """Everything between the photos and the result, in order: name -> [h, w, 3], uint8; see `steps_of`."""
    articles = [article for _, article in outfit.items()]
    steps = steps_of(person, wearer.erased, articles[0], output, changed_u8)
    if len(articles) > 1:
        steps["garment"] = board(articles)
    return steps


def board(articles: list[Article]) -> np.ndarray:
    """Articles on white, each in its slot's place of two rows: [256, 192, 3], uint8."""
    h, w = articles[0].image_u8.shape[:2]
    cell = h // 2, w // _COLUMNS
    picture = np.full((h, w, 3), 255, np.uint8)
    for article in articles:
        row, column = divmod(SLOTS.index(article.slot), _COLUMNS)
        shown = resize_u8(_on_white(article), (cell[1] * h // w, cell[1]))
        top, left = row * cell[0] + (cell[0] - len(shown)) // 2, column * cell[1]
        picture[top : top + len(shown), left : left + cell[1]] = shown
    return picture


def _on_white(article: Article) -> np.ndarray:
    return np.where(article.mask_u8[..., None] > 0, article.image_u8, np.uint8(255))
