"""What Try-on, Compare and Verify would make now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vton.schema import TRYON_SLOTS
from vton.systems import usual_tryon
from vton.ui.snippets.settings import Photo, Settings, call, changed, options, photos


@dataclass(frozen=True)
class Fitting(Settings):
    """Settings of Try-on.

    Attributes:
        system: its name.
        slot: what the garment is; "auto" for what it looks like.
        outfit: slot -> file name of what is put on instead of a garment, by a system that takes several.
    """

    endpoint = "/tryon"
    system: str
    slot: str = "auto"
    background: str = "keep"
    outfit: Mapping[str, str] = field(default_factory=dict)

    @property
    def left_out(self) -> tuple[str, ...]:
        """All but one article of an outfit."""
        return tuple(slot for slot in self.outfit if slot != self._one()[0])

    def command(self) -> list[list[str]]:
        """See `Settings`."""
        garment = options(self.outfit) or [["--garment", "garment.jpg"]]
        system = options(changed({"system": self.system}, system=usual_tryon()))
        return [["tryon"], ["--person", "person.jpg"], *garment, *options(self._changed()), *system,
                ["--out", "tryon.png"]]  # fmt: skip

    def python(self) -> str:
        """See `Settings`."""
        put_on = call("pipeline", "'person.jpg'", repr(dict(self.outfit) or "garment.jpg"), **self._changed())
        return (
            f"from vton.systems import get_pipeline\n\npipeline = get_pipeline({self.system!r})\n"
            f'result = {put_on}\nresult.save("tryon.png")\n'
        )

    def request(self) -> dict[str, Any]:
        """See `Settings`."""
        slot, name = self._one()
        values = {"slot": slot, "system": self.system, "background": self.background}
        given = photos({"person": "person.jpg", "garment": name})
        return given | changed(values, slot="auto", system=usual_tryon(), background="keep")

    def _changed(self) -> dict[str, Any]:
        slot = "auto" if self.outfit else self.slot
        return changed({"slot": slot, "background": self.background}, slot="auto", background="keep")

    def _one(self) -> tuple[str, str]:
        """The garment that the endpoint is given: slot and file name."""
        able = [article for article in self.outfit.items() if article[0] in TRYON_SLOTS]
        return able[0] if able else ("auto" if self.outfit else self.slot, "garment.jpg")


@dataclass(frozen=True)
class Comparing(Settings):
    """Settings of Compare; systems: names of those that have their weights."""

    endpoint = "/compare"
    systems: tuple[str, ...]
    slot: str = "auto"
    background: str = "keep"

    def command(self) -> list[list[str]]:
        """See `Settings`."""
        words = [["compare"], ["--person", "person.jpg"], ["--garment", "garment.jpg"]]
        return [*words, *options(self._changed()), ["--out", "comparison.png"]]

    def python(self) -> str:
        """See `Settings`."""
        put_on = call("get_pipeline(system)", "'person.jpg'", "'garment.jpg'", **self._changed())
        return (
            f"from vton.systems import get_pipeline\n\nfor system in {list(self.systems)!r}:\n"
            f"    result = {put_on}\n    result.save(f'{{system}}.png')\n"
        )

    def request(self) -> dict[str, Any]:
        """See `Settings`."""
        return photos({"person": "person.jpg", "garment": "garment.jpg"}) | self._changed()

    def _changed(self) -> dict[str, Any]:
        return changed({"slot": self.slot, "background": self.background}, slot="auto", background="keep")


@dataclass(frozen=True)
class Checking(Settings):
    """Verify, which has no settings."""

    endpoint = "/verify"

    def command(self) -> list[list[str]]:
        """See `Settings`."""
        return [["verify", "picture.png"]]

    def python(self) -> str:
        """See `Settings`."""
        return (
            "from vton.provenance.verification import verify\n\n"
            'found = verify("picture.png")\nprint(found.verdict, found.reason)\n'
        )

    def request(self) -> dict[str, Any]:
        """See `Settings`."""
        return {"picture": Photo("picture.png")}
