"""Below Try-on, where a system here can do it: the person of the photo, drawn in other poses."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.ui.fitting import FittingRoom
from vton.ui.panels.pose import pose_title
from vton.ui.studio import MODEL, Studio
from vton.ui.texts import say
from vton.ui.widgets import cancel_button, hint, stops

MAX_POSES = 8


class PosesPanel:
    """Builds its accordion inside the current Blocks; methods ending in _event answer the browser.

    Args:
        studio, room: shared parts.
        person: the upload with the person's photo.
    """

    def __init__(self, studio: Studio, room: FittingRoom, person: gr.Image) -> None:
        self.studio, self.room = studio, room
        choices = [(pose_title(name), name) for name in studio.poses]
        with gr.Accordion(say("tryon.other-poses"), open=False, elem_id="poses-accordion"):
            by = say("tryon.by-system", system=room.of_worn()[0])
            gr.HTML(hint(say("tryon.other-poses-hint"), by), padding=False)
            self.poses = gr.Dropdown(
                choices, value=[DEFAULT_PRESET], multiselect=True, max_choices=MAX_POSES, elem_id="poses-names",
                label=say("lookbook.poses", most=MAX_POSES),
            )  # fmt: skip
            with gr.Row(elem_id="poses-action", elem_classes="action"):
                self.go = gr.Button(say("tryon.draw-poses"), elem_id="poses-button", min_width=130)
                self.cancel = cancel_button("poses-cancel")
            self.sheet = gr.Image(
                label=say("tryon.other-poses"), show_label=False, type="filepath", interactive=False,
                buttons=["fullscreen", "download"], elem_id="poses-sheet", placeholder="",
                alt_text=say("tryon.poses-sheet"),
            )  # fmt: skip
        drawn = self.go.click(
            self._draw_event, [person, self.poses], self.sheet, **{**MODEL, "show_progress_on": self.sheet}
        )
        stops(self.cancel, drawn)

    def _draw_event(self, person: str | None, poses: list[str] | None) -> Any:
        sheet = self.room.in_poses(person, list(poses or [])[:MAX_POSES])
        return self.studio.outbox.made(sheet, "poses")
