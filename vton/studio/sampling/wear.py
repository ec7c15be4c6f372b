"""How an outfit is worn, drawn for outfits that exist already: nothing else of them changes."""

import dataclasses

import numpy as np

from vton.studio.specs.choices import between, chance, choose
from vton.studio.specs.outfit import OutfitSpec, WearSpec

HALF_TUCKED = ("tee", "longsleeve", "shirt", "blouse", "polo", "sweater", "sweatshirt", "turtleneck")
HALF_SHARE = 0.45
"""Of the tops that hang over trousers or a skirt."""

FRONTS = {"closed": 0.45, "half": 0.3, "open": 0.25}

ROLLED = ("shirt", "blouse", "longsleeve", "tee", "denimjacket", "blazer", "shirtdress")
ROLLED_SHARE = 0.5
LONG_SLEEVES, SHORT_SLEEVES = (0.2, 0.5), (0.1, 0.2)
"""Shares of a sleeve that are rolled up."""

TURNED_UP = ("straight", "chino", "skinny", "wide")
TURNED_SHARE, TURN_UP_M = 0.3, (0.03, 0.065)


def worn_otherwise(rng: np.random.Generator, outfit: OutfitSpec, share: float) -> OutfitSpec:
    """The outfit, in ``share`` of all calls worn in ways that are drawn at random, where its articles allow any."""
    if not chance(rng, share):
        return outfit
    spec = dataclasses.replace(
        WearSpec(), **_tuck(rng, outfit), **_front(rng, outfit), **_sleeves(rng, outfit), **_turn_up(rng, outfit)
    )
    return dataclasses.replace(outfit, wear=spec if spec != WearSpec() else None)


def _tuck(rng: np.random.Generator, outfit: OutfitSpec) -> dict:
    top = outfit.article("top")
    half, degrees = chance(rng, HALF_SHARE), between(rng, -25, 25, 1)
    if top is None or top.type not in HALF_TUCKED or top.cut.get("tuck") or not half:
        return {}
    return {"tuck": "half", "tuck_deg": degrees}


def _front(rng: np.random.Generator, outfit: OutfitSpec) -> dict:
    front = choose(rng, FRONTS)
    return {"front": front} if outfit.article("outer") else {}


def _sleeves(rng: np.random.Generator, outfit: OutfitSpec) -> dict:
    """Of what is worn outermost."""
    outermost = outfit.article("outer") or outfit.article("top") or outfit.article("dress")
    rolled, where = chance(rng, ROLLED_SHARE), rng.random()
    if outermost is None or outermost.type not in ROLLED or not rolled:
        return {}
    length = float(outermost.cut.get("sleeve", 1.0))
    low, high = LONG_SLEEVES if length > 0.6 else SHORT_SLEEVES
    return {"rolled": outermost.slot, "sleeves": round(low + where * (high - low), 3)} if length > 0.15 else {}


def _turn_up(rng: np.random.Generator, outfit: OutfitSpec) -> dict:
    bottom = outfit.article("bottom")
    turned, metres = chance(rng, TURNED_SHARE), between(rng, *TURN_UP_M, 3)
    return {"turn_up": metres} if bottom is not None and bottom.type in TURNED_UP and turned else {}
