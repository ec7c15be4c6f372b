"""Hostile arguments for every parameter of every endpoint: wrong types, numbers without end, paths outside."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vton.soak.bait import FILE_META, Bait, as_upload
from vton.soak.endpoints import FILE, FILES, NUMBER, PARAMETERS, TEXT
from vton.soak.hostile.names import MARKUP
from vton.soak.hostile.recipes import HUGE

# A shape makes what is sent out of the path to reach, the bait, and where the server keeps a good upload.
Shape = Callable[[str, Bait, str], Any]
OUTSIDE: dict[str, Shape] = {
    "without meta": lambda path, bait, here: {"path": path},
    "with meta": lambda path, bait, here: as_upload(path),
    "other meta": lambda path, bait, here: {"path": path, "meta": {"_type": "x"}},
    "meta null": lambda path, bait, here: {"path": path, "meta": None, "orig_name": "a.png", "size": 1},
    "bare": lambda path, bait, here: path,
    "in a list": lambda path, bait, here: [path],
    "object in a list": lambda path, bait, here: [{"path": path}],
    "deep in lists": lambda path, bait, here: [[[{"path": path}]]],
    "in an image": lambda path, bait, here: {"image": {"path": path}, "path": None},
    "file address": lambda path, bait, here: {"path": f"file://{path}"},
    "url file address": lambda path, bait, here: {"path": None, "url": f"file://{path}"},
    "url of this server": lambda path, bait, here: {"path": None, "url": f"/gradio_api/file={path}"},
    "stream": lambda path, bait, here: {"path": path, "is_stream": True, "meta": FILE_META},
    "dots": lambda path, bait, here: {"path": f"{Path(here).parent}/../../../../../../../../../../../..{path}"},
    "dots with meta": lambda path, bait, here: as_upload(f"{Path(here).parent}/../../../../../../../../..{path}"),
    "relative": lambda path, bait, here: {"path": os.path.relpath(path, bait.app.parent)},
    "by the process": lambda path, bait, here: {"path": f"/proc/self/root{path}"},
    "percent": lambda path, bait, here: {"path": path.replace("/", "%2f")},
    "double slashes": lambda path, bait, here: {"path": path.replace("/", "//")},
    "nul": lambda path, bait, here: {"path": f"{path}\0.png"},
    "link": lambda path, bait, here: {"path": bait.link_to(Path(path), here)},
    "link with meta": lambda path, bait, here: as_upload(bait.link_to(Path(path), here)),
    "link to the folder": lambda path, bait, here: {"path": f"{bait.link_to(Path(path).parent, here)}/picture.png"},
}
OTHER_FILES: dict[str, Shape] = {
    "password file": lambda path, bait, here: {"path": "/etc/passwd"},
    "home": lambda path, bait, here: {"path": "~/.bashrc"},
    "no end": lambda path, bait, here: {"path": "/dev/zero"},
    "terminal": lambda path, bait, here: {"path": "/dev/stdin"},
    "a folder": lambda path, bait, here: {"path": str(Path(here).parent)},
    "below a file": lambda path, bait, here: {"path": f"{here}/x"},
    "app's file": lambda path, bait, here: {"path": "vton/ui/examples/2-striped-shirt/top.webp"},
    "other's upload": lambda path, bait, here: {"path": str(Path(here).parent.parent / ("0" * 64) / "picture.png")},
    "address": lambda path, bait, here: {"path": bait.trap.address},
    "address with meta": lambda path, bait, here: as_upload(bait.trap.address),
    "url": lambda path, bait, here: {"path": None, "url": bait.trap.address},
    "url with meta": lambda path, bait, here: {"path": "", "url": bait.trap.address, "meta": FILE_META},
    "bare address": lambda path, bait, here: bait.trap.address,
    "data address": lambda path, bait, here: "data:image/svg+xml;base64,PHN2Zy8+",
    "number": lambda path, bait, here: 3,
    "true": lambda path, bait, here: True,
    "empty text": lambda path, bait, here: "",
    "empty object": lambda path, bait, here: {},
    "path null": lambda path, bait, here: {"path": None},
    "path number": lambda path, bait, here: as_upload(3),
    "path list": lambda path, bait, here: as_upload([here]),
    "path huge": lambda path, bait, here: as_upload("a/" * 50_000),
    "path empty": lambda path, bait, here: as_upload(""),
    "markup": lambda path, bait, here: {"path": MARKUP[0], "orig_name": MARKUP[0]},
    "nested lists": lambda path, bait, here: [[[[[[]]]]]],
    "list of null": lambda path, bait, here: [None, None],
}
NUMBERS: dict[str, Any] = {
    "NaN": float("nan"), "Infinity": float("inf"), "minus Infinity": float("-inf"), "null": None, "text": "seven",
    "NaN as text": "NaN", "number as text": "1", "empty": "", "true": True, "list": [1], "object": {"value": 1},
    "huge": 1e308, "whole and huge": HUGE, "2**63": 2**63, "2**53": 2**53, "negative": -7, "very negative": -(2**70),
    "fraction": 0.123, "tiny": 5e-324, "a million": 10**6, "markup": MARKUP[0],
}  # fmt: skip
TEXTS: dict[str, Any] = {
    "null": None, "number": 3, "NaN": float("nan"), "true": True, "list": ["stand"], "object": {"a": 1}, "empty": "",
    "unknown": "nosuchthing", "long": "a" * 10**6, "commas": "stand," * 5000, "path": "/etc/passwd",
    "dots": "../../../etc/passwd", "file address": "file:///etc/passwd", "lines": "a\nb\r\nc\0d", "emoji": "👗👠",
    "markup": MARKUP[0], "more markup": MARKUP[2], "open JSON": "[" * 50_000, "JSON": '{"people": []}',
    "JSON number": '{"people": [{"pose_keypoints_2d": [1e999, NaN]}]}', "range": "99999999999999999999-1",
    "class path": "json:loads", "percent": "%s%n{0.__class__}", "lone surrogate": "\ud800",
}  # fmt: skip
# What has no right answer, so that only a refusal is one: files outside are so too, where a path names them.
_MUST_REFUSE = {"NaN", "Infinity", "minus Infinity", "huge", "whole and huge", "unknown", "markup", "path"}
NO_PATH = {"url file address", "url of this server", "in an image"}  # may count as an empty slot
_MAY_BE_UNUSED = {("mix", "target_seed")}  # the working request has a target that comes first


@dataclass(frozen=True)
class Hostile:
    """One hostile argument.

    Attributes:
        endpoint, name: which parameter it goes to.
        label: what it is.
        must_refuse: a result would be wrong.
    """

    endpoint: str
    name: str
    label: str
    must_refuse: bool = False

    def values(self, bait: Bait, here: str) -> list[Any]:
        """What to send: one value, or two whose answers must be alike, so that they do not tell which files exist.

        Args:
            bait: what it may name.
            here: where the server keeps a good upload.
        """
        kind = PARAMETERS[self.endpoint][self.name]
        if kind in (NUMBER, TEXT):
            return [(NUMBERS if kind == NUMBER else TEXTS)[self.label]]
        if self.label in OUTSIDE:
            made = [OUTSIDE[self.label](str(path), bait, here) for path in (bait.secret, bait.gone)]
        else:
            made = [OTHER_FILES[self.label](str(bait.secret), bait, here)]
        return [[one] if kind == FILES and not isinstance(one, list) else one for one in made]


def hostile_arguments(seed: int) -> list[Hostile]:
    """Every parameter with every hostile value, in an order of the seed."""
    every = [argument for endpoint, names in PARAMETERS.items() for name in names for argument in _of(endpoint, name)]
    random.Random(f"{seed}/arguments").shuffle(every)
    return every


def _of(endpoint: str, name: str) -> Iterator[Hostile]:
    kind = PARAMETERS[endpoint][name]
    if kind in (FILE, FILES):
        yield from (Hostile(endpoint, name, shape, shape not in NO_PATH) for shape in OUTSIDE)
        yield from (Hostile(endpoint, name, shape) for shape in OTHER_FILES)
    else:
        used = (endpoint, name) not in _MAY_BE_UNUSED
        for label in NUMBERS if kind == NUMBER else TEXTS:
            yield Hostile(endpoint, name, label, used and label in _MUST_REFUSE)
