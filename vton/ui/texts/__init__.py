"""The page's texts, a file for each language, English first; and which language is spoken.

Nobody knows who will read the page while it is built: a text is a marker of ``gr.I18n`` then, in whose place the
visitor's browser puts the words (language.js). In an event the visitor's language is known, and a text is the words.
"""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent
NAMES = {"en": "English", "zh-CN": "中文", "de": "Deutsch", "fr": "Français", "es": "Español", "ja": "日本語"}
"""The languages, by code of BCP 47, and what they call themselves."""
SOURCE = "en"
VISITORS = "visitor's"  # spoken while the page is built
HEADER = "x-page-language"  # of the page's requests; programs send none, and are answered in English
_MARKER = "__i18n__"
_HOLE = re.compile(r"\{(\w+)\}")
_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


@cache
def texts(language: str) -> dict[str, str]:
    """Key -> text of a language; a key is the name of a table and one in it, such as "tabs.create"."""
    tables = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    tables.pop("messages", None)  # of the library, see messages.py
    return {f"{table}.{name}": text for table, named in tables.items() for name, text in named.items()}


def speak(headers: Mapping[str, str] | None) -> None:
    """From now on the language that a request asks for is spoken to whoever sent it."""
    asked = (headers or {}).get(HEADER, SOURCE)
    _spoken.set(asked if asked in NAMES else SOURCE)


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speaks a language, or ``VISITORS``."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken."""
    return _spoken.get()


def say(key: str, **holes: Any) -> str:
    """A text in the language that is spoken.

    Args:
        key: of the text.
        holes: what to put in its holes.

    Raises:
        KeyError: there is no such text, or a hole of it is left open.
    """
    if _spoken.get() != VISITORS:
        return filled(texts(_spoken.get())[key], holes)
    filled(texts(SOURCE)[key], holes)
    holes = {name: str(value) for name, value in holes.items()}
    return _MARKER + json.dumps({"__type__": "translation_metadata", "key": key, **holes}, ensure_ascii=False)


def known(key: str, otherwise: str) -> str:
    """A text in the language that is spoken, or another where there is none, as of names of files."""
    return say(key) if key in texts(SOURCE) else otherwise


def filled(text: str, holes: Mapping[str, Any]) -> str:
    """A text with its holes filled."""
    return _HOLE.sub(lambda hole: str(holes[hole[1]]), text)


def heard(text: str) -> str:
    """A text of the built page, such as a label, in the language that is spoken."""
    start, marker, rest = text.partition(_MARKER)
    if not marker or _spoken.get() == VISITORS:
        return text
    told, end = json.JSONDecoder().raw_decode(rest)
    holes = {name: heard(value) for name, value in told.items() if name not in ("__type__", "key")}
    return start + say(told["key"], **holes) + heard(rest[end:])


def listed(words: Any, last: str) -> str:
    """Words as in a sentence: "a, b and c" where ``last`` is "and"; the other is "or"."""
    *others, end = words
    return say(f"page.{last}", start=say("page.comma").join(others), last=end) if others else end


def number(value: float, form: str) -> str:
    """A number with the decimal sign of the language.

    Args:
        form: how it is written, such as ".2g".
    """
    return f"{value:{form}}".replace(".", say("page.point"))


def translations() -> gr.I18n:
    """All that the browser needs."""
    return gr.I18n(**{language: texts(language) for language in NAMES})
