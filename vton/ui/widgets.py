"""Messages, hints and skeleton drawings as the page shows them."""

from __future__ import annotations

import colorsys
import html
from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image, ImageDraw

from vton.conditioning.canvas import resized_image
from vton.schema import COCO18_LIMBS, InputError, Pose, one_line


class RefusedInput(gr.Error):
    """What was sent cannot be used: a message in the page, without a traceback in the log."""

    def __init__(self, reason: InputError | str) -> None:
        super().__init__(escaped(sentence(reason)), title="Not yet", print_exception=False)


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
    """A message as shown in the page: with a capital letter and a full stop."""
    text = str(error)
    if "." not in text.split(" ", 1)[0]:  # a message may begin with the name of a file
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


def listed(words: Iterable[str], last: str) -> str:
    """Words as in a sentence: "a, b and c" where ``last`` is "and"."""
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end


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
    return gr.Button("Cancel", size="sm", elem_id=elem_id, elem_classes="cancel", min_width=64, scale=0)


def stops(button: gr.Button, *events: Any) -> None:
    """Lets a button cancel events: what waits leaves its line, what works stops after its picture or step."""
    button.click(None, cancels=list(events), api_visibility="private")


def scroll_on_phones(selector: str) -> str:
    """JavaScript that brings an element into sight where it lies below what was clicked."""
    return f"""() => {{ if (window.innerWidth <= 760)
    document.querySelector("{selector}").scrollIntoView({{ behavior: "smooth" }}); }}"""


def limb_colour(index: int) -> tuple[int, int, int]:
    """The hue of a limb: once round the colour circle, as OpenPose draws it."""
    red, green, blue = colorsys.hsv_to_rgb(index / len(COCO18_LIMBS) * 0.92, 0.78, 0.92)
    return int(red * 255), int(green * 255), int(blue * 255)


def draw_skeleton(pose: Pose, size: tuple[int, int] = (240, 320), background: str = "#23211f") -> Image.Image:
    """Draws a pose as a coloured OpenPose skeleton that fills the card.

    Args:
        pose: missing joints (confidence 0) and their limbs are left out.
        size: width and height in pixels.
        background: any PIL colour.
    """
    over = 2  # drawn at twice the size for smooth edges
    width, height = size[0] * over, size[1] * over
    canvas = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(canvas)
    present = pose.confidence > 0
    points = pose.keypoints_xy[present]
    low, high = points.min(0), points.max(0)
    centre, extent = (low + high) / 2, np.maximum(high - low, 1.0)
    scale = min(0.86 * height / extent[1], 0.8 * width / extent[0])
    xy = (pose.keypoints_xy - centre) * scale + np.array([width / 2, height / 2])
    thick, dot = round(0.02 * height), 0.0125 * height
    for index, (a, b) in enumerate(COCO18_LIMBS):
        if present[a] and present[b]:
            draw.line(
                [tuple(xy[a]), tuple(xy[b])],
                fill=limb_colour(index),
                width=thick if index < 13 else thick // 2,
            )
    for joint in np.flatnonzero(present):
        x, y = xy[joint]
        radius = dot if joint < 14 else dot * 0.6
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill="#fffdf9")
    return resized_image(canvas, size)
