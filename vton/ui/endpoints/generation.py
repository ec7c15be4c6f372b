"""The named endpoints /generate, /lookbook, /mix, /pose and /cutout.

Widgets that are never shown give their parameters types.
"""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from vton.conditioning.pose.presets import DEFAULT_PRESET, frame_pose
from vton.generation.lookbook import check_pictures
from vton.provenance import read_recipe
from vton.readers import AUTO, POSE_ESTIMATORS, backend_class
from vton.readers.garment.article_reader import cut_out
from vton.readers.pose.resolve import pose_of_photo
from vton.schema import MAX_SEED, SLOTS, InputError, Pose, Wear
from vton.ui.agents.tools import told
from vton.ui.engine import MAX_COUNT, PICTURE
from vton.ui.panels.article_image import ArticleImage
from vton.ui.studio import PHOTO, WORK, Studio, by_slot, whole
from vton.ui.texts import say

CUTOUT_SIDE = 2048  # more would take a minute of everybody's time for a mask that was found on 512 pixels


def api_endpoints(studio: Studio) -> None:
    """Adds the endpoints to the current Blocks.

    They have inputs of their own: with the visible tiles, whatever the page shows first would be the default.
    """
    with gr.Column(visible=False):
        slots = [ArticleImage(label=say(f"slot.{slot}"), type="filepath") for slot in SLOTS]
        psi = gr.Number(0.8, label="Psi", minimum=0, maximum=2)
        _add_generate(studio, slots, psi)
        _add_lookbook(studio, slots, psi)
        _add_mix(studio)
        _add_pose(studio)
        _add_cutout(studio)


def _add_generate(studio: Studio, slots: list[ArticleImage], psi: gr.Number) -> None:
    turns = studio.engine.turns

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
        pose_photo=None,
        wear="",
    ):
        """Dress a fashion model who does not exist in one to six articles: PNG files with their recipe.

        Args:
            top: photo of a top, such as a shirt or a sweater
            outer: photo of outerwear, such as a jacket or a coat
            bottom: photo of a bottom, such as trousers or a skirt
            dress: photo of a dress, which replaces top and bottom
            shoes: photo of a pair of shoes
            accessory: photo of a bag or a hat
            pose: OpenPose JSON, or a preset's name such as relaxed or walk-left; an unknown name is told the others
            seed: whole number that says which person is drawn; -1 for a random one
            count: pictures, 1 to 4, of as many persons
            psi: truncation, 0 to 2; lower is more usual, higher more varied
            pose_photo: photo of a person whose pose to take, instead of pose
            wear: how articles are worn, such as "top=in, outer=open", for weights that can be told

        Returns:
            PNG files
        """
        photos = by_slot((top, outer, bottom, dress, shoes, accessory))
        steps = min(whole(count, "count"), MAX_COUNT) + sum(bool(path) for path in (*photos.values(), pose_photo))
        worn = Wear.parse((wear or "").split(","))
        with turns.turn(PICTURE, steps):
            outfit = studio.outfit(photos)
            if pose_photo:
                pose = json.dumps(frame_pose(_estimate(pose_photo, AUTO)).to_openpose())
                turns.pass_on()
            return studio.draw(outfit, pose, seed, count, psi, wear=worn)

    pose = gr.Textbox(DEFAULT_PRESET, label="Pose preset or OpenPose JSON")
    count = gr.Number(1, label="Count", precision=0, minimum=1, maximum=MAX_COUNT)
    inputs = [*slots, pose, _seed(-1), count, psi, ArticleImage(label="Pose photo", type="filepath")]
    inputs.append(gr.Textbox("", label="How articles are worn"))
    files = gr.File(file_count="multiple", label="PNGs with recipe")
    gr.Button().click(generate, inputs, files, api_name="generate", api_description=told(generate), **WORK)


def _add_lookbook(studio: Studio, slots: list[ArticleImage], psi: gr.Number) -> None:
    turns = studio.engine.turns

    def lookbook(
        top=None,
        outer=None,
        bottom=None,
        dress=None,
        shoes=None,
        accessory=None,
        tried=None,
        poses=DEFAULT_PRESET,
        seed=0,
        psi=0.8,
    ):
        """One outfit with several articles in turn, in several poses: a ZIP of a sheet and PNGs with their recipe.

        Args:
            top: photo of a top that is worn in all pictures
            outer: photo of outerwear that is worn in all pictures
            bottom: photo of a bottom that is worn in all pictures
            dress: photo of a dress that is worn in all pictures; it replaces top and bottom
            shoes: photo of a pair of shoes that is worn in all pictures
            accessory: photo of a bag or a hat that is worn in all pictures
            tried: photos of articles that take turns, each in its likely slot
            poses: presets' names with commas between them, such as stand, walk-left
            seed: whole number from 0 on that says which person is drawn, the same in all pictures
            psi: truncation, 0 to 2; lower is more usual, higher more varied

        Returns:
            a ZIP file
        """
        steps = check_pictures(len(tried or []) or 1, str(poses).count(",") + 1)  # before any photo is read
        with turns.turn(PICTURE, steps):
            outfit = studio.outfit(by_slot((top, outer, bottom, dress, shoes, accessory)))
            articles = []
            for photo in tried or []:
                articles.append(studio.article(photo, None))
                turns.pass_on()
            return studio.outbox.archive(studio.lookbook(outfit, articles, str(poses).split(","), seed, psi))

    tried = gr.File(label="Articles to try", file_count="multiple", type="filepath")
    inputs = [*slots, tried, gr.Textbox(DEFAULT_PRESET, label="Pose presets"), _seed(0), psi]
    book = gr.File(label="ZIP of sheet and PNGs")
    gr.Button().click(lookbook, inputs, book, api_name="lookbook", api_description=told(lookbook), **WORK)


def _add_mix(studio: Studio) -> None:
    turns = studio.engine.turns

    def mix(source=None, target=None, transfer="colour", strength=1.0, source_seed=None, target_seed=None):
        """Style mixing: a PNG file with its recipe.

        Args:
            source: PNG made here whose styles are taken; leave it out and give its seed
            target: PNG made here that is changed; leave it out and give its seed
            transfer: colour, pose or a range of layers such as 5-9
            strength: 0 to 1
            source_seed: whole number from 0 on, in place of a source
            target_seed: whole number from 0 on, in place of a target
        """
        with turns.turn(PICTURE):
            sides = _side(source, source_seed, "source"), _side(target, target_seed, "target")
            return studio.outbox.picture(studio.engine.mix(*sides, transfer, strength))

    sides = [gr.File(label=f"{role} PNG", type="filepath") for role in ("Source", "Target")]
    settings = [gr.Textbox("colour", label="Transfer"), gr.Number(1.0, label="Strength", minimum=0, maximum=1)]
    seeds = [_seed(None, f"{role} seed") for role in ("Source", "Target")]
    inputs = [*sides, *settings, *seeds]
    gr.Button().click(mix, inputs, gr.File(label="PNG with recipe"), api_name="mix", api_description=told(mix), **WORK)


def _add_pose(studio: Studio) -> None:
    turns = studio.engine.turns

    def pose_of(photo, backend=AUTO):
        """The main person's pose in a photo: OpenPose JSON, COCO-18 with confidences, in the photo's pixels.

        Args:
            photo: photo of a person
            backend: auto, or one of those that this server has, such as bundled

        Returns:
            OpenPose JSON, which the tool for dressing takes as its pose
        """
        with turns.turn(PHOTO):
            return _estimate(photo, backend).to_openpose()

    inputs = [ArticleImage(label="Photo", type="filepath"), gr.Textbox(AUTO, label="Backend")]
    pose = gr.JSON(label="OpenPose JSON")
    gr.Button().click(pose_of, inputs, pose, api_name="pose", api_description=told(pose_of), **WORK)


def _add_cutout(studio: Studio) -> None:
    turns = studio.engine.turns

    def cutout(photo):
        """A garment without its background: an RGBA PNG and the slot it likely belongs to.

        Args:
            photo: photo of one garment; one of more than 2048 pixels is shrunk to them

        Returns:
            a PNG file with transparency
            top, outer, bottom, dress, shoes or accessory
        """
        with turns.turn(PHOTO):
            found = cut_out(_given(photo), CUTOUT_SIDE)
            return studio.outbox.rgba(found.rgba_u8), found.slot

    outputs = [gr.File(label="RGBA PNG"), gr.Textbox(label="Slot")]
    photo = ArticleImage(label="Photo", type="filepath")
    gr.Button().click(cutout, photo, outputs, api_name="cutout", api_description=told(cutout), **WORK)


def _seed(value: int | None, label: str = "Seed") -> gr.Number:
    return gr.Number(value, label=label, precision=0, minimum=-1 if value == -1 else 0, maximum=MAX_SEED)


def _given(photo: str | None) -> str:
    if not photo:
        raise InputError("No photo given: add one as `photo`.")
    return photo


def _estimate(photo: str | None, backend: str) -> Pose:
    """The pose in a photo; a request never makes the server download a backend."""
    estimator = backend_class(POSE_ESTIMATORS, backend)
    if not estimator.available() and estimator.name != "bundled":
        raise InputError(f"The backend '{estimator.name}' is not on this server: use auto or bundled.")
    return pose_of_photo(_given(photo), backend)


def _side(path: str | None, seed: float | None, role: str) -> Any:
    if path:
        return read_recipe(path)
    if seed is None:
        raise InputError(f"Give a {role}: a PNG made here as `{role}`, or a number as `{role}_seed`.")
    return whole(seed, "seed")
