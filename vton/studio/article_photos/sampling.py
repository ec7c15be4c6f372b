"""Views of articles drawn at random: how an article lies, on what, in which light; and new looks of a view."""

import dataclasses
from typing import Any

import numpy as np

from vton.studio.accessories.hats import HAT_TYPES
from vton.studio.article_photos.hangers import HANGERS
from vton.studio.fabrics.harmony import jitter
from vton.studio.fabrics.painting import PALETTE
from vton.studio.garments.cutting import KIND
from vton.studio.sets.backdrops import FLOORS, PALETTES, WALLS
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.form import Colour
from vton.studio.specs.outfit import ArticleSpec
from vton.studio.specs.photo import ArticleViewSpec

ARRANGEMENTS: dict[str, dict[str, float]] = {
    "sleeves": {"spread": 0.85, "across": 0.15},
    "legs": {"legs": 0.85, "folded": 0.15},
    "plain": {"spread": 1.0},
    "shoes": {"above": 0.55, "side": 0.3, "one": 0.15},
    "boots": {"side": 0.7, "one": 0.3},
    "hat": {"front": 0.5, "side": 0.25, "above": 0.25},
    "bag": {"strap_up": 0.6, "strap_down": 0.4},
}
"""How often an article is arranged how."""

BOOTS = ("boot_tall", "combat", "hightop", "heelboot")
"""Types too tall to be seen from above."""

FLOOR_WEIGHTS: dict[str, float] = dict(zip(FLOORS, (0.16, 0.08, 0.22, 0.10, 0.06, 0.20, 0.05, 0.06, 0.07), strict=True))
WALL_WEIGHTS: dict[str, float] = dict(zip(WALLS, (0.2, 0.1, 0.35, 0.14, 0.12, 0.04, 0.05), strict=True))
PALE, DARK = 0.72, 0.12
"""Luma above and below which cloth is shot on its own tone now and then."""

SAME_TONE = 0.35
LIGHTS: dict[str, float] = {"shop": 0.3, "window": 0.3, "lamp": 0.2, "flash": 0.2}
LONG_SLEEVE = 0.55


def views_of(rng: np.random.Generator, article: ArticleSpec) -> tuple[ArticleViewSpec, ...]:
    """The photos of one article: laid flat, and for garments on a hanger too."""
    kinds = ("flat", "hanger") if article.type in KIND else ("flat",)
    return tuple(sample_article_view(rng, article, kind) for kind in kinds)


def sample_article_view(rng: np.random.Generator, article: ArticleSpec, kind: str) -> ArticleViewSpec:
    """One photo of an article. ``kind``: "flat" or, for garments, "hanger"."""
    group = _group(article)
    arrangement = choose(rng, ARRANGEMENTS[group]) if kind == "flat" else "spread"
    camera = _camera(rng, group, arrangement, kind)
    view = ArticleViewSpec(
        slot=article.slot,
        kind=kind,
        arrangement=arrangement,
        backdrop="white",
        backdrop_colour=PALETTES["white"][0],
        limb_deg=_limb_angles(rng, article, arrangement, kind),
        elbow_deg=between(rng, 0, 45, 1) if chance(rng, 0.5) else 0.0,
        gap=_gap(rng, kind),
        wrinkles=between(rng, 0.25, 1.6),
        sag=between(rng, 0.3, 0.9),
        hanger=choose(rng, dict.fromkeys(HANGERS, 1.0)) if kind == "hanger" else "",
        key_direction=_key_direction(rng),
        seed=seed_of(rng),
        **camera,
    )
    return relight_article(rng, view, article)


def relight_article(rng: np.random.Generator, view: ArticleViewSpec, article: ArticleSpec) -> ArticleViewSpec:
    """The view with another backdrop and other light colours; place, camera and the light's direction stay."""
    backdrop = choose(rng, FLOOR_WEIGHTS if view.kind == "flat" else WALL_WEIGHTS)
    colour = _backdrop_colour(rng, backdrop)
    light = np.asarray(article.fabric.colours[0]) @ [0.299, 0.587, 0.114]
    if chance(rng, SAME_TONE) and (light > PALE or light < DARK):
        backdrop = choose(rng, {"white": 2, "linen": 1, "grey": 0.5})
        colour = jitter(rng, (0.93, 0.925, 0.915) if light > PALE else (0.09, 0.09, 0.10), 0.02)
    return dataclasses.replace(view, backdrop=backdrop, backdrop_colour=colour, **_light(rng))


def _group(article: ArticleSpec) -> str:
    if article.slot == "shoes":
        return "boots" if article.type in BOOTS else "shoes"
    if article.slot == "accessory":
        return "hat" if article.type in HAT_TYPES else "bag"
    kind = KIND[article.type]
    if kind == "pants":
        return "legs"
    return "sleeves" if float(article.cut.get("sleeve", 1.0)) > LONG_SLEEVE and kind != "skirt" else "plain"


def _camera(rng: np.random.Generator, group: str, arrangement: str, kind: str) -> dict[str, Any]:
    tilt, turn, distance = abs(float(rng.normal(0, 9))), float(np.clip(rng.normal(0, 6), -20, 20)), (1.1, 2.2)
    if kind == "hanger":
        tilt, turn, distance = float(rng.normal(0, 5)), float(rng.normal(0, 1.5)), (1.4, 2.6)
    elif group in ("shoes", "boots"):
        tilt = rng.uniform(0, 30) if arrangement == "above" else rng.uniform(48, 66)
        turn = rng.normal(0, 12) + (180 if chance(rng, 0.3) else 0)
        if arrangement != "above":
            turn = rng.choice([-1, 1]) * rng.uniform(70, 150)
        distance = (0.6, 1.2)
    elif group == "hat":
        tilt = rng.uniform(0, 18) if arrangement == "above" else rng.uniform(35, 62)
        turn = rng.normal(0, 15) + (rng.choice([-1, 1]) * 75 if arrangement == "side" else 0)
        distance = (0.6, 1.2)
    elif group == "bag":
        tilt = abs(rng.normal(0, 12))
    return {
        "tilt_deg": round(float(tilt), 1),
        "turn_deg": round(float(turn), 1),
        "pan_deg": round(float(rng.normal(0, 4)), 1),
        "distance": between(rng, *distance),
        "fill": between(rng, 0.7, 0.93),
        "shift": (round(float(rng.normal(0, 0.015)), 4), round(float(rng.normal(0, 0.015)), 4)),
    }


def _limb_angles(rng: np.random.Generator, article: ArticleSpec, arrangement: str, kind: str) -> tuple[float, float]:
    if KIND.get(article.type) == "pants":
        low, high = (0.0, 5.0) if chance(rng, 0.4) or kind == "hanger" else (4.0, 13.0)
    elif kind == "hanger":
        low, high = (7.0, 18.0) if _group(article) == "sleeves" else (30.0, 46.0)
    elif arrangement == "across":
        low, high = 35.0, 60.0
    elif _group(article) == "sleeves":
        low, high = choose(rng, {(15.0, 28.0): 0.3, (28.0, 60.0): 0.55, (60.0, 85.0): 0.15})
    else:
        low, high = 35.0, 70.0
    middle = rng.uniform(low, high)
    left, right = (np.clip(middle + rng.normal(0, 0.12 * (high - low)), low, high) for _ in "lr")
    return round(float(left), 1), round(float(right), 1)


def _gap(rng: np.random.Generator, kind: str) -> float:
    if chance(rng, 0.55):
        return 0.0
    return between(rng, 0.02, 0.16 if kind == "flat" else 0.10)


def _key_direction(rng: np.random.Generator) -> Colour:
    """Towards a lamp or window anywhere above the plane, most often from above in the picture."""
    around = np.radians(rng.normal(90, 70))
    up = np.radians(rng.uniform(28, 75))
    return _rounded(np.array([np.cos(around) * np.cos(up), np.sin(around) * np.cos(up), np.sin(up)]))


def _rounded(values: np.ndarray) -> Colour:
    x, y, z = (round(float(v), 4) for v in values)
    return x, y, z


def _light(rng: np.random.Generator) -> dict[str, object]:
    kind = choose(rng, LIGHTS)
    warm = {"shop": 0.02, "window": -0.06, "lamp": 0.16, "flash": 0.0}[kind] + rng.normal(0, 0.04)
    key, fill, dome = {"shop": (0.5, 0.25, 0.55), "window": (0.75, 0.1, 0.42), "lamp": (0.85, 0.06, 0.28),
                       "flash": (0.95, 0.12, 0.2)}[kind]  # fmt: skip
    tint = np.array([1 + warm, 1.0, 1 - 1.2 * warm])

    def colour(strength: float) -> Colour:
        return _rounded(strength * tint * (1 + rng.normal(0, 0.015, 3)))

    return {
        "softness_deg": between(rng, 18, 24, 1) if kind == "shop" else between(rng, 9, 18, 1),
        "key_colour": colour(key),
        "fill_colour": colour(fill),
        "dome_colour": colour(dome),
        "exposure": between(rng, 0.92, 1.08) if kind == "shop" else between(rng, 0.62, 1.12),
        "vignette": 0.0 if kind == "shop" else between(rng, 0.0, 0.4),
        "blur_px": between(rng, 0.0, 0.3) if kind == "shop" else between(rng, 0.2, 0.9),
    }


def _backdrop_colour(rng: np.random.Generator, backdrop: str) -> Colour:
    if backdrop == "paper" and chance(rng, 0.4):
        return jitter(rng, PALETTE[choose(rng, dict.fromkeys(PALETTE, 1.0))], 0.03)
    palette = PALETTES[backdrop]
    return jitter(rng, palette[int(rng.integers(len(palette)))], 0.03)
