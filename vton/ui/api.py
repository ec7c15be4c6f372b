"""The named endpoints /generate and /mix; widgets that are never shown give their parameters types."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.conditioning.image_io import read_recipe
from vton.conditioning.presets import DEFAULT_PRESET
from vton.schema import SLOTS, InputError
from vton.ui.article_image import ArticleImage
from vton.ui.outfit_panel import TITLES
from vton.ui.studio import Studio, by_slot, whole
from vton.ui.widgets import friendly


def api_endpoints(studio: Studio) -> None:
    """Adds the endpoints to the current Blocks.

    They have inputs of their own: with the visible tiles, whatever the page shows first would be the default.
    """

    @friendly
    def generate(
        top=None,
        outer=None,
        bottom=None,
        dress=None,
        shoes=None,
        accessory=None,
        pose=DEFAULT_PRESET,
        seed=-1,
        count=1,
        psi=0.8,
    ):
        """Dress a model: PNG files with their recipe.

        pose: a preset's name or OpenPose JSON; seed: -1 for a random one; count: 1 to 4; psi: 0 to 2.
        """
        outfit = studio.outfit(by_slot((top, outer, bottom, dress, shoes, accessory)))
        return studio.draw(outfit, pose, seed, count, psi)

    @friendly
    def mix(source=None, target=None, transfer="colour", strength=1.0, source_seed=None, target_seed=None):
        """Style mixing: a PNG file with its recipe.

        source, target: PNGs made here, or leave one out and give its seed; transfer: colour, pose or a
        range of layers such as 5-9; strength: 0 to 1.
        """
        sides = _side(source, source_seed, "source"), _side(target, target_seed, "target")
        return studio.outbox.picture(studio.engine.mix(*sides, transfer, strength))

    with gr.Column(visible=False):
        slots = [ArticleImage(label=TITLES[slot], type="filepath") for slot in SLOTS]
        pose = gr.Textbox(DEFAULT_PRESET, label="Pose preset or OpenPose JSON")
        numbers = [gr.Number(-1, label="Seed"), gr.Number(1, label="Count"), gr.Number(0.8, label="Psi")]
        files = gr.File(file_count="multiple", label="PNGs with recipe")
        gr.Button().click(
            generate,
            [*slots, pose, *numbers],
            files,
            api_name="generate",
            concurrency_id="model",
            concurrency_limit=1,
        )
        sides = [gr.File(label=f"{role} PNG", type="filepath") for role in ("Source", "Target")]
        settings = [gr.Textbox("colour", label="Transfer"), gr.Number(1.0, label="Strength")]
        seeds = [gr.Number(None, label=f"{role} seed") for role in ("Source", "Target")]
        gr.Button().click(
            mix,
            [*sides, *settings, *seeds],
            gr.File(label="PNG with recipe"),
            api_name="mix",
            concurrency_id="model",
            concurrency_limit=1,
        )


def _side(path: str | None, seed: float | None, role: str) -> Any:
    if path:
        return read_recipe(path)
    if seed is None:
        raise InputError(f"Give a {role}: a PNG made here as `{role}`, or a number as `{role}_seed`.")
    return whole(seed, "seed")
