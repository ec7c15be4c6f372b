"""File names and texts that break out of where they are put: markup, paths, lines, lengths, scripts."""

from __future__ import annotations

import random

# Every piece of markup that is sent holds this word, so that the answers can be searched for it.
MARK = "vtonmark"
MARKUP = (
    f"<img src=x onerror=alert('{MARK}')>",
    f"<a href='http://127.0.0.1:9/{MARK}'>here</a>",
    f'"><script>{MARK}</script>',
    f"<svg/onload={MARK}>",
)
_NAMES = (
    *(f"{text}.png" for text in MARKUP),
    "../../../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%2e%2e%2f%2e%2e%2fpicture.png",
    "/etc/hostname",
    "two\nlines.png",
    "a\r\nX-Header: b.png",
    "a" * 251 + ".png",
    "a" * 3000 + ".png",
    "ü" * 127 + ".png",
    "👗👠🧢.png",
    "\u202egnp.exe",
    ".png",
    "..",
    ".",
    " ",
    "",
    "CON",
    "picture.article.webp",
    "pic\0ture.png",
    'quo"te; filename="other.png',
    "{0.__class__}%s%n$(id)`id`.png",
    "picture.png/",
)


def hostile_name(rng: random.Random) -> str:
    """A name for an upload."""
    return rng.choice(_NAMES)
