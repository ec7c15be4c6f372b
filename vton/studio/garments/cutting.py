"""From an article's cut, relative to whoever wears it, to a pattern in metres on one body."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from vton.schema import InputError
from vton.studio.body.measures import Measures
from vton.studio.specs.outfit import ArticleSpec

KIND: dict[str, str] = {
    **dict.fromkeys(
        "tee longsleeve tank cami crop polo sweatshirt hoodie sweater turtleneck shirt blouse".split(), "top"
    ),
    **dict.fromkeys("blazer coat trench denimjacket bomber leatherjacket cardigan puffer gilet".split(), "outer"),
    **dict.fromkeys("skinny straight wide chino suitpants legging jogger shorts flare cargo".split(), "pants"),
    **dict.fromkeys("mini midi maxi pencil pleated".split(), "skirt"),
    **dict.fromkeys("sheath aline slip maxidress shirtdress knitdress".split(), "dress"),
}
"""How each type is built: "top", "outer", "pants", "skirt" or "dress"."""

MEDIUM_HIP_M = 0.17
"""Half width of the hips for which ``knee_radius`` and ``hem_radius`` are given."""

MEDIUM_SHORTS_M = 0.095
"""``hem_radius`` of shorts that are neither close nor wide."""


@dataclass(frozen=True)
class Cut:
    """Relative parameters of all kinds with their defaults; see ``building.py``."""

    ease: float = 0.005
    chest_ease: float = 0.02
    waist_ease: float = 0.03
    hem_ease: float = 0.025
    straight: float = 0.5
    sleeve: float = 1.0
    sleeve_ease: float = 0.02
    cuff_ease: float = 0.02
    neck_shape: str = "crew"
    neck_width: float = 0.085
    neck_depth: float = 0.05
    neck_depth_back: float = 0.015
    armhole: float = -0.005
    strap: float = 0.0
    hem: float = 1.2
    hem_leg: float | None = None
    hem_curve: float = 0.0
    flare: float = 0.0
    taper: float = 1.0
    open: float = 0.0
    collar: str = "none"
    button_height: float = 0.2
    lapel_width: float = 0.075
    tuck: bool = False
    belt: bool = False
    gather: bool = False
    rib_hem: float = 0.0
    rib_cuff: float = 0.0
    puff: float = 0.0
    quilt: float = 0.08
    hip_ease: float = 0.008
    rise: float = 0.2
    knee_radius: float = 0.08
    hem_radius: float = 0.075
    leg: float = 0.02
    thigh: float | None = None
    pleats: int = 0
    ruffle: float = 0.0
    slit: float = 0.0


@dataclass(frozen=True)
class Pattern(Cut):
    """A cut on a body: as ``Cut``, with lengths and heights over the floor in metres.

    kind: of ``KIND``; sleeve: metres along the arm, 0 = none; hem_y, top_y: lower edge, and upper edge of pants and
    skirts; button_y: where a lapel begins; knee_radius, hem_radius: of this body.
    """

    kind: str = "top"
    type: str = "tee"
    hem_y: float = 0.0
    top_y: float = 0.0
    button_y: float = 0.0


def draft(article: ArticleSpec, measures: Measures, layered: bool = False) -> Pattern:
    """The pattern of an article on a body; ``layered``: under an outer, so slimmer and with close sleeves.

    Raises:
        InputError: nobody knows how to make the article's type.
    """
    if article.type not in KIND:
        raise InputError(f"There is no garment of type {article.type!r}; choose one of {', '.join(sorted(KIND))}.")
    kind = KIND[article.type]
    names = {f.name for f in dataclasses.fields(Cut)}
    given = {name: value for name, value in article.cut.items() if name in names}
    cut = dataclasses.replace(Cut(open=0.025 if kind == "outer" else 0.0), **given)
    if layered:
        cut = dataclasses.replace(
            cut,
            sleeve_ease=min(cut.sleeve_ease, 0.007),
            cuff_ease=min(cut.cuff_ease, 0.006),
            chest_ease=0.6 * cut.chest_ease,
            waist_ease=0.7 * cut.waist_ease,
        )
    fields = dataclasses.asdict(cut) | {"kind": kind, "type": article.type}
    absolute = _bottom if kind in ("pants", "skirt") else _torso
    values: dict[str, Any] = fields | absolute(cut, kind, article.type, measures)
    return Pattern(**values)


def _below_waist(hem_leg: float, m: Measures) -> float:
    """Height of 1 crotch, 0 knee, -1 ankle."""
    if hem_leg > 0:
        return m.knee[1] + hem_leg * (m.crotch_y - m.knee[1])
    return m.knee[1] + hem_leg * (m.knee[1] - m.ankle[1])


def _torso(cut: Cut, kind: str, type_: str, m: Measures) -> dict[str, float]:
    reach = float(m.arm_lengths[2]) + (0.008 if kind == "outer" else 0.0)
    by_leg = cut.hem_leg if cut.hem_leg is not None else (0.3 if kind == "dress" else None)
    hem_y = m.waist_y + cut.hem * (m.high_hip_y - m.waist_y) if by_leg is None else _below_waist(by_leg, m)
    return {
        "sleeve": min(cut.sleeve * reach, reach + 0.015) if cut.sleeve > 0.03 else 0.0,
        "hem_y": float(hem_y),
        "button_y": float(max(m.waist_y + 0.06 - 0.25 * cut.button_height, hem_y + 0.12)),
    }


def _bottom(cut: Cut, kind: str, type_: str, m: Measures) -> dict[str, float]:
    top_y = float(m.waist_y - 0.6 * cut.rise * (m.waist_y - m.high_hip_y))
    if kind == "skirt":
        return {"top_y": top_y, "hem_y": float(_below_waist(cut.hem_leg if cut.hem_leg is not None else 0.3, m))}
    size = float(m.half_width(m.high_hip_y)) / MEDIUM_HIP_M
    if type_ == "shorts":
        radius = (float(m.half_width(m.crotch_y + 0.02)) * 0.5 + 0.012) * cut.hem_radius / MEDIUM_SHORTS_M
        hem_y = m.knee[1] + (0.4 if cut.thigh is None else cut.thigh) * (m.crotch_y - m.knee[1])
        return {"top_y": top_y, "hem_y": float(hem_y), "knee_radius": radius, "hem_radius": radius}
    return {
        "top_y": top_y,
        "hem_y": float(m.ankle[1] - 0.02 + cut.leg),
        "knee_radius": cut.knee_radius * size,
        "hem_radius": cut.hem_radius * (1 + size) / 2,
    }


def arm_profile(pattern: Pattern, along: np.ndarray) -> np.ndarray:
    """Ease of the sleeve over the arm's radius at distances along the arm."""
    e, cuff, length = pattern.sleeve_ease, pattern.cuff_ease, pattern.sleeve
    at = [0, 0.08, max(0.5 * length, 0.09), max(length, 0.10)]
    return np.interp(along, at, [0.3 * e, e, 0.8 * e + 0.2 * cuff, cuff])
