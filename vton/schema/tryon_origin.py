"""What a try-on PNG says of itself: which system made it out of which photos, and that it is AI-generated."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeGuard

from vton.schema.digital_source import DigitalSourceType
from vton.schema.errors import InputError
from vton.schema.sizes import SizeHW, as_size
from vton.schema.slots import SLOTS

TRYON_KIND = "try-on"
BACKGROUNDS = ("keep", "plain")


@dataclass(frozen=True, kw_only=True)
class TryOnOrigin:
    """The origin of one try-on picture. The photos themselves are the user's: only their digests are kept.

    Attributes:
        system: name in the registry of pipelines.
        checkpoint: name, Hub id or folder name of the weights.
        revision: first digits of the weights' SHA-256.
        slot: one of ``SLOTS``; of an outfit several of them, with "+" between.
        size_hw: of the picture.
        person, garment: SHA-256 of the person photo's pixels and of the article, as hexadecimal digits; of an outfit
            those of its articles, in the order of their slots, with "+" between.
        background: "keep" or "plain".
        digital_source_type: IPTC's term for pictures that are partly made by a trained algorithm.
        kind: tells this origin from the recipe of a generated model.
    """

    system: str
    checkpoint: str
    revision: str
    slot: str
    size_hw: SizeHW
    person: str
    garment: str
    background: str = "keep"
    digital_source_type: str = DigitalSourceType.COMPOSITE.value
    kind: str = TRYON_KIND
    version: int = 1

    def to_json(self) -> str:
        """Returns one line of ASCII JSON with sorted keys."""
        return json.dumps({**asdict(self), "size_hw": list(self.size_hw)}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> TryOnOrigin:
        """Reads what ``to_json`` wrote.

        Raises:
            InputError: something else.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        names = {field.name for field in fields(cls)}
        if not is_tryon(values) or set(values) != names or not _is_sound(values):
            raise InputError("This is not the recipe of a try-on: use the PNG as this program wrote it.")
        return cls(**{**values, "size_hw": as_size(values["size_hw"])})


def _is_sound(values: dict[str, Any]) -> bool:
    """Whether the values of a try-on's recipe, all of them there, are of the right kinds."""
    size_hw, version = values["size_hw"], values["version"]
    texts = (value for name, value in values.items() if name not in ("size_hw", "version"))
    sized = isinstance(size_hw, list) and len(size_hw) == 2 and all(type(side) is int for side in size_hw)
    written = all(isinstance(text, str) for text in texts)
    return sized and version == 1 and written and set(values["slot"].split("+")) <= set(SLOTS)


def is_tryon(values: Any) -> TypeGuard[dict[str, Any]]:
    """Whether parsed JSON is the origin of a try-on."""
    return isinstance(values, dict) and values.get("kind") == TRYON_KIND
