"""The events of the page, which anybody can send too: found in the page's own configuration."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from vton.soak.bait import Bait
from vton.soak.hostile.arguments import NO_PATH, NUMBERS, OTHER_FILES, OUTSIDE, TEXTS
from vton.soak.wire import Client

# The widgets of the page by what their values are; others (states, buttons) hold nothing that a client sends.
_FILES = {"image", "file", "uploadbutton", "gallery", "imageslider", "downloadbutton"}
_NUMBERS = {"number", "slider"}
_TEXTS = {"textbox", "radio", "dropdown", "checkbox", "html", "code", "json"}


@dataclass(frozen=True)
class PageEvent:
    """One event.

    Attributes:
        number, name: as Gradio calls it.
        kinds: of its inputs' widgets.
        values: of its inputs when the page has just been opened.
    """

    number: int
    name: str
    kinds: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def open_inputs(self) -> list[int]:
        """Inputs that a client can fill."""
        return [n for n, kind in enumerate(self.kinds) if kind in _FILES | _NUMBERS | _TEXTS]


def page_events(visitor: Client) -> list[PageEvent]:
    """Those that run on the server and have an input to attack."""
    config = visitor.get_json("/config")
    widgets = {widget["id"]: widget for widget in config["components"]}
    events = []
    for event in config["dependencies"]:
        inputs = [widgets[number] for number in event["inputs"]]
        kinds = tuple(widget["type"] for widget in inputs)
        values = tuple(widget["props"].get("value") for widget in inputs)
        if event["backend_fn"] and event["api_visibility"] != "public":
            events.append(PageEvent(event["id"], event["api_name"], kinds, values))
    return [event for event in events if event.open_inputs]


def hostile_values(
    event: PageEvent, rng: random.Random, bait: Bait, good: dict[str, Any]
) -> tuple[str, list[Any], bool]:
    """The event's values with one hostile among them.

    Args:
        event: the event.
        rng: chooses.
        bait: what may be named.
        good: a good upload, for the other pictures.

    Returns:
        What was done, the values, and whether a result would be wrong.
    """
    values = list(event.values)
    for number, kind in enumerate(event.kinds):
        if kind == "image" and rng.random() < 0.7:
            values[number] = good
    target = rng.choice(event.open_inputs)
    kind = event.kinds[target]
    if kind in _FILES:
        label, shape = rng.choice(list({**OUTSIDE, **OTHER_FILES}.items()))
        values[target] = shape(str(bait.secret), bait, good["path"])
    else:
        label, values[target] = rng.choice(list((NUMBERS if kind in _NUMBERS else TEXTS).items()))
    must_refuse = kind in _FILES and label in OUTSIDE and label not in NO_PATH
    return f"input {target} ({kind}): {label}", values, must_refuse
