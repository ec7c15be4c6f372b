"""What a backend of each kind offers, and the checks that all of them share."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from vton.schema import GarmentMask, InputError, Parsing, Pose

MAX_SIDE = 16384  # pixels of a photo; OpenCV's warps take no more than 32767
NO_PERSON = "No person found: use a photo that shows one person, not too small."
NO_GARMENT = "This does not look like a garment: use a photo of one article of clothing."


class Backend(Protocol):
    """A way to read photos: made without arguments, loaded once, used from several threads.

    Attributes:
        name: as in the registry.
        licence: of the weights, as users should read it.
    """

    name: str
    licence: str

    @classmethod
    def available(cls) -> bool:
        """Whether it works right now without the network."""
        ...

    @classmethod
    def download_note(cls) -> str:
        """What would be fetched first, how many MB and under which licence; empty when nothing."""
        ...


class PoseEstimator(Backend, Protocol):
    """Finds the joints of the main person: the largest one, then the most central."""

    def estimate(self, image_u8: np.ndarray) -> Pose:
        """Returns COCO-18 with confidences, in pixels of ``image_u8 [H, W, 3]``; InputError without a person."""
        ...


class Parser(Backend, Protocol):
    """Tells the parts of the main person apart."""

    def parse(self, image_u8: np.ndarray, pose: Pose | None = None) -> Parsing:
        """Returns a label per pixel of ``image_u8 [H, W, 3]``; InputError without a person.

        The labels are ``PARSER_LABELS``; with a pose, which tells left from right, ``SIDED_LABELS``.
        """
        ...


class GarmentSegmenter(Backend, Protocol):
    """Finds the garment in a photo of one, and its slot."""

    def segment(self, image_u8: np.ndarray) -> GarmentMask:
        """Returns mask and scores for ``image_u8 [H, W, 3]``; what shows no garment has a low ``garment`` score."""
        ...


def check_photo(image_u8: np.ndarray) -> np.ndarray:
    """Returns the photo as [H, W, 3], uint8; a grey one gets three equal channels.

    Raises:
        InputError: a side is too long for a pose's canvas.
        ValueError: wrong type or shape (a mistake in the program, not of the user).
    """
    image = np.asarray(image_u8)
    if image.ndim == 2:
        image = np.repeat(image[..., None], 3, axis=2)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise ValueError(f"a photo must be uint8 [H, W, 3], got {image.dtype} {image.shape}")
    if max(image.shape[:2]) > MAX_SIDE:
        raise InputError(f"The photo is more than {MAX_SIDE} pixels long: crop it around the person or the garment.")
    return image
