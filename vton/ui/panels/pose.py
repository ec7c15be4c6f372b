"""The Pose column: presets, photo, draggable skeleton and JSON, four ways to one state in a hidden box."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from vton.schema import InputError, Pose
from vton.ui.panels.pose_editor import PoseEditor
from vton.ui.panels.pose_json import PoseJson, pose_json, read_pose_file
from vton.ui.panels.pose_photo import PhotoTab, download_note, photo_behind
from vton.ui.studio import LIGHT, EventOptions, Studio
from vton.ui.texts import known, say
from vton.ui.widgets import chosen, hint, messages

PHOTO, EDITED, JSON, RESTORED = "of-photo", "edited", "of-json", "restored"
"""Where a pose that is no preset comes from."""
BEST_FIRST = (
    "relaxed", "hips-both", "contrapposto", "walk-left", "pocket-left", "hip-left", "step-out", "wide", "stand",
    "hip-right", "walk-right", "pockets-both", "hand-chest", "hand-hair", "arms-crossed", "legs-crossed", "turn-left",
    "turn-right",
)  # fmt: skip
SHOWN_FIRST = 8  # of the presets; style.css hides the others until they are asked for
MORE = """() => {
    const all = document.querySelector("#pose-gallery").classList.toggle("all");
    document.querySelector("#more-poses").textContent = outfitStudio.say(all ? "pose.fewer" : "pose.more");
}"""


def pose_title(name: str) -> str:
    """A preset's name as shown."""
    return known(f"poses.{name}", name.replace("-", " ").capitalize())


class PosePanel:
    """Builds the column inside the current Blocks; methods ending in _event answer the browser.

    Attributes:
        value: hidden text box, the one state of the column: a preset's name or OpenPose JSON.
        outputs: the widgets that ``shown`` gives values for.
        changes: the dependencies after which another pose of the visitor's is in ``value``.
    """

    def __init__(self, studio: Studio, pose: str) -> None:
        self.studio = studio
        self.names = sorted(studio.poses, key=[*BEST_FIRST, *studio.poses].index)
        current, name = studio.pose(pose)
        self.line = gr.HTML(self._line(current, name, RESTORED), elem_id="pose-name", padding=False)
        self.value = gr.Textbox(pose, visible="hidden", elem_id="pose-value", label="Pose")
        with gr.Tabs(elem_id="pose-tabs"):
            with gr.Tab(say("pose.poses"), elem_id="pose-tab-presets"):
                self.gallery = self._gallery(name)
                more = gr.Button(say("pose.more"), size="sm", elem_id="more-poses")
                more.click(None, js=MORE, api_visibility="private")
            with gr.Tab(say("pose.from-photo"), elem_id="pose-tab-photo"):
                self.from_photo = PhotoTab(studio)
            with gr.Tab(say("pose.edit"), elem_id="pose-tab-edit"):
                self.editor = PoseEditor(current, elem_id="pose-editor", padding=False)
            with gr.Tab("JSON", elem_id="pose-tab-json"):
                self.from_json = PoseJson(current)
        messages()
        self.follow = gr.Checkbox(True, label=say("pose.redraw"), elem_id="pose-follow", container=False)
        self.outputs = [self.value, self.line, self.gallery, self.editor, self.from_json.text]
        self._wire()

    def _gallery(self, name: str | None) -> gr.Gallery:
        cards = [(self.studio.pose_pictures[name], pose_title(name)) for name in self.names]
        return gr.Gallery(
            cards,
            label=say("pose.poses"),
            show_label=False,
            columns=4,
            height="auto",
            allow_preview=False,
            object_fit="cover",
            buttons=[],
            interactive=False,
            container=False,
            elem_id="pose-gallery",
            selected_index=self._index(name),
        )

    def _wire(self) -> None:
        preset = self.gallery.select(self._preset_event, None, self.outputs, **LIGHT)
        photos = self._wire_photo()
        into_state = self.editor.input(None, self.editor, self.value, js="(text) => text", **LIGHT)
        shown = [self.line, self.gallery, self.from_json.text]
        edited = into_state.then(self._edited_event, self.editor, shown, trigger_mode="always_last", **LIGHT)
        use = self._json_event
        used = self.from_json.use.click(use, self.from_json.text, self.outputs, **LIGHT)
        loaded = self.from_json.load.upload(self._json_file_event, self.from_json.load, self.outputs, **LIGHT)
        self.changes = [preset, *photos, edited, used, loaded]

    def _wire_photo(self) -> list[Any]:
        """Wires the tab of the photo; the dependencies after which its pose is there."""
        tab = self.from_photo
        found = [*self.outputs, *tab.outputs]
        options: EventOptions = {"api_visibility": "private", "show_progress_on": tab.photo}
        photo, read = [tab.photo, tab.backend], [tab.original, *found]
        added = tab.photo.upload(self._photo_event, photo, read, trigger_mode="always_last", **options)
        tab.photo.clear(
            lambda: (None, "", gr.update(visible=False)), None, [tab.original, tab.result, tab.turn], **LIGHT
        )
        note = tab.backend.input(tab.noted, tab.backend, [tab.note, tab.fetch], **LIGHT)
        again = note.then(self._backend_event, [tab.original, tab.backend], found, **options)
        fetch = tab.fetch.click(self._estimate, [tab.original, tab.backend], found, **options)
        fetch.then(tab.noted, tab.backend, [tab.note, tab.fetch], **LIGHT)
        turned = tab.turn.click(self._turn_event, [tab.original, tab.backend], [tab.original, *found], **options)
        return [added, again, fetch, turned]

    def shown(self, text: str, title: str = RESTORED, photo: str = "") -> list[Any]:
        """Values for ``outputs``.

        Args:
            text: a preset's name or OpenPose JSON.
            title: where it comes from when it is no preset.
            photo: data URL of the photo behind the draggable skeleton.

        Raises:
            InputError: no pose.
        """
        pose, _ = self.studio.pose(text)
        name = self._name(pose)
        return [
            name or json.dumps(pose.to_openpose()),
            self._line(pose, name, title),
            gr.update(selected_index=self._index(name)),
            gr.update(value=(pose, photo)),
            pose_json(pose),
        ]

    # ----------------------------------------------------------------- events

    def _preset_event(self, event: gr.SelectData) -> list[Any]:
        return self.shown(chosen(self.names, event))

    def _photo_event(self, path: str | None, backend: str) -> list[Any]:
        if not path:
            return [None, *[gr.skip()] * (len(self.outputs) + 1), "", gr.update(visible=False)]
        return [path, *self._backend_event(path, backend)]

    def _turn_event(self, path: str | None, backend: str) -> list[Any]:
        """The same photo, turned, read again."""
        path = self.studio.turned(path)
        return [path, *self._estimate(path, backend, path)]

    def _backend_event(self, path: str | None, backend: str) -> list[Any]:
        """Asks the estimator, unless it would have to be downloaded: that takes the button."""
        if download_note(backend):
            return [gr.skip()] * (len(self.outputs) + len(self.from_photo.outputs))
        return self._estimate(path, backend)

    def _estimate(self, path: str | None, backend: str, refused: str | None = None) -> list[Any]:
        """Values for the pose and the tab; ``refused`` is shown where nobody is found, if it is not there already."""
        tab = self.from_photo
        if not path:
            return [gr.skip()] * (len(self.outputs) + len(tab.outputs))
        try:
            found = tab.estimate(path, backend)
            text = json.dumps(found.framed.to_openpose())
            return [*self.shown(text, PHOTO, photo_behind(found)), *tab.shown(found)]
        except InputError as error:
            return [gr.skip()] * len(self.outputs) + tab.refused(error, refused)

    def _edited_event(self, text: str) -> list[Any]:
        pose = Pose.from_openpose(text)
        name = self._name(pose)
        return [self._line(pose, name, EDITED), gr.update(selected_index=self._index(name)), pose_json(pose)]

    def _json_event(self, text: str) -> list[Any]:
        if not (text or "").strip():
            raise InputError("The box is empty: paste a pose as OpenPose JSON.")
        Pose.from_openpose(text)
        return self.shown(text, JSON)

    def _json_file_event(self, path: str) -> list[Any]:
        return self._json_event(read_pose_file(path))

    # ----------------------------------------------------------------- values

    def _name(self, pose: Pose) -> str | None:
        return next((name for name, preset in self.studio.poses.items() if preset == pose), None)

    def _index(self, name: str | None) -> int:
        """The preset's card; one that does not exist for other poses, since Gradio ignores None in an update."""
        return len(self.names) if name is None else self.names.index(name)

    def _line(self, pose: Pose, name: str | None, title: str) -> str:
        count = int(pose.present.sum())
        line = hint("", pose_title(name)) if name else hint(say("pose.joints", count=count), f"{say(f'pose.{title}')},")
        return f"<h2>{say('pose.title')}</h2>{line}"
