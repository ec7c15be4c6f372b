"""The Lookbook tab: the outfit of Create with several articles in turn, in several poses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.schema import MAX_SEED, SLOTS, Article, InputError, Outfit, quoted
from vton.ui.panels.outfit import worn
from vton.ui.panels.pose import pose_title
from vton.ui.panels.snippets import SnippetsPanel, placeholders
from vton.ui.snippets.generation import Book
from vton.ui.studio import LIGHT, MODEL, EventOptions, Studio, by_slot
from vton.ui.tabs.create import CreateTab
from vton.ui.texts import say
from vton.ui.widgets import cancel_button, chosen, hint, messages, scroll_on_phones, sentence, stops, warn

MAX_ARTICLES, MAX_POSES = 6, 4
SHOW_PAGES = scroll_on_phones("#book-column")


class LookbookTab:
    """Builds the tab inside the current Blocks; methods ending in _event answer the browser."""

    def __init__(self, studio: Studio, create: CreateTab, tab: gr.Tab) -> None:
        """Builds and wires the tab.

        Args:
            studio: shared parts.
            create: the Create tab, whose outfit is worn.
            tab: the tab itself, for the event of opening it.
        """
        self.studio, self.create = studio, create
        with gr.Row(elem_id="book-columns", equal_height=False):
            with gr.Column(scale=4, min_width=300):
                self._build_inputs()
            with gr.Column(scale=8, min_width=330, elem_id="book-column"):
                self._build_result()
        inputs = [self.tried, self.poses, self.seed, *create.panel.tiles, create.panel.wear]
        SnippetsPanel("book", Book, self._book, inputs)
        self._wire(tab)

    def _book(self, tried: list[str], poses: list[str] | None, seed: float | None, *outfit: Any) -> Book:
        """What would be drawn, for the code that does the same."""
        articles = placeholders(worn(by_slot(outfit[:-1]), outfit[-1]))
        named = tuple((_slot(path), f"try-{number}.jpg") for number, path in enumerate(tried, 1))
        return Book(articles, named, tuple((poses or [])[:MAX_POSES]), int(seed or 0))

    def _build_inputs(self) -> None:
        gr.HTML(f"<h2>{say('lookbook.tried')}</h2>{hint(say('lookbook.tried-hint'))}", padding=False)
        self.line = gr.HTML("", elem_id="book-outfit", padding=False)
        self.files = gr.File(
            label=say("outfit.add-photos"), show_label=False, file_count="multiple", file_types=["image"], height=64,
            container=False, elem_id="book-photos", elem_classes="add-photos",
        )  # fmt: skip
        messages()
        self.tried = gr.State([])
        self.shown = gr.Gallery(
            [], label=say("lookbook.tried"), show_label=False, columns=6, height="auto", object_fit="contain",
            allow_preview=False, buttons=[], interactive=False, container=False, visible=False, elem_id="book-articles",
        )  # fmt: skip
        with gr.Row(elem_classes="outfit-options"):
            self.kind = gr.Dropdown(
                [(say(f"slot.{slot}"), slot) for slot in SLOTS], value=None, visible=False, filterable=False,
                label=say("lookbook.kind"), elem_id="book-kind", min_width=130,
            )  # fmt: skip
            self.drop = gr.Button(say("lookbook.remove"), size="sm", elem_id="book-remove", visible=False, min_width=80)
            self.empty = gr.Button(say("page.clear-all"), size="sm", elem_id="book-clear", visible=False, min_width=80)
        self.chosen = gr.State(0)
        choices = [(pose_title(name), name) for name in self.studio.poses]
        start = [DEFAULT_PRESET, *(name for name in ("hip-left", "walk-left") if name in self.studio.poses)]
        self.poses = gr.Dropdown(
            choices, value=list(dict.fromkeys(start)), multiselect=True, max_choices=MAX_POSES, elem_id="book-poses",
            label=say("lookbook.poses", most=MAX_POSES),
        )  # fmt: skip
        with gr.Row(elem_id="book-action", elem_classes="action by-seed"):
            self.seed = gr.Number(
                7, label=say("lookbook.seed"), precision=0, minimum=0, maximum=MAX_SEED, elem_id="book-seed",
                min_width=90,
            )  # fmt: skip
            self.go = gr.Button(say("lookbook.draw"), variant="primary", elem_id="book-button", min_width=150)
            self.cancel = cancel_button("book-cancel")

    def _build_result(self) -> None:
        gr.HTML(f"<h2>{say('tabs.lookbook')}</h2>{hint(say('lookbook.hint'))}", padding=False)
        self.sheet = gr.Image(
            label=say("tabs.lookbook"), show_label=False, type="filepath", interactive=False, height=640,
            elem_id="book-sheet", buttons=["fullscreen"], alt_text=say("lookbook.sheet"),
            placeholder="",
        )  # fmt: skip
        self.download = gr.DownloadButton(
            say("lookbook.download"), size="sm", elem_id="book-download", interactive=False
        )

    def _wire(self, tab: gr.Tab) -> None:
        outfit = [*self.create.panel.tiles, self.create.panel.wear]
        articles = [self.tried, self.shown, self.empty, self.kind, self.drop, self.chosen]
        tab.select(self._opened_event, outfit, [self.line], **LIGHT)
        self.files.upload(
            self._add_event, [self.files, self.tried], [*articles, self.files], api_visibility="private",
            show_progress_on=self.files,
        )  # fmt: skip
        self.empty.click(lambda: self._articles([]), None, articles, **LIGHT)
        self.shown.select(self._choose_event, self.tried, articles, **LIGHT)
        self.kind.input(self._kind_event, [self.kind, self.tried, self.chosen], articles, **LIGHT)
        self.drop.click(self._remove_event, [self.tried, self.chosen], articles, **LIGHT)
        self.go.click(None, js=SHOW_PAGES, api_visibility="private")
        drawing: EventOptions = {**MODEL, "show_progress_on": self.sheet}
        inputs = [self.tried, self.poses, self.seed, *outfit]
        drawn = self.go.click(self._draw_event, inputs, [self.sheet, self.download], **drawing)
        stops(self.cancel, drawn)

    def _opened_event(self, *values: Any) -> str:
        """What is always worn."""
        try:
            names = [say(f"worn.{slot}") for slot, _ in self._outfit(values).items()]
        except InputError as error:
            return hint(sentence(error))
        return hint(
            say("lookbook.worn", articles=say("page.comma").join(names)) if names else say("lookbook.nothing-worn")
        )

    def _outfit(self, values: tuple[Any, ...]) -> Outfit:
        return self.create.panel.outfit(values[:-1], values[-1])

    def _add_event(self, files: list[str] | None, tried: list[str]) -> list[Any]:
        """Cuts the articles out; what is no garment is refused in words, the rest stays."""
        tried, room = list(tried), MAX_ARTICLES - len(tried)
        for upload in (files or [])[:room]:
            try:
                tried.append(self.studio.outbox.cutout(self.studio.article(upload, None)))
            except InputError as error:
                warn(f"{quoted(Path(upload).name)}: {sentence(error)}")
        if len(files or []) > room:
            warn(say("lookbook.too-many", most=MAX_ARTICLES))
        return [*self._articles(tried), None]

    def _choose_event(self, tried: list[str], event: gr.SelectData) -> list[Any]:
        chosen(tried, event)  # refuses a number beyond them
        return self._articles(tried, event.index)

    def _kind_event(self, slot: str, tried: list[str], number: int) -> list[Any]:
        """The chosen article goes to another slot."""
        if number >= len(tried):
            raise InputError("Choose one of the articles first.")
        moved = self.studio.outbox.cutout(self.studio.article(tried[number], slot))
        return self._articles([*tried[:number], moved, *tried[number + 1:]], number)

    def _remove_event(self, tried: list[str], number: int) -> list[Any]:
        return self._articles([*tried[:number], *tried[number + 1:]])

    def _articles(self, tried: list[str], number: int = 0) -> list[Any]:
        """Values for the list of articles, its gallery, and what is done with all of them or the chosen one."""
        captions, some = [(path, say(f"slot.{_slot(path)}")) for path in tried], gr.update(visible=bool(tried))
        gallery = gr.update(value=captions, visible=bool(tried), selected_index=number if tried else None)
        kind = gr.update(value=_slot(tried[number]) if tried else None, visible=bool(tried))
        return [tried, gallery, some, kind, some, number]

    def _draw_event(self, tried, poses, seed, *values, progress=gr.Progress()) -> list[Any]:  # noqa: B008
        drawing, unit = say("lookbook.drawing"), say("result.pictures")
        book = self.studio.lookbook(
            self._outfit(values), [self._article(path) for path in tried], list(poses or [])[:MAX_POSES], seed,
            callback=lambda done, total: progress((done, total), desc=drawing, unit=unit),
        )  # fmt: skip
        outbox = self.studio.outbox
        return [outbox.made(book.sheet, "lookbook"), gr.update(value=outbox.archive(book), interactive=True)]

    def _article(self, path: str) -> Article:
        return self.studio.article(path, _slot(path))


def _slot(path: str) -> str:
    """The slot of a cut-out, whose file is named after it."""
    return Path(path).name.split("-", 1)[0]
