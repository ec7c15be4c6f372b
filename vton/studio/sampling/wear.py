"""How an outfit is worn, drawn for outfits that exist already: nothing else of them changes."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from vton.studio.accessories.kinds import BAGS
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import SHOULDERS, OutfitSpec, WearSpec

THIN_TUCKS, THICK_TUCKS = {"": 0.35, "half": 0.35, "in": 0.15, "over": 0.15}, {"": 0.6, "half": 0.4}
TUCKS: dict[str, dict[str, float]] = {
    **dict.fromkeys(("tee", "longsleeve", "shirt", "blouse", "polo", "turtleneck"), THIN_TUCKS),
    **dict.fromkeys(("sweater", "sweatshirt"), THICK_TUCKS),
}
"""How tops of each type are worn with trousers or a skirt; others are worn as they are cut."""

FRONTS = {"closed": 0.45, "half": 0.3, "open": 0.25}

ROLLED = ("shirt", "blouse", "longsleeve", "tee", "denimjacket", "blazer", "shirtdress")
ROLLED_SHARE = 0.5
LONG_SLEEVES, SHORT_SLEEVES = (0.2, 0.5), (0.1, 0.2)
"""Shares of a sleeve that are rolled up."""

TURNED_UP = ("straight", "chino", "skinny", "wide")
TURNED_SHARE, TURN_UP_M = 0.3, (0.03, 0.065)

SHOULDERED = ("blazer", "coat", "trench", "denimjacket", "bomber", "leatherjacket", "cardigan")
SHOULDERED_SHARE = 0.5
HANGING = (
    "stand", "relaxed", "contrapposto", "walk-left", "walk-right", "legs-crossed", "turn-left", "turn-right",
    "attention", "step-out", "over-shoulder",
)  # fmt: skip
"""Outers that lie over the shoulders of some whose arms hang down in all photos, with empty hands and without a bag."""

SCARF_SHARES = {"outer": 0.28, "warm": 0.12, "light": 0.0}
WARM = ("sweater", "sweatshirt", "turtleneck", "longsleeve", "knitdress")


def worn_otherwise(rng: np.random.Generator, outfit: OutfitSpec, share: float) -> OutfitSpec:
    """The outfit, in ``share`` of all calls worn in ways that are drawn at random, where its articles allow any."""
    if not chance(rng, share):
        return outfit
    spec = dataclasses.replace(
        WearSpec(), **_tuck(rng, outfit), **_front(rng, outfit), **_sleeves(rng, outfit), **_turn_up(rng, outfit),
        **_scarf(rng, outfit),
    )  # fmt: skip
    return dataclasses.replace(outfit, wear=spec if spec != WearSpec() else None)


def over_shoulders(rng: np.random.Generator, looks: Sequence[LookSpec]) -> list[LookSpec]:
    """The looks of one geometry, now and then with the arms under the outer and not in its sleeves."""
    first, chosen = looks[0], chance(rng, SHOULDERED_SHARE)
    wear, outer, extra = first.outfit.wear, first.outfit.article("outer"), first.outfit.article("accessory")
    fitting = outer is not None and outer.type in SHOULDERED and not (extra and extra.type in BAGS)
    fitting &= all(pose.name in HANGING and pose.held is None for pose in first.poses)
    if wear is None or not fitting or not chosen:
        return list(looks)
    down = {"rolled": "", "sleeves": 0.0} if wear.rolled == "outer" else {}
    wear = dataclasses.replace(wear, front=SHOULDERS, **down)
    return [dataclasses.replace(look, outfit=dataclasses.replace(look.outfit, wear=wear)) for look in looks]


def _tuck(rng: np.random.Generator, outfit: OutfitSpec) -> dict:
    top = outfit.article("top")
    tuck, degrees = choose(rng, TUCKS.get(top.type if top else "", {"": 1})), between(rng, -25, 25, 1)
    if not tuck or not outfit.article("bottom"):
        return {}
    return {"tuck": tuck} | ({"tuck_deg": degrees} if tuck == "half" else {})


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


def _scarf(rng: np.random.Generator, outfit: OutfitSpec) -> dict:
    """Over coats and jackets, and now and then over a sweater; not with a hood."""
    types = {article.type for article in outfit.articles}
    kind = "outer" if outfit.article("outer") else "warm" if types & set(WARM) else "light"
    chosen, seed = rng.random() < SCARF_SHARES[kind], seed_of(rng)
    return {"scarf": seed} if chosen and "hoodie" not in types else {}
