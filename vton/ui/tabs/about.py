"""The About tab: what this is."""

from __future__ import annotations

import gradio as gr

from vton.schema import TRY_ONS, System, Task
from vton.systems import leading, systems
from vton.ui.fitting import FittingRoom
from vton.ui.server.visits import kept
from vton.ui.texts import listed, say


def linked(system: System) -> str:
    """Title, with its number at arXiv where the paper has one, in Markdown."""
    return f"{system.title} ([{system.arxiv}](https://arxiv.org/abs/{system.arxiv}))" if system.arxiv else system.title


def about_text() -> str:
    """What this is, in Markdown."""
    generator = leading(Task.GENERATION)
    paper = f"{generator.paper} ([arXiv {generator.arxiv}](https://arxiv.org/abs/{generator.arxiv}))"
    tryon = listed(map(linked, systems(*TRY_ONS).values()), "and")
    return say("about.text", generator=paper, tryon=tryon, missing=FittingRoom.notice(), kept=kept())


def about_tab() -> None:
    """Builds the tab inside the current Blocks."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=7, min_width=330):
            gr.Markdown(about_text(), elem_id="about-text")
        with gr.Column(scale=4, min_width=330):
            gr.HTML(f"<p class='hint'>{say('about.endpoints')}</p>", padding=False)
