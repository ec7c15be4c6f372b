"""The Compare tab: one person and one garment through every try-on system, a card for each as it is done."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from vton.ui.fitting import FittingRoom
from vton.ui.panels.snippets import SnippetsPanel
from vton.ui.panels.tryon_photos import PhotoPair
from vton.ui.snippets.photos import Comparing
from vton.ui.studio import LIGHT, MODEL, EventOptions, Studio
from vton.ui.tabs.tryon import TryOnTab, shown
from vton.ui.texts import number, say
from vton.ui.widgets import cancel_button, escaped, hint, messages, scroll_on_phones, sentence, stops

if TYPE_CHECKING:
    from vton.systems.comparison import Compared

SHOW_CARDS = scroll_on_phones("#compare-cards")


class CompareTab:
    """Builds the tab inside the current Blocks; methods ending in _event answer the browser."""

    def __init__(self, studio: Studio, room: FittingRoom, tryon: TryOnTab, tab: gr.Tab) -> None:
        """Builds and wires the tab.

        Args:
            studio, room: shared parts.
            tryon: the Try-on tab, whose photos are taken over while there are none here.
            tab: the tab itself, for the event of opening it.
        """
        self.studio, self.room = studio, room
        self.photos = PhotoPair(studio, "compare", 260)
        with gr.Row(elem_id="compare-inputs", equal_height=False):
            with gr.Column(scale=4, min_width=290):
                self.photos.build_person()
            with gr.Column(scale=4, min_width=290):
                self.photos.build_garment()
        with gr.Row(elem_id="compare-action", elem_classes="action"):
            text = say("compare.hint") if room.names_here() else room.notice()
            self.line = gr.HTML(hint(text), elem_id="compare-line", padding=False)
            self.go = gr.Button(say("compare.go"), variant="primary", elem_id="compare-button", min_width=110, scale=0)
            self.cancel = cancel_button("compare-cancel")
        with gr.Column():
            messages()
        self.images, self.facts = {}, {}
        with gr.Row(elem_id="compare-cards", equal_height=False):
            for system in room.names():
                with gr.Column(min_width=230, elem_classes="card", elem_id=f"card-{system}"):
                    self._build_card(system)
        SnippetsPanel("compare", Comparing, self._comparing, [self.photos.slot, self.photos.plain])
        self._wire(tryon, tab)

    def _comparing(self, slot: str, plain: bool) -> Comparing:
        """What would be compared, for the code that does the same."""
        names = self.room.names_here() or self.room.names()
        return Comparing(tuple(names), slot, "plain" if plain else "keep")

    def _build_card(self, system: str) -> None:
        record = self.room.record(system)
        gr.HTML(f"<h2>{record.title}</h2><p class='hint'>{escaped(record.cited)}</p>", padding=False)
        self.images[system] = gr.Image(
            label=record.title,
            show_label=False,
            type="filepath",
            interactive=False,
            height=380,
            buttons=["fullscreen", "download"],
            elem_id=f"card-image-{system}",
            alt_text=say("compare.picture", system=record.title),
            placeholder="",
        )
        self.facts[system] = gr.HTML(hint(say("compare.ready")), elem_id=f"card-facts-{system}", padding=False)

    def _wire(self, tryon: TryOnTab, tab: gr.Tab) -> None:
        outputs = [self.line, *self.images.values(), *self.facts.values()]
        self.go.click(None, js=SHOW_CARDS, api_visibility="private")
        streaming: EventOptions = {**MODEL, "show_progress_on": self.line}
        compared = self.go.click(self._compare_event, self.photos.inputs, outputs, **streaming)
        stops(self.cancel, compared)
        mine, theirs = self.photos.inputs, tryon.photos.inputs
        tab.select(self._opened_event, [*mine, *theirs], mine, **LIGHT)

    def _opened_event(self, *values: Any) -> list[Any]:
        """The photos of Try-on, as long as none were added here."""
        mine, theirs = values[:4], values[4:]
        return [gr.skip()] * 4 if mine[0] or mine[1] else list(theirs)

    def _compare_event(self, person: str | None, garment: str | None, slot: str, plain: bool) -> Iterator[list[Any]]:
        names = list(self.images)
        background = "plain" if plain else "keep"
        made = self.room.compare(person, garment, slot, names, background, self._card)
        first = next(made)  # photos that cannot be used are refused here, before any card is emptied
        images = dict.fromkeys(names)
        waiting = hint(say("compare.waiting"))
        facts = dict.fromkeys(names, waiting)
        for system, (image, text) in itertools.chain([first], made):
            images[system], facts[system] = image, text
            done = sum(text != waiting for text in facts.values())
            line = hint(say("compare.done", done=done, count=len(names)))
            yield [line, *images.values(), *facts.values()]

    def _card(self, one: Compared) -> tuple[str | None, str]:
        """Values for a system's picture and facts."""
        return one.result and shown(self.studio, one.result.image_u8, one.system), card_facts(one)


def card_facts(one: Compared) -> str:
    """Seconds, parameters and licence of a system, or why it could not run, as HTML."""
    if one.result is None:
        return hint(sentence(one.problem))
    values = {
        say("compare.seconds"): number(one.seconds, ".2f"),
        say("compare.parameters"): number(one.parameters / 1e6, ".1f") + " M",
        say("compare.licence"): escaped(one.licence),
    }
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in values.items())
    return f"<table class='facts' role='status'>{rows}</table>"
