"""The About tab: what this is, and how to do the same by API or command line."""

from __future__ import annotations

from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.schema import TRY_ONS, System, Task
from vton.systems import leading, systems
from vton.ui.fitting import FittingRoom
from vton.ui.panels.asked import Asked
from vton.ui.panels.outfit import worn
from vton.ui.server.visits import kept
from vton.ui.studio import LIGHT, by_slot
from vton.ui.tabs.create import CreateTab
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


def api_snippet(address: str, slots: list[str], pose: str, seed: int, count: int, psi: float, wear: str = "") -> str:
    """Python that asks this page for the same pictures."""
    articles = "".join(f'    {slot}=handle_file("{slot}.jpg"),\n' for slot in slots)
    how = f'    wear="{wear}",\n' if wear else ""
    return (
        "from gradio_client import Client, handle_file\n\n"
        f'client = Client("{address}")\n'
        f"pngs = client.predict(\n{articles}    pose={pose!r}, seed={seed}, count={count}, psi={psi:g},\n"
        f"{how}"
        '    api_name="/generate",\n)\n'
    )


def cli_snippet(slots: list[str], pose: str, seed: int, count: int, psi: float, wear: str = "") -> str:
    """The command that draws the same pictures."""
    articles = "".join(f"--{slot} {slot}.jpg " for slot in slots)
    seed_text = f"--seed {seed} " if seed >= 0 else ""
    out = "out.png" if count == 1 else "out/"
    lines = [
        "python -m vton generate",
        articles.strip(),
        f"--pose {pose}",
        " ".join(f'--wear "{part}"' for part in wear.split(", ") if part),
        f"{seed_text}--count {count} --psi {psi:g}",
        f"--out {out}",
    ]
    return " \\\n    ".join(line for line in lines if line) + "\n"


def about_tab(create: CreateTab, tab: gr.Tab) -> None:
    """Builds the tab inside the current Blocks; the snippets follow the settings in Create."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=330):
            gr.Markdown(about_text(), elem_id="about-text")
        with gr.Column(scale=6, min_width=330):
            gr.HTML(f"<h2>{say('about.elsewhere')}</h2>", padding=False)
            api = gr.Code(label=say("about.python"), language="python", interactive=False, elem_id="api-code",
                          buttons=["copy"])  # fmt: skip
            gr.HTML(f"<p class='hint'>{say('about.endpoints')}</p>", padding=False)
            cli = gr.Code(label=say("about.command-line"), language="shell", interactive=False, elem_id="cli-code",
                          buttons=["copy"])  # fmt: skip

    def snippets_event(request: gr.Request, *values: Any) -> tuple[str, str]:
        scheme = request.headers.get("x-forwarded-proto", "http")
        address = f"{scheme}://{request.headers.get('host', '127.0.0.1:7860')}"
        asked = Asked.of(values)
        slots = [slot for slot, path in worn(by_slot(asked.tiles), asked.wear).items() if path]
        seed = -1 if asked.seed is None else int(asked.seed)
        how = ", ".join(f"{topic}={option}" for topic, option in asked.worn.told().items())
        settings = (seed, int(asked.count), 0.8 if asked.psi is None else asked.psi, how)
        as_json = bool(asked.pose) and asked.pose.startswith("{")
        pose = asked.pose if as_json or asked.pose in create.studio.poses else DEFAULT_PRESET
        pose_file = "pose.json" if as_json else pose
        return api_snippet(address, slots, pose, *settings), cli_snippet(slots, pose_file, *settings)

    tab.select(snippets_event, create.inputs, [api, cli], **LIGHT)
