"""A photo of somebody to the Person that try-on systems dress: pose and parsing by the estimators."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from vton.conditioning.body_envelope import body_unit, waist_line
from vton.conditioning.canvas import shrink_to
from vton.conditioning.image_io import ImageSource, load_image, on_white
from vton.estimators import AUTO, get_parser, get_pose_estimator
from vton.estimators.base import check_photo
from vton.schema import InputError, Person

# What must be seen of the region of a slot, in parts of the squared distance from neck to hips; whole legs have about
# 0.9 of it, a torso with arms 0.8.
_LEAST_SEEN = 0.2
_UPPER = ("top", "outer", "dress", "torso_skin", "left_arm", "right_arm")
_LOWER = ("bottom", "dress", "left_leg", "right_leg")
_JOINTS = {"top": (1, 2, 5), "bottom": (8, 9, 11, 12)}  # neck and shoulders, hips and knees
_MISSING = {
    "bottom": "The photo does not show the person's legs: use one that shows them, best down to the feet.",
    "top": "The photo does not show the person's upper body: use one that shows it from the shoulders to the waist.",
}
WORKING_SIDE = 1024  # of the copy of a large photo that the estimators read


@dataclass(frozen=True, eq=False)
class PersonPhoto:
    """A photo of somebody and what was read from it.

    Attributes:
        image_u8: [H, W, 3], uint8, at its full size; a cut-out on white.
        found: the person, in the pixels of the photo or of a smaller copy.
        cut_u8: [H, W, 4], uint8, of a photo that is transparent somewhere; None of others.
    """

    image_u8: np.ndarray
    found: Person
    cut_u8: np.ndarray | None = None

    @classmethod
    def of(cls, person: Person) -> PersonPhoto:
        """A person that was read before, in the photo's own pixels."""
        return cls(person.image_u8, person)

    @property
    def digest(self) -> str:
        """SHA-256 of the photo's size and pixels, as hexadecimal digits."""
        digest = hashlib.sha256(repr(self.image_u8.shape).encode())
        digest.update(np.ascontiguousarray(self.image_u8))  # without a copy of a large photo
        return digest.hexdigest()


def read_person_photo(source: ImageSource, pose_backend: str = AUTO, parser_backend: str = AUTO) -> PersonPhoto:
    """Opens a photo of any size and finds the main person in it.

    Args:
        source: path, content of a file, PIL image or array.
        pose_backend, parser_backend: names in the registries of estimators.

    Raises:
        InputError: the photo cannot be read, nobody is in it, or a backend cannot be had.
    """
    image, cut = _opened(source)
    return PersonPhoto(image, read_person(shrink_to(image, WORKING_SIDE), pose_backend, parser_backend), cut)


def _opened(source: ImageSource) -> tuple[np.ndarray, np.ndarray | None]:
    """The photo on white, [H, W, 3], and as it was cut out, [H, W, 4], if it was; what was decoded is let go here."""
    opened = load_image(source)
    return on_white(opened), np.array(opened) if opened.mode == "RGBA" else None


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


def check_shows(person: Person, slot: str) -> None:
    """Makes sure that the photo shows the part of the body where a garment of this slot is worn.

    Raises:
        InputError: the part lies outside of the photo, or is hidden.
    """
    unit = body_unit(person.pose, person.parsing.silhouette())
    waist = waist_line(person.pose, unit)
    rows = np.arange(person.size_hw[0])[:, None]
    part, side = ("bottom", rows > waist) if slot == "bottom" else ("top", rows <= waist + 0.3 * unit)
    names = _LOWER if slot == "bottom" else _UPPER
    seen = person.parsing.mask(*names) & side
    if seen.sum() < _LEAST_SEEN * unit**2 or not person.pose.present[list(_JOINTS[part])].any():
        raise InputError(_MISSING[part])
