"""The JSON tab of the Pose column: read, copy, save and load a pose as OpenPose JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

from vton.schema import InputError, Pose, quoted
from vton.ui.texts import say

MAX_BYTES = 4_000_000
SAVE = """(text) => { const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "pose.json"; link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000); }"""


def pose_json(pose: Pose) -> str:
    """OpenPose JSON with one joint per line."""
    table = pose.to_openpose()
    numbers = table["people"][0]["pose_keypoints_2d"]
    flat = [str(int(value)) if value == int(value) else json.dumps(value) for value in numbers]
    rows = ",\n    ".join(", ".join(flat[i : i + 3]) for i in range(0, len(flat), 3))
    head = ",\n  ".join(f'"{key}": {value}' for key, value in table.items() if key != "people")
    return f'{{\n  {head},\n  "people": [{{"pose_keypoints_2d": [\n    {rows}\n  ]}}]}}\n'


class PoseJson:
    """Builds the tab inside the current Blocks.

    Attributes:
        text: the JSON of the pose that is set, or what the visitor writes over it.
        use, load: the buttons that set the pose from the text and from a file.
    """

    def __init__(self, pose: Pose) -> None:
        gr.HTML(f"<p class='hint'>{say('pose.json-hint')}</p>")
        self.text = gr.Textbox(
            pose_json(pose),
            label=say("pose.json"),
            show_label=False,
            lines=24,
            max_lines=24,
            buttons=["copy"],
            elem_id="pose-json",
            max_length=MAX_BYTES,
        )
        with gr.Row(elem_id="pose-json-actions"):
            self.use = gr.Button(
                say("pose.json-use"), size="sm", variant="primary", elem_id="pose-json-use", min_width=90
            )
            self.load = gr.UploadButton(
                say("pose.json-open"), size="sm", file_types=[".json"], elem_id="pose-json-load", min_width=70
            )
            save = gr.Button(say("pose.json-save"), size="sm", elem_id="pose-json-save", min_width=70)
        save.click(None, self.text, js=SAVE, api_visibility="private")


def read_pose_file(path: Any) -> str:
    """The text of an uploaded JSON file.

    Raises:
        InputError: too large, not text, or gone.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{quoted(path.name)} is too large for a pose: use an OpenPose JSON file.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{quoted(path.name)} is not a text file: use an OpenPose JSON file.") from None
    except OSError:
        raise InputError("This file is no longer here: upload it again.") from None
