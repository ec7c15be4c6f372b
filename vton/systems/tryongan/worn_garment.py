"""The photo of somebody who wears the garment: read, and checked for the garment."""

from vton.conditioning.photos.image_io import ImageSource
from vton.readers.person_photo import PersonPhoto, read_person_photo
from vton.schema import InputError, Person
from vton.systems.tryongan.system import SYSTEM

LEAST_WORN = 0.01  # of the person's pixels: less of a garment in its photo is none


def read_wearer(garment: ImageSource | PersonPhoto) -> PersonPhoto:
    """The photo of somebody who wears the garment.

    Raises:
        InputError: it cannot be read, or shows nobody.
    """
    if isinstance(garment, PersonPhoto):
        return garment
    try:
        return read_person_photo(garment)
    except InputError as problem:
        raise InputError(f"{SYSTEM.title} takes the garment from a photo of somebody wearing it. {problem}") from None


def most_seen(person: Person) -> str:
    """The slot of the garment that is seen most; the first one where none is."""
    return max(SYSTEM.slots, key=lambda slot: int(person.parsing.mask(slot).sum()))


def check_worn(person: Person, slot: str) -> None:
    """Raises InputError when the person of the garment's photo wears no garment of the slot."""
    if person.parsing.mask(slot).sum() < LEAST_WORN * max(person.parsing.silhouette().sum(), 1):
        raise InputError(
            f"Nobody wears a garment of the kind '{slot}' in the garment's photo: give another photo or another kind."
        )
