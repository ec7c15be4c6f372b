"""What the image-based try-on systems share: from two photos of any size to the person wearing the garment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from diffusers.models.modeling_utils import ModelMixin
from PIL import Image

from vton.compositing import checked_repairs
from vton.compositing.put_back import on_canvas, on_plain_backdrop, put_back
from vton.compositing.scene import Scene
from vton.conditioning.person.agnostic import TryOnInput, represent
from vton.conditioning.person.frame import CANVAS_HW, PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import ImageSource, on_white
from vton.hub.loading import open_checkpoint
from vton.networks.tryon_output import TryOnOutput
from vton.provenance import RECIPE_KEY, write_made
from vton.readers.garment.garment_photo import GarmentPhoto, check_tryon_slot, read_garment
from vton.readers.person_photo import PersonPhoto, check_shows, open_person_photo
from vton.schema import Article, InputError, Person, System, TryOnOrigin, TryOnSample
from vton.schema.tryon_origin import BACKGROUNDS
from vton.tryon.steps import steps_of


@dataclass(frozen=True)
class TryOnResult:
    """One finished try-on.

    Attributes:
        pixels_u8: [H, W, 3], uint8, of the photo's size; [H, W, 4] when the photo was cut out: with its alpha channel,
            and the garment's.
        recipe: what the PNG says of its origin.
        steps: name -> picture, uint8, in the order in which they arose.
        seconds: stage -> seconds.
        warnings: what the visitor should know of the picture, a sentence each.
    """

    pixels_u8: np.ndarray
    recipe: TryOnOrigin
    steps: dict[str, np.ndarray]
    seconds: dict[str, float]
    warnings: tuple[str, ...] = ()

    @property
    def slot(self) -> str:
        """Of the garment."""
        return self.recipe.slot

    @property
    def image_u8(self) -> np.ndarray:
        """The picture on white: [H, W, 3], uint8."""
        return on_white(self.pixels_u8)

    @property
    def image(self) -> Image.Image:
        """The picture with its recipe among its info."""
        image = Image.fromarray(self.pixels_u8)
        image.info[RECIPE_KEY] = self.recipe.to_json()
        return image

    def save(self, path: str | Path) -> None:
        """Writes a PNG that carries the recipe and the other marks."""
        write_made(path, self.pixels_u8, self.recipe)


class DressingPipeline:
    """A network that dresses people, with its checkpoint's name; subclasses name the system and call it.

    Attributes:
        record: of the system.
        checkpoint, revision: what recipes keep to name the weights.
    """

    record: ClassVar[System]

    def __init__(self, network: ModelMixin, checkpoint: str, revision: str) -> None:
        self.network = network.eval().requires_grad_(False)
        self.checkpoint, self.revision = checkpoint, revision

    @classmethod
    def from_pretrained(cls, checkpoint: str | Path | None = None, device: str | torch.device | None = None):
        """Loads a bundled checkpoint by name, a folder, or a Hub id; the system's bundled one by default.

        Raises:
            InputError: it is missing, corrupt, lacks or adds keys, or belongs to another system.
        """
        return cls(*open_checkpoint(cls.record, checkpoint, device))

    @property
    def system(self) -> str:
        """The system's name."""
        return self.record.name

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.network.parameters()).device

    @property
    def parameters(self) -> int:
        """Number of the network's weights."""
        return sum(parameter.numel() for parameter in self.network.parameters())

    def check_slot(self, slot: str) -> None:
        """Raises InputError for a garment that other systems can put on, but not this one."""
        if slot not in self.record.slots:
            kinds = ", ".join(self.record.slots)
            raise InputError(f"{self.record.title} cannot put on {slot}: it takes {kinds}. Choose another system.")

    def recipe(
        self, person: PersonPhoto, size_hw: tuple[int, int], slot: str, garment: str, background: str
    ) -> TryOnOrigin:
        """What the PNG says of its origin; ``garment`` is the digest of the garment's picture."""
        return TryOnOrigin(
            system=self.system,
            checkpoint=self.checkpoint,
            revision=self.revision,
            slot=slot,
            size_hw=size_hw,
            person=person.digest,
            garment=garment,
            background=background,
        )


class TryOnPipeline(DressingPipeline):
    """Puts on a garment that a photo shows alone."""

    def prepare_inputs(self, samples: list[TryOnSample], wearers: list[Wearer] | None = None) -> TryOnInput:
        """What the network sees of persons on the canvas and garments, on its device."""
        persons, garments = [sample.person for sample in samples], [sample.garment for sample in samples]
        return represent(persons, garments, wearers=wearers).to(self.device)

    @torch.inference_mode()
    def try_on(self, samples: list[TryOnSample], wearers: list[Wearer] | None = None) -> TryOnOutput:
        """Runs the network on persons that already are on the canvas; wearers: what is known of them already."""
        return self.network(self.prepare_inputs(samples, wearers))

    def put_back(self, sample: TryOnSample, output: TryOnOutput, without: frozenset[str] = frozenset()) -> np.ndarray:
        """The finished photo of a sample that is on the canvas, see `on_canvas`: [h, w, 3], uint8."""
        return on_canvas(sample, output, without)

    def __call__(
        self,
        person: ImageSource | Person | PersonPhoto,
        garment: ImageSource | Article | GarmentPhoto,
        slot: str | None = None,
        background: str = "keep",
        without: Iterable[str] = (),
    ) -> TryOnResult:
        """Dresses the person of a photo in the garment of another.

        Args:
            person: photo of any size, or one that was read before.
            garment: photo of one garment, or one that was read before.
            slot: one of ``TRYON_SLOTS``; None takes the likely one.
            background: "keep", or "plain" for a light backdrop instead of the photo's.
            without: names of repairs (`vton.compositing.REPAIRS`) that are left out, to see what they are worth.

        Returns:
            The photo in its own size, in which only the region of the garment has changed. One that was cut out keeps
            its alpha channel, unless it gets a backdrop.

        Raises:
            InputError: a photo that cannot be read, nobody or no garment in it, a garment that this system cannot put
                on, a photo that does not show the part of the body where it is worn, or an unknown repair.
        """
        check_background(background)
        without, watch = checked_repairs(without), Stopwatch()
        worn = watch("garment", lambda: _as_garment(garment, slot))
        opened, photo = watch("person", lambda: opened_person(person))
        self.check_slot(worn.article.slot)
        found = Wearer.of(opened.found, worn.article.slot)
        check_shows(found)
        if background == "plain":
            photo = watch("backdrop", lambda: on_plain_backdrop(photo, found.silhouette))
        frame = PersonFrame.around(found, photo.shape[:2], CANVAS_HW)
        canvas = frame.person(photo, opened.found)
        wearer = Wearer.of(canvas, worn.article.slot)
        output = watch("network", lambda: self.try_on([TryOnSample("photo", canvas, worn.article)], [wearer]))
        scene = Scene(canvas, wearer, output, without)
        changed = watch("put back", lambda: put_back(photo, frame, found, scene, worn.article, worn.sharp_u8))
        steps = steps_of(canvas, wearer.erased, worn.article, output, changed)
        recipe = self.recipe(opened, photo.shape[:2], worn.article.slot, worn.article.digest, background)
        return TryOnResult(photo, recipe, steps, watch.seconds)


class Stopwatch:
    """Runs stages and keeps their seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, work: Callable):
        with self.stage(stage):
            return work()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts what is done meanwhile."""
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def check_background(background: str) -> None:
    """Raises InputError for what is none of `BACKGROUNDS`."""
    if background not in BACKGROUNDS:
        raise InputError(f"Unknown background {str(background)[:40]!r}: use one of {', '.join(BACKGROUNDS)}.")


def _as_garment(garment: ImageSource | Article | GarmentPhoto, slot: str | None) -> GarmentPhoto:
    if isinstance(garment, Article):
        garment = GarmentPhoto.of(garment)
    if not isinstance(garment, GarmentPhoto):
        return read_garment(garment, slot)
    check_tryon_slot(slot or garment.article.slot)
    return garment.of_slot(slot)


def opened_person(person: ImageSource | Person | PersonPhoto) -> tuple[PersonPhoto, np.ndarray]:
    """The person and the photo's own pixels, to be changed in place: a large photo is in memory once."""
    if isinstance(person, Person):
        person = PersonPhoto.of(person)
    return (person, person.pixels()) if isinstance(person, PersonPhoto) else open_person_photo(person)
