"""The Try-on tab: a person and a garment in, the person's own photo with the garment on out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from vton.conditioning.canvas import shrink_to
from vton.conditioning.photos.image_io import load_rgb
from vton.ui.fitting import TRY_ON, FittingRoom, check_photos
from vton.ui.panels.outfit import TITLES as SLOT_TITLES
from vton.ui.panels.poses import PosesPanel
from vton.ui.panels.tryon_photos import Examples, PhotoPair
from vton.ui.studio import MODEL, EventOptions, Studio
from vton.ui.widgets import cancel_button, hint, messages, scroll_on_phones, sentence, stops

if TYPE_CHECKING:
    from vton.tryon.pipeline import TryOnResult

SHOWN_SIDE = 1600  # of the pictures in the page; the download has the photo's own size
SHOW_RESULT = scroll_on_phones("#tryon-result-column")


class TryOnTab:
    """Builds the tab inside the current Blocks; methods ending in _event answer the browser.

    Attributes:
        photos: the person and the garment.
    """

    def __init__(self, studio: Studio, room: FittingRoom, tab: gr.Tab) -> None:
        """Builds and wires the tab.

        Args:
            studio, room: shared parts.
            tab: the tab itself: when it is opened first, the examples are tried on.
        """
        self.studio, self.room = studio, room
        self.photos = PhotoPair(studio.engine.turns, "tryon", 400, Examples.of(studio))
        with gr.Row(elem_id="tryon-columns", equal_height=False):
            with gr.Column(scale=4, min_width=290):
                self.photos.build_person()
            with gr.Column(scale=4, min_width=290):
                self.photos.build_garment()
            with gr.Column(scale=5, min_width=330, elem_id="tryon-result-column"):
                self._build_result()
        if room.of_worn():
            PosesPanel(studio, room, self.photos.person)
        self._wire(tab)

    def _build_result(self) -> None:
        gr.HTML("<h2>Result</h2>", padding=False)
        with gr.Row(elem_id="tryon-action", elem_classes="action"):
            self.system = system_choice(self.room)
            self.go = gr.Button("Try on", variant="primary", elem_id="tryon-button", min_width=110)
            self.cancel = cancel_button("tryon-cancel")
        messages()
        self.slider = gr.ImageSlider(
            label="Before and after",
            show_label=False,
            type="filepath",
            interactive=False,
            height=520,
            max_height=520,
            buttons=["fullscreen"],
            elem_id="tryon-slider",
        )
        self.line = gr.HTML(hint(self.room.notice() or "Only the garment's region changes."), elem_id="tryon-line",
                            padding=False)  # fmt: skip
        with gr.Row():
            self.download = gr.DownloadButton(
                "Download PNG in the photo's size", size="sm", interactive=False, elem_id="tryon-download"
            )
        with gr.Accordion("Steps", open=False, elem_id="tryon-steps-accordion"):
            self.steps = gr.Gallery(
                label="Steps",
                show_label=False,
                columns=4,
                height="auto",
                object_fit="contain",
                buttons=[],
                interactive=False,
                container=False,
                elem_id="tryon-steps",
                elem_classes="steps",
            )

    def _wire(self, tab: gr.Tab) -> None:
        # A flag says that something was tried on: reading the pictures' own values would decode them again.
        self.finished = gr.State(False)
        inputs = [*self.photos.inputs, self.system]
        outputs = [self.slider, self.line, self.download, self.steps, self.finished]
        work: EventOptions = {**MODEL, "show_progress_on": self.slider}
        self.go.click(None, js=SHOW_RESULT, api_visibility="private")
        clicked = self.go.click(self._tryon_event, inputs, outputs, **work)
        opened = tab.select(self._first_event, [self.finished, *inputs], outputs, **work)
        stops(self.cancel, clicked, opened)

    def _first_event(self, finished: bool, *values: Any) -> Iterator[list[Any]]:
        person, garment, *_, system = values
        if finished or not (person and garment) or system not in self.room.names_here():
            yield [gr.skip()] * 5
        else:
            yield from self._tryon_event(*values)

    def _tryon_event(
        self, person: str | None, garment: str | None, slot: str, plain: bool, system: str
    ) -> Iterator[list[Any]]:
        photos = person, garment, slot, system, "plain" if plain else "keep"
        if self.room.searches(system):
            yield from self._watched(*photos)
            return
        with self.room.turns.turn(TRY_ON):
            after, *rest = self._finished(self.room.try_on(*photos))
            before = self._before(check_photos(person, garment)[0])
        yield [(before, after), *rest]

    def _before(self, person: str) -> str:
        """The visitor's own photo at a moderate size."""
        return self.studio.outbox.photo(shrink_to(load_rgb(person, SHOWN_SIDE), SHOWN_SIDE), "before")

    def _watched(self, person: str | None, garment: str | None, *others: Any) -> Iterator[list[Any]]:
        """What a search has so far, then its result."""
        person, garment = check_photos(person, garment)
        before = None
        for moment, result in self.room.watch(person, garment, *others):
            before = before or self._before(person)
            if result is not None:
                after, *rest = self._finished(result)
                yield [(before, after), *rest]
            elif moment is not None:
                now = shown(self.studio, moment.picture_u8, "step")
                yield [(before, now), hint(sentence(moment.text())), *[gr.skip()] * 3]

    def _finished(self, result: TryOnResult) -> list[Any]:
        pictures = [shown(self.studio, picture, "step") for picture in result.steps.values()]
        names = [name.replace("-", " ").capitalize() for name in result.steps]
        return [
            shown(self.studio, result.image_u8, "after"),
            hint(" ".join([told(result), *result.warnings]), SLOT_TITLES[result.slot]),
            gr.update(value=self.studio.outbox.tried_on(result), interactive=True),
            list(zip(pictures, names, strict=True)),
            True,
        ]


def system_choice(room: FittingRoom) -> gr.Dropdown:
    """The systems, those whose weights are here first."""
    here = set(room.names_here())
    choices = [(room.record(name).title + ("" if name in here else " (not here)"), name) for name in room.names()]
    return gr.Dropdown(choices, value=room.favourite(), label="System", elem_id="tryon-system", filterable=False)


def told(result: TryOnResult) -> str:
    """System and seconds in one line."""
    stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in result.seconds.items())
    total = sum(result.seconds.values())
    return f"by {FittingRoom.record(result.recipe.system).title} in {total:.1f} s ({stages})."


def shown(studio: Studio, image_u8: np.ndarray, stem: str) -> str:
    """A picture that was made here, as the page shows it: a JPEG of moderate size."""
    return studio.outbox.made(shrink_to(image_u8, SHOWN_SIDE), stem)
