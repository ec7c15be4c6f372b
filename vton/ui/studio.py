"""What every tab shares: engine, files, poses and looks, and the way from widget values to the schema."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypedDict

import numpy as np
from gradio.components import Component

from vton.conditioning.photos.image_io import load_rgb
from vton.conditioning.pose.presets import DEFAULT_PRESET, preset_poses, studio_pose
from vton.generation.lookbook import Lookbook, check_pictures, draw_lookbook, exchanged
from vton.provenance import read_recipe
from vton.readers.garment.article_reader import article_from_photo
from vton.schema import SLOTS, UNSAID, Article, InputError, Outfit, Pose, Recipe, Wear, quoted
from vton.ui.engine import PICTURE, Engine
from vton.ui.looks import ExampleLook, draw_thumbnail, load_looks
from vton.ui.mannequin import draw_mannequin
from vton.ui.server.outbox import CUTOUT_SUFFIX, Outbox
from vton.ui.server.visits import still_here
from vton.ui.texts import known, listed, number, say


class QuietOptions(TypedDict, total=False):
    """Options of any event of Gradio: whether Use via API lists it, and how its progress shows."""

    api_visibility: Literal["public", "private"]
    show_progress: Literal["full", "minimal", "hidden"]


class EventOptions(QuietOptions, total=False):
    """Options of an event that works for a while: which events share a line, which widget shows the progress."""

    concurrency_id: str
    concurrency_limit: int
    show_progress_on: Component


RANDOM_SEEDS = 2**31
# The line is not Gradio's but `Turns`, which refuses too.
WORK: EventOptions = {"concurrency_id": "model", "concurrency_limit": 60}
MODEL: EventOptions = {**WORK, "api_visibility": "private"}
LIGHT: QuietOptions = {"api_visibility": "private", "show_progress": "hidden"}
PHOTO = "photo"


@dataclass
class Studio:
    """The parts that outlive one request. Nothing here belongs to one visitor.

    Attributes:
        engine: the generator.
        outbox: the files that the page hands out.
        poses, looks: presets and examples.
    """

    engine: Engine
    outbox: Outbox = field(default_factory=Outbox)
    poses: dict[str, Pose] = field(default_factory=preset_poses)
    looks: list[ExampleLook] = field(default_factory=load_looks)

    def __post_init__(self) -> None:
        page_image = self.outbox.page_image
        self.pose_pictures = {name: page_image(draw_mannequin(p), f"pose-{name}") for name, p in self.poses.items()}
        self.look_pictures = [
            page_image(draw_thumbnail(look, self.pose(look.pose)[0]), f"look-{n}") for n, look in enumerate(self.looks)
        ]

    def pose(self, text: str | None) -> tuple[Pose, str | None]:
        """Reads a preset name or OpenPose JSON; returns the pose and, for a preset, its name.

        JSON on 256x192 pixels or a multiple is taken as it is; JSON in the pixels of a photo is moved to where the
        studio's models stand.

        Raises:
            InputError: neither of them. Never opens a file: the text comes from a browser.
        """
        text = (text or "").strip() or DEFAULT_PRESET
        if text.startswith(("{", "[")):
            return studio_pose(Pose.from_openpose(text)), None
        if text not in self.poses:
            raise InputError(f"No pose preset {text[:40]!r}: use {', '.join(self.poses)} or OpenPose JSON.")
        return self.poses[text], text

    def article(self, path: str, slot: str | None, keep_background: bool = False) -> Article:
        """Reads a photo, or a cut-out that this page made before.

        Args:
            path: of a checked upload.
            slot: where it is worn; None for a photo's likely slot, or the one that a cut-out's name begins with.

        Raises:
            InputError: not a usable picture, or no garment in it.
        """
        still_here(path)
        named = Path(path).name.split("-", 1)[0]
        if path.endswith(CUTOUT_SUFFIX) and (slot or named in SLOTS):
            return _cutout(Path(path), slot or named)
        with self.engine.turns.turn(PHOTO):
            return article_from_photo(path, slot, remove_bg=not keep_background)

    def turned(self, path: str | None) -> str:
        """A copy of somebody's photo, turned a quarter to the right.

        Raises:
            InputError: there is none, it is not a usable picture, or no longer here.
        """
        if not path:
            raise InputError("No photo to turn: add one of a person.")
        with self.engine.turns.turn(PHOTO):
            return self.outbox.photo(np.ascontiguousarray(np.rot90(load_rgb(still_here(path)), -1)), "turned")

    def look_outfit(self, look: ExampleLook) -> Outfit:
        """What a look wears, as its picture's recipe has it cut out; without a picture its articles are cut out."""
        outfit = read_recipe(look.result).outfit() if look.result else None
        return outfit or self.outfit({slot: str(file) for slot, file in look.articles.items()})

    def outfit(self, paths: dict[str, str | None], keep_background: bool = False) -> Outfit:
        """Reads the filled slots into an outfit.

        Raises:
            InputError: a picture that cannot be used, or a dress together with top or bottom.
        """
        articles = []
        for slot, path in paths.items():
            if path:
                articles.append(self.article(path, slot, keep_background))
                self.engine.turns.pass_on()
        return Outfit.of(*articles)

    def draw(
        self,
        outfit: Outfit,
        pose_text: str | None,
        seed: float | None,
        count: float | None,
        psi: float | None,
        callback: Any = None,
        wear: Wear = UNSAID,
    ) -> list[str]:
        """Generates and writes PNGs with recipe; returns their paths. The one way for page and API."""
        pose, name = self.pose(pose_text)
        start = random.randrange(RANDOM_SEEDS) if seed is None or seed < 0 else whole(seed, "seed")
        made = self.engine.generate(
            outfit, name or pose, start, whole(count, "count"), 0.8 if psi is None else float(psi), callback, wear
        )
        return [self.outbox.picture(one) for one in made]

    def lookbook(
        self,
        outfit: Outfit,
        articles: list[Article],
        poses: list[str],
        seed: float | None,
        psi: float | None = None,
        callback: Any = None,
    ) -> Lookbook:
        """Draws the outfit with each article in turn, in every pose. The one way for page and API."""
        outfits, psi = exchanged(outfit, articles), 0.8 if psi is None else float(psi)
        total, turns = check_pictures(len(outfits), len(poses)), self.engine.turns
        asked = [name or pose for pose, name in map(self.pose, poses)]
        with turns.turn(PICTURE, total):
            return draw_lookbook(
                self.engine.generate, outfits, asked, whole(seed, "seed"), psi, turns.between(callback)
            )


def _cutout(path: Path, slot: str) -> Article:
    try:
        return Article.from_webp(slot, path.read_bytes())
    except (OSError, InputError):  # deleted meanwhile, or somebody gave a picture such a name
        raise InputError(f"{quoted(path.name)} is no cut-out, or no longer here: add its photo again.") from None


def whole(value: float | None, name: str) -> int:
    """A whole number from a number box.

    Raises:
        InputError: empty or with a fraction.
    """
    if value is None or int(value) != value:
        raise InputError(f"The {name} must be a whole number.")
    return int(value)


def pose_text(recipe: Recipe, poses: dict[str, Pose]) -> str:
    """What the pose box holds for a recipe: the preset's name where it still is that pose, else JSON."""
    pose = recipe.to_pose()
    for name, preset in poses.items():
        if pose == preset:
            return name
    return json.dumps(recipe.pose) if pose is not None else DEFAULT_PRESET


def by_slot(paths: tuple[str | None, ...]) -> dict[str, str | None]:
    """Six tile values as slot -> path."""
    return dict(zip(SLOTS, paths, strict=True))


def base_recipe(recipe: Recipe) -> Recipe:
    """The recipe that holds outfit, pose and seed: of a mix, its target's."""
    while recipe.mix:
        recipe = Recipe.from_json(recipe.mix["target"])
    return recipe


def recipe_of(path: str) -> Recipe:
    """The recipe of a picture that was made here.

    Raises:
        InputError: it was deleted meanwhile.
    """
    return read_recipe(still_here(path))


def caption(path: str) -> str:
    """The line under a picture, and what a screen reader says of it."""
    recipe = recipe_of(path)
    if recipe.mix:
        transfer, strength = recipe.mix["transfer"], number(recipe.mix["strength"], ".2g")
        return say("result.of-mix", transfer=known(f"mix.transfer-{transfer}", transfer), strength=strength)
    worn = [say(f"worn.{slot}") for slot in SLOTS if slot in recipe.articles]
    if not worn:
        return say("result.of-seed", seed=recipe.seed)
    return say("result.of-outfit", seed=recipe.seed, articles=listed(worn, "and"))
