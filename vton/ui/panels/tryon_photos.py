"""The two photos of a try-on: a person and a garment, with what the garment is; shared by Try-on and Compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from vton.conditioning.photos.image_io import load_rgb
from vton.readers.garment.article_reader import slot_scores
from vton.readers.person_photo import read_person_photo
from vton.schema import TRYON_SLOTS, InputError
from vton.tryon.forecast import GOOD, REFUSED, RISKY, forecast
from vton.ui.fitting import AUTO, FittingRoom
from vton.ui.looks import FOLDER
from vton.ui.panels.article_image import ArticleImage
from vton.ui.studio import LIGHT, PHOTO, Studio
from vton.ui.texts import listed, say
from vton.ui.texts.messages import translated
from vton.ui.widgets import chosen, conflict, hint, messages, sentence

PERSONS = FOLDER / "persons"
OUTLOOKS = {GOOD: "good", RISKY: "risky", REFUSED: "refused"}
_MAX_EXAMPLES = 8


@dataclass(frozen=True)
class Examples:
    """Photos that came with the program, as parts of the page: of persons, and of garments with their slots."""

    persons: list[str] = field(default_factory=list)
    garments: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, studio: Studio, folder: Path = PERSONS) -> Examples:
        """The persons of a folder, and the garments of the finished looks."""

        def page_image(file: Path, stem: str) -> str:
            return studio.outbox.page_image(Image.fromarray(load_rgb(file)), stem)

        persons = [page_image(file, f"person-{file.stem}") for file in sorted(folder.glob("*.webp"))[:_MAX_EXAMPLES]]
        worn = [(n, *article) for n, look in enumerate(studio.looks) for article in look.articles.items()]
        worn = [(n, slot, file) for n, slot, file in worn if slot in TRYON_SLOTS][:_MAX_EXAMPLES]
        garments = [(page_image(file, f"garment-{n}-{slot}"), slot) for n, slot, file in worn]
        return cls(persons, garments)

    def first(self) -> tuple[str | None, tuple[str | None, str]]:
        """The first person, and the first top (or garment at all) with its slot; nothing unless there are both."""
        if self.persons and self.garments:
            return self.persons[0], next((one for one in self.garments if one[1] == "top"), self.garments[0])
        return None, (None, AUTO)


class PhotoPair:
    """Builds its widgets inside the current Blocks, in two calls so that each tab can lay them out.

    Attributes:
        person, garment: the uploads; slot: what the garment is; plain: whether to put a light backdrop.
        inputs: these four, in this order.

    Args:
        studio: shared parts.
        prefix: of the elements' ids.
        height: of the tiles.
        examples: to choose from, if any; the first of each is there at once when there are both.
    """

    def __init__(self, studio: Studio, prefix: str, height: int, examples: Examples | None = None) -> None:
        self.studio, self.turns = studio, studio.engine.turns
        self.prefix, self.height, self.examples = prefix, height, examples or Examples()

    def build_person(self) -> None:
        """The person's tile, the examples below, and the choice of the background."""
        gr.HTML(f"<h2>{say('tryon.person')}</h2>{hint(say('tryon.person-hint'))}", padding=False)
        first, _ = self.examples.first()
        self.person = self._tile("person", first)
        self.outlook = gr.HTML("", elem_id=f"{self.prefix}-outlook", padding=False)
        # Also for `Visits`: the server knows whose photo it is when nothing is tried on.
        self.person.upload(self._outlook_event, self.person, self.outlook, trigger_mode="always_last", **LIGHT)
        self.person.clear(lambda: "", None, self.outlook, **LIGHT)
        if self.examples.persons:
            gallery = self._gallery("person", self.examples.persons)
            gallery.select(self._person_example_event, None, [self.person, self.outlook], **LIGHT)
        with gr.Row(elem_classes="outfit-options"):
            self.plain = gr.Checkbox(
                False, label=say("tryon.plain"), elem_id=f"{self.prefix}-plain", elem_classes="bare",
                container=False, min_width=160,
            )  # fmt: skip
            turn = gr.Button(
                say("tryon.turn"), size="sm", elem_id=f"{self.prefix}-turn", elem_classes="clear-outfit", min_width=90
            )
        turned = turn.click(self.studio.turned, self.person, self.person, **LIGHT)
        turned.then(self._outlook_event, self.person, self.outlook, **LIGHT)
        messages()

    def build_garment(self) -> None:
        """The garment's tile, what it is, and the examples below."""
        text = say("tryon.garment-hint")
        if worn := FittingRoom.of_worn():
            text = say("tryon.garment-hint-worn", systems=listed(worn, "and"))
        gr.HTML(f"<h2>{say('tryon.garment')}</h2>{hint(text)}", padding=False)
        _, (path, slot) = self.examples.first()
        self.garment = self._tile("garment", path)
        self.note = gr.HTML("", elem_id=f"{self.prefix}-garment-note", padding=False)
        choices = [(say("tryon.auto"), AUTO), *((say(f"slot.{slot}"), slot) for slot in TRYON_SLOTS)]
        self.slot = gr.Radio(
            choices, value=slot, label=say("tryon.slot"), elem_id=f"{self.prefix}-slot", elem_classes="bare pills"
        )
        if self.examples.garments:
            gallery = self._gallery("garment", [path for path, _ in self.examples.garments])
            outputs = [self.garment, self.slot, self.note]
            gallery.select(self._garment_example_event, None, outputs, **LIGHT)
        self.garment.upload(self._garment_event, self.garment, [self.slot, self.note], **LIGHT)
        self.garment.clear(lambda: (AUTO, ""), None, [self.slot, self.note], **LIGHT)

    @property
    def inputs(self) -> list[Any]:
        """What a try-on needs of the visitor."""
        return [self.person, self.garment, self.slot, self.plain]

    def _tile(self, name: str, first: str | None) -> ArticleImage:
        return ArticleImage(
            first,
            label=say(f"tryon.{name}"),
            type="filepath",
            image_mode=None,
            sources=["upload", "webcam", "clipboard"] if name == "person" else ["upload", "clipboard"],
            height=self.height,
            buttons=[],
            elem_id=f"{self.prefix}-{name}",
            elem_classes="tile",
            placeholder=say(f"tryon.{name}-add"),
            alt_text=say(f"tryon.{name}-alt"),
        )

    def _gallery(self, name: str, pictures: list[str]) -> gr.Gallery:
        return gr.Gallery(
            pictures,
            label=say(f"tryon.{name}s"),
            show_label=False,
            columns=min(_MAX_EXAMPLES, 6),
            height="auto",
            object_fit="cover",
            allow_preview=False,
            buttons=[],
            interactive=False,
            container=False,
            elem_id=f"{self.prefix}-{name}-examples",
            elem_classes="examples",
        )

    def _outlook_event(self, person: str | None) -> str:
        """What to expect of a photo, before anything is drawn."""
        if not person:
            return ""
        try:
            with self.turns.turn(PHOTO):
                found = forecast(read_person_photo(person).found)
        except InputError as error:
            return conflict(error)
        kind = {GOOD: "status ok", RISKY: "status"}.get(found.outlook, "status conflict")
        outlook = say(f"tryon.{OUTLOOKS[found.outlook]}")
        return hint(" ".join(map(translated, found.reasons)), say("tryon.forecast", outlook=outlook), kind=kind)

    def _person_example_event(self, event: gr.SelectData) -> tuple[str, str]:
        return chosen(self.examples.persons, event), ""

    def _garment_example_event(self, event: gr.SelectData) -> tuple[str, str, str]:
        return *chosen(self.examples.garments, event), ""

    def _garment_event(self, path: str | None) -> tuple[str, str]:
        """What the garment looks like; the slot goes back to Auto for a new photo."""
        if not path:
            return AUTO, ""
        try:
            with self.turns.turn(PHOTO):
                scores = slot_scores(path)
        except InputError as error:
            if worn := FittingRoom.of_worn():
                error = InputError(say("tryon.if-worn", reason=sentence(error), systems=listed(worn, "or")))
            return AUTO, conflict(error)
        slot = max(scores, key=scores.__getitem__)
        if slot not in TRYON_SLOTS:
            return AUTO, hint(say("tryon.not-tried-on", article=say(f"article.{slot}")), kind="status conflict")
        return AUTO, hint(say("tryon.say-so"), say("tryon.looks-like", slot=say(f"slot.{slot}")))
