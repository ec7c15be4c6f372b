"""Outfits drawn at random: types, cuts that fit each other, then fabrics and colours that go together."""

import dataclasses

import numpy as np

from vton.studio.accessories.kinds import accessory_fabric, draw_bag, draw_hat, draw_shoes
from vton.studio.fabrics.harmony import Scheme, jitter
from vton.studio.garments.cuts import draw_cut
from vton.studio.garments.wardrobe import KINDS, same_drape
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.form import Colour
from vton.studio.specs.outfit import ArticleSpec, FabricSpec, OutfitSpec

WOMEN_TOPS = {
    "tee": 2, "longsleeve": 1, "tank": 0.8, "crop": 0.6, "sweatshirt": 0.7, "sweater": 1.4, "turtleneck": 0.8,
    "hoodie": 0.6, "shirt": 1.3, "blouse": 1.5, "cami": 0.4, "polo": 0.2,
}  # fmt: skip

MEN_TOPS = {
    "tee": 3, "longsleeve": 1, "sweatshirt": 1.2, "sweater": 1.5, "turtleneck": 0.5, "hoodie": 1.1, "shirt": 2.4,
    "polo": 1, "tank": 0.2,
}  # fmt: skip

WOMEN_PANTS = {
    "skinny": 1.6, "straight": 2.2, "wide": 0.8, "suitpants": 1, "legging": 0.5, "jogger": 0.4, "shorts": 0.7,
    "flare": 0.6, "cargo": 0.3, "chino": 0.6,
}  # fmt: skip

MEN_PANTS = {
    "skinny": 0.8, "straight": 2.2, "chino": 2.2, "suitpants": 1, "jogger": 0.8, "shorts": 0.9, "cargo": 0.6,
    "wide": 0.2,
}  # fmt: skip
SKIRTS = {"mini": 1.2, "midi": 1.6, "maxi": 0.7, "pencil": 1, "pleated": 1.2}
DRESSES = {"sheath": 1, "aline": 2, "slip": 0.9, "maxidress": 1.1, "shirtdress": 1, "knitdress": 0.8}

OUTERS = {
    "blazer": 1.6, "coat": 1.3, "trench": 0.6, "denimjacket": 1, "bomber": 0.7, "cardigan": 0.9, "puffer": 0.6,
    "leatherjacket": 0.8, "gilet": 0.15,
}  # fmt: skip
TUCKED = ("blouse", "shirt", "cami", "tank", "longsleeve", "tee", "turtleneck")
BULKY = ("hoodie", "sweater")
CALM_PATTERNS = ("solid", "melange")
GARMENT_ORDER = ("dress", "top", "bottom", "outer", "shoes", "accessory")


def sample_outfit(rng: np.random.Generator, gender: str) -> OutfitSpec:
    """An outfit for "female" or "male": cuts first, then colours that go together."""
    types = _female_types(rng) if gender == "female" else _male_types(rng)
    cuts = {slot: draw_cut(rng, type_, gender) for slot, type_ in types.items()}
    _match_cuts(rng, types, cuts, gender)
    articles = [ArticleSpec(slot, t, cuts[slot], _no_fabric(rng, t), seed_of(rng)) for slot, t in types.items()]
    articles.append(draw_shoes(rng, gender, _shoe_scale(types, cuts)))
    if chance(rng, 0.42 if gender == "female" else 0.24):
        articles.append(_accessory(rng, gender))
    bare_legs = gender == "female" and ("dress" in types or types.get("bottom") in SKIRTS)
    outfit = OutfitSpec(
        articles=tuple(sorted(articles, key=lambda a: GARMENT_ORDER.index(a.slot))),
        tights=between(rng, 0.75, 0.97) if bare_legs and chance(rng, 0.25) else 0.0,
        glasses=seed_of(rng) if chance(rng, 0.07) else None,
    )
    return recolour(rng, outfit)


def recolour(rng: np.random.Generator, outfit: OutfitSpec) -> OutfitSpec:
    """The outfit in other fabrics, colours and prints: a calm scheme, at most two patterns."""
    slots = [a.slot for a in outfit.articles]
    scheme = Scheme(rng, slots)
    patterned = set(_patterned(rng, outfit))
    articles = []
    for article in outfit.articles:
        if article.type in KINDS:
            fabric = _fabric(rng, scheme, article, article.slot in patterned)
        else:
            fabric = accessory_fabric(rng, article.type, scheme.taken[0] if scheme.taken else None)
        articles.append(dataclasses.replace(article, fabric=fabric))
    tights = between(rng, 0.75, 0.97) if outfit.tights else 0.0
    return dataclasses.replace(outfit, articles=tuple(articles), tights=tights)


def _female_types(rng: np.random.Generator) -> dict[str, str]:
    base = choose(rng, {"pants": 0.46, "skirt": 0.22, "dress": 0.32})
    if base == "dress":
        types = {"dress": choose(rng, DRESSES)}
    else:
        types = {"top": choose(rng, WOMEN_TOPS), "bottom": choose(rng, WOMEN_PANTS if base == "pants" else SKIRTS)}
    return types | _outer_type(rng, types)


def _male_types(rng: np.random.Generator) -> dict[str, str]:
    types = {"top": choose(rng, MEN_TOPS), "bottom": choose(rng, MEN_PANTS)}
    return types | _outer_type(rng, types)


def _outer_type(rng: np.random.Generator, types: dict[str, str]) -> dict[str, str]:
    """Seldom over what is bulky itself; no winter coats with shorts."""
    warm = ("coat", "trench", "puffer") if types.get("bottom") == "shorts" else ()
    share = 0.12 if types.get("top") in BULKY else 0.42
    kinds = {name: weight for name, weight in OUTERS.items() if name not in warm}
    return {"outer": choose(rng, kinds)} if chance(rng, share) else {}


def _match_cuts(rng: np.random.Generator, types: dict[str, str], cuts: dict, gender: str) -> None:
    """Tucks tops in and fits waists to them; changes ``cuts``."""
    top, bottom = types.get("top", ""), types.get("bottom", "")
    if gender == "female" and top:
        tuck = top in TUCKED and chance(rng, 0.6)
        if top == "crop":
            cuts["bottom"]["rise"] = -0.05
    else:
        tuck = top in ("shirt", "polo") and bottom in ("suitpants", "chino") and chance(rng, 0.6)
    if top:
        cuts["top"]["tuck"] = tuck
    if tuck:
        cuts["bottom"]["rise"] = between(rng, -0.08, 0.1) if gender == "female" else between(rng, 0.25, 0.42)


def _shoe_scale(types: dict[str, str], cuts: dict) -> dict[str, float]:
    """Tall boots under narrow legs only; no running shoes with suit trousers."""
    scale = {"runner": 0.1, "hightop": 0.1, "derby": 2.0} if types.get("bottom") == "suitpants" else {}
    if "hem_radius" in cuts.get("bottom", {}) and cuts["bottom"]["hem_radius"] > 0.054:
        scale["boot_tall"] = 0.0
    return scale


def _accessory(rng: np.random.Generator, gender: str) -> ArticleSpec:
    if chance(rng, 0.7 if gender == "female" else 0.45):
        return draw_bag(rng, gender)
    return draw_hat(rng, gender)


def _patterned(rng: np.random.Generator, outfit: OutfitSpec) -> list[str]:
    """Slots of the articles that get a pattern: none or one, seldom two."""
    able = [a.slot for a in outfit.articles if a.type in KINDS and set(KINDS[a.type].patterns) - set(CALM_PATTERNS)]
    count = min(len(able), choose(rng, {0: 0.42, 1: 0.5, 2: 0.08}))
    return [able[i] for i in rng.permutation(len(able))[:count]]


def _fabric(rng: np.random.Generator, scheme: Scheme, article: ArticleSpec, patterned: bool) -> FabricSpec:
    kind = KINDS[article.type]
    weave = choose(rng, same_drape(article.fabric.weave, kind))
    wanted = {p: w for p, w in kind.patterns.items() if (p in CALM_PATTERNS) != patterned and w > 0}
    pattern = choose(rng, wanted or {"solid": 1})
    if weave in ("leather", "denim", "satin") and pattern == "melange":
        pattern = "solid"
    family = weave if weave in ("denim", "leather") else kind.colours if kind.colours != "denim" else "neutral"
    main = scheme.draw(article.slot, family)
    denim = weave == "denim"
    return FabricSpec(
        weave=weave,
        pattern=pattern,
        colours=(main, scheme.second(main, pattern), scheme.third()),
        scale=between(rng, 0.8, 1.25),
        graphic=pattern in CALM_PATTERNS and not article.cut.get("zip") and chance(rng, kind.graphic),
        fade=between(rng, 0, 1) if denim and main[2] > max(0.3, main[0] + 0.06) else 0.0,
        ripped=denim and kind.kind == "pants" and chance(rng, 0.08),
        seed=seed_of(rng),
    )


def _no_fabric(rng: np.random.Generator, type_: str) -> FabricSpec:
    """Decides the weave of a new article, and with it how stiff it hangs; the colours follow in ``recolour``."""
    grey: Colour = jitter(rng, (0.5, 0.5, 0.5), 0.0)
    return FabricSpec(choose(rng, KINDS[type_].weaves), "solid", (grey, grey, grey))
