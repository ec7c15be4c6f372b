"""Moves an article from the slot it was put in to the one it belongs to, and proposes it where that is plain to see."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.schema import SLOT_TABLE


class MoveControl:
    """Builds the control inside the current Blocks, folded away.

    Attributes:
        inputs: which slot to empty, and which to fill.
        button: does it.
        quick: does what is proposed, which ``proposed`` holds: from, to; None where nothing is.
        outputs: the widgets that ``shown`` gives values for.
    """

    def __init__(self, titles: dict[str, str], prefix: str = "") -> None:
        self.titles = titles
        self.proposed = gr.State(None)
        self.quick = gr.Button("", visible=False, size="sm", elem_id=f"{prefix}move-it", elem_classes="move-it")
        choices = [(title, slot) for slot, title in titles.items()]
        with gr.Accordion("Wrong slot? Move an article", open=False, elem_id=f"{prefix}move-article",
                          elem_classes="move-article"):  # fmt: skip
            with gr.Row(elem_id=f"{prefix}move-row", elem_classes="move-row"):
                self.source = gr.Dropdown(choices, value=None, label="From", elem_id=f"{prefix}move-from", min_width=90)
                self.target = gr.Dropdown(choices, value=None, label="To", elem_id=f"{prefix}move-to", min_width=90)
                self.button = gr.Button(
                    "Move", size="sm", elem_id=f"{prefix}move-button", elem_classes="move-button", min_width=60
                )
        self.inputs = [self.source, self.target]
        self.outputs = [self.source, self.proposed, self.quick]

    def shown(self, paths: dict[str, str | None], proposed: tuple[str, str] | None = None) -> list[Any]:
        """Values for ``outputs``: only filled slots can be moved from."""
        filled = [(title, slot) for slot, title in self.titles.items() if paths[slot]]
        return [gr.update(choices=filled, value=filled[0][1] if len(filled) == 1 else None),
                proposed, self._proposal(proposed)]  # fmt: skip

    def _proposal(self, proposed: tuple[str, str] | None) -> Any:
        if proposed is None:
            return gr.update(visible=False)
        source, target = proposed
        return gr.update(visible=True, value=f"{self.titles[source]} looks like {SLOT_TABLE[target].called}: move it")
