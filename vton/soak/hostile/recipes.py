"""PNGs that carry a hostile recipe in place of the one that the program writes."""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image

from vton.schema import ARTICLE_HW, SLOTS, Task
from vton.soak.hostile.names import MARKUP
from vton.soak.hostile.pictures import chunk, encoded, garment, png, with_text
from vton.systems import leading, systems

HUGE = 10**400
WRONG_VALUES: tuple[Any, ...] = (
    None, True, -1, 0.5, 1e308, HUGE, float("nan"), float("inf"), "", "7", "a" * 5000, [], {}, [[1]], {"a": 1},
    [None] * 3, [4096, 4096], [10**9, 10**9],
)  # fmt: skip
_DEEPEST = 9
# The joints of COCO-18 in OpenPose's order, x and y in pixels.
_STANDING = (
    (96, 30), (96, 52), (78, 54), (72, 82), (70, 108), (114, 54), (120, 82), (122, 108), (85, 112), (84, 160),
    (84, 206), (107, 112), (108, 160), (108, 206), (92, 26), (100, 26), (87, 29), (105, 29),
)  # fmt: skip


def plain_recipe(rng: random.Random) -> dict[str, Any]:
    """A recipe as the program would write it, of one drawn article and somebody who stands."""
    webp = base64.b64encode(_article(rng)).decode("ascii")
    system = leading(Task.GENERATION)
    return {
        "version": 1, "system": system.name, "checkpoint": system.checkpoint, "revision": "0" * 12,
        "size_hw": [256, 192], "seed": rng.randrange(10**6), "psi": 0.8, "pose": _standing(), "pose_name": None,
        "articles": {rng.choice(SLOTS): webp}, "mix": None,
    }  # fmt: skip


def _standing() -> dict[str, Any]:
    """OpenPose JSON of somebody who stands in the middle of 192x256 pixels."""
    numbers = [float(number) for x, y in _STANDING for number in (x, y, 1)]
    return {"version": 1.3, "canvas_height": 256, "canvas_width": 192, "people": [{"pose_keypoints_2d": numbers}]}


def _article(rng: random.Random) -> bytes:
    picture = garment(rng, (ARTICLE_HW[1], ARTICLE_HW[0])).convert("RGBA")
    alpha = Image.new("L", picture.size, 0)
    alpha.paste(255, (40, 40, picture.width - 40, picture.height - 40))
    picture.putalpha(alpha)
    return encoded(picture, "WEBP", lossless=True)


def _mix(source: dict, target: dict, transfer: str = "colour") -> dict[str, Any]:
    return {**target, "mix": {"source": source, "target": target, "transfer": transfer, "strength": 0.5}}


def _nested_equal(rng: random.Random) -> Any:
    """Both sides alike at every level: 2**depth pictures to draw, unless equal sides are drawn once."""
    recipe = plain_recipe(rng)
    for _ in range(rng.randrange(1, _DEEPEST)):
        recipe = _mix(recipe, recipe)
    return recipe


def _nested_different(rng: random.Random) -> Any:
    """A full tree of recipes of which no two are alike."""
    base = plain_recipe(rng)

    def tree(depth: int) -> dict[str, Any]:
        if depth == 0:
            return {**base, "seed": rng.randrange(2**40)}
        return _mix(tree(depth - 1), tree(depth - 1), rng.choice(("colour", "pose", "3-7")))

    return tree(rng.randrange(1, 7))


def _chain(rng: random.Random) -> Any:
    """Deeper than any program should follow, on one side only."""
    recipe = plain_recipe(rng)
    for _ in range(rng.choice((_DEEPEST, 40, 200))):
        recipe = _mix({**recipe, "mix": None}, recipe)
    return recipe


def _markup(rng: random.Random) -> Any:
    recipe, text = plain_recipe(rng), rng.choice(MARKUP)
    field = rng.choice(("system", "checkpoint", "revision", "pose_name", "version", "articles", "transfer", "key"))
    if field == "articles":
        return {**recipe, "articles": {text: next(iter(recipe["articles"].values()))}}
    if field == "transfer":
        return _mix(recipe, recipe, text)
    return {**recipe, (text if field == "key" else field): text}


def _wrong_type(rng: random.Random) -> Any:
    recipe = plain_recipe(rng)
    return {**recipe, rng.choice(list(recipe)): rng.choice(WRONG_VALUES)}


def _wrong_mix(rng: random.Random) -> Any:
    recipe = plain_recipe(rng)
    mixed = _mix(recipe, recipe)
    mixed["mix"][rng.choice(list(mixed["mix"]))] = rng.choice(WRONG_VALUES)
    return mixed


def _missing(rng: random.Random) -> Any:
    recipe = plain_recipe(rng)
    for name in rng.sample(list(recipe), rng.randrange(1, 6)):
        del recipe[name]
    return recipe


def _huge_number(rng: random.Random) -> Any:
    field = rng.choice(("seed", "psi", "version", "size_hw"))
    value = rng.choice((HUGE, 2**63, 2**53, -(2**70), 1e308, float("nan"), float("-inf")))
    return {**plain_recipe(rng), field: [value, value] if field == "size_hw" else value}


def _foreign_system(rng: random.Random) -> Any:
    own = leading(Task.GENERATION).name
    names = (*(name for name in systems() if name != own), f"../{own}", "os:system", "json:loads", "")
    return {**plain_recipe(rng), "system": rng.choice(names), "checkpoint": rng.choice(("/etc", "a/b", "..", "x"))}


def _damaged_article(rng: random.Random) -> Any:
    recipe = plain_recipe(rng)
    text = rng.choice((
        "not base64!", "", "AAAA", "é" * 40, base64.b64encode(rng.randbytes(500)).decode(),
        next(iter(recipe["articles"].values()))[: rng.randrange(40, 400)],
        base64.b64encode(png(9000, 9000, 1, 0, chunk(b"IDAT", zlib.compress(bytes(1126 * 9000), 1)))).decode(),
        base64.b64encode(png(16_000, 16_000, 8, 6, chunk(b"IDAT", zlib.compress(bytes(9000))))).decode(),
        base64.b64encode(encoded(Image.new("RGBA", (192, 256)), "WEBP")).decode(),
    ))  # fmt: skip
    return {**recipe, "articles": {rng.choice((*SLOTS, "hat", "")): text}}


def _pose(rng: random.Random) -> Any:
    numbers: list[Any] = [float(rng.randrange(200)) for _ in range(54)]
    numbers[rng.randrange(54)] = rng.choice((HUGE, 1e39, float("nan"), None, "7", [1], True, -1e9))
    pose = rng.choice((
        {"people": [{"pose_keypoints_2d": numbers}]},
        {"people": [{"pose_keypoints_2d": [1.0] * 10**5}]},
        {"people": [{"pose_keypoints_2d": [0] * 54}]},
        {"people": [{}] * 10**4},
        {"people": rng.choice(WRONG_VALUES)},
        {"canvas_height": HUGE, "canvas_width": -3, "people": [{"pose_keypoints_2d": [5.0, 5.0, 1.0] * 18}]},
        {"canvas_height": float("nan"), "canvas_width": "a", "people": [{"pose_keypoints_2d": [5.0, 5.0, 1.0] * 18}]},
        {"keypoints": [[HUGE, 2, 3, 4]] * 18},
        {"keypoints": rng.choice(WRONG_VALUES)},
    ))  # fmt: skip
    return {**plain_recipe(rng), "pose": pose}


def _try_on(rng: random.Random) -> Any:
    return {"kind": "try-on", "system": rng.choice(MARKUP), "slot": rng.choice(WRONG_VALUES)}


def _no_object(rng: random.Random) -> Any:
    return rng.choice(([], [[]], "x", 3, None, True, {}, [plain_recipe(rng)]))


def _no_json(rng: random.Random) -> str:
    depth = rng.choice((900, 5000, 100_000))
    return rng.choice((
        "[" * depth, '{"mix":' * depth, "[" * depth + "]" * depth, "{", "", "\ufeff{}", "NaN",
        "1" * 6000, '{"a":1}{"b":2}',
    ))  # fmt: skip


def _long(rng: random.Random) -> str:
    return json.dumps({**plain_recipe(rng), "checkpoint": " " * rng.choice((10**6, 17 * 10**6))})


RECIPE_KINDS: dict[str, Callable[[random.Random], Any]] = {
    "plain": plain_recipe,
    "nested, equal": _nested_equal,
    "nested, different": _nested_different,
    "chain": _chain,
    "markup": _markup,
    "wrong type": _wrong_type,
    "wrong mix": _wrong_mix,
    "missing": _missing,
    "huge number": _huge_number,
    "foreign system": _foreign_system,
    "damaged article": _damaged_article,
    "pose": _pose,
    "try-on": _try_on,
    "no object": _no_object,
    "no JSON": _no_json,
    "long": _long,
}


def hostile_recipe(kind: str, rng: random.Random) -> bytes:
    """A PNG with a recipe of this kind of ``RECIPE_KINDS``."""
    recipe = RECIPE_KINDS[kind](rng)
    text = recipe if isinstance(recipe, str) and kind in ("no JSON", "long") else _json(recipe)
    return with_text(garment(rng, (192, 256)), text, zipped=len(text) > 100_000 or rng.random() < 0.2)


def _json(value: Any) -> str:
    """JSON of anything, whole numbers of any length and NaN included."""
    return json.dumps(value)
