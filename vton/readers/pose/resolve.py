"""A pose from whatever a user gives: a preset's name, pose JSON, or a photo of somebody who stands that way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vton.conditioning.photos.image_io import load_copy
from vton.conditioning.pose.presets import frame_pose, load_pose
from vton.readers import AUTO, get_pose_estimator
from vton.schema import Pose

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp", ".gif", ".tif", ".tiff")
ENOUGH = 1024  # longest side for `load_image`, which keeps twice that: eight times what the bundled network looks at


def pose_of_photo(source: Any, backend: str = AUTO) -> Pose:
    """The main person's pose in the pixels of a photo (path, content of a file, PIL image or array).

    Raises:
        InputError: the photo cannot be read, nobody is in it, or the backend cannot be had.
    """
    image, size_hw = load_copy(source, ENOUGH)
    return get_pose_estimator(backend).estimate(image).resized(size_hw)


def resolve_pose(source: Any, backend: str = AUTO) -> Pose:
    """The pose that a generator should follow.

    Args:
        source: a ``Pose``; a preset's name; the path of a pose JSON or its parsed content; or a photo (path with the
            suffix of a picture, content of a file, PIL image or array), whose person is moved to where the studio's
            models stand.
        backend: which estimator reads photos.

    Raises:
        InputError: none of these, or nobody in the photo.
    """
    is_path = isinstance(source, str | os.PathLike)
    if isinstance(source, bytes | Image.Image | np.ndarray) or (
        is_path and Path(source).suffix.lower() in PHOTO_SUFFIXES
    ):
        return frame_pose(pose_of_photo(source, backend))
    return load_pose(source)
