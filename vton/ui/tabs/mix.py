"""The Mix tab: the paper's style transfer between two pictures, by layers and with a strength."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from vton.provenance import read_recipe
from vton.schema import MAX_SEED, InputError, Recipe
from vton.ui.engine import PICTURE
from vton.ui.panels.article_image import ArticleImage
from vton.ui.panels.asked import Asked
from vton.ui.panels.snippets import SnippetsPanel
from vton.ui.snippets.generation import Mixing
from vton.ui.studio import LIGHT, MODEL, EventOptions, Studio, caption, recipe_of
from vton.ui.tabs.create import CreateTab
from vton.ui.texts import say
from vton.ui.texts.messages import translated
from vton.ui.widgets import cancel_button, chosen, conflict, hint, messages, sentence, stops

COLOUR, POSE, RANGE = "Colour", "Pose", "Layers"
ROLES = ("source", "target")


def transfer_of(kind: str, first: float, last: float) -> str:
    """The radio and the two sliders as the pipeline's ``transfer``; sliders may stand in either order."""
    if kind != RANGE:
        return kind.lower()
    return f"{int(min(first, last))}-{int(max(first, last))}"


class MixTab:
    """Builds the tab inside the current Blocks; methods ending in _event answer the browser."""

    def __init__(self, studio: Studio, session: gr.State, create: CreateTab, tab: gr.Tab) -> None:
        """Builds and wires the tab.

        Args:
            studio: shared parts.
            session: state with the paths of the pictures of this visit, newest first.
            create: the Create tab, whose outfit and pose a picture drawn by seed wears.
            tab: the tab itself, for the event of opening it.
        """
        self.studio, self.session, self.create = studio, session, create
        start = session.value
        self.picked = {role: gr.State(start[min(i, len(start) - 1)] if start else None) for i, role in enumerate(ROLES)}
        self.galleries: dict[str, gr.Gallery] = {}
        self.seeds: dict[str, gr.Number] = {}
        self.adds: dict[str, gr.Button] = {}
        with gr.Row(elem_id="mix-columns", equal_height=False):
            for index, role in enumerate(ROLES):
                with gr.Column(scale=3, min_width=270, elem_id=f"{role}-column"):
                    self._build_side(role, index)
            with gr.Column(scale=5, min_width=330, elem_id="mix-column"):
                self._build_result()
        settings = [self.kind, self.first, self.last, self.strength]
        SnippetsPanel("mix", Mixing, self._mixing, settings)
        self._wire(tab)

    def _mixing(self, kind: str, first: float, last: float, strength: float) -> Mixing:
        """What Mix would make, for the code that does the same."""
        return Mixing(transfer_of(kind, first, last), strength)

    def _build_side(self, role: str, index: int) -> None:
        start = self.session.value
        gr.HTML(f"<h2>{say(f'mix.{role}')}</h2>{hint(say(f'mix.{role}-hint'))}", padding=False)
        self.galleries[role] = gr.Gallery(
            [(path, caption(path)) for path in start],
            label=say(f"mix.{role}"),
            show_label=False,
            columns=3,
            height=430,
            object_fit="contain",
            allow_preview=False,
            buttons=[],
            interactive=False,
            container=False,
            selected_index=min(index, len(start) - 1) if start else None,
            elem_id=f"{role}-gallery",
            elem_classes="side-gallery",
        )
        with gr.Row(elem_classes="by-seed"):
            self.seeds[role] = gr.Number(
                -1,
                label=say("mix.by-seed"),
                precision=0,
                minimum=-1,
                maximum=MAX_SEED,
                elem_id=f"{role}-seed",
                min_width=130,
            )
            self.adds[role] = gr.Button(say("mix.draw"), elem_id=f"{role}-draw", min_width=70, scale=0)

    def _build_result(self) -> None:
        gr.HTML(f"<h2>{say('tabs.mix')}</h2>", padding=False)
        kinds = [(say("mix.colour"), COLOUR), (say("mix.pose"), POSE), (say("mix.layers"), RANGE)]
        self.kind = gr.Radio(kinds, value=COLOUR, label=say("mix.take"), elem_id="transfer")
        with gr.Row(visible=False, elem_id="layer-range") as self.range_row:
            self.first, self.last = (
                gr.Slider(1, 14, value=value, step=1, label=say(f"mix.{end}-layer"), elem_id=f"layer-{end}",
                          min_width=120) for end, value in (("first", 4), ("last", 8))
            )  # fmt: skip
        self.layers = gr.HTML("", elem_id="layer-text", padding=False)
        self.strength = gr.Slider(
            0,
            1,
            value=1,
            step=0.05,
            label=say("mix.strength"),
            elem_id="strength",
            info=say("mix.strength-hint"),
        )
        self.image = ArticleImage(
            label=say("tabs.mix"),
            show_label=False,
            type="filepath",
            interactive=False,
            height=400,
            buttons=["fullscreen"],
            elem_id="mix-image",
            alt_text=say("mix.picture"),
            placeholder=say("mix.empty"),
        )
        messages()
        with gr.Row(elem_id="mix-action", elem_classes="action"):
            self.go = gr.Button(say("mix.go"), variant="primary", elem_id="mix-button", min_width=120)
            self.cancel = cancel_button("mix-cancel")
        with gr.Row():
            self.download = gr.DownloadButton(say("result.download"), elem_id="mix-download", min_width=120)
            self.add = gr.UploadButton(
                say("mix.add"), file_types=[".png"], elem_id="mix-add", min_width=110, type="filepath"
            )

    # ----------------------------------------------------------------- events

    def _wire(self, tab: gr.Tab) -> None:
        sides = [self.picked[role] for role in ROLES]
        settings = [self.kind, self.first, self.last]
        inputs, outputs = [*sides, *settings, self.strength], [self.image, self.download]
        shape = [self.range_row, self.layers, self.first, self.last]

        def previewed(on: Callable[..., Any]) -> Any:
            return on(self._preview_event, inputs, outputs, trigger_mode="always_last", **MODEL)

        work = []  # what Cancel stops
        for role, picked in self.picked.items():
            gallery = self.galleries[role]
            work.append(previewed(gallery.select(self._pick_event, [self.session], [picked], **LIGHT).then))
            drawing: EventOptions = {**MODEL, "show_progress_on": gallery}
            source = [*self.create.inputs, self.seeds[role], self.session]
            drawn = self.adds[role].click(self._draw_event, source, [self.session, picked], **drawing)
            work += [drawn, previewed(drawn.success)]
        galleries = [self.galleries[role] for role in ROLES]
        everything = [self.session, *galleries, *sides]
        self.session.change(self._session_event, [self.session, *sides], everything, **LIGHT)
        work.append(previewed(self.kind.input(self._kind_event, settings, shape, **LIGHT).then))
        for slider in (self.first, self.last):
            moved = slider.input(self._layers_event, settings, self.layers, trigger_mode="always_last", **LIGHT)
            work.append(previewed(moved.then))
        work.append(previewed(self.strength.input))  # arrow keys and typed numbers too
        mixed = self.go.click(self._mix_event, [*inputs, self.session], [*outputs, self.session], **MODEL)
        added = self.add.upload(
            self._add_event,
            [self.add, self.session],
            [self.session, *sides, *settings, self.strength, self.range_row, self.layers],
            **LIGHT,
        )
        work += [mixed, added, previewed(added.success)]
        # The layers' text and a first mix need the loaded model, so they come when the tab is opened.
        opened = tab.select(self._shown_event, settings, shape, **LIGHT)
        work.append(opened.success(self._first_event, [self.image, *inputs], outputs, **MODEL))
        stops(self.cancel, *work)

    def _first_event(self, image: str | None, *values: Any) -> tuple[Any, Any]:
        return (gr.skip(), gr.skip()) if image else self._preview_event(*values)

    def _shown_event(self, kind: str, first: float, last: float) -> tuple[Any, ...]:
        try:
            return self._kind_event(kind, first, last)
        except InputError as error:
            return gr.skip(), conflict(error), gr.skip(), gr.skip()

    def _kind_event(self, kind: str, first: float, last: float) -> tuple[Any, ...]:
        text = self._layers_event(kind, first, last)
        count = self.studio.engine.pipeline.layers.count
        return gr.update(visible=kind == RANGE), text, gr.update(maximum=count), gr.update(maximum=count)

    def _layers_event(self, kind: str, first: float, last: float) -> str:
        return hint(sentence(translated(self.studio.engine.pipeline.layers.text(transfer_of(kind, first, last)))))

    def _pick_event(self, session: list[str], event: gr.SelectData) -> str:
        return chosen(session, event)

    def _session_event(self, session: list[str], source: str | None, target: str | None) -> list[Any]:
        """New pictures appear on both sides, deleted ones go; what was picked stays picked."""
        session = [path for path in session if Path(path).is_file()]
        pictures = [(path, caption(path)) for path in session]
        picked = [
            path if path in session else (session[min(i, len(session) - 1)] if session else None)
            for i, path in enumerate((source, target))
        ]
        galleries = [gr.update(value=pictures, selected_index=session.index(path) if path else None) for path in picked]
        return [session, *galleries, *picked]

    def _draw_event(self, *values: Any) -> list[Any]:
        """A new picture by seed, in the outfit and pose of the Create tab."""
        *settings, seed, session = values
        asked = Asked.of(settings)
        outfit = self.create.panel.outfit(asked.tiles, asked.wear)
        made = self.studio.draw(outfit, asked.pose, seed, 1, asked.psi, wear=asked.worn)
        return [[*made, *session], made[0]]

    def _preview_event(self, source, target, kind, first, last, strength) -> tuple[Any, Any]:
        if not source or not target:
            return gr.skip(), gr.skip()
        path = self._mixed(source, target, transfer_of(kind, first, last), strength)
        return path, path

    def _mix_event(self, source, target, kind, first, last, strength, session) -> list[Any]:
        if not source or not target:
            raise InputError("Choose a source and a target first: generate pictures in Create or draw one by seed.")
        path = self._mixed(source, target, transfer_of(kind, first, last), strength)
        return [path, path, [path, *session]]

    def _mixed(self, source: str, target: str, transfer: str, strength: float) -> str:
        with self.studio.engine.turns.turn(PICTURE):
            recipes = recipe_of(source), recipe_of(target)
            return self.studio.outbox.picture(self.studio.engine.mix(*recipes, transfer, strength))

    def _add_event(self, path: str, session: list[str]) -> list[Any]:
        """Adds a PNG of an earlier visit; of a mix, also its two sides and its settings."""
        recipe = read_recipe(path)
        if recipe.mix:
            self.studio.engine.pipeline.layers.parse(recipe.mix["transfer"])
        kept = self.studio.outbox.keep(path)
        if not recipe.mix:
            return [[kept, *session], kept, *[gr.skip()] * 7]
        sides = [
            self.studio.outbox.picture(self.studio.engine.generate_from(Recipe.from_json(recipe.mix[role])))
            for role in ROLES
        ]
        transfer, strength = recipe.mix["transfer"], recipe.mix["strength"]
        kind = RANGE if "-" in transfer else transfer.capitalize()
        first, last = (int(end) for end in transfer.split("-")) if kind == RANGE else (4, 8)
        return [
            [kept, *sides, *session],
            *sides,
            kind,
            first,
            last,
            strength,
            gr.update(visible=kind == RANGE),
            self._layers_event(kind, first, last),
        ]
