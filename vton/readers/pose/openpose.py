"""OpenPose's body network (Cao et al. 2017, arXiv 1611.08050) as controlnet-aux packages it, for the main person."""

from __future__ import annotations

import os
import pickle
import warnings
from pathlib import Path

import numpy as np
import torch

from vton.hub.fetching import PinnedFiles
from vton.hub.loading import checked
from vton.readers.base import NO_PERSON, check_photo
from vton.readers.photo_network import Box, View, first_boxes
from vton.readers.torchvision_shim import repair_torchvision
from vton.schema import InputError, Pose, SizeHW
from vton.schema.pose import MIN_JOINTS

HUB_ID = "lllyasviel/Annotators"
WEIGHTS = "body_pose_model.pth"
# Commit and sum as download scripts of other projects state them; never fetched by ourselves.
FILES = PinnedFiles(
    HUB_ID,
    revision="982e7edaec38759d914a963c48c4726685de7d96",
    sha256={WEIGHTS: "25a948c16078b0f08e236bda51a385d855ef4c153598947c28c0d47ed94bb746"},
    what="OpenPose in",
)
MEGABYTES = 209
VARIABLE = "VTON_OPENPOSE"

_CANVAS_SIDE = 384  # the network reads 184 rows whatever the size; more pixels make the search for peaks slow
_WIDEST = 2.0  # wider ones are padded: the network's time goes with the width per height
_MOST_WINDOWS = 6
_CLOSER_BELOW = 0.7  # a person who fills less of the photo than this is looked at again in a crop
_CROP_MARGIN = 0.25  # joints end at the eyes, wrists and ankles
_ABOUT_AS_LARGE = 0.8


class OpenposeEstimator:
    """COCO-18 joints from the body network alone; hands and face are not loaded.

    Args:
        weights: ``body_pose_model.pth`` or its folder; without it the one that the environment variable
            ``VTON_OPENPOSE`` names, else the Hub's, downloaded when the cache lacks it and compared with its sha256.

    Raises:
        InputError: no weights there, other or damaged weights, or the Hub cannot be reached.
    """

    name = "openpose"
    licence = "OpenPose: for non-commercial use only (code and weights)"

    def __init__(self, weights: str | os.PathLike | None = None):
        path = _given(weights) or FILES.fetch() / WEIGHTS
        if not path.is_file():
            raise InputError(f"No OpenPose weights at '{path.name}': give {WEIGHTS} of {HUB_ID} or its folder.")
        self._body = _load_body(path)

    @classmethod
    def available(cls) -> bool:
        """Whether the weights are on this machine; asks no network."""
        path = _given(None)
        return path.is_file() if path else FILES.cached() is not None

    @classmethod
    def download_note(cls) -> str:
        """What the constructor would fetch, empty when nothing."""
        if _given(None) or FILES.cached():
            return ""
        return f"openpose downloads {WEIGHTS} of {HUB_ID}: {MEGABYTES} MB, licensed for non-commercial use only."

    def estimate(self, image_u8: np.ndarray) -> Pose:
        """The joints of the main person: the largest, among about equals the most central.

        Args:
            image_u8: [H, W, 3] or [H, W], uint8, RGB.

        Returns:
            The pose in pixels of the photo; confidences are the peaks of the network's heatmaps.

        Raises:
            InputError: nobody is there, or people overlap too much to be told apart.
        """
        image_u8 = check_photo(image_u8)
        size_hw = image_u8.shape[:2]
        boxes = _windows(size_hw)
        person = main_joints([joints for box in boxes for joints in self._people(image_u8, box)], size_hw)
        if person is None:
            raise InputError(NO_PERSON)
        left, top, right, bottom = closer = _crop_around(person, size_hw)
        filled = max((bottom - top) / size_hw[0], (right - left) / size_hw[1])
        if len(boxes) > 1 or filled < _CLOSER_BELOW:  # a window may have cut the person
            again = main_joints(self._people(image_u8, closer), size_hw)
            if again is not None and (again[:, 2] > 0).sum() >= (person[:, 2] > 0).sum():
                person = again
        return Pose(person[:, :2], person[:, 2], size_hw)

    def _people(self, image_u8: np.ndarray, box: Box) -> list[np.ndarray]:
        """Everybody in the box as x, y and confidence: [18, 3], pixels of the photo; 0, 0, 0 = missing."""
        left, top, right, bottom = box
        wide, high = right - left, max(bottom - top, (right - left) / _WIDEST)
        scale = _CANVAS_SIDE / max(wide, high)
        view = View.of(image_u8, box, (max(1, round(high * scale)), max(1, round(wide * scale))))
        try:
            candidate, subset = self._body(np.ascontiguousarray(view.canvas_u8[:, :, ::-1]))
        except IndexError:  # controlnet-aux cannot join three people who share a joint
            raise InputError("Too many people overlap in this photo: crop it to one person.") from None
        people = decode(candidate, subset)
        for joints in people:
            joints[:, :2] = view.to_photo(joints[:, :2])
            outside = ((joints[:, :2] < (left, top)) | (joints[:, :2] > (right, bottom))).any(axis=1)
            joints[outside | (joints[:, 2] <= 0)] = 0
        return [joints for joints in people if (joints[:, 2] > 0).sum() >= MIN_JOINTS]


def decode(candidate: np.ndarray, subset: np.ndarray) -> list[np.ndarray]:
    """People from the two tables of controlnet-aux's ``Body``.

    Args:
        candidate: [K, 4], x and y of a heatmap's peak (indices of a pixel), its height and its number.
        subset: [P, 20], per person the numbers of 18 peaks (-1 = missing), total score, number of parts.

    Returns:
        Per person [18, 3], float32: x and y in pixels, the right edge being the width, and confidence 0..1.
    """
    people = []
    for row in np.asarray(subset)[:, :18].astype(int):
        joints = np.zeros((18, 3), np.float32)
        there = row >= 0
        joints[there] = np.asarray(candidate, np.float32)[row[there], :3]
        joints[there, :2] += 0.5
        # Interpolated maps overshoot their range.
        joints[:, 2] = joints[:, 2].clip(0, 1)
        people.append(joints)
    return people


def main_joints(people: list[np.ndarray], size_hw: SizeHW) -> np.ndarray | None:
    """The largest of several people ([18, 3] each), among about equally large ones the most central."""
    if not people:
        return None
    boxes = [_box(joints) for joints in people]
    sizes = np.array([np.linalg.norm(high - low) for low, high in boxes])
    middle = np.array([size_hw[1], size_hw[0]]) / 2
    offsets = np.array([np.linalg.norm((low + high) / 2 - middle) for low, high in boxes])
    offsets[sizes < _ABOUT_AS_LARGE * sizes.max()] = np.inf
    return people[int(offsets.argmin())]


def _windows(size_hw: SizeHW) -> list[Box]:
    """The boxes of the first look; of a very long banner or strip fewer and longer ones, without overlap."""
    boxes = first_boxes(size_hw)
    if len(boxes) <= _MOST_WINDOWS:
        return boxes
    h, w = size_hw
    edges = np.linspace(0, max(h, w), _MOST_WINDOWS + 1).round().astype(int).tolist()
    spans = zip(edges, edges[1:], strict=False)
    return [(a, 0, b, h) if w > h else (0, a, w, b) for a, b in spans]


def _box(joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    xy = joints[joints[:, 2] > 0, :2]
    return xy.min(axis=0), xy.max(axis=0)


def _crop_around(joints: np.ndarray, size_hw: SizeHW) -> Box:
    """The person's box with a margin of ``_CROP_MARGIN`` of its longer side."""
    low, high = _box(joints)
    margin = _CROP_MARGIN * (high - low).max()
    left, top = np.floor(np.maximum(low - margin, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(high + margin, (size_hw[1], size_hw[0]))).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _given(weights: str | os.PathLike | None) -> Path | None:
    """The file that the caller or the environment names, whether it exists or not."""
    text = os.fspath(weights) if weights is not None else os.environ.get(VARIABLE, "")
    if not text:
        return None
    path = Path(text).expanduser()
    return path / WEIGHTS if path.is_dir() else path


def _load_body(path: Path):
    """controlnet-aux's ``Body`` around weights that are read as tensors alone: a pickle could run code."""
    repair_torchvision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package loads 18 detectors and complains about optional parts
        from controlnet_aux.open_pose.body import Body
        from controlnet_aux.open_pose.model import bodypose_model
    with torch.device("meta"):
        model = bodypose_model()
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        # The published names lack the block that a layer stands in.
        named = {name: weights[name.partition(".")[2]] for name in model.state_dict()}
        model.load_state_dict(checked(named, f"'{path.name}'"), assign=True)
    except InputError:
        raise
    except (pickle.UnpicklingError, RuntimeError, EOFError, LookupError, TypeError, AttributeError, OSError):
        raise InputError(f"'{path.name}' does not hold OpenPose's body weights: use {WEIGHTS} of {HUB_ID}.") from None
    body = Body.__new__(Body)  # its constructor reads the pickle itself
    body.model = model.eval().requires_grad_(False)
    return body
