"""Moves an article from the slot it was put in to the one it belongs to, and proposes it where that is plain to see."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.schema import SLOTS
from vton.ui.texts import say


class MoveControl:
    """Builds the control inside the current Blocks, folded away.

    Attributes:
        inputs: which slot to empty, and which to fill.
        button: does it.
        quick: does what is proposed, which ``proposed`` holds: from, to; None where nothing is.
        outputs: the widgets that ``shown`` gives values for.
    """

    def __init__(self, prefix: str = "") -> None:
        self.proposed = gr.State(None)
        self.quick = gr.Button("", visible=False, size="sm", elem_id=f"{prefix}move-it", elem_classes="move-it")
        choices = [(say(f"slot.{slot}"), slot) for slot in SLOTS]
        with gr.Accordion(say("outfit.move-title"), open=False, elem_id=f"{prefix}move-article",
                          elem_classes="move-article"):  # fmt: skip
            with gr.Row(elem_id=f"{prefix}move-row", elem_classes="move-row"):
                self.source, self.target = (
                    gr.Dropdown(choices, value=None, label=say(f"outfit.move-{end}"), elem_id=f"{prefix}move-{end}",
                                min_width=90) for end in ("from", "to")
                )  # fmt: skip
                self.button = gr.Button(
                    say("outfit.move"), size="sm", elem_id=f"{prefix}move-button", elem_classes="move-button",
                    min_width=60,
                )  # fmt: skip
        self.inputs = [self.source, self.target]
        self.outputs = [self.source, self.proposed, self.quick]

    def shown(self, paths: dict[str, str | None], proposed: tuple[str, str] | None = None) -> list[Any]:
        """Values for ``outputs``: only filled slots can be moved from."""
        filled = [(say(f"slot.{slot}"), slot) for slot in SLOTS if paths[slot]]
        return [gr.update(choices=filled, value=filled[0][1] if len(filled) == 1 else None),
                proposed, self._proposal(proposed)]  # fmt: skip

    def _proposal(self, proposed: tuple[str, str] | None) -> Any:
        if proposed is None:
            return gr.update(visible=False)
        source, target = proposed
        named = say("outfit.move-it", slot=say(f"slot.{source}"), article=say(f"article.{target}"))
        return gr.update(visible=True, value=named)
