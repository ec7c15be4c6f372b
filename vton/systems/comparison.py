"""The same person and garment through several try-on systems: one after the other, and on one sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vton.conditioning.canvas import fitted_image
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import ImageSource
from vton.readers.garment.garment_photo import GarmentPhoto, read_article, read_garment
from vton.readers.person_photo import PersonPhoto, check_shows, read_person_photo
from vton.schema import ALONE_TRY_ONS, InputError, Task
from vton.systems import find_system, get_pipeline, has_weights
from vton.tryon.moment import Moment
from vton.tryon.pipeline import TryOnResult

NO_WEIGHTS = "weights are not here"
OTHER_PHOTO = "it takes the garment from a photo of somebody wearing it"
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


@dataclass(frozen=True)
class GarmentReadings:
    """What was read of one photo of a garment: by what a system is asked for, what it takes, or why that is not there.

    Attributes:
        slot: what the garment is; None for what it looks like.
    """

    found: Mapping[Task, GarmentPhoto | PersonPhoto | InputError]
    slot: str | None = None

    @classmethod
    def of(cls, garment: GarmentPhoto) -> GarmentReadings:
        """A garment alone."""
        return cls(dict.fromkeys(ALONE_TRY_ONS, garment))

    def taken_by(self, system: str) -> GarmentPhoto | PersonPhoto:
        """What a system takes.

        Raises:
            InputError: the photo shows no such thing.
        """
        found = self.found.get(find_system(system).task, InputError(OTHER_PHOTO))
        if isinstance(found, InputError):
            raise found
        return found


def read_both(
    person: ImageSource, garment: ImageSource, systems: Sequence[str], slot: str | None = None
) -> tuple[PersonPhoto, GarmentReadings]:
    """Reads both photos once for all systems whose weights are here.

    Raises:
        InputError: as the try-on pipelines do for photos that cannot be used, where no system can use them.
    """
    readings: dict[Task, GarmentPhoto | PersonPhoto | InputError] = {}
    here = [system for system in systems if has_weights(system)] or systems
    for task in dict.fromkeys(find_system(system).task for system in here):
        try:
            readings[task] = _read_for(task, garment, slot)
        except InputError as problem:
            readings[task] = problem
    problems = [reading for reading in readings.values() if isinstance(reading, InputError)]
    if len(problems) == len(readings):
        raise problems[0]
    found, alone = read_person_photo(person), readings.get(Task.TRY_ON)
    if isinstance(alone, GarmentPhoto):
        check_shows(Wearer.of(found.found, alone.article.slot))
    return found, GarmentReadings(readings, slot)


def _read_for(task: Task, garment: ImageSource, slot: str | None) -> GarmentPhoto | PersonPhoto:
    """What systems of a task take of the photo of a garment; raises as the readers do."""
    if task is Task.WORN_TRY_ON:
        return read_person_photo(garment)
    return read_article(garment, slot) if task is Task.OUTFIT_TRY_ON else read_garment(garment, slot)


def compare(
    person: PersonPhoto,
    garment: GarmentReadings,
    systems: Sequence[str],
    background: str = "keep",
    watch: Callable[[Moment], None] | None = None,
) -> Iterator[Compared]:
    """Runs one system after the other and yields each as it is done; one that cannot run says why.

    Args:
        watch: is told of each step of systems that search, and may raise to stop.
    """
    for system in systems:
        if not has_weights(system):
            yield Compared(system, problem=NO_WEIGHTS)
            continue
        try:
            pipeline, taken = get_pipeline(system), garment.taken_by(system)
            options = {"watch": watch} if find_system(system).task is Task.WORN_TRY_ON else {}
            result = pipeline(person, taken, slot=garment.slot, background=background, **options)
        except InputError as error:
            yield Compared(system, problem=str(error))
            continue
        yield Compared(system, result, pipeline.parameters)


def comparison_sheet(person_u8: np.ndarray, garment_u8: np.ndarray, compared: Sequence[Compared]) -> np.ndarray:
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
