"""Named poses of the studio's models, and poses from whatever the user gives."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from vton.schema import InputError, Pose

DEFAULT_PRESET = "relaxed"
_MAX_BYTES = 4_000_000


@cache
def _presets() -> dict[str, Pose]:
    text = resources.files("vton.conditioning").joinpath("pose_presets.json").read_text("utf-8")
    table = json.loads(text)
    poses = {}
    for name, joints in table["poses"].items():
        poses[name] = Pose([j[:2] for j in joints], [j[2] for j in joints], tuple(table["size_hw"]))
    return poses


def preset_poses() -> dict[str, Pose]:
    """Returns the named poses on a canvas of 256x192 pixels, in the order to show them."""
    return dict(_presets())


def load_pose(source: str | os.PathLike | dict[str, Any] | Pose) -> Pose:
    """Returns the pose for a preset's name, a path of an OpenPose JSON file, or the parsed JSON.

    Raises:
        InputError: no such preset or file, or a broken pose.
    """
    if isinstance(source, Pose):
        return source
    if isinstance(source, dict):
        return Pose.from_openpose(source)
    name = os.fspath(source)
    if name in _presets():
        return _presets()[name]
    path = Path(name)
    if path.suffix.lower() != ".json":
        known = ", ".join(_presets())
        raise InputError(f"No pose is named {path.name[:40]!r}: use a JSON file or one of {known}.")
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path.name} is too large for a pose: use an OpenPose JSON file.")
        text = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or "not a valid path"
        raise InputError(f"Cannot read {path.name}: {reason}. Check the path.") from None
    return Pose.from_openpose(text)
