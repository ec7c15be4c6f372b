"""What accessories there are: their shapes' parameters, how often they are worn, and the colours they come in."""

from dataclasses import dataclass, field

import numpy as np

from vton.studio.fabrics.harmony import jitter, luma
from vton.studio.fabrics.painting import PALETTE
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.form import Colour
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

LEATHERS = ("black", "black", "brown", "tan", "darkbrown", "burgundy")
HAT_COLOURS = ("black", "navy", "grey", "camel", "cream", "olive", "burgundy", "mustard", "charcoal", "beige", "white")
BRIM_COLOURS = ("camel", "black", "cream", "beige", "brown", "grey")
BAG_COLOURS = (
    "black", "black", "tan", "brown", "camel", "cream", "burgundy", "navy", "beige", "olive", "white", "forest",
)  # fmt: skip


@dataclass(frozen=True)
class AccessoryKind:
    """One type.

    Attributes:
        slot: "shoes" or "accessory".
        worn: weight among the types of its kind, for women and men.
        main, second, third: names of `PALETTE` for the upper, the sole or band, and the accent.
        spec, rough: of its surface, as in ``appearance.Material``.
        cut: ranges (low, high) of the shape's free parameters, metres.
    """

    slot: str
    worn: tuple[float, float]
    main: tuple[str, ...]
    second: tuple[str, ...] = ("black",)
    third: tuple[str, ...] = ("black",)
    spec: float = 0.8
    rough: float = 0.4
    cut: dict[str, tuple[float, float]] = field(default_factory=dict)


SHOES: dict[str, AccessoryKind] = {
    "sneaker": AccessoryKind(
        "shoes", (2, 3), ("white", "white", "white", "black", "cream", "navy", "grey", "beige"), ("white", "cream"),
        ("black", "navy", "red", "green", "grey", "white", "tan"), 0.25, 0.45,
    ),
    "runner": AccessoryKind(
        "shoes", (0.6, 1), ("grey", "black", "white", "sky", "lightgrey", "olive"), ("white", "lightgrey", "black"),
        ("orange", "blue", "red", "yellow", "black", "teal"), 0.1, 0.55,
    ),
    "hightop": AccessoryKind(
        "shoes", (0.5, 0.8), ("black", "white", "navy", "cream", "red", "olive"), ("white", "cream"),
        ("white", "black"), 0.05, 0.6,
    ),
    "derby": AccessoryKind("shoes", (0, 1.4), LEATHERS, ("black", "darkbrown"), spec=1.1, rough=0.34),
    "loafer": AccessoryKind("shoes", (0.9, 0.9), (*LEATHERS, "navy", "beige"), ("black", "darkbrown"), spec=1.0,
                            rough=0.36),
    "chelsea": AccessoryKind("shoes", (0.9, 1.2), (*LEATHERS, "camel", "charcoal"), ("black", "darkbrown"), spec=0.8),
    "combat": AccessoryKind("shoes", (0.6, 0.8), ("black", "black", "brown", "burgundy"), ("black",), spec=0.9),
    "boot_tall": AccessoryKind(
        "shoes", (0.6, 0), ("black", "brown", "camel", "darkbrown", "burgundy"), ("black", "darkbrown"), spec=0.9,
        cut={"heel": (0.02, 0.04)},
    ),
    "pump": AccessoryKind(
        "shoes", (1.6, 0), ("black", "black", "beige", "red", "navy", "tan", "white", "burgundy"), ("black", "tan"),
        spec=1.3, rough=0.34, cut={"heel": (0.035, 0.062)},
    ),
    "heelboot": AccessoryKind(
        "shoes", (1.1, 0), ("black", "brown", "camel", "cream", "burgundy"), ("black",), spec=0.9,
        cut={"heel": (0.03, 0.05)},
    ),
    "flat": AccessoryKind("shoes", (1, 0), ("black", "beige", "red", "tan", "cream", "navy"), ("black", "tan")),
}  # fmt: skip
HATS: dict[str, AccessoryKind] = {
    "beanie": AccessoryKind("accessory", (1.2, 1.4), HAT_COLOURS, spec=0.0, rough=0.7),
    "cap": AccessoryKind("accessory", (1, 1.4), HAT_COLOURS, spec=0.0, rough=0.6),
    "bucket": AccessoryKind("accessory", (0.6, 0.5), HAT_COLOURS, spec=0.0, rough=0.6),
    "fedora": AccessoryKind("accessory", (0.6, 0.5), BRIM_COLOURS, ("black", "darkbrown", "navy"), spec=0, rough=0.7),
    "sunhat": AccessoryKind("accessory", (0.5, 0), ("cream", "beige", "camel"), ("black", "darkbrown"), spec=0),
}  # fmt: skip
BAGS: dict[str, AccessoryKind] = {
    "tote": AccessoryKind("accessory", (1, 1), BAG_COLOURS, spec=0.7, cut={"size": (0.85, 1.1)}),
    "handbag": AccessoryKind("accessory", (1.3, 0), BAG_COLOURS, spec=0.9, cut={"size": (0.85, 1.15)}),
    "bucketbag": AccessoryKind("accessory", (0.6, 0), BAG_COLOURS, spec=0.8, cut={"size": (0.85, 1.1)}),
    "crossbody": AccessoryKind("accessory", (1.2, 1), BAG_COLOURS, spec=0.9, cut={"size": (0.85, 1.1)}),
}
KINDS = SHOES | HATS | BAGS
METAL: Colour = (0.76, 0.68, 0.46)
"""sRGB of buckles and clasps."""


def draw_accessory(rng: np.random.Generator, type_: str) -> ArticleSpec:
    """The shape of an accessory; its colours follow in ``accessory_fabric``."""
    kind = KINDS[type_]
    cut: dict[str, float | int | bool | str] = {name: between(rng, *limits) for name, limits in kind.cut.items()}
    if type_ in BAGS:
        cut["metal"] = chance(rng, 0.6)
    grey = (0.5, 0.5, 0.5)
    return ArticleSpec(kind.slot, type_, cut, FabricSpec("plain", "solid", (grey, grey, grey)), seed_of(rng))


def accessory_fabric(rng: np.random.Generator, type_: str, nearby: Colour | None = None) -> FabricSpec:
    """Colours for an accessory. ``nearby``: a colour of the outfit that a hat or bag may take up."""
    kind = KINDS[type_]
    tables = (kind.main, kind.second, kind.third)
    main, second, third = (PALETTE[names[int(rng.integers(len(names)))]] for names in tables)
    if nearby is not None and kind.slot == "accessory" and chance(rng, 0.3):
        main = nearby
    if sum(abs(a - b) for a, b in zip(main, third, strict=True)) < 0.4:
        third = PALETTE["black"] if luma(main) > 0.5 else PALETTE["white"]
    colours = (jitter(rng, main), jitter(rng, second), jitter(rng, third))
    return FabricSpec("plain", "solid", colours, seed=seed_of(rng))


def draw_shoes(rng: np.random.Generator, gender: str, scale: dict[str, float] | None = None) -> ArticleSpec:
    """Shoes for a gender; ``scale``: factors of some types' weights."""
    return draw_accessory(rng, choose(rng, _worn(SHOES, gender, scale or {})))


def draw_bag(rng: np.random.Generator, gender: str) -> ArticleSpec:
    """A bag for a gender."""
    return draw_accessory(rng, choose(rng, _worn(BAGS, gender, {})))


def draw_hat(rng: np.random.Generator, gender: str) -> ArticleSpec:
    """A hat for a gender."""
    return draw_accessory(rng, choose(rng, _worn(HATS, gender, {})))


def _worn(kinds: dict[str, AccessoryKind], gender: str, scale: dict[str, float]) -> dict[str, float]:
    column = 0 if gender == "female" else 1
    return {name: kind.worn[column] * scale.get(name, 1.0) for name, kind in kinds.items() if kind.worn[column]}
