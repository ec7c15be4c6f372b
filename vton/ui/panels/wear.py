"""How the articles are worn: folded away, and not there where the weights cannot be told."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.schema import WEAR_OPTIONS, Wear

SUITS = "as it suits"
WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "accessory": ("Accessory", {"": "as it looks", "hat": "is a hat", "bag": "is a bag"}),
    "side": ("Bag", {"": "on either side", "left": "left in the picture", "right": "right in the picture"}),
    "top": ("Top", {"": SUITS, "over": "over the waist", "half": "half tucked in", "in": "tucked in"}),
    "outer": ("Outerwear", {"": SUITS, "gap": "a little open", "closed": "closed", "half": "half closed",
                            "open": "wide open"}),
    "sleeves": ("Sleeves", {"": SUITS, "down": "down", "rolled": "rolled up"}),
    "hems": ("Trouser legs", {"": SUITS, "down": "down", "turned up": "turned up"}),
}  # fmt: skip
"""Of each topic of `Wear`: the label, and what its options are called."""


class WearPanel:
    """Builds the fold inside the current Blocks.

    Attributes:
        fold: shown by ``shown_if`` once it is known what the weights can be told.
        topics: a list to choose from for each topic of `Wear`.
    """

    def __init__(self) -> None:
        with gr.Accordion("How it is worn", open=False, visible=False, elem_id="how-worn") as self.fold:
            with gr.Row():
                self.topics = [self._topic(topic) for topic in WEAR_OPTIONS]

    @staticmethod
    def _topic(topic: str) -> gr.Dropdown:
        label, words = WORDS[topic]
        choices: list[str | int | float | tuple[str, str | int | float]] = [
            (words[option], option) for option in ("", *WEAR_OPTIONS[topic])
        ]
        return gr.Dropdown(choices, value="", label=label, filterable=False, min_width=130, elem_id=f"worn-{topic}")

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
