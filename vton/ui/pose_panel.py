"""The Pose column: presets as coloured skeletons; a hidden box holds the preset's name or OpenPose JSON."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.ui.studio import LIGHT, Studio
from vton.ui.widgets import draw_skeleton


def pose_title(name: str) -> str:
    """A preset's name as shown: "hips-both" -> "Hips both"."""
    return name.replace("-", " ").capitalize()


class PosePanel:
    """Builds the column inside the current Blocks.

    Attributes:
        value: hidden text box, the one state of the column.
        outputs: the widgets that ``shown`` gives values for.
    """

    def __init__(self, studio: Studio, pose: str) -> None:
        self.studio = studio
        self.names = list(studio.poses)
        pictures = zip(studio.pose_pictures, self.names, strict=True)
        self.cards = [(picture, pose_title(name)) for picture, name in pictures]
        self.line = gr.HTML(self._line(pose), elem_id="pose-name", padding=False)
        self.value = gr.Textbox(pose, visible="hidden", elem_id="pose-value", label="Pose")
        self.gallery = gr.Gallery(
            self.cards,
            label="Pose presets",
            show_label=False,
            columns=4,
            height=662,
            allow_preview=False,
            object_fit="cover",
            buttons=[],
            interactive=False,
            container=False,
            elem_id="pose-gallery",
            selected_index=self._index(pose),
        )
        self.outputs = [self.value, self.line, self.gallery]
        self.gallery.select(self._pose_event, None, [self.value, self.line], **LIGHT)

    def shown(self, pose: str) -> list[Any]:
        """Values for ``outputs``. A pose that is no preset gets a card of its own at the end."""
        cards = list(self.cards)
        if pose not in self.names:
            cards.append((draw_skeleton(self.studio.pose(pose)[0]), "Restored"))
        return [pose, self._line(pose), gr.update(value=cards, selected_index=self._index(pose))]

    def _pose_event(self, event: gr.SelectData) -> tuple[Any, Any]:
        if event.index >= len(self.names):  # the restored pose, which is in the box as long as nothing else is
            gr.Info("Restore the picture again to go back to its pose.")
            return gr.skip(), gr.skip()
        name = self.names[event.index]
        return name, self._line(name)

    def _index(self, pose: str) -> int:
        return self.names.index(pose) if pose in self.names else len(self.names)

    def _line(self, pose: str) -> str:
        title = pose_title(pose) if pose in self.names else "Restored from a picture"
        return f"<h2>Pose</h2><p class='hint' role='status'><b>{title}</b></p>"
