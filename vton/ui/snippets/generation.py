"""What Create, Mix and Lookbook would make now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.schema import Task
from vton.systems import leading
from vton.ui.snippets.settings import Photo, Settings, TextFile, call, changed, options, photos

_POSE_FILE = "pose.json"


@dataclass(frozen=True)
class Drawing(Settings):
    """Settings of Create.

    Attributes:
        articles: slot -> file name; without any, a top stands for what is still to be added.
        pose: a preset's name or OpenPose JSON.
        seed: None or below 0 for any.
        wear: topic -> option.
    """

    endpoint = "/generate"
    articles: Mapping[str, str]
    pose: str = DEFAULT_PRESET
    seed: int | None = None
    count: int = 1
    psi: float = 0.8
    wear: Mapping[str, str] = field(default_factory=dict)

    def command(self) -> list[list[str]]:
        """See `Settings`."""
        words = [["generate"], *options(_some(self.articles)), *options(self._changed(0))]
        words += [["--wear", f"{topic}={option}"] for topic, option in self.wear.items()]
        return [*words, ["--out", "model.png" if self.count == 1 else "models/"]]

    def python(self) -> str:
        """See `Settings`."""
        how = {"wear": dict(self.wear)} if self.wear else {}
        draw = call("pipeline", repr(_some(self.articles)), **self._changed(0), **how)
        several = "for image in images:\n    image.save(f'model-{image.recipe.seed}.png')\n"
        save = 'images[0].save("model.png")\n' if self.count == 1 else several
        return f"from vton.systems import get_pipeline\n\n{_generator()}images = {draw}\n{save}"

    def request(self) -> dict[str, Any]:
        """See `Settings`."""
        pose = {"pose": TextFile(_POSE_FILE, self.pose)} if _is_json(self.pose) else {}
        how = ", ".join(f"{topic}={option}" for topic, option in self.wear.items())
        return photos(_some(self.articles)) | self._changed(-1) | pose | ({"wear": how} if how else {})

    def _changed(self, usual_seed: int) -> dict[str, Any]:
        values = {"pose": _POSE_FILE if _is_json(self.pose) else self.pose, "seed": _seed(self.seed),
                  "count": self.count, "psi": self.psi}  # fmt: skip
        return changed(values, pose=DEFAULT_PRESET, seed=usual_seed, count=1, psi=0.8)


@dataclass(frozen=True)
class Mixing(Settings):
    """Settings of Mix; transfer and strength as `StylePipeline.mix` takes them."""

    endpoint = "/mix"
    transfer: str = "colour"
    strength: float = 1.0

    def command(self) -> list[list[str]]:
        """See `Settings`."""
        words = [["mix"], ["--source", "source.png"], ["--target", "target.png"], ["--transfer", self.transfer]]
        return [*words, *options(changed({"strength": self.strength}, strength=1)), ["--out", "mixed.png"]]

    def python(self) -> str:
        """See `Settings`."""
        sides = [f'read_recipe("{side}.png")' for side in ("source", "target")]
        return (
            "from vton.provenance import read_recipe\nfrom vton.systems import get_pipeline\n\n"
            f'{_generator()}mixed = {call("pipeline.mix", *sides, **self._changed())}\nmixed.save("mixed.png")\n'
        )

    def request(self) -> dict[str, Any]:
        """See `Settings`."""
        return photos({side: f"{side}.png" for side in ("source", "target")}) | self._changed()

    def _changed(self) -> dict[str, Any]:
        return changed({"transfer": self.transfer, "strength": self.strength}, transfer="colour", strength=1)


@dataclass(frozen=True)
class Book(Settings):
    """Settings of Lookbook.

    Attributes:
        articles: slot -> file name, of what is always worn.
        tried: slot and file name of what takes turns.
        poses: presets' names.
    """

    endpoint = "/lookbook"
    articles: Mapping[str, str]
    tried: tuple[tuple[str, str], ...] = ()
    poses: tuple[str, ...] = (DEFAULT_PRESET,)
    seed: int = 0

    def command(self) -> list[list[str]]:
        """See `Settings`."""
        tried = [f"{slot}={name}" for slot, name in self.tried]
        words = [["lookbook"], *options(self._worn()), *([["--try", *tried]] if tried else [])]
        words += [["--pose", *self.poses]] if self.poses not in ((), (DEFAULT_PRESET,)) else []
        return [*words, *options(changed({"seed": self.seed}, seed=0)), ["--out", "lookbook.zip"]]

    def python(self) -> str:
        """See `Settings`."""
        worn = ", ".join(f"article_from_photo({name!r}, {slot!r})" for slot, name in self._worn().items())
        tried = ", ".join(f"article_from_photo({name!r}, {slot!r})" for slot, name in self.tried)
        poses = repr(list(self.poses or (DEFAULT_PRESET,)))
        seed = changed({"seed": self.seed}, seed=0)
        return (
            "from pathlib import Path\n\nfrom vton.generation.lookbook import draw_lookbook, exchanged\n"
            "from vton.readers.garment.article_reader import article_from_photo\nfrom vton.schema import Outfit\n"
            f"from vton.systems import get_pipeline\n\n{_generator()}"
            f"outfits = exchanged(Outfit.of({worn}), [{tried}])\n"
            f"book = {call('draw_lookbook', 'pipeline', 'outfits', poses, **seed)}\n"
            'Path("lookbook.zip").write_bytes(book.archive())\n'
        )

    def request(self) -> dict[str, Any]:
        """See `Settings`."""
        tried = {"tried": [Photo(name) for _, name in self.tried]} if self.tried else {}
        values = {"poses": ", ".join(self.poses) or DEFAULT_PRESET, "seed": self.seed}
        return photos(self._worn()) | tried | changed(values, poses=DEFAULT_PRESET, seed=0)

    def _worn(self) -> Mapping[str, str]:
        return self.articles if self.tried else _some(self.articles)


def _some(articles: Mapping[str, str]) -> dict[str, str]:
    return dict(articles) or {"top": "top.jpg"}


def _is_json(pose: str) -> bool:
    return pose.lstrip().startswith(("{", "["))


def _seed(seed: int | None) -> int | None:
    return None if seed is None or seed < 0 else seed


def _generator() -> str:
    return f"pipeline = get_pipeline({leading(Task.GENERATION).name!r})\n"
