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
from vton.ui.server.visits import KEPT
from vton.ui.studio import LIGHT, by_slot
from vton.ui.tabs.create import CreateTab
from vton.ui.widgets import listed

OTHER_ENDPOINTS = (
    "More endpoints: <code>/pose</code> reads a pose from a photo, <code>/cutout</code> cuts a garment out and names "
    "its slot, <code>/lookbook</code> tries several articles in several poses, <code>/mix</code> mixes styles, "
    "<code>/tryon</code> puts a garment on a person, <code>/compare</code> does so by every "
    "system, <code>/verify</code> tells whether a picture was made here; <code>/generate</code> takes a photo as "
    "<code>pose_photo</code> too."
)


def linked(system: System) -> str:
    """Title, with its number at arXiv where the paper has one, in Markdown."""
    return f"{system.title} ([{system.arxiv}](https://arxiv.org/abs/{system.arxiv}))" if system.arxiv else system.title


def about_text() -> str:
    """What this is, in Markdown."""
    generator, tryon = leading(Task.GENERATION), listed(map(linked, systems(*TRY_ONS).values()), "and")
    return f"""
## About

Give clothes and a pose; a generative network draws a model who wears them. Nobody in the pictures exists.
The method is that of {generator.paper} ([arXiv {generator.arxiv}](https://arxiv.org/abs/{generator.arxiv})), written
anew for this project and trained on pictures of its own studio renderer.

**Try-on** goes another way: your own photo stays, and only the region of the garment is drawn anew, by networks
after {tryon}. They work on a small canvas, 256x192; the result is put back into the photo at its full
size. *Compare* shows them side by side. {FittingRoom.notice()}

**Every picture is AI-generated**, a try-on in part. Each PNG carries its recipe as text: articles, pose, seed, model
and its version. *Restore from PNG* in Create brings all of it back. A try-on says that a part of it is AI-generated, by
which system and weights; of its two photos it keeps checksums only. All of them, and the sheets, also say so in IPTC's
terms and by a watermark in the pixels that stays in a JPEG, a smaller copy or a part. *Verify* reads all of this.

**Photos.** Poses and garments are found in photos by small networks of this project. OpenPose can be used for
poses instead where it is installed; its licence allows non-commercial use only.

**Privacy.** Uploads are used to draw your pictures and for nothing else. {KEPT} Your
last picture stays in your own browser, so that a reload loses nothing, until *Clear all*; links carry no photos of
yours. A PNG made here contains the articles it was made from: keep that in mind when you share it.

**Licence.** Code and weights: Apache-2.0.
"""


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
            gr.HTML("<h2>Your current settings, elsewhere</h2>", padding=False)
            api = gr.Code(label="Python, with gradio_client", language="python", interactive=False, elem_id="api-code",
                          buttons=["copy"])  # fmt: skip
            gr.HTML(f"<p class='hint'>{OTHER_ENDPOINTS}</p>", padding=False)
            cli = gr.Code(label="Command line", language="shell", interactive=False, elem_id="cli-code",
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
