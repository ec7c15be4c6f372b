"""The JSON form of specs: frozen records out of plain values, and back."""

import dataclasses
import typing
from dataclasses import dataclass
from typing import Any, Self

from vton.schema import InputError

ABSENT = {"fall": ""} | dict.fromkeys(("likeness", "lens", "held", "wear", "wearer", "scene", "scarf"))
"""Fields of specs that their JSON leaves out at these values, so that what needs none of them keeps its form."""

Colour = tuple[float, float, float]
"""sRGB, 0..1."""


@dataclass(frozen=True)
class Spec:
    """JSON form for every spec."""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form, without what is `ABSENT`; ``from_dict`` reads it back to an equal spec."""
        return dataclasses.asdict(self, dict_factory=_present)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The spec of a JSON-able form.

        Raises:
            InputError: a field is unknown or missing.
        """
        known = {f.name: f for f in dataclasses.fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise InputError(f"{cls.__name__} has no {', '.join(unknown)}; it has {', '.join(known)}.")
        hints = typing.get_type_hints(cls)
        try:
            return cls(**{name: _revive(hints[name], value) for name, value in values.items()})
        except TypeError as error:
            raise InputError(f"{cls.__name__} is incomplete: {error}") from None


def _present(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in items if name not in ABSENT or value != ABSENT[name]}


def _revive(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if isinstance(hint, type) and issubclass(hint, Spec):
        return hint.from_dict(value)
    if origin is tuple:
        inner = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_revive(h, v) for h, v in zip(inner, value, strict=True))
    if type(None) in arguments:
        return _revive(next(a for a in arguments if a is not type(None)), value)
    return value
