"""How the articles of an outfit are worn, as far as somebody says so: what no picture of an article shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from vton.schema.errors import InputError
from vton.schema.slots import SLOTS

WEAR_OPTIONS = {
    "accessory": ("hat", "bag"),
    "side": ("left", "right"),
    "top": ("over", "half", "in"),
    "outer": ("gap", "closed", "half", "open"),
    "sleeves": ("down", "rolled"),
    "hems": ("down", "turned up"),
}
"""What can be said of each topic. accessory: what it is; side: of the picture, on which a bag is carried; top: over the
bottom, with the middle of the front in the waistband, or tucked in; outer: open by a hand's breadth, fastened, fastened
in part, or wide open; sleeves: of top and outer; hems: of trousers."""

TRAITS = tuple((topic, option) for topic, options in WEAR_OPTIONS.items() for option in options)
"""A number of `Wear.traits` each."""

_SLOTS_OF = {"accessory": ("accessory",), "side": ("accessory",), "top": ("top",), "outer": ("outer",),
             "sleeves": ("top", "outer"), "hems": ("bottom",)}  # fmt: skip

TRAIT_SLOTS = np.array([[slot in _SLOTS_OF[topic] for slot in SLOTS] for topic, _ in TRAITS], np.float32)
"""[len(TRAITS), 6], 0 or 1: the slots that a trait is about."""


@dataclass(frozen=True)
class Wear:
    """One of `WEAR_OPTIONS` for each topic; an empty text where nothing is said.

    Raises:
        InputError: there is no such option.
    """

    accessory: str = ""
    side: str = ""
    top: str = ""
    outer: str = ""
    sleeves: str = ""
    hems: str = ""

    def __post_init__(self) -> None:
        for topic, options in WEAR_OPTIONS.items():
            if getattr(self, topic) not in ("", *options):
                raise InputError(f"wear: {topic} is one of {', '.join(options)}, or nothing.")

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Wear:
        """From topic -> option.

        Raises:
            InputError: an unknown topic or option.
        """
        if set(said) - set(WEAR_OPTIONS):
            raise InputError(f"wear: a topic is unknown; choose of {', '.join(WEAR_OPTIONS)}.")
        return cls(**said)

    @classmethod
    def parse(cls, parts: Iterable[str]) -> Wear:
        """From texts such as "top=in".

        Raises:
            InputError: a text of another form, an unknown topic or option.
        """
        parts = [part.strip() for part in parts if part.strip()]
        for part in parts:
            if "=" not in part:
                raise InputError("wear is TOPIC=HOW, and commas between several: write, say, top=in.")
        return cls.of(dict(part.split("=", 1) for part in parts))

    def told(self) -> dict[str, str]:
        """Topic -> option, of those that are said."""
        return {topic: option for topic, option in asdict(self).items() if option}

    def flip(self) -> Wear:
        """The same in a mirror."""
        return replace(self, side={"left": "right", "right": "left"}.get(self.side, ""))

    def only(self, slots: Collection[str]) -> Wear:
        """Without what is about none of these slots."""
        return Wear(**{f.name: getattr(self, f.name) for f in fields(self) if set(_SLOTS_OF[f.name]) & set(slots)})

    def traits(self) -> np.ndarray:
        """[len(TRAITS)], float32: 1 where it is so, 0 where it is not or nothing is said."""
        return np.array([getattr(self, topic) == option for topic, option in TRAITS], np.float32)


UNSAID = Wear()
"""Nothing is said."""
