"""A person's photo as the network knows people: cut out, on a plain backdrop, fitted to its canvas."""

from typing import NamedTuple

import numpy as np
import torch

from vton.compositing.put_back import on_plain_backdrop
from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.value_range import to_u8
from vton.schema import TRYON_SLOTS, Parsing, Pose
from vton.schema.label_sets import PARSER_LABELS
from vton.systems.tryongan.network import DressedPicture
from vton.systems.tryongan.regions import unsided


class OnCanvas(NamedTuple):
    """image_u8: [h, w, 3]; labels: [h, w], uint8, numbers of `PARSER_LABELS` or above, where nothing is known; pose."""

    image_u8: np.ndarray
    labels: np.ndarray
    pose: Pose


def person_on_canvas(photo_u8: np.ndarray, labels: np.ndarray, pose: Pose, size_hw: tuple[int, int]) -> OnCanvas:
    """The one way from a photo to the network, in training and in use.

    Args:
        photo_u8: [H, W, 3], which is changed.
        labels: [H, W], uint8, numbers of `PARSER_LABELS`, or above where it is not known which part of a person a pixel
            shows; pose: in the same pixels.
        size_hw: of the canvas.
    """
    person = np.where(labels < len(PARSER_LABELS), labels, PARSER_LABELS.index("accessory")).astype(np.uint8)
    wearer = Wearer(Parsing(person, PARSER_LABELS), pose, TRYON_SLOTS[0])  # the frame is the same for each slot
    frame = PersonFrame.around(wearer, photo_u8.shape[:2], size_hw)
    plain = on_plain_backdrop(photo_u8, wearer.silhouette)
    hw = photo_u8.shape[:2]
    return OnCanvas(frame.cut(plain), frame.cut_labels(labels, hw), frame.cut_pose(pose, hw))


def label_planes(labels: torch.Tensor) -> torch.Tensor:
    """``labels: [N, H, W]``, int64 -> a plane for each of `PARSER_LABELS`, ``[N, 14, H, W]``, 0 or 1; unknown: none."""
    numbers = torch.arange(len(PARSER_LABELS), device=labels.device)
    return (labels[:, None] == numbers[:, None, None]).float()


def parser_labels(parsing: Parsing) -> np.ndarray:
    """A parsing in `SIDED_LABELS` as numbers of `PARSER_LABELS`, where left and right are one: [H, W], uint8."""
    numbers = np.array([PARSER_LABELS.index(unsided(name)) for name in parsing.names], np.uint8)
    return numbers[parsing.labels]


def picture_of(drawn: DressedPicture) -> np.ndarray:
    """The first picture: [h, w, 3], uint8."""
    return np.ascontiguousarray(to_u8(drawn.image[:1])[0])


def parsing_of(drawn: DressedPicture) -> Parsing:
    """The first picture's likeliest labels."""
    return Parsing(drawn.logits[0].argmax(0).to(torch.uint8).cpu().numpy(), PARSER_LABELS)
