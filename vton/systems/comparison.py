"""The same person and garment through several try-on systems: one after the other, and on one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vton.conditioning.canvas import fitted_image
from vton.conditioning.image_io import ImageSource
from vton.conditioning.wearer import Wearer
from vton.readers.garment.garment_photo import GarmentPhoto, read_garment
from vton.readers.person_photo import PersonPhoto, check_shows, read_person_photo
from vton.schema import InputError
from vton.systems import find_system, get_pipeline, has_weights
from vton.tryon.pipeline import TryOnResult

NO_WEIGHTS = "weights are not here"
_COLUMN, _PICTURE, _GAP = 300, 460, 16
_INK, _FAINT, _PAPER, _MISSING = (28, 26, 25), (123, 116, 107), (251, 250, 248), (238, 236, 232)


@dataclass(frozen=True)
class Compared:
    """What one system made of the photos.

    Attributes:
        system: its name.
        result: None when it could not run.
        parameters: of its network; 0 when it could not run.
        problem: why it could not run; empty when it could.
    """

    system: str
    result: TryOnResult | None = None
    parameters: int = 0
    problem: str = ""

    @property
    def licence(self) -> str:
        """Of code and weights."""
        return find_system(self.system).licence

    @property
    def seconds(self) -> float:
        """What the system itself took, without the reading of the photos."""
        return sum(self.result.seconds.values()) if self.result else 0.0

    def facts(self) -> str:
        """Seconds, parameters and licence, or the problem, in one line."""
        if self.result is None:
            return self.problem
        return f"{self.seconds:.2f} s · {self.parameters / 1e6:.1f} M parameters · {self.licence}"


def read_both(person: ImageSource, garment: ImageSource, slot: str | None = None) -> tuple[PersonPhoto, GarmentPhoto]:
    """Reads both photos once for all systems.

    Raises:
        InputError: as every try-on pipeline does for photos that cannot be used.
    """
    read = read_garment(garment, slot)
    found = read_person_photo(person)
    check_shows(Wearer.of(found.found, read.article.slot))
    return found, read


def compare(
    person: PersonPhoto, garment: GarmentPhoto, systems: Sequence[str], background: str = "keep"
) -> Iterator[Compared]:
    """Runs one system after the other and yields each as it is done; one that cannot run says why."""
    for system in systems:
        try:
            pipeline = get_pipeline(system)
        except InputError as error:
            yield Compared(system, problem=str(error) if has_weights(system) else NO_WEIGHTS)
            continue
        yield Compared(system, pipeline(person, garment, background=background), pipeline.parameters)


def sheet(person_u8: np.ndarray, garment_u8: np.ndarray, compared: Sequence[Compared]) -> np.ndarray:
    """Both photos and one column per system, with name, seconds, parameters and licence: [H, W, 3], uint8."""
    columns = [(person_u8, "person", ""), (garment_u8, "garment", "")]
    columns += [(one.result and one.result.image_u8, one.system, one.facts().replace(" · ", "\n")) for one in compared]
    height = _PICTURE + 120
    page = Image.new("RGB", (_GAP + len(columns) * (_COLUMN + _GAP), height), _PAPER)
    draw = ImageDraw.Draw(page)
    for number, (image_u8, title, facts) in enumerate(columns):
        x = _GAP + number * (_COLUMN + _GAP)
        if image_u8 is None:
            draw.rectangle((x, _GAP, x + _COLUMN, _GAP + _PICTURE), fill=_MISSING)
        else:
            picture = fitted_image(Image.fromarray(image_u8), (_COLUMN, _PICTURE))
            page.paste(picture, (x + (_COLUMN - picture.width) // 2, _GAP + (_PICTURE - picture.height) // 2))
        draw.text((x, _PICTURE + 26), title, fill=_INK, font=ImageFont.load_default(18))
        draw.multiline_text((x, _PICTURE + 50), facts, fill=_FAINT, font=ImageFont.load_default(14), spacing=3)
    return np.array(page)
