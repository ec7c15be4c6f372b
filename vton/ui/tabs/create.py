"""The Create tab: six articles and a pose in, dressed models out."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.provenance import read_recipe
from vton.schema import SLOTS, UNSAID, InputError, Outfit, Recipe, Wear
from vton.ui.looks import ExampleLook
from vton.ui.panels.asked import Asked
from vton.ui.panels.link import read_link
from vton.ui.panels.outfit import DRESS, TOP_AND_BOTTOM, OutfitPanel, worn
from vton.ui.panels.pose import PosePanel
from vton.ui.panels.result import OPEN, ResultPanel
from vton.ui.panels.snippets import SnippetsPanel, placeholders
from vton.ui.panels.wear import WearPanel
from vton.ui.snippets.generation import Drawing
from vton.ui.studio import LIGHT, MODEL, EventOptions, Studio, base_recipe, by_slot, pose_text
from vton.ui.texts import listed, say
from vton.ui.widgets import chosen, inform, scroll_on_phones, sentence, stops, warn

EMPTY = {
    "paths": dict.fromkeys(SLOTS),
    "originals": {},
    "pose": DEFAULT_PRESET,
    "psi": 0.8,
    "results": [],
}
# On a phone the result lies above the outfit and the poses.
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
        with gr.Row(elem_id="create-columns", equal_height=False):
            with gr.Column(scale=4, min_width=330, elem_id="outfit-column"):
                self.panel = OutfitPanel(studio, first["paths"], first["originals"])
                self.worn = WearPanel()
            with gr.Column(scale=3, min_width=270, elem_id="pose-column"):
                self.pose_panel = PosePanel(studio, first["pose"])
            with gr.Column(scale=5, min_width=330, elem_id="result-column"):
                self.result = ResultPanel(studio, first["results"], first["psi"])
        result = self.result
        self.inputs = [*self.panel.tiles, self.panel.wear, self.pose_panel.value]
        self.inputs += [result.seed, result.count, result.psi, *self.worn.topics]
        self.everything = [*self.panel.outputs, *self.worn.topics, *self.pose_panel.outputs, *result.pictures]
        SnippetsPanel("create", Drawing, self._drawing, self.inputs)
        self._wire(page)

    def _wire(self, page: gr.Blocks) -> None:
        result = self.result
        result.wire()
        drawing: EventOptions = {**MODEL, "show_progress_on": result.gallery}
        result.go.click(None, js=SHOW_RESULT, api_visibility="private")
        made = [*result.made, self.session, result.speed]
        drawn = result.go.click(self._generate_event, [*self.inputs, self.session], made, **drawing)
        if self.studio.looks:
            look = result.looks.select(self._look_event, None, self.everything, **LIGHT)
            look.then(None, js=SHOW_RESULT, api_visibility="private")
        restored = [*self.everything, self.session]
        result.restore.upload(self._restore_event, [result.restore, self.session], restored, **LIGHT)
        result.open.click(self._linked_event, [result.linked, self.session], restored, js=OPEN, **MODEL)
        follow = [self.pose_panel.follow, *self.inputs, result.results, result.chosen]
        following: EventOptions = {**drawing, "show_progress": "minimal"}
        followed = [
            change.success(
                self._follow_event, follow, [*result.made, result.speed], trigger_mode="always_last", **following
            )
            for change in self.pose_panel.changes
        ]
        stops(result.cancel, drawn, *followed)
        page.load(self._opened_event, None, [result.speed, self.worn.fold], concurrency_limit=None, **LIGHT)

    # ----------------------------------------------------------------- events

    def _generate_event(self, *values: Any, progress=gr.Progress()) -> list[Any]:  # noqa: B008 - Gradio reads it
        *settings, session = values
        asked = Asked.of(settings)
        outfit, callback = self.panel.outfit(asked.tiles, asked.wear), _reporter(progress)
        pictures = self.studio.draw(outfit, asked.pose, asked.seed, asked.count, asked.psi, callback, asked.worn)
        return [*self.result.shown(pictures), [*pictures, *session], self.result.speed_text(asked.count)]

    def _follow_event(self, follow: bool, *values: Any) -> list[Any]:
        """One picture of the person shown in the new pose, unless that is switched off or nothing is worn."""
        *settings, results, number = values
        asked = Asked.of(settings)
        try:
            outfit, seed = self.panel.outfit(asked.tiles, asked.wear), asked.seed
            recipe = self.result.recipe(results, number) if results else None
            moved = recipe is None or pose_text(recipe, self.studio.poses) != asked.pose
            if follow and moved and len(outfit):
                if seed is None or seed < 0:
                    seed = recipe.seed if recipe else 0
                pictures = self.studio.draw(outfit, asked.pose, seed, 1, asked.psi, wear=asked.worn)
                return [*self.result.shown(pictures), self.result.speed_text(asked.count)]
        except InputError as error:
            warn(sentence(error))
        return [gr.skip()] * 5

    def _look_event(self, event: gr.SelectData) -> list[Any]:
        return self._all(self._look_values(chosen(self.studio.looks, event)))

    def _restore_event(self, path: str, session: list[str]) -> list[Any]:
        recipe = read_recipe(path)
        picture = self.studio.outbox.keep(path)
        if recipe.mix:
            inform(say("result.is-a-mix"))
        return [*self._all(self._recipe_values(base_recipe(recipe), picture)), [picture, *session]]

    def _linked_event(self, text: str | None, session: list[str]) -> list[Any]:
        """What a link says; drawn at once when it lacks nothing."""
        link = read_link(text, self.studio)
        paths = {slot: self.studio.outbox.cutout(link.articles[slot]) if slot in link.articles else None
                 for slot in SLOTS}  # fmt: skip
        pictures = None
        if link.lacking:
            called = listed((say(f"article.{slot}") for slot in link.lacking), "and")
            warn(say("result.link-lacks", articles=called))
        else:
            outfit = Outfit.of(*link.articles.values())
            pictures = self.studio.draw(outfit, link.pose, link.seed, 1, link.psi, wear=link.wear)
        values = {"paths": paths, "originals": {}, "pose": link.pose, "worn": link.wear, "seed": link.seed,
                  "psi": link.psi, "results": pictures}  # fmt: skip
        return [*self._all(values), [*(pictures or []), *session]]

    def _opened_event(self) -> list[Any]:
        self.studio.engine.wait_for_warm_up(30)
        return [self.result.speed_text(1), self.worn.shown_if(self.studio.engine.takes_wear)]

    # ----------------------------------------------------------------- values

    def _drawing(self, *values: Any) -> Drawing:
        """What Generate would draw, for the code that does the same."""
        asked = Asked.of(values)
        articles = placeholders(worn(by_slot(asked.tiles), asked.wear))
        _, name = self.studio.pose(asked.pose)
        seed = None if asked.seed is None else int(asked.seed)
        psi = EMPTY["psi"] if asked.psi is None else asked.psi
        return Drawing(articles, name or asked.pose, seed, int(asked.count), psi, asked.worn.only(articles).told())

    def _look_values(self, look: ExampleLook) -> dict[str, Any]:
        """What a finished look puts in the widgets."""
        cut = {slot: self.studio.outbox.cutout(article) for slot, article in self.studio.look_outfit(look).items()}
        results = [self.studio.outbox.keep(str(look.result))] if look.result else []
        return {
            "paths": {slot: cut.get(slot) for slot in SLOTS},
            "originals": {slot: str(file) for slot, file in look.articles.items()},
            "pose": look.pose,
            "worn": UNSAID,
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
        """Values for ``everything``; a look has no seed, so that the visitor's own stays."""
        wear = DRESS if values["paths"]["dress"] else TOP_AND_BOTTOM
        return [
            *self.panel.shown(values["paths"], values["originals"], wear),
            *self.worn.shown(values["worn"]),
            *self.pose_panel.shown(values["pose"]),
            *self.result.filled(values.get("seed"), values["psi"], values["results"]),
        ]


def _reporter(progress: gr.Progress) -> Any:
    unit = say("result.pictures")
    return lambda done, count: progress((done, count), desc=say("result.drawn", done=done, count=count), unit=unit)
