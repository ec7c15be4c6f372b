"""What each tab would make now, in the words of the command line, of the library and of the page's endpoints.

Files have names of whoever runs the code; a value that is the usual one is left out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Photo:
    """A picture in a request, by the name of its file."""

    name: str


@dataclass(frozen=True)
class TextFile:
    """A text in a request that Python reads from a file, and that other requests hold."""

    name: str
    content: str


class Settings(ABC):
    """What a tab would make now.

    Attributes:
        endpoint: of the page that makes it.
        left_out: slots of articles that the endpoint cannot be given.
    """

    endpoint: ClassVar[str]

    @property
    def left_out(self) -> tuple[str, ...]:
        """None, unless a tab can do more than its endpoint."""
        return ()

    @abstractmethod
    def command(self) -> list[list[str]]:
        """The verb of ``python -m vton``, then each option with its values."""

    @abstractmethod
    def python(self) -> str:
        """A program that uses this library."""

    @abstractmethod
    def request(self) -> dict[str, Any]:
        """The endpoint's arguments: texts, numbers, `Photo`, lists of them, `TextFile`."""


def changed(values: Mapping[str, Any], **usual: Any) -> dict[str, Any]:
    """The values that are neither None nor the usual ones."""
    return {name: value for name, value in values.items() if value is not None and value != usual[name]}


def options(values: Mapping[str, Any]) -> list[list[str]]:
    """Options of a command line, each with its value."""
    return [[f"--{name}", str(value)] for name, value in values.items()]


def photos(names: Mapping[str, str]) -> dict[str, Any]:
    """Pictures of a request, from parameter -> file name."""
    return {parameter: Photo(name) for parameter, name in names.items()}


def call(function: str, *arguments: str, **values: Any) -> str:
    """A call in Python, of arguments that are code and values that are not."""
    return f"{function}({', '.join([*arguments, *(f'{name}={value!r}' for name, value in values.items())])})"
