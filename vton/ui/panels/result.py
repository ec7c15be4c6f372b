"""The Result column: whom to draw, Generate, the pictures, and the finished looks to start from."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.schema import MAX_SEED, InputError, Recipe
from vton.ui.engine import MAX_COUNT
from vton.ui.panels.link import link_of
from vton.ui.studio import LIGHT, Studio, base_recipe, caption, recipe_of
from vton.ui.texts import known, listed, say
from vton.ui.widgets import cancel_button, chosen, hint, inform, messages

NEW, SAME = "New person", "Same person"
OPEN = """(text, session) => [location.hash.replace("#look=", ""), session]"""
COPY = """(text) => {
    history.replaceState(null, "", "#look=" + text); // in the address too, where the clipboard is not allowed
    navigator.clipboard?.writeText(location.href).catch(() => {});
}"""


class ResultPanel:
    """Builds the column inside the current Blocks; methods ending in _event answer the browser.

    Attributes:
        results, chosen: state with the pictures shown, and the number of the one looked at.
        seed: empty for a new person; `who` sets it, and follows what is typed.
        made: the widgets that ``shown`` gives values for.
        pictures: those that a restored picture or a look fills, in the order of ``filled``.
    """

    def __init__(self, studio: Studio, results: list[str], psi: float) -> None:
        self.studio = studio
        self.results, self.chosen = gr.State(results), gr.State(0)
        gr.HTML(f"<h2>{say('result.title')}</h2>", padding=False, elem_id="result-title")
        with gr.Row(elem_id="action"):
            self.who = gr.Radio(
                [(say("result.new-person"), NEW), (say("result.same-person"), SAME)], value=NEW,
                label=say("result.whom"), show_label=False, elem_id="who", elem_classes="pills",
            )  # fmt: skip
            self.go = gr.Button(say("result.generate"), variant="primary", elem_id="generate", min_width=120)
        messages()
        self.gallery = self._gallery(results)
        if studio.looks:
            self.looks = self._strip()
        with gr.Row(elem_id="result-actions"):
            self.cancel = cancel_button("cancel-generate")
            self.download = gr.DownloadButton(
                say("result.download"), value=results[0] if results else None, size="sm", elem_id="download",
                min_width=110,
            )  # fmt: skip
            self.copy = gr.Button(say("result.copy-link"), size="sm", elem_id="copy-link", min_width=80)
            self.restore = gr.UploadButton(
                say("result.restore"), file_types=[".png"], size="sm", elem_id="restore", min_width=120
            )
        self.link = gr.Textbox("", visible="hidden", label=say("result.link"), elem_id="link")
        self.linked = gr.Textbox("", visible="hidden", label="Opened link", elem_id="linked")
        self.open = gr.Button("Open the link", visible="hidden", elem_id="open-link")
        with gr.Accordion(say("result.fine-tuning"), open=False, elem_id="fine-tuning"):
            self._build_tuning(psi)
        self.speed = gr.HTML(self.speed_text(1), elem_id="speed", padding=False)
        self.made = [self.gallery, self.results, self.chosen, self.download]
        self.pictures = [self.seed, self.who, self.psi, *self.made]

    def _gallery(self, results: list[str]) -> gr.Gallery:
        return gr.Gallery(
            [(path, caption(path)) for path in results],
            label=say("result.title"),
            show_label=False,
            columns=2,
            height=480,
            object_fit="contain",
            buttons=["download_all", "fullscreen"],
            interactive=False,
            preview=True,
            selected_index=0 if results else None,
            elem_id="result-gallery",
        )

    def _strip(self) -> gr.Gallery:
        cards = zip(self.studio.look_pictures, self.studio.looks, strict=True)
        gr.HTML(f"<h2>{say('result.looks')}</h2>", padding=False, elem_id="looks-title")
        return gr.Gallery(
            [(picture, known(f"looks.{look.name}", look.title)) for picture, look in cards],
            label=say("result.finished-looks"),
            show_label=False,
            columns=6,
            object_fit="cover",
            allow_preview=False,
            buttons=[],
            interactive=False,
            height="auto",
            container=False,
            elem_id="look-gallery",
            selected_index=0,
        )

    def _build_tuning(self, psi: float) -> None:
        with gr.Row():
            self.count = gr.Radio(
                list(range(1, MAX_COUNT + 1)), value=1, label=say("result.count"), elem_id="count", min_width=150
            )
            self.seed = gr.Number(
                None, label=say("result.seed"), precision=0, minimum=-1, maximum=MAX_SEED, elem_id="seed",
                min_width=150, placeholder=say("result.seed-hint"),
            )  # fmt: skip
        self.psi = gr.Slider(
            0, 1.5, value=psi, step=0.05, elem_id="psi", label=say("result.variety"), info=say("result.variety-hint")
        )

    def wire(self) -> None:
        """The events within the column."""
        picked = [self.results, self.chosen]
        self.who.input(self._who_event, [self.who, *picked], [self.seed, self.who], **LIGHT)
        self.seed.input(lambda seed: NEW if seed is None or seed < 0 else SAME, self.seed, self.who, **LIGHT)
        self.count.input(self.speed_text, self.count, self.speed, **LIGHT)
        copied = self.copy.click(self._link_event, picked, self.link, **LIGHT)
        copied.success(None, self.link, None, js=COPY, api_visibility="private")
        self.gallery.select(
            self._choose_event, [self.who, self.results], [self.chosen, self.download, self.seed], **LIGHT
        )

    def _who_event(self, who: str, results: list[str], number: int) -> tuple[Any, str]:
        """A new person has no number yet; the same person is the one looked at."""
        return (self.recipe(results, number).seed, SAME) if who == SAME and results else (None, NEW)

    def _choose_event(self, who: str, results: list[str], event: gr.SelectData) -> tuple[int, str, Any]:
        path = chosen(results, event)
        return event.index, path, base_recipe(recipe_of(path)).seed if who == SAME else gr.skip()

    def _link_event(self, results: list[str], number: int) -> str:
        text, lacking = link_of(self.recipe(results, number), self.studio)
        own = listed((say(f"article.{slot}") for slot in lacking), "and") if lacking else ""
        inform(say("result.copied-without", articles=own) if own else say("result.copied"))
        return text

    def recipe(self, results: list[str], number: int) -> Recipe:
        """The recipe of the picture looked at; of a mix, its target's.

        Raises:
            InputError: there is none, or it was deleted meanwhile.
        """
        if not results:
            raise InputError("No picture yet: press Generate first.")
        return base_recipe(recipe_of(results[min(number, len(results) - 1)]))

    def shown(self, pictures: list[str]) -> list[Any]:
        """Values for ``made``."""
        gallery = gr.update(value=[(path, caption(path)) for path in pictures], selected_index=0 if pictures else None)
        return [gallery, pictures, 0, pictures[0] if pictures else None]

    def filled(self, seed: int | None, psi: float, pictures: list[str] | None) -> list[Any]:
        """Values for ``pictures``; without a seed or pictures, whom to draw or those shown stay as they were."""
        who = (gr.skip(), gr.skip()) if seed is None else (seed, SAME)
        return [*who, psi, *([gr.skip()] * 4 if pictures is None else self.shown(pictures))]

    def speed_text(self, count: float | None) -> str:
        """How long so many pictures take here, as a line of HTML."""
        return hint(self.studio.engine.speed_text(int(count or 1)))
