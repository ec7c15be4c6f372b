"""Outfits, poses and views drawn at random, and new looks (colours only) of a geometry that exists already."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from vton.studio.accessories.kinds import BAGS, accessory_fabric, draw_bag, draw_hat, draw_shoes
from vton.studio.article_photos.sampling import relight_article, views_of
from vton.studio.fabrics.harmony import Scheme, jitter
from vton.studio.garments.cuts import draw_cut
from vton.studio.garments.wardrobe import KINDS, same_drape
from vton.studio.light.lighting import LIGHT_DIRECTIONS
from vton.studio.poses.stance_table import STANCES
from vton.studio.poses.stances import Stance
from vton.studio.rendering.framing import parse_shares
from vton.studio.sampling.people import expecting, hair_colour, person_quantiles, sample_person, sample_skin
from vton.studio.sampling.staging import stage
from vton.studio.specs.choices import between, chance, choose, seed_of
from vton.studio.specs.looks import (
    ArticleSpec,
    Colour,
    FabricSpec,
    LookSpec,
    OutfitSpec,
    PersonSpec,
    PoseSpec,
    ViewSpec,
)

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
BACKDROPS = ((0.838, 0.838, 0.848), (0.868, 0.858, 0.838), (0.798, 0.798, 0.808), (0.9, 0.9, 0.9),
             (0.758, 0.768, 0.777), (0.847, 0.828, 0.809))  # fmt: skip
GARMENT_ORDER = ("dress", "top", "bottom", "outer", "shoes", "accessory")
ARTICLE_STREAM, POSE_STREAM, BELLY_STREAM, STAGING_STREAM = 1, 2, 3, 21
"""Of random numbers: views of articles, poses, bellies, framings and occlusions do not change what else is drawn."""

TURNED_YAW = {"three_quarter": (35, 60), "side": (70, 110), "back": (150, 210)}
FACING_DEG = 60
"""Stances that are turned by more are views from the side or the back."""

PERCHED = 0.7
"""Height of the hips, as in `Stance.seat`, from which a skirt still hangs down."""

FLOWING = ("maxi", "maxidress", "coat", "trench")
"""What is too long to sit on."""


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


def sample_poses(rng: np.random.Generator, count: int, outfit: OutfitSpec, turned: float = 0.0) -> tuple[PoseSpec, ...]:
    """``count`` poses, all different while there are enough names.

    Args:
        turned: share of views from the side and back, and of three-quarter views beside those of turned stances; 0
            keeps everybody's face towards the camera.
    """
    weights = _pose_weights(outfit)
    poses = []
    for _ in range(count):
        yaw, aside = 0.0, chance(rng, turned)
        if aside:
            low, high = TURNED_YAW[choose(rng, {"three_quarter": 2, "side": 1, "back": 1})]
            yaw = between(rng, low, high, 1) * (1 if chance(rng, 0.5) else -1)
        fit = {name: w for name, w in weights.items() if aside or abs(STANCES[name].yaw) <= FACING_DEG}
        left = {name: w for name, w in fit.items() if name not in {p.name for p in poses}} or fit
        name = choose(rng, left)
        poses.append(PoseSpec(name, chance(rng, 0.5), 0.0 if STANCES[name].yaw else yaw, seed_of(rng)))
    return tuple(poses)


def sample_view(rng: np.random.Generator, half: float = 0.0) -> ViewSpec:
    """Camera, light and backdrop of a photo. ``half``: share of half-body framings."""
    framing = "half" if chance(rng, half) else "full"
    view = ViewSpec(
        framing=framing,
        zoom=between(rng, 1.06, 1.14),
        shift_x=round(float(rng.normal(0, 0.018)), 4),
        eye_height=between(rng, 0.95, 1.3),
        key_direction=LIGHT_DIRECTIONS[int(rng.integers(len(LIGHT_DIRECTIONS)))],
        softness_deg=between(rng, 9, 24, 1),
    )
    return relight(rng, view)


def relight(rng: np.random.Generator, view: ViewSpec) -> ViewSpec:
    """The view with other light colours and another backdrop; the camera and the light's direction stay."""
    tint = 1 + rng.normal(0, 0.018, 3)
    key = between(rng, 0.52, 0.66) * np.array([1, 0.98, 0.96]) * tint
    return dataclasses.replace(
        view,
        key_colour=_colour(key),
        fill_colour=_colour(np.full(3, between(rng, 0.20, 0.30))),
        dome_colour=_colour(between(rng, 0.42, 0.50) * np.array([1, 1.01, 1.03])),
        backdrop=BACKDROPS[int(rng.integers(len(BACKDROPS)))],
    )


def sample_look(rng: np.random.Generator, base: LookSpec) -> LookSpec:
    """Another look of the same geometry: fabrics, colours, prints, skin, hair colour, light colours, backdrop."""
    body, skin = base.person.body, base.person.skin
    tone = round(float(np.clip(skin.tone + rng.normal(0, 0.7), 0, 9)), 3)
    person = PersonSpec(
        body,
        sample_skin(rng, body.gender, tone),
        dataclasses.replace(base.person.hair, colour=hair_colour(rng, body.age, tone, body.african)),
    )
    view = relight(rng, base.views[0])
    colours = {name: getattr(view, name) for name in ("key_colour", "fill_colour", "dome_colour", "backdrop")}
    views = tuple(dataclasses.replace(v, **colours) for v in base.views)
    return LookSpec(person, recolour(rng, base.outfit), base.poses, views)


def sample_looks(
    seed: int,
    index: int,
    poses: int,
    looks: int,
    half: float = 0.0,
    turned: float = 0.0,
    attempt: int = 0,
    framings: str = "",
    occlusions: float = 0.0,
) -> list[LookSpec]:
    """The looks of outfit ``index`` of a run: one geometry, ``looks`` appearances, ``poses`` photos each.

    Args:
        attempt: 0, or how often the quality gate has refused this outfit.
        framings, occlusions: as in `render.Settings`.
    """
    rng = np.random.default_rng([seed, index, attempt])
    person = sample_person(rng, person_quantiles(seed, index))
    person = expecting(np.random.default_rng([seed, index, attempt, BELLY_STREAM]), person)
    outfit = sample_outfit(rng, person.body.gender)
    chosen = sample_poses(np.random.default_rng([seed, index, attempt, POSE_STREAM]), poses, outfit, turned)
    view = sample_view(rng, half)
    views = [view]
    for _ in chosen[1:]:
        other = sample_view(rng, half)
        views.append(dataclasses.replace(view, **{n: getattr(other, n) for n in ("framing", "zoom", "shift_x")}))
    first = LookSpec(person, outfit, chosen, tuple(views))
    drawn = [first] + [sample_look(rng, first) for _ in range(looks - 1)]
    staging = np.random.default_rng([seed, index, attempt, STAGING_STREAM])
    drawn = stage(staging, drawn, parse_shares(framings) if framings else {}, occlusions)
    return with_article_views(np.random.default_rng([seed, index, attempt, ARTICLE_STREAM]), drawn)


def with_article_views(rng: np.random.Generator, looks: Sequence[LookSpec]) -> list[LookSpec]:
    """The looks of one geometry with photos of their articles: each lies the same in all, on other backdrops."""
    views = [view for article in looks[0].outfit.articles for view in views_of(rng, article)]
    relit = [
        tuple(relight_article(rng, view, look.outfit.article(view.slot)) for view in views) for look in looks[1:]
    ]
    return [
        dataclasses.replace(look, article_views=shown)
        for look, shown in zip(looks, [tuple(views), *relit], strict=True)
    ]


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


def _pose_weights(outfit: OutfitSpec) -> dict[str, float]:
    """How often each stance is drawn with an outfit; those that it does not allow are left out."""
    weights = {name: _pose_weight(stance, outfit) for name, stance in STANCES.items()}
    weights["elbow-bag"] = 0.3
    accessory = outfit.article("accessory")
    if accessory is not None and accessory.type in BAGS and accessory.type != "crossbody":
        weights["elbow-bag"] = 2.0 if accessory.type != "tote" else 0.0
    return {name: weight for name, weight in weights.items() if weight > 0}


def _pose_weight(stance: Stance, outfit: OutfitSpec) -> float:
    """Bags want a free arm, thick outers do not cross their sleeves, and who sits does not sit on long cloth."""
    accessory, outer = outfit.article("accessory"), outfit.article("outer")
    types = {a.type for a in outfit.articles}
    bag = accessory is not None and accessory.type in BAGS
    if bag and (stance.seat or (accessory.type != "crossbody" and not stance.frees_a_hand)):
        return 0.0
    skirted = bool(types & (set(SKIRTS) | set(DRESSES)))
    if stance.seat and (types & set(FLOWING) or (skirted and stance.seat < PERCHED)):
        return 0.0
    weight = 0.15 if outer is not None and stance.folds_arms else 1.0
    return 0.3 * weight if skirted and "pocket" in (stance.left.reach, stance.right.reach) else weight


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


def _colour(values: Sequence[float]) -> Colour:
    return tuple(round(float(v), 4) for v in values)
