"""What decides an outfit: for every article its cut, which is geometry, and its fabric, which is appearance."""

from dataclasses import dataclass

from vton.schema import SLOTS, InputError
from vton.studio.specs.form import Colour, Spec

FRONTS = ("closed", "half", "open")
"""Of outers that are worn otherwise than with a gap of a hand's breadth: zipped or buttoned up, fastened in part (a zip
up to the chest, a coat by one button), or wide open."""

SHOULDERS = "shoulders"
"""The front of an outer that lies over the shoulders, the arms not in its sleeves."""

TUCKS = ("over", "half", "in")
"""Of tops: over the bottom, with the middle of the front in the waistband, or tucked in."""


@dataclass(frozen=True)
class FabricSpec(Spec):
    """Appearance of an article. weave and pattern: names of the painter; colours: main, second, accent.

    scale: of the pattern, 1 = as designed; graphic: whether a print sits on the chest; fade: washed-out denim, 0..1.
    """

    weave: str
    pattern: str
    colours: tuple[Colour, Colour, Colour]
    scale: float = 1.0
    graphic: bool = False
    fade: float = 0.0
    ripped: bool = False
    seed: int = 0


@dataclass(frozen=True)
class ArticleSpec(Spec):
    """One article: the slot, the type ("tee", "blazer", "sneaker"), its cut (geometry) and its fabric (appearance).

    cut: parameters of the builder of that type, relative to the body where they can be, metres elsewhere.
    seed: of what the builder draws itself (wrinkles, small details of the geometry).
    """

    slot: str
    type: str
    cut: dict[str, float | int | bool | str]
    fabric: FabricSpec
    seed: int = 0


@dataclass(frozen=True)
class WearSpec(Spec):
    """How the articles of an outfit are worn, where that is not as they are cut (geometry).

    tuck: of a top, one of `TUCKS`; tuck_deg: from the body's front to the middle of a half tuck, towards the person's
    left; front: of an outer, one of `FRONTS` or `SHOULDERS`; rolled: slot of the article whose sleeves
    are rolled up, and sleeves: the share of them that is; turn_up: of trousers, metres of the legs; scarf: a seed of
    the scarf that is worn over all this, or None.

    Raises:
        InputError: there is no such way to wear a top or an outer.
    """

    tuck: str = ""
    tuck_deg: float = 0.0
    front: str = ""
    rolled: str = ""
    sleeves: float = 0.0
    turn_up: float = 0.0
    scarf: int | None = None

    def __post_init__(self) -> None:
        fronts = (*FRONTS, SHOULDERS)
        if self.tuck not in ("", *TUCKS) or self.front not in ("", *fronts):
            raise InputError(f"wear: tuck is {', '.join(TUCKS)} or nothing, front {', '.join(fronts)} or nothing.")


@dataclass(frozen=True)
class OutfitSpec(Spec):
    """Up to one article per slot. tights: opacity of black legwear, 0 = none; glasses: a seed of their frame or None.

    wear: None where everything is worn as it is cut.

    Raises:
        InputError: a slot is unknown or taken twice, or a dress comes with a top or a bottom.
    """

    articles: tuple[ArticleSpec, ...]
    tights: float = 0.0
    glasses: int | None = None
    wear: WearSpec | None = None

    def __post_init__(self) -> None:
        slots = [article.slot for article in self.articles]
        if unknown := set(slots) - set(SLOTS):
            raise InputError(f"No slot {sorted(unknown)}; slots are {', '.join(SLOTS)}.")
        if len(set(slots)) < len(slots):
            raise InputError("An outfit has one article per slot.")
        if "dress" in slots and {"top", "bottom"} & set(slots):
            raise InputError("A dress takes the place of top and bottom.")

    @property
    def manners(self) -> dict[str, str]:
        """How things are worn, by what: "top" (one of `TUCKS`), "outer" ("gap" or one of `FRONTS`),
        "sleeves" ("down", "rolled"), "hems" ("down", "turned up") and "neck" ("bare", "scarf"). An outer over the
        shoulders is "open", and "arms" are "beneath" it."""
        wear, top, bottom = self.wear or WearSpec(), self.article("top"), self.article("bottom")
        found = {"sleeves": "rolled" if wear.rolled else "down", "neck": "bare" if wear.scarf is None else "scarf"}
        if top and bottom:
            found["top"] = wear.tuck or ("in" if top.cut.get("tuck") else "over")
        if self.article("outer"):
            found["outer"] = "open" if wear.front == SHOULDERS else wear.front or "gap"
        if wear.front == SHOULDERS:
            found["arms"] = "beneath"
        if bottom:
            found["hems"] = "turned up" if wear.turn_up else "down"
        return found

    def article(self, slot: str) -> ArticleSpec | None:
        """The article in a slot, or None."""
        return next((a for a in self.articles if a.slot == slot), None)
