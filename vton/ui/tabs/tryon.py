"""The Try-on tab: a person and a garment in, the person's own photo with the garment on out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from vton.conditioning.canvas import shrink_to
from vton.conditioning.photos.image_io import load_rgb
from vton.schema import SLOTS, TRYON_SLOTS
from vton.systems import usual_tryon
from vton.ui.fitting import TRY_ON, FittingRoom, Given, check_photos
from vton.ui.panels.outfit import OutfitPanel, Paths, worn
from vton.ui.panels.poses import PosesPanel
from vton.ui.panels.snippets import SnippetsPanel, placeholders
from vton.ui.panels.tryon_photos import Examples, PhotoPair
from vton.ui.snippets.photos import Fitting
from vton.ui.studio import LIGHT, MODEL, EventOptions, Studio, by_slot
from vton.ui.texts import known, listed, number, say
from vton.ui.texts.messages import translated
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
        self.photos = PhotoPair(studio, "tryon", 400, Examples.of(studio))
        self.outfit: OutfitPanel | None = None
        whole = room.takes_outfits(usual_tryon())
        with gr.Row(elem_id="tryon-columns", equal_height=False):
            with gr.Column(scale=4, min_width=290):
                self.photos.build_person()
            with gr.Column(scale=4, min_width=290):
                with gr.Column(visible=not whole) as self.one:
                    self.photos.build_garment()
                if any(map(room.takes_outfits, room.names_here())):
                    with gr.Column(visible=whole) as self.several:
                        self.outfit = OutfitPanel(studio, *self._first_outfit(), prefix="tryon-")
            with gr.Column(scale=5, min_width=330, elem_id="tryon-result-column"):
                self._build_result()
        if room.of_worn():
            PosesPanel(studio, room, self.photos.person)
        outfit = [*self.outfit.tiles, self.outfit.wear] if self.outfit else []
        SnippetsPanel("tryon", Fitting, self._fitting, [self.photos.slot, self.photos.plain, self.system, *outfit])
        self._wire(tab)

    def _fitting(self, slot: str, plain: bool, system: str, *outfit: Any) -> Fitting:
        """What would be put on, for the code that does the same."""
        whole = outfit and self.room.takes_outfits(system)
        articles = placeholders(worn(by_slot(outfit[:-1]), outfit[-1])) if whole else {}
        return Fitting(system, slot, "plain" if plain else "keep", articles)

    def _build_result(self) -> None:
        gr.HTML(f"<h2>{say('result.title')}</h2>", padding=False)
        with gr.Row(elem_id="tryon-action", elem_classes="action"):
            self.system = system_choice(self.room)
            self.go = gr.Button(say("tryon.go"), variant="primary", elem_id="tryon-button", min_width=110)
            self.cancel = cancel_button("tryon-cancel")
        messages()
        person, _ = self.photos.examples.first()
        self.slider = gr.ImageSlider(
            (person, person) if person else None,
            label=say("tryon.before-after"),
            show_label=False,
            type="filepath",
            interactive=False,
            height=520,
            max_height=520,
            buttons=["fullscreen"],
            elem_id="tryon-slider",
        )
        text = say("tryon.changes") if self.room.names_here() else self.room.notice()
        self.line = gr.HTML(hint(text), elem_id="tryon-line", padding=False)
        with gr.Row():
            self.download = gr.DownloadButton(
                say("tryon.download"), size="sm", interactive=False, elem_id="tryon-download"
            )
        with gr.Accordion(say("tryon.steps"), open=False, elem_id="tryon-steps-accordion"):
            self.steps = gr.Gallery(
                label=say("tryon.steps"),
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
        if self.outfit:
            inputs += [self.outfit.originals, *self.outfit.tiles, self.outfit.wear]
            self.system.input(self._system_event, self.system, [self.one, self.several], **LIGHT)
        outputs = [self.slider, self.line, self.download, self.steps, self.finished]
        work: EventOptions = {**MODEL, "show_progress_on": self.slider}
        self.go.click(None, js=SHOW_RESULT, api_visibility="private")
        clicked = self.go.click(self._tryon_event, inputs, outputs, **work)
        opened = tab.select(self._first_event, [self.finished, *inputs], outputs, **work)
        stops(self.cancel, clicked, opened)

    def _first_event(self, finished: bool, *values: Any) -> Iterator[list[Any]]:
        person, garment, _, _, system, *outfit = values
        given = any(outfit[1:-1]) if self.room.takes_outfits(system) else garment
        if finished or not (person and given) or system not in self.room.names_here():
            yield [gr.skip()] * 5
        else:
            yield from self._tryon_event(*values)

    def _tryon_event(
        self, person: str | None, garment: str | None, slot: str, plain: bool, system: str, *outfit: Any
    ) -> Iterator[list[Any]]:
        background = "plain" if plain else "keep"
        if self.room.searches(system):
            yield from self._watched(person, garment, slot, system, background)
            return
        with self.room.turns.turn(TRY_ON):
            whole = self.outfit and self.room.takes_outfits(system)
            given: Given = self._worn(outfit) if whole else garment
            after, *rest = self._finished(self.room.try_on(person, given, slot, system, background))
            before = self._before(check_photos(person, given)[0])
        yield [(before, after), *rest]

    def _system_event(self, system: str) -> tuple[Any, Any]:
        """One garment or an outfit, as the system takes it."""
        whole = self.room.takes_outfits(system)
        return gr.update(visible=not whole), gr.update(visible=whole)

    def _first_outfit(self) -> tuple[Paths, dict[str, str]]:
        """The clothes of the first finished look, to be tried on at once: no shoes, as many photos show no feet."""
        if not self.studio.looks:
            return dict.fromkeys(SLOTS), {}
        look = self.studio.looks[0]
        outfit = {slot: article for slot, article in self.studio.look_outfit(look).items() if slot in TRYON_SLOTS}
        cut = {slot: self.studio.outbox.cutout(article) for slot, article in outfit.items()}
        return {slot: cut.get(slot) for slot in SLOTS}, {slot: str(look.articles[slot]) for slot in cut}

    def _worn(self, outfit: tuple[Any, ...]) -> dict[str, Any]:
        """The articles of the panel, slot -> photo."""
        assert self.outfit is not None
        originals, *tiles, wear = outfit
        return self.outfit.photos(tuple(tiles), wear, originals)

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
                yield [(before, now), hint(sentence(translated(moment.text()))), *[gr.skip()] * 3]

    def _finished(self, result: TryOnResult) -> list[Any]:
        pictures = [shown(self.studio, picture, "step") for picture in result.steps.values()]
        names = [known(f"steps.{name}", name.replace("-", " ").capitalize()) for name in result.steps]
        worn = listed((say(f"slot.{slot}") for slot in result.slot.split("+")), "and")
        return [
            shown(self.studio, result.image_u8, "after"),
            hint(" ".join([told(result), *map(translated, result.warnings)]), worn),
            gr.update(value=self.studio.outbox.tried_on(result), interactive=True),
            list(zip(pictures, names, strict=True)),
            True,
        ]


def system_choice(room: FittingRoom) -> gr.Dropdown:
    """The systems to choose from."""
    choices = [(room.record(name).title, name) for name in room.names()]
    return gr.Dropdown(
        choices, value=usual_tryon(), label=say("tryon.system"), elem_id="tryon-system", filterable=False
    )


def told(result: TryOnResult) -> str:
    """System and seconds in one line."""
    system, seconds = FittingRoom.record(result.recipe.system).title, number(sum(result.seconds.values()), ".1f")
    return say("tryon.took", system=system, seconds=seconds)


def shown(studio: Studio, image_u8: np.ndarray, stem: str) -> str:
    """A picture that was made here, as the page shows it: a JPEG of moderate size."""
    return studio.outbox.made(shrink_to(image_u8, SHOWN_SIDE), stem)
