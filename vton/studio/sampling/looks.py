"""The looks of an outfit: one geometry drawn from a seed, then new appearances of it (colours only)."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from vton.studio.article_photos.sampling import relight_article, views_of
from vton.studio.rendering.framing import parse_shares
from vton.studio.sampling.outfits import recolour, sample_outfit
from vton.studio.sampling.people import expecting, hair_colour, person_quantiles, sample_person, sample_skin
from vton.studio.sampling.poses import sample_poses
from vton.studio.sampling.scenes import with_scenes
from vton.studio.sampling.staging import stage
from vton.studio.sampling.views import relight, sample_view
from vton.studio.sampling.wear import over_shoulders, worn_otherwise
from vton.studio.sampling.wearers import with_wearer
from vton.studio.specs.look import LookSpec
from vton.studio.specs.person import PersonSpec

ARTICLE_STREAM, POSE_STREAM, BELLY_STREAM = 1, 2, 3
STAGING_STREAM, WEAR_STREAM, WEARER_STREAM, SCENE_STREAM, SHOULDER_STREAM = 21, 22, 23, 24, 25
"""Of random numbers: views of articles, poses, bellies; framings and occlusions, wear, other wearers, places and outers
over the shoulders, which change nothing else."""


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
    wear: float = 0.0,
    worn: float = 0.0,
    sets: float = 0.0,
) -> list[LookSpec]:
    """The looks of outfit ``index`` of a run: one geometry, ``looks`` appearances, ``poses`` photos each.

    Args:
        attempt: 0, or how often the quality gate has refused this outfit.
        framings, occlusions, wear, worn, sets: as in `settings.Settings`.
    """
    rng = np.random.default_rng([seed, index, attempt])
    person = sample_person(rng, person_quantiles(seed, index))
    person = expecting(np.random.default_rng([seed, index, attempt, BELLY_STREAM]), person)
    outfit = sample_outfit(rng, person.body.gender)
    if wear:
        outfit = worn_otherwise(np.random.default_rng([seed, index, attempt, WEAR_STREAM]), outfit, wear)
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
    if wear:
        drawn = over_shoulders(np.random.default_rng([seed, index, attempt, SHOULDER_STREAM]), drawn)
    drawn = with_scenes(np.random.default_rng([seed, index, attempt, SCENE_STREAM]), drawn, sets)
    drawn = with_article_views(np.random.default_rng([seed, index, attempt, ARTICLE_STREAM]), drawn)
    return with_wearer(np.random.default_rng([seed, index, attempt, WEARER_STREAM]), drawn, worn)


def with_article_views(rng: np.random.Generator, looks: Sequence[LookSpec]) -> list[LookSpec]:
    """The looks of one geometry with photos of their articles: each lies the same in all, on other backdrops."""
    views = [view for article in looks[0].outfit.articles for view in views_of(rng, article)]
    worn = [{article.slot: article for article in look.outfit.articles} for look in looks]
    relit = [tuple(relight_article(rng, view, articles[view.slot]) for view in views) for articles in worn[1:]]
    return [
        dataclasses.replace(look, article_views=shown)
        for look, shown in zip(looks, [tuple(views), *relit], strict=True)
    ]
