"""What garments there are, and the weaves, patterns and colours that each type is made in."""

from collections.abc import Mapping
from dataclasses import dataclass

PRINTS = {
    "solid": 7, "hstripe": 1.1, "vstripe": 0.4, "plaid": 0.4, "gingham": 0.3, "dots": 0.5, "floral": 0.8,
    "abstract": 0.35, "block": 0.4, "melange": 0.9, "zigzag": 0.12, "tiedye": 0.12, "leopard": 0.12, "camo": 0.08,
    "ombre": 0.15,
}  # fmt: skip
PLAIN = {"solid": 6, "melange": 2}
SHIRTING = {
    "solid": 5, "vstripe": 2, "pinstripe": 1, "gingham": 1, "plaid": 1.3, "windowpane": 0.5, "floral": 0.4, "dots": 0.3,
}  # fmt: skip
SUITING = {"solid": 7, "windowpane": 0.6, "plaid": 0.7, "pinstripe": 0.5, "houndstooth": 0.4}
KNITS = {"solid": 6, "melange": 1.5, "hstripe": 1.2, "block": 0.4, "zigzag": 0.3}
DRESSY = {
    "solid": 5, "floral": 2, "dots": 0.8, "vstripe": 0.4, "leopard": 0.15, "abstract": 0.5, "gingham": 0.3,
    "plaid": 0.3,
}  # fmt: skip
SOLID = {"solid": 1}


@dataclass(frozen=True)
class ArticleKind:
    """Fabrics that a type is made of.

    kind: "top", "outer", "pants", "skirt", "dress"; colours: "any", "neutral" (mostly), "denim", "leather", "trench".
    """

    kind: str
    weaves: dict[str, float]
    patterns: Mapping[str, float]
    colours: str = "any"
    graphic: float = 0.0


KINDS: dict[str, ArticleKind] = {
    "tee": ArticleKind("top", {"cotton": 1}, PRINTS, graphic=0.35),
    "longsleeve": ArticleKind("top", {"cotton": 2, "rib": 1}, PRINTS, graphic=0.1),
    "tank": ArticleKind("top", {"cotton": 2, "rib": 1}, PRINTS),
    "cami": ArticleKind("top", {"satin": 2, "cotton": 1}, {"solid": 4, "floral": 1, "leopard": 0.2}),
    "crop": ArticleKind("top", {"cotton": 1, "rib": 1}, PRINTS),
    "polo": ArticleKind("top", {"cotton": 1}, {"solid": 5, "hstripe": 1.5, "block": 0.6}),
    "sweatshirt": ArticleKind("top", {"cotton": 1, "fleece": 0.3}, PLAIN | {"block": 0.8, "tiedye": 0.2}, graphic=0.35),
    "hoodie": ArticleKind("top", {"cotton": 1, "fleece": 0.3}, PLAIN | {"block": 0.5, "camo": 0.15}, graphic=0.2),
    "sweater": ArticleKind("top", {"knit": 3, "cable": 1, "rib": 1}, KNITS),
    "turtleneck": ArticleKind("top", {"knit": 1, "rib": 2, "cotton": 1}, {"solid": 6, "hstripe": 1, "melange": 1}),
    "shirt": ArticleKind("top", {"cotton": 3, "linen": 1, "denim": 0.4, "twill": 0.5}, SHIRTING),
    "blouse": ArticleKind("top", {"satin": 2, "chiffon": 2, "cotton": 1}, DRESSY),
    "blazer": ArticleKind("outer", {"wool": 3, "twill": 1, "linen": 0.6, "tweed": 0.6}, SUITING, "neutral"),
    "coat": ArticleKind("outer", {"wool": 3, "tweed": 1}, {"solid": 6, "plaid": 0.5, "houndstooth": 0.4}, "neutral"),
    "trench": ArticleKind("outer", {"twill": 1}, SOLID, "trench"),
    "denimjacket": ArticleKind("outer", {"denim": 1}, SOLID, "denim"),
    "bomber": ArticleKind("outer", {"nylon": 3, "leather": 0.4}, {"solid": 5, "camo": 0.25, "block": 0.4}, "neutral"),
    "leatherjacket": ArticleKind("outer", {"leather": 1}, SOLID, "leather"),
    "cardigan": ArticleKind("outer", {"knit": 3, "cable": 0.7, "rib": 1}, PLAIN | {"hstripe": 0.4}),
    "puffer": ArticleKind("outer", {"nylon": 1}, {"solid": 6, "block": 0.8}),
    "gilet": ArticleKind("outer", {"nylon": 1}, SOLID),
    "skinny": ArticleKind("pants", {"denim": 1}, SOLID, "denim"),
    "straight": ArticleKind("pants", {"denim": 1}, SOLID, "denim"),
    "flare": ArticleKind("pants", {"denim": 1, "twill": 0.5}, SOLID, "denim"),
    "wide": ArticleKind("pants", {"twill": 2, "wool": 1, "linen": 1, "denim": 1}, SUITING, "neutral"),
    "chino": ArticleKind("pants", {"twill": 3, "linen": 0.6, "corduroy": 0.6}, SOLID, "neutral"),
    "suitpants": ArticleKind("pants", {"wool": 2, "twill": 1.5}, SUITING, "neutral"),
    "legging": ArticleKind("pants", {"cotton": 3, "leather": 0.3}, {"solid": 5, "melange": 0.5}, "dark"),
    "jogger": ArticleKind("pants", {"cotton": 1, "fleece": 0.4}, PLAIN, "neutral"),
    "shorts": ArticleKind("pants", {"denim": 1, "twill": 1.2, "linen": 0.6}, {"solid": 6, "plaid": 0.4}),
    "cargo": ArticleKind("pants", {"twill": 1}, {"solid": 6, "camo": 0.3}, "neutral"),
    "mini": ArticleKind("skirt", {"cotton": 1.5, "denim": 0.8, "leather": 0.4, "wool": 0.6}, DRESSY),
    "midi": ArticleKind("skirt", {"cotton": 2, "satin": 1.2, "wool": 0.5, "chiffon": 0.6}, DRESSY),
    "maxi": ArticleKind("skirt", {"cotton": 2, "satin": 1, "chiffon": 0.8, "linen": 0.5}, DRESSY),
    "pencil": ArticleKind("skirt", {"wool": 1.5, "twill": 1, "denim": 0.6, "leather": 0.5}, SUITING, "neutral"),
    "pleated": ArticleKind("skirt", {"wool": 1, "satin": 1, "cotton": 1}, {"solid": 6, "plaid": 1.2}),
    "sheath": ArticleKind("dress", {"wool": 1, "twill": 1, "cotton": 1}, DRESSY),
    "aline": ArticleKind("dress", {"cotton": 2, "satin": 0.8, "chiffon": 0.8, "linen": 0.5}, DRESSY),
    "slip": ArticleKind("dress", {"satin": 3, "chiffon": 0.6}, {"solid": 5, "floral": 1, "abstract": 0.3}),
    "maxidress": ArticleKind("dress", {"cotton": 1.5, "chiffon": 1.2, "satin": 0.8}, DRESSY),
    "shirtdress": ArticleKind("dress", {"cotton": 2, "linen": 1, "denim": 0.4}, SHIRTING),
    "knitdress": ArticleKind("dress", {"rib": 1, "knit": 1}, {"solid": 5, "hstripe": 0.6, "melange": 1}),
}

SOFT_WEAVES = ("satin", "chiffon", "cotton", "rib", "knit", "linen", "cable")
STIFF_WEAVES = ("denim", "twill", "wool", "tweed", "corduroy", "leather", "nylon", "fleece")


def same_drape(weave: str, kind: ArticleKind) -> dict[str, float]:
    """The weaves of a type that fall about like ``weave``: a look changes the weave, not the draped geometry."""
    like = SOFT_WEAVES if weave in SOFT_WEAVES else STIFF_WEAVES
    return {name: share for name, share in kind.weaves.items() if name in like} or {weave: 1}
