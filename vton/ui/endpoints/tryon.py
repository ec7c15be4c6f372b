"""The named endpoints /tryon and /compare."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.schema import TRY_ONS, TRYON_SLOTS
from vton.systems import parse_tryon_systems, systems, usual_tryon
from vton.ui.agents.tools import told
from vton.ui.fitting import AUTO, TRY_ON, FittingRoom
from vton.ui.panels.article_image import ArticleImage
from vton.ui.studio import WORK, Studio
from vton.ui.texts import listed


def tryon_endpoints(studio: Studio, room: FittingRoom) -> None:
    """Adds the endpoints to the current Blocks; widgets that are never shown give their parameters types."""

    def tryon(person, garment, slot=AUTO, system="", background="keep"):
        with room.turns.turn(TRY_ON):
            result = room.try_on(person, garment, slot, system or usual_tryon(), background)
            facts = {"system": result.recipe.system, "slot": result.slot, "seconds": result.seconds}
            return studio.outbox.tried_on(result), facts

    def compare(person=None, garment=None, slot=AUTO, systems="", background="keep"):
        """The same photos through several systems: PNGs of those that are here, and the facts of all.

        Args:
            person: photo of a person
            garment: photo of one garment
            slot: as for /tryon
            systems: names with commas between them, empty for all
            background: keep or plain
        """
        names = parse_tryon_systems(systems or "") or _known()

        def keep(one):
            return one.result and studio.outbox.tried_on(one.result), facts_of(one)

        files, facts = [], []
        for _, (file, said) in room.compare(person, garment, slot, names, background, keep):
            files += [file] if file else []
            facts.append(said)
        return files, facts

    tryon.__doc__ = _tryon_text()
    with gr.Column(visible=False):
        gr.Button().click(
            tryon,
            [*_photos(), gr.Textbox(AUTO, label="Slot"), gr.Textbox("", label="System"), _background()],
            [gr.File(label="PNG with recipe"), gr.JSON(label="Facts")],
            api_name="tryon",
            api_description=told(tryon),
            **WORK,
        )
        gr.Button().click(
            compare,
            [*_photos(), gr.Textbox(AUTO, label="Slot"), gr.Textbox("", label="Systems"), _background()],
            [gr.File(file_count="multiple", label="PNGs with recipe"), gr.JSON(label="Facts")],
            api_name="compare",
            api_description=told(compare),
            **WORK,
        )


def facts_of(one: Any) -> dict[str, Any]:
    """What /compare says of one system."""
    if one.result is None:
        return {"system": one.system, "problem": one.problem, "licence": one.licence}
    return {"system": one.system, "slot": one.result.slot, "seconds": one.seconds, "parameters": one.parameters,
            "licence": one.licence}  # fmt: skip


def _tryon_text() -> str:
    """The docstring of /tryon, which names the systems that there are."""
    return f"""The photo of a person with a garment on: a PNG of the photo's size, and what was done.

    Args:
        person: photo of a person, of any size
        garment: photo of one garment
        slot: what the garment is: auto, {listed(TRYON_SLOTS, "or")}
        system: {listed(_known(), "or")}, empty for the best one here
        background: keep, or plain for a light backdrop behind the person

    Returns:
        a PNG file
        system, slot and seconds of each stage
    """


def _known() -> list[str]:
    return list(systems(*TRY_ONS))


def _photos() -> list[ArticleImage]:
    return [ArticleImage(label=label, type="filepath") for label in ("Person", "Garment")]


def _background() -> gr.Textbox:
    return gr.Textbox("keep", label="Background")
