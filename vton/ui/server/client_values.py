"""What a client may send for each kind of widget; anything else is refused with a line that says what to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.components import Component

from vton.schema import InputError
from vton.ui.server.uploads import uploaded
from vton.ui.texts import heard

MAX_TEXT = 4_000_000
MAX_FILES = 100
SEND_FILE = 'upload one, in a script with handle_file("photo.jpg")'


def read_values(widgets: list[Component], values: list[Any]) -> list[Any]:
    """The values of an event or endpoint, checked; those of widgets that keep theirs on the server become None.

    Raises:
        InputError: too few or too many values, or one that its widget cannot have.
    """
    if len(values) != len(widgets):
        raise InputError(f"{len(widgets)} values are needed here, {len(values)} came: see Use via API.")
    return [None if one.stateful else read_value(one, value) for one, value in zip(widgets, values, strict=True)]


def read_value(widget: Component, value: Any) -> Any:
    """One value, checked, of exactly the type that the widget takes.

    Raises:
        InputError: the widget cannot have it.
        TypeError: nobody has said yet what such a widget may have.
    """
    reader = next((READERS[kind] for kind in type(widget).__mro__ if kind in READERS), None)
    if reader is None:
        raise TypeError(f"add {type(widget).__name__} to READERS")
    if value is None and not isinstance(widget, NEVER_EMPTY):
        return None
    return reader(widget, value)


def _name(widget: Component) -> str:
    """What messages call it: the label without its explanation."""
    return heard(str(widget.label or "The value")).split(",")[0]


def _text(widget: gr.Textbox, value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"{_name(widget)} must be text.")
    if len(value) > MAX_TEXT:
        raise InputError(f"{_name(widget)} is too long: send at most {MAX_TEXT} characters.")
    return value


def _number(widget: gr.Number | gr.Slider, value: Any) -> float:
    """A number in the widget's range; NaN lies in no range."""
    whole = widget.precision == 0
    number = isinstance(value, int | float) and not isinstance(value, bool)
    low, high = widget.minimum, widget.maximum
    assert low is not None and high is not None, f"{_name(widget)} needs a range"
    if not number or not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise InputError(f"{_name(widget)} must be {kind} from {low} to {high}.")
    return value


def _switch(widget: gr.Checkbox, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"{_name(widget)} must be true or false.")
    return value


def _choice(widget: gr.Radio | gr.Dropdown, value: Any) -> Any:
    choices = [choice for _, choice in widget.choices]
    if isinstance(value, bool) or value not in choices:
        raise InputError(f"{_name(widget)} must be one of {', '.join(map(str, choices))}.")
    return choices[choices.index(value)]


def _choices(widget: gr.Dropdown, value: Any) -> Any:
    if not widget.multiselect:
        return _choice(widget, value)
    if not isinstance(value, list) or len(value) > len(widget.choices):
        raise InputError(f"{_name(widget)} must be a list, each one of its choices once.")
    return [_choice(widget, one) for one in value]


def _file(widget: Component, value: Any) -> dict[str, Any]:
    """Only the path and the file's own name go on; Gradio acts on the other keys (url, is_stream)."""
    if not isinstance(value, dict):
        raise InputError(f"{_name(widget)} must be a file: {SEND_FILE}.")
    name = value.get("orig_name")
    return {
        "path": uploaded(value.get("path")),
        "orig_name": name if isinstance(name, str) else None,
        "meta": {"_type": "gradio.FileData"},
    }


def _files(widget: gr.File | gr.UploadButton, value: Any) -> Any:
    if widget.file_count == "single":
        return _file(widget, value)
    if not isinstance(value, list) or len(value) > MAX_FILES:
        raise InputError(f"{_name(widget)} must be a list of at most {MAX_FILES} files: {SEND_FILE} each.")
    return [_file(widget, one) for one in value]


def _pair(widget: gr.ImageSlider, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"{_name(widget)} must be two pictures.")
    return [None if one is None else _file(widget, one) for one in value]


READERS: dict[type, Callable[[Any, Any], Any]] = {
    gr.Textbox: _text,
    gr.HTML: _text,
    gr.Number: _number,
    gr.Slider: _number,
    gr.Checkbox: _switch,
    gr.Radio: _choice,
    gr.Dropdown: _choices,
    gr.Image: _file,
    gr.File: _files,
    gr.UploadButton: _files,
    gr.ImageSlider: _pair,
}
# The page cannot empty these, so that their events do not expect it.
NEVER_EMPTY = (gr.Slider, gr.Radio, gr.Checkbox, gr.UploadButton)
