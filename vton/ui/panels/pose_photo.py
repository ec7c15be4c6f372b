"""The "From photo" tab of the Pose column: a photo in, its skeleton over it, each joint's confidence beside."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from typing import Any

import cv2
import gradio as gr
import numpy as np

from vton.conditioning.canvas import scaled, shrink_to
from vton.conditioning.photos.image_io import load_rgb
from vton.conditioning.pose.presets import frame_pose
from vton.readers import AUTO, POSE_ESTIMATORS, backend_class, get_pose_estimator
from vton.readers.overlays import pose_overlay
from vton.readers.pose.resolve import ENOUGH
from vton.schema import COCO18, InputError, Pose
from vton.schema.pose import DEFAULT_HW
from vton.ui.panels.article_image import ArticleImage
from vton.ui.server.visits import still_here
from vton.ui.studio import PHOTO, Studio
from vton.ui.texts import known, listed, say
from vton.ui.texts.messages import translated
from vton.ui.widgets import hint, sentence

SHOWN_SIDE = 900  # of the picture with the skeleton, in pixels
ARMS, LEAST_SURE = (3, 4, 6, 7), 0.7  # elbows and wrists, and below which confidence that is said
BEHIND_SCALE = 2  # of the photo behind the draggable skeleton, relative to 256x192


@dataclass(frozen=True)
class PhotoPose:
    """What a photo gave.

    Attributes:
        pose: in pixels of the photo, or of a smaller copy of a large one.
        framed: the same person where the studio's models stand, on the generator's canvas.
        image_u8: [H, W, 3], the photo, shrunk to ``SHOWN_SIDE``.
        backend, licence: who answered.
        seconds: how long it took.
    """

    pose: Pose
    framed: Pose
    image_u8: np.ndarray
    backend: str
    licence: str
    seconds: float


class PhotoTab:
    """Builds the tab inside the current Blocks; the pose panel wires its events.

    Attributes:
        photo: the upload, which shows the skeleton afterwards.
        backend: which estimator to ask; ``fetch`` confirms a download.
        original: state with the path of the photo as uploaded.
        outputs: the widgets that ``shown`` and ``refused`` give values for.
    """

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.original = gr.State(None)
        self.photo = ArticleImage(
            label=say("pose.photo"),
            type="filepath",
            image_mode=None,
            sources=["upload", "webcam", "clipboard"],
            height=320,
            buttons=[],
            elem_id="pose-photo",
            elem_classes="tile",
            placeholder=say("pose.photo-hint"),
            alt_text=say("pose.photo-alt"),
        )
        self.result = gr.HTML("", elem_id="pose-photo-result", padding=False)
        self.turn = gr.Button(say("pose.turn"), size="sm", visible=False, elem_id="pose-photo-turn")
        choices = [(say("pose.automatic"), AUTO), *((backend_title(name), name) for name in POSE_ESTIMATORS)]
        self.backend = gr.Radio(choices, value=AUTO, label=say("pose.read-by"), elem_id="pose-backend")
        self.note = gr.HTML("", elem_id="pose-backend-note", padding=False)
        self.fetch = gr.Button(say("pose.fetch"), size="sm", visible=False, elem_id="pose-backend-fetch")
        self.outputs = [self.photo, self.result, self.turn]

    def estimate(self, path: str, backend: str) -> PhotoPose:
        """Finds the person in a photo.

        Raises:
            InputError: not a usable picture, nobody in it, or an estimator that cannot be had.
        """
        estimator = get_pose_estimator(backend)  # may fetch weights: nobody waits for that
        with self.studio.engine.turns.turn(PHOTO):
            image = load_rgb(still_here(path), ENOUGH)
            started = time.perf_counter()
            pose = estimator.estimate(image)
            seconds = time.perf_counter() - started
            image = shrink_to(image, SHOWN_SIDE)
        return PhotoPose(pose, rounded(frame_pose(pose)), image, estimator.name, estimator.licence, seconds)

    def shown(self, found: PhotoPose) -> list[Any]:
        """Values for ``outputs``."""
        picture = self.studio.outbox.photo(pose_overlay(found.image_u8, found.pose))
        answered = say("pose.answered", milliseconds=round(found.seconds * 1000), licence=found.licence)
        line = hint(answered, backend_title(found.backend))
        return [picture, line + unsure_line(found.pose) + confidence_table(found.pose), gr.update(visible=False)]

    def noted(self, backend: str) -> list[Any]:
        """Values for ``note`` and ``fetch``: what the chosen estimator would download first."""
        note = download_note(backend)
        return [hint(translated(note)) if note else "", gr.update(visible=bool(note))]

    def refused(self, error: InputError, photo: str | None = None) -> list[Any]:
        """Values for ``outputs`` when a photo gave no pose."""
        line = hint(say("pose.stays", reason=sentence(error)), kind="status conflict")
        return [photo or gr.skip(), line, gr.update(visible=True)]


def rounded(pose: Pose) -> Pose:
    """The pose in hundredths, which is what JSON shows and the draggable skeleton keeps."""
    confidence = np.where(pose.present, np.maximum(np.round(pose.confidence, 2), 0.01), 0)
    return Pose(np.round(pose.keypoints_xy, 2), confidence, pose.size_hw)


def backend_title(name: str) -> str:
    """A backend's name as shown."""
    return {"openpose": "OpenPose"}.get(name) or known(f"pose.{name}", name.capitalize())


def download_note(backend: str) -> str:
    """What a backend would fetch at its first use; empty when it works as it is."""
    estimator = backend_class(POSE_ESTIMATORS, backend)
    return "" if estimator.available() else estimator.download_note()


def confidence_table(pose: Pose) -> str:
    """Each joint's confidence in per cent as an HTML table, right and left beside each other."""
    value: dict[str, float] = dict(zip(COCO18, pose.confidence, strict=True))

    def cell(joint: str, span: int = 1) -> str:
        sure = float(value[joint])
        text = f"{sure:.0%}" if sure else say("pose.missing")
        kind = "" if sure >= 0.5 else " class='unsure'"
        return f"<td colspan='{span}'{kind} data-joint='{joint}'><i style='--sure:{sure:.2f}'></i>{text}</td>"

    pairs = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "eye", "ear")
    rows = [f"<tr><th>{say(f'joints.{joint}')}</th>{cell(joint, 2)}</tr>" for joint in ("nose", "neck")]
    rows += [f"<tr><th>{say(f'joints.{p}')}</th>{cell(f'right_{p}')}{cell(f'left_{p}')}</tr>" for p in pairs]
    head = "".join(f"<th>{say(f'pose.{name}')}</th>" for name in ("confidence", "right", "left"))
    return f"<table class='joints'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def unsure_line(pose: Pose) -> str:
    """What may be read wrongly in an arm, as HTML: arms that are crossed pass for straight ones."""
    names = [COCO18[joint] for joint in ARMS if 0 < pose.confidence[joint] < LEAST_SURE]
    where = listed((say(f"joint.{name}") for name in names), "and") if names else ""
    return hint(say("pose.unsure", joints=where), kind="status conflict") if where else ""


def photo_behind(found: PhotoPose) -> str:
    """The photo as it lies behind the framed pose, as a data URL of a JPEG."""
    small = found.pose.resized(found.image_u8.shape[:2])
    seen = small.present
    before, after = small.keypoints_xy[seen].astype(float), found.framed.keypoints_xy[seen].astype(float)
    middle, target = before.mean(0), after.mean(0)
    scale = BEHIND_SCALE * float(np.linalg.norm(after - target)) / max(float(np.linalg.norm(before - middle)), 1e-6)
    image = found.image_u8
    if scale < 1:
        image = scaled(image, scale, "mean")  # without aliasing
        middle, scale = middle * scale, 1.0
    shift = BEHIND_SCALE * target - scale * middle
    size = DEFAULT_HW[1] * BEHIND_SCALE, DEFAULT_HW[0] * BEHIND_SCALE
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    canvas = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(35, 33, 31))
    coded = cv2.imencode(".jpg", canvas[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return "data:image/jpeg;base64," + base64.b64encode(coded.tobytes()).decode("ascii")
