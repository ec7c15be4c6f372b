"""Named poses of the studio's models, and poses from whatever the user gives."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from vton.schema import InputError, Pose, as_size, quoted

DEFAULT_PRESET = "relaxed"
_MAX_BYTES = 4_000_000  # of a file with poses: far more than any needs
_FRAME_HW = (256, 192)
# Where the studio's models stand on that canvas, in pixels: neck, nose to ankles, neck to hips, shoulder to shoulder.
_NECK_XY, _STATURE, _TORSO, _SHOULDERS = np.array([96.0, 57.0]), 197.0, 65.5, 39.0
_MARGIN = 4  # pixels of that canvas that stay free around the joints
_SEATED = 1.25  # times the scale of the torso: more than that, and the legs are bent


@cache
def _presets() -> dict[str, Pose]:
    text = resources.files("vton.conditioning.pose").joinpath("pose_presets.json").read_text("utf-8")
    table = json.loads(text)
    poses = {}
    for name, rows in table["poses"].items():
        joints = np.array(rows, np.float32)
        poses[name] = Pose(joints[:, :2], joints[:, 2], as_size(table["size_hw"]))
    return poses


def preset_poses() -> dict[str, Pose]:
    """Returns the named poses on a canvas of 256x192 pixels, in the order to show them."""
    return dict(_presets())


def load_pose(source: str | os.PathLike | dict[str, Any] | Pose) -> Pose:
    """Returns the pose for a preset's name, a path of an OpenPose JSON file, or the parsed JSON.

    JSON is placed by `studio_pose`; a ``Pose`` is taken as it is.

    Raises:
        InputError: no such preset or file, or a broken pose.
    """
    if isinstance(source, Pose):
        return source
    if isinstance(source, dict):
        return studio_pose(Pose.from_openpose(source))
    name = os.fspath(source)
    if name in _presets():
        return _presets()[name]
    path, told = Path(name), quoted(Path(name).name)
    if path.suffix.lower() != ".json":
        known = ", ".join(_presets())
        raise InputError(f"No pose is named '{told}': use a JSON file or one of {known}.")
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{told} is too large for a pose: use an OpenPose JSON file.")
        text = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or "not a valid path"
        raise InputError(f"Cannot read {told}: {reason}. Check the path.") from None
    return studio_pose(Pose.from_openpose(text))


def studio_pose(pose: Pose) -> Pose:
    """The pose itself when its canvas is 256x192 or a multiple, else framed: it is in the pixels of some photo.

    Raises:
        InputError: too few joints to frame it.
    """
    (height, width), (of_height, of_width) = pose.size_hw, _FRAME_HW
    ours = height % of_height == 0 and height * of_width == width * of_height
    return pose if ours else frame_pose(pose)


def frame_pose(pose: Pose) -> Pose:
    """Moves and scales a person to where the studio's models stand, which is where generators know people.

    It is scaled by one factor: that of nose to ankles when both are there and the legs are not bent, else of the
    torso, else of the shoulders; less where raised arms need the room.

    Raises:
        InputError: too few joints to know how large the person is.
    """
    xy, present = pose.keypoints_xy.astype(np.float64), pose.present
    scale = _scale_to_studio(xy, present)
    if scale is None:
        raise InputError("The pose shows too little of the body: use one with shoulders and hips.")
    low, high = xy[present].min(axis=0), xy[present].max(axis=0)
    room = np.array([_FRAME_HW[1], _FRAME_HW[0]]) - 2.0 * _MARGIN
    scale = min(scale, *(room / np.maximum(high - low, 1e-6)))
    shift = _NECK_XY - scale * (xy[1] if present[1] else (low + high) / 2)
    shift += np.maximum(_MARGIN - (scale * low + shift), 0)
    shift -= np.maximum(scale * high + shift - room - _MARGIN, 0)
    return Pose(np.where(present[:, None], scale * xy + shift, 0), pose.confidence, _FRAME_HW)


def _scale_to_studio(xy: np.ndarray, present: np.ndarray) -> float | None:
    ankles = [n for n in (10, 13) if present[n]]
    torso = stature = None
    if present[[1, 8, 11]].all():
        torso = _TORSO / max(float(np.linalg.norm(xy[1] - (xy[8] + xy[11]) / 2)), 1.0)
    if present[0] and ankles:
        stature = _STATURE / max(float(xy[ankles, 1].max() - xy[0, 1]), 1.0)
    if stature and torso:
        return min(stature, _SEATED * torso)
    if stature or torso:
        return stature or torso
    if present[[2, 5]].all():
        return _SHOULDERS / max(float(np.linalg.norm(xy[2] - xy[5])), 1.0)
    return None
