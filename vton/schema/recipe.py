"""Everything that made one image, small enough to travel inside its PNG."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from vton.schema.article import SLOTS, Article
from vton.schema.digital_source import DigitalSourceType
from vton.schema.errors import InputError
from vton.schema.outfit import Outfit, check_slots
from vton.schema.pose import Pose
from vton.schema.sizes import SizeHW
from vton.schema.tryon_origin import is_tryon
from vton.schema.wear import Wear

RECIPE_VERSION = 1
MAX_SEED = 2**53 - 1  # the largest whole number that survives every JSON reader
MAX_MIX_DEPTH = 8
MAX_RECIPES = 32  # different ones in a mix of mixes, itself included: each costs encoding an outfit
_MAX_JSON = 16_000_000
_MIX_KEYS = {"source", "target", "transfer", "strength"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The inputs of one generated image.

    Attributes:
        version: of this format.
        system: name in the registry of pipelines.
        checkpoint: name, Hub id or folder name of the weights.
        revision: first digits of the weights' SHA-256.
        size_hw: of the image.
        seed: of the latent z, 0..2**53-1.
        psi: truncation, 0..2.
        pose: OpenPose JSON object, or None for a system without poses.
        pose_name: the preset it came from, if any.
        articles: slot -> WebP of the article in base64.
        wear: how they are worn, topic -> option of `WEAR_OPTIONS`.
        mix: None, or source and target recipe, transfer and strength (0..1) of a style mix.

    Raises:
        InputError: a value of the wrong kind or out of its range.
    """

    system: str
    checkpoint: str
    revision: str
    size_hw: SizeHW
    seed: int
    psi: float
    pose: dict[str, Any] | None = None
    pose_name: str | None = None
    articles: dict[str, str] = field(default_factory=dict)
    wear: dict[str, str] = field(default_factory=dict)
    mix: dict[str, Any] | None = None
    version: int = RECIPE_VERSION

    def __post_init__(self) -> None:
        if self.version != RECIPE_VERSION:
            raise InputError(
                f"This recipe has version {str(self.version)[:20]}: this program reads {RECIPE_VERSION}."
            )
        for name in ("system", "checkpoint", "revision"):
            _require(isinstance(getattr(self, name), str), name)
        _require(_is_size(self.size_hw), "size_hw")
        object.__setattr__(self, "size_hw", (int(self.size_hw[0]), int(self.size_hw[1])))
        _require(_is_int(self.seed) and 0 <= self.seed <= MAX_SEED, "seed")
        _require(_is_number(self.psi) and 0 <= self.psi <= 2, "psi")
        _require(self.pose is None or isinstance(self.pose, dict), "pose")
        _require(self.pose_name is None or isinstance(self.pose_name, str), "pose_name")
        _require(isinstance(self.articles, dict), "articles")
        _require(all(isinstance(v, str) for v in self.articles.values()), "articles")
        check_slots(self.articles)
        _require(isinstance(self.wear, dict) and all(isinstance(v, str) for v in self.wear.values()), "wear")
        Wear.of(self.wear)
        if self.mix is not None:
            _check_mix(self.mix)

    @classmethod
    def from_json(cls, text: str | bytes | dict[str, Any]) -> Recipe:
        """Reads what ``to_json`` wrote and checks all of it, pictures and pose included.

        Raises:
            InputError: not a recipe, one of a try-on, one with a damaged part, or a mix of too many.
        """
        if isinstance(text, str | bytes):
            if len(text) > _MAX_JSON:
                raise InputError("This recipe is too large: use the PNG as this program wrote it.")
            try:
                text = json.loads(text)
            except (ValueError, RecursionError):
                raise InputError(
                    "The recipe is not valid JSON: use the PNG as this program wrote it."
                ) from None
        if is_tryon(text):
            raise InputError(
                "This picture is a try-on, which has no outfit and seed to bring back: "
                "use its photos in Try-on, or a PNG that Create or Mix made."
            )
        return cls._from_dict(text, 0, set())

    @classmethod
    def _from_dict(cls, values: Any, depth: int, checked: set[str]) -> Recipe:
        """Checks a recipe and those mixed in it; equal ones, which ``checked`` knows by their digests, once."""
        _require(isinstance(values, dict), "content")
        if depth > MAX_MIX_DEPTH:
            raise InputError(
                f"This recipe mixes more than {MAX_MIX_DEPTH} times: start from a simpler image."
            )
        known = {f.name: f for f in fields(cls)}
        _require(set(values) <= set(known), "content")
        for name in ("version", "system", "checkpoint", "revision", "size_hw", "seed", "psi"):
            _require(name in values, name)
        recipe = cls(**values)
        recipe.to_pose()
        recipe.outfit()
        if len(checked) >= MAX_RECIPES:
            raise InputError(f"This recipe mixes more than {MAX_RECIPES} pictures: start from a simpler image.")
        checked.add(digest(values))
        if recipe.mix is not None:
            for side in ("source", "target"):
                if digest(recipe.mix[side]) not in checked:
                    cls._from_dict(recipe.mix[side], depth + 1, checked)
        return recipe

    @property
    def digital_source_type(self) -> str:
        """IPTC's term for pictures that a trained algorithm made as a whole."""
        return DigitalSourceType.GENERATED.value

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values that JSON can hold."""
        return {**asdict(self), "size_hw": list(self.size_hw)}

    def to_json(self) -> str:
        """Returns one line of ASCII JSON with sorted keys."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    def outfit(self) -> Outfit | None:
        """Returns the articles, or None when the recipe has none.

        Raises:
            InputError: a stored picture is damaged.
        """
        if not self.articles:
            return None
        return Outfit.of(
            **{slot: Article.from_webp(slot, _decode(slot, text)) for slot, text in self.articles.items()}
        )

    def to_pose(self) -> Pose | None:
        """Returns the pose, or None when the recipe has none.

        Raises:
            InputError: the stored pose is damaged.
        """
        return None if self.pose is None else Pose.from_openpose(self.pose)

    @staticmethod
    def pack_outfit(outfit: Outfit | None) -> dict[str, str]:
        """Returns the value for ``articles``: each article of the outfit as base64 WebP."""
        if outfit is None:
            return {}
        return {slot: base64.b64encode(article.to_webp()).decode("ascii") for slot, article in outfit.items()}


def digest(values: dict[str, Any]) -> str:
    """SHA-256 of a recipe's plain values, by which equal sides of mixes are found, as hexadecimal digits.

    Raises:
        InputError: values nested too deeply for JSON.
    """
    try:
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    except RecursionError:
        raise InputError("The recipe is nested too deeply: use the PNG as this program wrote it.") from None


def _require(ok: bool, name: str) -> None:
    if not ok:
        raise InputError(f"The recipe has a wrong or missing `{name}`: use the PNG as this program wrote it.")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _is_size(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(_is_int(v) and 0 < v <= 4096 for v in value)
    )


def _check_mix(mix: Any) -> None:
    _require(isinstance(mix, dict) and set(mix) == _MIX_KEYS, "mix")
    _require(isinstance(mix["source"], dict) and isinstance(mix["target"], dict), "mix")
    _require(isinstance(mix["transfer"], str) and len(mix["transfer"]) <= 40, "mix")
    _require(_is_number(mix["strength"]) and 0 <= mix["strength"] <= 1, "mix")


def _decode(slot: str, text: str) -> bytes:
    assert slot in SLOTS
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(f"The stored picture for {slot} is damaged: make the recipe again.") from None
