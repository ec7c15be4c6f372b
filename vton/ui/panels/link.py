"""Links that carry a recipe: settings, and which articles; those that came with the program are found again by name."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from vton.provenance import read_recipe
from vton.schema import MAX_SEED, SLOTS, Article, InputError, Outfit, Recipe, Wear
from vton.ui.studio import Studio, pose_text

_NAME = 16  # characters of an article's digest
_MOST = 8_000  # characters of a link
UNREADABLE = "This link cannot be read: copy it again, whole."


@dataclass(frozen=True)
class Linked:
    """What a link says.

    Attributes:
        articles: those that are here; lacking: slots of those that are not.
        pose: a preset's name or OpenPose JSON.
    """

    articles: dict[str, Article]
    lacking: list[str]
    pose: str
    seed: int
    psi: float
    wear: Wear


def link_of(recipe: Recipe, studio: Studio) -> tuple[str, list[str]]:
    """The text that a link carries for a recipe, and the slots of the articles that it cannot bring along."""
    outfit = recipe.outfit() or Outfit.empty()
    named = {slot: article.digest[:_NAME] for slot, article in outfit.items()}
    values = {"articles": named, "pose": pose_text(recipe, studio.poses), "seed": recipe.seed, "psi": recipe.psi,
              "wear": recipe.wear}  # fmt: skip
    text = base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")
    return text, [slot for slot, name in named.items() if name not in _bundled(_results(studio))]


def read_link(text: str | None, studio: Studio) -> Linked:
    """What a link's text says.

    Raises:
        InputError: it is none, or says what cannot be.
    """
    match _decoded(text):
        case {"articles": dict(named), "pose": str(pose), "seed": int(seed), "psi": int(psi) | float(psi),
              "wear": dict(wear)}:  # fmt: skip
            fits = set(named) <= set(SLOTS) and 0 <= seed <= MAX_SEED and 0 <= psi <= 1.5
        case _:
            fits = False
    if not fits:
        raise InputError(UNREADABLE)
    studio.pose(pose)
    here = _bundled(_results(studio))
    known = {slot: here.get(str(name)) for slot, name in named.items()}
    found = {slot: article for slot, article in known.items() if article is not None and article.slot == slot}
    lacking = [slot for slot in SLOTS if slot in named and slot not in found]
    return Linked(found, lacking, pose, int(seed), float(psi), Wear.of(wear))


def _decoded(text: str | None) -> Any:
    if not text or len(text) > _MOST:
        raise InputError(UNREADABLE)
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise InputError(UNREADABLE) from None


def _results(studio: Studio) -> tuple[Path, ...]:
    return tuple(look.result for look in studio.looks if look.result)


@lru_cache(maxsize=4)
def _bundled(results: tuple[Path, ...]) -> dict[str, Article]:
    """The articles of the finished looks by the beginning of their digest."""
    outfits = [read_recipe(result).outfit() or Outfit.empty() for result in results]
    return {article.digest[:_NAME]: article for outfit in outfits for _, article in outfit.items()}
