"""How the articles are worn: folded away, and not there where the weights cannot be told."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.schema import WEAR_OPTIONS, Wear
from vton.ui.texts import say

NOTHING_SAID = {"accessory": "wear.accessory-any", "side": "wear.side-any"}
"""What it is called when nothing is said of a topic; of the others, that it is worn as it suits."""


class WearPanel:
    """Builds the fold inside the current Blocks.

    Attributes:
        fold: shown by ``shown_if`` once it is known what the weights can be told.
        topics: a list to choose from for each topic of `Wear`.
    """

    def __init__(self) -> None:
        with gr.Accordion(say("wear.title"), open=False, visible=False, elem_id="how-worn") as self.fold:
            with gr.Row():
                self.topics = [self._topic(topic) for topic in WEAR_OPTIONS]

    @staticmethod
    def _topic(topic: str) -> gr.Dropdown:
        choices: list[str | int | float | tuple[str, str | int | float]] = [
            (say(NOTHING_SAID.get(topic, "wear.suits")), ""),
            *((say(f"wear.{topic}-{option.replace(' ', '-')}"), option) for option in WEAR_OPTIONS[topic]),
        ]
        return gr.Dropdown(
            choices, value="", label=say(f"wear.{topic}"), filterable=False, min_width=130, elem_id=f"worn-{topic}"
        )

    @staticmethod
    def shown_if(can_be_told: bool) -> Any:
        """An update for ``fold``."""
        return gr.update(visible=can_be_told)

    @staticmethod
    def wear(values: tuple[str | None, ...]) -> Wear:
        """What the lists say."""
        return Wear(**{topic: value or "" for topic, value in zip(WEAR_OPTIONS, values, strict=True)})

    @staticmethod
    def shown(wear: Wear) -> list[str]:
        """Values for ``topics``."""
        told = wear.told()
        return [told.get(topic, "") for topic in WEAR_OPTIONS]
