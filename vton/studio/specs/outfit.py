"""What decides an outfit: for every article its cut, which is geometry, and its fabric, which is appearance."""

from dataclasses import dataclass

from vton.schema import SLOTS, InputError
from vton.studio.specs.form import Colour, Spec


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
class OutfitSpec(Spec):
    """Up to one article per slot. tights: opacity of black legwear, 0 = none; glasses: a seed of their frame or None.

    Raises:
        InputError: a slot is unknown or taken twice, or a dress comes with a top or a bottom.
    """

    articles: tuple[ArticleSpec, ...]
    tights: float = 0.0
    glasses: int | None = None

    def __post_init__(self) -> None:
        slots = [article.slot for article in self.articles]
        if unknown := set(slots) - set(SLOTS):
            raise InputError(f"No slot {sorted(unknown)}; slots are {', '.join(SLOTS)}.")
        if len(set(slots)) < len(slots):
            raise InputError("An outfit has one article per slot.")
        if "dress" in slots and {"top", "bottom"} & set(slots):
            raise InputError("A dress takes the place of top and bottom.")

    def article(self, slot: str) -> ArticleSpec | None:
        """The article in a slot, or None."""
        return next((a for a in self.articles if a.slot == slot), None)
