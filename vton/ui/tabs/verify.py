"""The Verify tab and the endpoint /verify: whether a picture was made here, and whether it has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from vton.schema import InputError
from vton.ui.agents.tools import told
from vton.ui.panels.article_image import ArticleImage
from vton.ui.panels.snippets import SnippetsPanel
from vton.ui.snippets.photos import Checking
from vton.ui.studio import LIGHT, MODEL, PHOTO, WORK, Studio
from vton.ui.texts import known, say
from vton.ui.texts.messages import translated, words
from vton.ui.widgets import escaped, hint, messages

if TYPE_CHECKING:
    from vton.provenance.verification import Verification

_KINDS = {"made here": "status ok", "not made here": "status empty"}  # of the style sheet; others: a conflict


class VerifyTab:
    """Builds the tab inside the current Blocks; methods ending in _event answer the browser."""

    def __init__(self, studio: Studio) -> None:
        """Builds and wires the tab."""
        self.studio = studio
        with gr.Row(elem_id="verify-columns", equal_height=False):
            with gr.Column(scale=5, min_width=290):
                gr.HTML(f"<h2>{say('verify.title')}</h2>", padding=False)
                self.picture = ArticleImage(
                    label=say("verify.picture"),
                    type="filepath",
                    image_mode=None,
                    sources=["upload", "clipboard"],
                    height=420,
                    buttons=[],
                    elem_id="verify-picture",
                    elem_classes="tile",
                    placeholder=say("verify.add"),
                    alt_text=say("verify.alt"),
                )
            with gr.Column(scale=6, min_width=330):
                messages()
                self.verdict = gr.HTML(hint(say("verify.start")), elem_id="verify-verdict", padding=False)
                self.facts = gr.HTML("", elem_id="verify-facts", padding=False)
                gr.HTML(hint(say("verify.limits")), padding=False)
        SnippetsPanel("verify", Checking, Checking)
        outputs = [self.verdict, self.facts]
        self.picture.upload(self._picture_event, self.picture, outputs, **MODEL)
        self.picture.clear(lambda: (hint(say("verify.start")), ""), None, outputs, **LIGHT)

    def _picture_event(self, path: str | None) -> tuple[str, str]:
        found = verified(self.studio, path)
        name = found.verdict.value
        told = say(f"verify.{name.replace(',', '').replace(' ', '-')}")
        line = hint(translated(found.reason), told + say("page.stop"), _KINDS.get(name, "status conflict"))
        return line, facts_table(found)


def verify_endpoint(studio: Studio) -> None:
    """Adds the endpoint to the current Blocks; widgets that are never shown give its parameter a type."""

    def verify(picture):
        """Whether a picture was made here: verdict, reason, recipe, watermark and Content Credentials, as JSON.

        Args:
            picture: picture of any origin

        Returns:
            verdict, reason, recipe and marks
        """
        return verified(studio, picture).to_dict()

    with gr.Column(visible=False):
        gr.Button().click(
            verify,
            ArticleImage(label="Picture", type="filepath"),
            gr.JSON(label="Verification"),
            api_name="verify",
            api_description=told(verify),
            **WORK,
        )


def verified(studio: Studio, path: str | None) -> Verification:
    """Looks at an upload.

    Raises:
        InputError: none was given, or it cannot be read.
    """
    if not path:
        raise InputError("Add a picture to look at.")
    from vton.provenance.verification import verify

    with studio.engine.turns.turn(PHOTO):
        return verify(path)


def facts_table(found: Verification) -> str:
    """What is known of the picture, as HTML."""
    facts = {**(found.to_dict()["recipe"] or {}), **found.marks()}
    cells = (
        (escaped(known(f"facts.{name.replace(' ', '-')}", name.capitalize())), escaped(_told(name, str(fact))))
        for name, fact in facts.items()
    )
    rows = "".join(f"<tr><th>{name}</th><td>{fact}</td></tr>" for name, fact in cells)
    return f"<table class='facts'>{rows}</table>"


def _told(name: str, fact: str) -> str:
    """A fact in the language that is spoken."""
    return known(f"poses.{fact}", words(fact)) if name == "pose" else words(fact)
