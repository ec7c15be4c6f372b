"""A photo of somebody to the Person that try-on systems dress: pose and parsing by the estimators."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vton.conditioning.canvas import shrink_to
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import ImageSource, load_image, on_white
from vton.readers import AUTO, get_parser, get_pose_estimator
from vton.readers.base import check_photo
from vton.schema import InputError, Person
from vton.schema.slots import ARMS, LEGS, ON_LEGS, ON_TORSO

# What must be seen of the region of a slot, in parts of the squared distance from neck to hips; whole legs have about
# 0.9 of it, a torso with arms 0.8.
_LEAST_SEEN = 0.2
_BELOW_WAIST = 0.3  # of that distance: how far down what is worn above counts
WORKING_SIDE = 1024  # of the copy of a large photo that the estimators read


class _Half(NamedTuple):
    """Half a body: labels and joints of which something must be seen, and what is said when nothing is."""

    labels: tuple[str, ...]
    joints: tuple[int, ...]
    missing: str


_UPPER = _Half(
    (*ON_TORSO, "torso_skin", *ARMS),
    (1, 2, 5),  # neck and shoulders
    "The photo does not show the person's upper body: use one that shows it from the shoulders to the waist.",
)
_LOWER = _Half(
    (*ON_LEGS, *LEGS),
    (8, 9, 11, 12),  # hips and knees
    "The photo does not show the person's legs: use one that shows them, best down to the feet.",
)


@dataclass(frozen=True, eq=False)
class PersonPhoto:
    """A photo of somebody and what was read from it. It is opened anew for its pixels, which may take 160 MB.

    Attributes:
        source: what it is opened from.
        found: the person, in the pixels of the photo or of a smaller copy.
        digest: SHA-256 of the size and pixels on white, as hexadecimal digits.
    """

    source: ImageSource
    found: Person
    digest: str

    @classmethod
    def of(cls, person: Person) -> PersonPhoto:
        """A person that was read before, in the photo's own pixels."""
        return cls(person.image_u8, person, _digest(person.image_u8))

    def pixels(self) -> np.ndarray:
        """The photo at its full size: [H, W, 3], or [H, W, 4] if transparent somewhere, uint8; the caller's own.

        Raises:
            InputError: it was deleted meanwhile.
        """
        return load_image(self.source)

    @property
    def image_u8(self) -> np.ndarray:
        """The photo on white at its full size: [H, W, 3], uint8."""
        return on_white(self.pixels())


def read_person_photo(source: ImageSource, pose_backend: str = AUTO, parser_backend: str = AUTO) -> PersonPhoto:
    """Opens a photo of any size and finds the main person in it.

    Args:
        source: path, content of a file, PIL image or array.
        pose_backend, parser_backend: names in the registries of estimators.

    Raises:
        InputError: the photo cannot be read, nobody is in it, or a backend cannot be had.
    """
    return open_person_photo(source, pose_backend, parser_backend)[0]


def open_person_photo(
    source: ImageSource, pose_backend: str = AUTO, parser_backend: str = AUTO
) -> tuple[PersonPhoto, np.ndarray]:
    """Reads a photo like `read_person_photo`; also returns its `pixels`, which were decoded for that.

    Returns:
        What was read, and the photo [H, W, 3], uint8 RGB.

    Raises:
        InputError: as `read_person_photo` does.
    """
    pixels = load_image(source)
    copy, digest = _shrunken(pixels)
    return PersonPhoto(source, read_person(copy, pose_backend, parser_backend), digest), pixels


def _shrunken(pixels_u8: np.ndarray) -> tuple[np.ndarray, str]:
    """The copy on white that the estimators read, and the digest; the large photo on white is let go here."""
    image = on_white(pixels_u8)
    return shrink_to(image, WORKING_SIDE), _digest(image)


def _digest(image_u8: np.ndarray) -> str:
    digest = hashlib.sha256(repr(image_u8.shape).encode())
    digest.update(np.ascontiguousarray(image_u8).data)  # without a copy of a large photo
    return digest.hexdigest()


def read_person(image_u8: np.ndarray, pose_backend: str = AUTO, parser_backend: str = AUTO) -> Person:
    """Finds the main person of a photo, the joints and the parts.

    Args:
        image_u8: [H, W, 3] or [H, W], uint8.
        pose_backend, parser_backend: names in the registries of estimators.

    Returns:
        The person in the photo's pixels.

    Raises:
        InputError: nobody there, or a backend that cannot be had.
    """
    image = check_photo(image_u8)
    pose = get_pose_estimator(pose_backend).estimate(image)
    return Person(image, get_parser(parser_backend).parse(image, pose), pose)


def check_shows(wearer: Wearer) -> None:
    """Makes sure that the photo shows the part of the body where a garment of the slot is worn.

    Raises:
        InputError: the part lies outside of the photo, or is hidden.
    """
    above = wearer.rows <= wearer.waist + _BELOW_WAIST * wearer.unit
    half, side = (_UPPER, above) if wearer.garment.on_torso else (_LOWER, wearer.rows > wearer.waist)
    seen = wearer.mask(*half.labels) & side
    if seen.sum() < _LEAST_SEEN * wearer.unit**2 or not wearer.pose.present[list(half.joints)].any():
        raise InputError(half.missing)
