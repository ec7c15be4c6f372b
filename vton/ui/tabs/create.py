"""The Create tab: six articles and a pose in, dressed models out."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.provenance import read_recipe
from vton.schema import MAX_SEED, SLOTS, UNSAID, InputError, Outfit, Recipe, Wear
from vton.ui.looks import ExampleLook
from vton.ui.panels.asked import Asked
from vton.ui.panels.outfit import DRESS, TOP_AND_BOTTOM, OutfitPanel
from vton.ui.panels.pose import PosePanel
from vton.ui.panels.wear import WearPanel
from vton.ui.studio import LIGHT, MODEL, EventOptions, Studio, base_recipe, caption, pose_text, recipe_of
from vton.ui.widgets import cancel_button, chosen, hint, inform, scroll_on_phones, sentence, stops, warn

EMPTY = {
    "paths": dict.fromkeys(SLOTS),
    "originals": {},
    "pose": DEFAULT_PRESET,
    "seed": -1,
    "psi": 0.8,
    "results": [],
}
# On a phone the result lies below the outfit and the poses.
SHOW_RESULT = scroll_on_phones("#result-column")


class CreateTab:
    """Builds the tab inside the current Blocks; methods ending in _event answer the browser.

    Attributes:
        inputs: the widgets that say what to draw, which `Asked.of` reads.
        panel: the Outfit column; worn: the fold below it.
    """

    def __init__(self, studio: Studio, session: gr.State, page: gr.Blocks) -> None:
        """Builds and wires the tab.

        Args:
            studio: shared parts.
            session: state with the paths of the pictures of this visit, newest first.
            page: the Blocks, for the event of opening the page.
        """
        self.studio, self.session = studio, session
        first = self._look_values(studio.looks[0]) if studio.looks else EMPTY
        self.results = gr.State(first["results"])
        self.chosen = gr.State(0)
        with gr.Row(elem_id="create-columns", equal_height=False):
            with gr.Column(scale=4, min_width=330, elem_id="outfit-column"):
                self.panel = OutfitPanel(studio, first["paths"], first["originals"])
                self.worn = WearPanel()
            with gr.Column(scale=3, min_width=270, elem_id="pose-column"):
                self.pose_panel = PosePanel(studio, first["pose"])
            with gr.Column(scale=5, min_width=330, elem_id="result-column"):
                self._build_action(first)
                self._build_result(first)
        self.inputs = [*self.panel.tiles, self.panel.wear, self.pose_panel.value]
        self.inputs += [self.seed, self.count, self.psi, *self.worn.topics]
        self.everything = [*self.panel.outputs, *self.worn.topics, *self.pose_panel.outputs, self.seed, self.psi]
        self.everything += [self.gallery, self.results, self.chosen, self.download]
        if studio.looks:
            self._build_looks()
        self._wire(page)

    def _build_action(self, first: dict[str, Any]) -> None:
        gr.HTML("<h2>Result</h2>", padding=False, elem_id="result-title")
        with gr.Row(elem_id="action"):
            self.count = gr.Radio([1, 2, 3, 4], value=1, label="Pictures", elem_id="count", min_width=150)
            self.seed = gr.Number(
                first["seed"],
                label="Seed, -1 = random",
                precision=0,
                minimum=-1,
                maximum=MAX_SEED,
                elem_id="seed",
                min_width=100,
            )
            self.go = gr.Button("Generate", variant="primary", elem_id="generate", min_width=130)

    def _build_result(self, first: dict[str, Any]) -> None:
        results = first["results"]
        self.gallery = gr.Gallery(
            [(path, caption(path)) for path in results],
            label="Result",
            show_label=False,
            columns=2,
            height=560,
            object_fit="contain",
            buttons=["download_all", "fullscreen"],
            interactive=False,
            preview=True,
            selected_index=0 if results else None,
            elem_id="result-gallery",
        )
        with gr.Row(elem_id="result-actions"):
            self.cancel = cancel_button("cancel-generate")
            self.reuse = gr.Button("Reuse seed", size="sm", elem_id="reuse", min_width=80)
            self.vary = gr.Button("Vary", size="sm", elem_id="vary", min_width=60)
            self.download = gr.DownloadButton(
                "Download PNG",
                value=results[0] if results else None,
                size="sm",
                elem_id="download",
                min_width=110,
            )
            self.restore = gr.UploadButton(
                "Restore from PNG", file_types=[".png"], size="sm", elem_id="restore", min_width=120
            )
        self.speed = gr.HTML(self._speed(), elem_id="speed", padding=False)
        with gr.Accordion("Fine tuning", open=False, elem_id="fine-tuning"):
            self.psi = gr.Slider(
                0,
                1.5,
                value=first["psi"],
                step=0.05,
                elem_id="psi",
                label="Truncation psi",
                info="Low: close to the average model. High: more varied, less sure.",
            )

    def _build_looks(self) -> None:
        gr.HTML("<h2>Finished looks</h2><p class='hint'>Choose one to start from it</p>", padding=False)
        cards = zip(self.studio.look_pictures, self.studio.looks, strict=True)
        self.look_gallery = gr.Gallery(
            [(picture, look.title) for picture, look in cards],
            label="Finished looks",
            show_label=False,
            columns=6,
            object_fit="cover",
            allow_preview=False,
            buttons=[],
            interactive=False,
            height="auto",
            container=False,
            elem_id="look-gallery",
        )
        self.look_gallery.select(self._look_event, None, self.everything, **LIGHT)

    def _wire(self, page: gr.Blocks) -> None:
        made = [self.gallery, self.results, self.chosen, self.download, self.session, self.speed]
        drawing: EventOptions = {**MODEL, "show_progress_on": self.gallery}
        following: EventOptions = {**drawing, "show_progress": "minimal"}
        picked = [self.results, self.chosen]
        for button in (self.go, self.vary):
            button.click(None, js=SHOW_RESULT, api_visibility="private")
        drawn = self.go.click(self._generate_event, [*self.inputs, self.session], made, **drawing)
        varied = self.vary.click(self._vary_event, [*picked, self.count, self.session], made, **drawing)
        self.gallery.select(self._choose_event, [self.results], [self.chosen, self.download], **LIGHT)
        self.reuse.click(self._reuse_event, picked, [self.seed], **LIGHT)
        self.restore.upload(
            self._restore_event,
            [self.restore, self.session],
            [*self.everything, self.session],
            **LIGHT,
        )
        follow = [self.pose_panel.follow, *self.inputs, *picked]
        followed = self.pose_panel.edited.then(
            self._follow_event,
            follow,
            made[:4] + made[5:],
            trigger_mode="always_last",
            **following,
        )
        stops(self.cancel, drawn, varied, followed)
        page.load(self._opened_event, None, [self.speed, self.worn.fold], concurrency_limit=None, **LIGHT)

    # ----------------------------------------------------------------- events

    def _generate_event(self, *values: Any, progress=gr.Progress()) -> list[Any]:  # noqa: B008 - Gradio reads it
        *settings, session = values
        asked = Asked.of(settings)
        outfit, callback = self.panel.outfit(asked.tiles, asked.wear), _reporter(progress)
        pictures = self.studio.draw(outfit, asked.pose, asked.seed, asked.count, asked.psi, callback, asked.worn)
        return self._made(pictures, session)

    def _follow_event(self, follow: bool, *values: Any) -> list[Any]:
        """One picture in the pose just edited, from the same seed, unless it is switched off or nothing is worn."""
        *settings, results, chosen = values
        asked = Asked.of(settings)
        try:
            outfit, seed = self.panel.outfit(asked.tiles, asked.wear), asked.seed
            if follow and len(outfit):
                if seed is None or seed < 0:
                    seed = base_recipe(self._chosen_recipe(results, chosen)).seed if results else 0
                pictures = self.studio.draw(outfit, asked.pose, seed, 1, asked.psi, wear=asked.worn)
                return self._shown(pictures)
        except InputError as error:
            warn(sentence(error))
        return [gr.skip()] * 5

    def _vary_event(self, results, chosen, count, session, progress=gr.Progress()) -> list[Any]:  # noqa: B008
        """The chosen picture's outfit, pose and psi with new random seeds."""
        recipe = base_recipe(self._chosen_recipe(results, chosen))
        outfit, pose = recipe.outfit() or Outfit.empty(), pose_text(recipe, self.studio.poses)
        wear = Wear.of(recipe.wear)
        return self._made(self.studio.draw(outfit, pose, -1, count, recipe.psi, _reporter(progress), wear), session)

    def _made(self, pictures: list[str], session: list[str]) -> list[Any]:
        *shown, speed = self._shown(pictures)
        return [*shown, [*pictures, *session], speed]

    def _shown(self, pictures: list[str]) -> list[Any]:
        gallery = gr.update(value=[(path, caption(path)) for path in pictures], selected_index=0)
        return [gallery, pictures, 0, pictures[0], self._speed()]

    def _choose_event(self, results: list[str], event: gr.SelectData) -> tuple[int, str]:
        return event.index, chosen(results, event)

    def _reuse_event(self, results: list[str], chosen: int) -> int:
        return base_recipe(self._chosen_recipe(results, chosen)).seed

    def _chosen_recipe(self, results: list[str], chosen: int) -> Recipe:
        if not results:
            raise InputError("No picture yet: press Generate first.")
        return recipe_of(results[min(chosen, len(results) - 1)])

    def _look_event(self, event: gr.SelectData) -> list[Any]:
        return self._all(self._look_values(chosen(self.studio.looks, event)))

    def _restore_event(self, path: str, session: list[str]) -> list[Any]:
        recipe = read_recipe(path)
        picture = self.studio.outbox.keep(path)
        if recipe.mix:
            inform("This picture is a mix: outfit and pose of its target are back. Add it in Mix to change it.")
        return [*self._all(self._recipe_values(base_recipe(recipe), picture)), [picture, *session]]

    def _opened_event(self) -> list[Any]:
        self.studio.engine.wait_for_warm_up(30)
        return [self._speed(), self.worn.shown_if(self.studio.engine.takes_wear)]

    # ----------------------------------------------------------------- values

    def _look_values(self, look: ExampleLook) -> dict[str, Any]:
        """What a finished look puts in the widgets."""
        paths = dict.fromkeys(SLOTS)
        for slot, file in look.articles.items():
            paths[slot] = self.studio.outbox.cutout(self.studio.article(str(file), slot))
        results = [self.studio.outbox.keep(str(look.result))] if look.result else []
        return {
            "paths": paths,
            "originals": {slot: str(file) for slot, file in look.articles.items()},
            "pose": look.pose,
            "worn": UNSAID,
            "seed": look.seed,
            "psi": read_recipe(results[0]).psi if results else 0.8,
            "results": results,
        }

    def _recipe_values(self, recipe: Recipe, picture: str) -> dict[str, Any]:
        """What a recipe puts in the widgets."""
        paths = dict.fromkeys(SLOTS)
        for slot, article in (recipe.outfit() or Outfit.empty()).items():
            paths[slot] = self.studio.outbox.cutout(article)
        return {
            "paths": paths,
            "originals": {},
            "pose": pose_text(recipe, self.studio.poses),
            "worn": Wear.of(recipe.wear),
            "seed": recipe.seed,
            "psi": recipe.psi,
            "results": [picture],
        }

    def _all(self, values: dict[str, Any]) -> list[Any]:
        """Values for ``everything``."""
        wear = DRESS if values["paths"]["dress"] else TOP_AND_BOTTOM
        results = values["results"]
        pictures = [(path, caption(path)) for path in results]
        return [
            *self.panel.shown(values["paths"], values["originals"], wear),
            *self.worn.shown(values["worn"]),
            *self.pose_panel.shown(values["pose"]),
            values["seed"],
            values["psi"],
            gr.update(value=pictures, selected_index=0 if results else None),
            results,
            0,
            results[0] if results else None,
        ]

    def _speed(self) -> str:
        return hint(self.studio.engine.speed_text())


def _reporter(progress: gr.Progress) -> Any:
    return lambda done, count: progress((done, count), desc=f"Picture {done} of {count}", unit="pictures")
