"""The draggable skeleton: a Gradio widget without a build step, whose value is OpenPose JSON on a 256x192 canvas."""

from __future__ import annotations

import colorsys
import json
from pathlib import Path
from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET, preset_poses
from vton.schema import COCO18, COCO18_LIMBS, InputError, Pose
from vton.schema.pose import DEFAULT_HW
from vton.ui.texts import say
from vton.ui.widgets import RefusedInput

HERE = Path(__file__).parent
# The joint from which a missing joint's place is guessed when it is shown; -1 is the neck, the root.
PARENTS = (1, -1, 1, 2, 3, 1, 5, 6, 1, 8, 9, 1, 11, 12, 0, 0, 14, 15)
TEMPLATE = """
<div class="stage" data-body='{body}'>
<svg viewBox="0 0 192 256" role="group" aria-label="{label}">
  <image x="0" y="0" width="192" height="256" preserveAspectRatio="none"></image>
  <g class="limbs"></g><g class="joints"></g></svg></div>
<div class="bar">
  <div class="which"><b class="name"></b><button type="button" class="toggle">{hide}</button></div>
  <button type="button" class="undo">{undo}</button><button type="button" class="redo">{redo}</button>
  <button type="button" class="mirror">{mirror}</button><button type="button" class="reset">{reset}</button>
  <button type="button" class="photo" aria-pressed="true">{photo}</button>
</div>
<p class="keys">{keys}</p>
"""


def body() -> dict[str, Any]:
    """What the browser knows of the skeleton: names, limbs and their colours, parents, a standing person's joints."""
    standing = preset_poses()[DEFAULT_PRESET].keypoints_xy
    return {
        "names": list(COCO18),
        "limbs": [list(limb) for limb in COCO18_LIMBS],
        "colours": ["#{:02x}{:02x}{:02x}".format(*limb_colour(i)) for i in range(len(COCO18_LIMBS))],
        "parents": list(PARENTS),
        "standing": [[round(float(x), 1), round(float(y), 1)] for x, y in standing],
    }


def template() -> str:
    """The skeleton's HTML."""
    names = ("label", "hide", "undo", "redo", "mirror", "reset", "photo", "keys")
    return TEMPLATE.format(body=json.dumps(body()), **{name: say(f"skeleton.{name}") for name in names})


def limb_colour(index: int) -> tuple[int, int, int]:
    """The hue of a limb: once round the colour circle, as OpenPose draws it."""
    red, green, blue = colorsys.hsv_to_rgb(index / len(COCO18_LIMBS) * 0.92, 0.78, 0.92)
    return int(red * 255), int(green * 255), int(blue * 255)


class PoseEditor(gr.HTML):
    """A skeleton to drag, with or without a photo behind it.

    As an output it takes a ``Pose``, or one and a photo (data URL of a picture of the same canvas, or ""); as an
    input it gives OpenPose JSON that has been read as a ``Pose``, so that nothing from a browser goes on unchecked.
    """

    def __init__(self, value: Pose | tuple[Pose, str] | None = None, **options: Any) -> None:
        options.setdefault("html_template", template())
        options.setdefault("css_template", (HERE / "pose_editor.css").read_text(encoding="utf-8"))
        options.setdefault("js_on_load", (HERE / "pose_editor.js").read_text(encoding="utf-8"))
        super().__init__(value, apply_default_css=False, **options)

    def preprocess(self, payload: str | None) -> str | None:
        """Returns the JSON text, or raises a message for what is no pose."""
        if payload is None:
            return None
        try:
            Pose.from_openpose(payload)
        except InputError as error:
            raise RefusedInput(error) from None
        return payload

    def postprocess(self, value: Pose | tuple[Pose, str] | None) -> str | None:
        """Returns the JSON text of the pose on the widget's canvas, the photo as one more key of it.

        A property of its own would not do for the photo: Gradio forgets those of tabs that were never open.
        """
        if value is None:
            return None
        pose, photo = (value, "") if isinstance(value, Pose) else value
        return json.dumps({**pose.fit(DEFAULT_HW).to_openpose(), "photo": photo})

    def example_payload(self) -> str:
        """A pose for the documentation of endpoints."""
        return json.dumps(preset_poses()[DEFAULT_PRESET].to_openpose())

    def example_value(self) -> Pose:
        """The same as a ``Pose``."""
        return preset_poses()[DEFAULT_PRESET]
