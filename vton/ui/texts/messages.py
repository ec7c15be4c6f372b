"""Messages of the library in the language that is spoken: it raises them in English, for scripts and people alike.

A language's table "messages" has patterns of English messages, with named holes, and what they are in that language.
One without a pattern stays English.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from vton.ui.texts import HERE, SOURCE, VISITORS, filled, say, spoken, texts

_HOLE = re.compile(r"\\\{(\w+)\\\}")
_WORDS = ("worn", "article", "slot")  # tables of what stands in holes


@cache
def patterns(language: str) -> dict[str, str]:
    """English message, with holes -> the same in a language."""
    return tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8")).get("messages", {})


def translated(text: str) -> str:
    """A message in the language that is spoken."""
    if spoken() in (SOURCE, VISITORS):
        return text
    for pattern, translation in patterns(spoken()).items():
        if found := _matcher(pattern).fullmatch(text):
            return filled(translation, {name: words(value) for name, value in found.groupdict().items()})
    return text


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(_HOLE.sub(r"(?P<\1>.+?)", re.escape(pattern)))


def words(value: str) -> str:
    """What stands in a hole or a table: a message, names of slots with commas between them, or what somebody gave."""
    names = [_names().get(word) for word in value.split(", ")]
    return say("page.comma").join(map(say, filter(None, names))) if all(names) else translated(value)


@cache
def _names() -> dict[str, str]:
    """English word -> key."""
    english = {text: key for key, text in texts(SOURCE).items() if key.split(".")[0] in _WORDS}
    return english | {key.split(".")[1]: key for key in texts(SOURCE) if key.startswith("worn.")}
