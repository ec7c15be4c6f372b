"""Messages, hints and small controls that every tab has."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import gradio as gr

from vton.schema import InputError, one_line
from vton.ui.texts import say
from vton.ui.texts.messages import translated


class RefusedInput(gr.Error):
    """What was sent cannot be used: a message in the page, without a traceback in the log."""

    def __init__(self, reason: InputError | str) -> None:
        super().__init__(escaped(sentence(reason)), title=say("page.not-yet"), print_exception=False)


def escaped(text: object) -> str:
    """Text as the content of an HTML element: Gradio shows messages and gr.HTML as they come, tags included.

    The one place where text becomes HTML; quotation marks stay, since scripts get the same messages.
    """
    return html.escape(one_line(text), quote=False)


def warn(text: str) -> None:
    """Shows a warning."""
    gr.Warning(escaped(text))


def inform(*lines: str) -> None:
    """Shows a message."""
    gr.Info("<br>".join(map(escaped, lines)))


def sentence(error: InputError | str) -> str:
    """A message as shown in the page: in the language spoken, with a capital letter and a full stop."""
    text = translated(str(error))
    if "." not in text.split(" ", 1)[0]:  # a message may begin with the name of a file
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "。", "！", "？")) else text + say("page.stop")


def hint(text: str, bold: str = "", kind: str = "hint") -> str:
    """A line of small print as HTML, read out when it changes.

    Args:
        text: the line.
        bold: what stands before it in bold.
        kind: class of the style sheet: "hint", "status ok", "status empty" or "status conflict".
    """
    start = f"<b>{escaped(bold)}</b> " if bold else ""
    return f"<p class='{kind}' role='status'>{start}{escaped(text)}</p>"


def conflict(error: InputError) -> str:
    """An error as a line of HTML."""
    return hint(sentence(error), kind="status conflict")


def messages() -> gr.HTML:
    """Where the page shows warnings and refusals that concern the controls around it, instead of toasts."""
    return gr.HTML("<div class='said' role='status'></div>", padding=False, elem_classes="messages")


def chosen(pictures: Sequence[Any], event: gr.SelectData) -> Any:
    """The picture of a gallery that was chosen.

    Raises:
        InputError: there are not so many.
    """
    if event.index >= len(pictures):
        raise InputError("This picture is no longer here: choose another one.")
    return pictures[event.index]


def cancel_button(elem_id: str) -> gr.Button:
    """The button beside the one that starts long work."""
    return gr.Button(say("page.cancel"), size="sm", elem_id=elem_id, elem_classes="cancel", min_width=64, scale=0)


def stops(button: gr.Button, *events: Any) -> None:
    """Lets a button cancel events: what waits leaves its line, what works stops after its picture or step."""
    button.click(None, cancels=list(events), api_visibility="private")


def scroll_on_phones(selector: str) -> str:
    """JavaScript that brings an element into sight where it lies below what was clicked."""
    return f"""() => {{ if (window.innerWidth <= 760)
    document.querySelector("{selector}").scrollIntoView({{ behavior: "smooth" }}); }}"""
