"""Colours that go together: a scheme for a whole outfit, then a main, second and accent colour for every article."""

import colorsys
from collections.abc import Sequence

import numpy as np

from vton.studio.fabrics.painting import NEUTRALS, PALETTE
from vton.studio.specs.choices import chance, choose
from vton.studio.specs.form import Colour

SCHEMES = {"neutral_accent": 4.0, "tonal": 2.0, "neutrals": 1.8, "analogous": 1.3, "complementary": 0.9}
ACCENT_SLOT = {"top": 5.0, "dress": 6.0, "outer": 2.0, "bottom": 1.5, "accessory": 0.8, "shoes": 0.5}
DARK = ("black", "black", "offblack", "charcoal", "navy", "burgundy", "forest", "darkbrown")
FAMILIES: dict[str, tuple[str, ...]] = {
    "denim": ("denim", "denim", "denim", "lightdenim", "darkdenim", "darkdenim", "black", "grey"),
    "leather": ("black", "black", "black", "darkbrown", "brown", "tan", "burgundy"),
    "trench": ("beige", "khaki", "camel", "navy", "olive", "black"),
    "dark": DARK,
}
NEUTRAL_SHARE = 0.9
"""How often a type that is mostly neutral stays so when it is not the accent."""

BOTTOM_NEUTRALS = (
    "black", "black", "offblack", "charcoal", "charcoal", "navy", "navy", "grey", "khaki", "khaki", "beige", "olive",
    "brown", "cream", "camel", "white",
)  # fmt: skip
QUIET_PATTERNS = ("windowpane", "pinstripe", "houndstooth", "melange")
"""Patterns in two shades of one colour."""


def hue_of(colour: Sequence[float]) -> float:
    """Hue of an sRGB colour, 0..1."""
    return colorsys.rgb_to_hsv(*colour)[0]


def luma(colour: Sequence[float]) -> float:
    """Perceived lightness of an sRGB colour, 0..1."""
    return float(np.dot(colour, (0.30, 0.59, 0.11)))


def distance(a: Sequence[float], b: Sequence[float]) -> float:
    """Sum of the channels' differences, 0..3."""
    return float(np.abs(np.subtract(a, b)).sum())


def jitter(rng: np.random.Generator, colour: Sequence[float], amount: float = 0.018) -> Colour:
    """The colour, a little off: no two dyes are the same."""
    values = np.clip(np.asarray(colour) + rng.normal(0, amount, 3), 0.06, 0.95)
    red, green, blue = (round(float(v), 4) for v in values)
    return red, green, blue


class Scheme:
    """One outfit's colours: which hues are allowed and which article carries the accent.

    Args:
        slots: of the outfit's articles, from the most to the least visible.
    """

    def __init__(self, rng: np.random.Generator, slots: Sequence[str]):
        self.rng = rng
        self.name = choose(rng, SCHEMES)
        self.chromatic = [name for name in PALETTE if name not in NEUTRALS and "denim" not in name]
        self.base = self.chromatic[int(rng.integers(len(self.chromatic)))]
        self.accent_slot = choose(rng, {slot: ACCENT_SLOT[slot] for slot in slots})
        partners = [slot for slot in slots if slot != self.accent_slot]
        self.partner_slot = partners[0] if partners else ""
        self.taken: list[Colour] = []

    def draw(self, slot: str, family: str) -> Colour:
        """The main colour of the article in a slot; ``family`` as in ``ArticleKind.colours``."""
        colour = self._candidate(slot, family)
        for _ in range(5):
            if all(distance(colour, other) > 0.22 for other in self.taken[-2:]) or chance(self.rng, 0.08):
                break
            colour = self._candidate(slot, family)
        self.taken.append(colour)
        return jitter(self.rng, colour)

    def second(self, main: Colour, pattern: str = "solid") -> Colour:
        """A colour to print on ``main``: clearly lighter or darker, neutral more often than not."""
        if pattern in QUIET_PATTERNS:
            share = 0.38 if pattern == "houndstooth" else 0.26
            towards = 1.0 if luma(main) < 0.6 else 0.15
            return jitter(self.rng, [(1 - share) * v + share * towards for v in main], 0.01)
        calm = ("white", "cream", "black", "navy", "lightgrey", "beige")
        colour = PALETTE["white"]
        for attempt in range(8):
            names = calm if attempt > 3 or chance(self.rng, 0.6) else self._near(self.base, 0.12)
            colour = PALETTE[names[int(self.rng.integers(len(names)))]]
            if distance(colour, main) > 0.55 and abs(luma(colour) - luma(main)) > 0.16:
                break
        return jitter(self.rng, colour)

    def third(self) -> Colour:
        """A small accent: the scheme's base hue or a neighbour of it."""
        names = self._near(self.base, 0.1)
        return jitter(self.rng, PALETTE[names[int(self.rng.integers(len(names)))]])

    def _candidate(self, slot: str, family: str) -> Colour:
        if family in FAMILIES:
            names: Sequence[str] = FAMILIES[family]
        elif slot == "bottom" and family == "neutral" and chance(self.rng, NEUTRAL_SHARE):
            names = BOTTOM_NEUTRALS
        elif self.name == "neutrals":
            names = NEUTRALS
        elif self.name == "tonal":
            names = self._tonal(family)
        elif slot == self.accent_slot:
            names = (self.base,)
        elif slot == self.partner_slot and self.name == "analogous" and family == "any":
            names = self._near(self.base, 0.11)
        elif slot == self.partner_slot and self.name == "complementary" and family == "any":
            names = self._opposite()
        else:
            names = NEUTRALS if family != "neutral" or chance(self.rng, NEUTRAL_SHARE) else self.chromatic
        return PALETTE[names[int(self.rng.integers(len(names)))]]

    def _tonal(self, family: str) -> Sequence[str]:
        if family == "neutral" and chance(self.rng, 0.5) or chance(self.rng, 0.3):
            return NEUTRALS
        return self._near(self.base, 0.07)

    def _near(self, name: str, reach: float) -> list[str]:
        hue = hue_of(PALETTE[name])
        return [n for n in self.chromatic if _hue_gap(hue_of(PALETTE[n]), hue) <= reach]

    def _opposite(self) -> Sequence[str]:
        hue = (hue_of(PALETTE[self.base]) + 0.5) % 1.0
        muted = [n for n in self.chromatic if _hue_gap(hue_of(PALETTE[n]), hue) <= 0.12 and _saturation(n) < 0.62]
        return muted or NEUTRALS


def _hue_gap(a: float, b: float) -> float:
    gap = abs(a - b) % 1.0
    return min(gap, 1.0 - gap)


def _saturation(name: str) -> float:
    return colorsys.rgb_to_hsv(*PALETTE[name])[1]
