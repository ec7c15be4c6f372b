"""Calls the page's functions as a client may: any function of its table, with any values."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr
from gradio.helpers import EventData
from gradio.state_holder import SessionState

FILES = (gr.Image, gr.File, gr.UploadButton, gr.ImageSlider)


def functions(demo: gr.Blocks) -> list[Any]:
    """Every event and endpoint that runs something on the server, whichever tab or endpoint added it."""
    return [one for one in demo.fns.values() if one.fn is not None]


def good_value(widget: gr.components.Component) -> Any:
    """A value that the widget may have; no file for those that may be empty."""
    if isinstance(widget, gr.Textbox):
        return "stand"
    if isinstance(widget, gr.Number | gr.Slider):
        return widget.minimum
    if isinstance(widget, gr.Checkbox):
        return False
    if isinstance(widget, gr.Radio):
        return widget.choices[0][1]
    return None


def in_place(widget: gr.components.Component, file: Any) -> Any:
    """A file, or what pretends to be one, where the widget expects it."""
    if isinstance(widget, gr.ImageSlider):
        return [file, None]
    return [file] if isinstance(widget, gr.File) and widget.file_count == "multiple" else file


def answers(demo: gr.Blocks, calls: list[tuple[Any, list[Any], Any]]) -> list[gr.Error | None]:
    """The error that each call (function, values, event data) of one visit ends with; None when it works."""
    state, request = SessionState(demo), gr.Request(headers={}, session_hash="test")

    async def call_all() -> list[gr.Error | None]:
        return [await call(*one) for one in calls]

    async def call(function: Any, values: list[Any], event: Any) -> gr.Error | None:
        try:
            await demo.process_api(function, values, state=state, request=request, event_data=EventData(None, event))
        except gr.Error as error:
            return error
        return None

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop running in this one
        return thread.submit(asyncio.run, call_all()).result()


def replaced(function: Any, index: int, value: Any) -> list[Any]:
    """Good values for all widgets of a function but one."""
    values = [good_value(widget) for widget in function.inputs]
    values[index] = value
    return values
