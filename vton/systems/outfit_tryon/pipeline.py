"""Up to six articles on the person of a photo, each at its place in its own picture's full sharpness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch

from vton.compositing import checked_repairs
from vton.compositing.put_back import as_fine_as, lay_in_photo, on_plain_backdrop
from vton.conditioning.articles import article_stack
from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import ImageSource
from vton.readers.garment.article_reader import worn_as_usual
from vton.readers.garment.garment_photo import GarmentPhoto, read_article
from vton.readers.person_photo import PersonPhoto, check_shows
from vton.schema import (
    SLOTS,
    TRYON_SLOTS,
    UNSAID,
    Article,
    InputError,
    Outfit,
    Person,
    TryOnOrigin,
    TryOnSample,
    check_slots,
)
from vton.systems.outfit_tryon.composition import FINEST, FineScene, new_clothes
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer, bares_torso
from vton.systems.outfit_tryon.inputs import OutfitTryOnInput, represent
from vton.systems.outfit_tryon.network import OutfitTryOn, OutfitTryOnOutput
from vton.systems.outfit_tryon.steps import outfit_steps
from vton.systems.outfit_tryon.system import SYSTEM
from vton.tryon.pipeline import DressingPipeline, Stopwatch, TryOnResult, check_background, opened_person

Garment = ImageSource | Article | GarmentPhoto
_ANKLES = (10, 13)
_LEAST_FEET = 0.01  # of the squared distance from neck to hips, that shoes or bare legs cover below the knees
_MOST_BARE = 0.03  # of the torso: more of it that a result bares is said
BARES = "This would show skin that the photo does not show: add a top, or a dress."


class OutfitTryOnPipeline(DressingPipeline):
    """Dresses the person of a photo in one article, or in an outfit: slot -> picture."""

    record = SYSTEM
    network: OutfitTryOn

    def prepare_inputs(
        self, samples: Sequence[TryOnSample], wearers: Sequence[DressedWearer] | None = None
    ) -> OutfitTryOnInput:
        """What the network sees of persons on the canvas and one garment each, on its device."""
        return self.prepare([s.person for s in samples], [Outfit.of(s.garment) for s in samples], wearers)

    def prepare(
        self, persons: Sequence[Person], outfits: Sequence[Outfit], wearers: Sequence[DressedWearer] | None = None
    ) -> OutfitTryOnInput:
        """The same of outfits; wearers: what is known of these persons and slots already."""
        traits = [worn_as_usual(UNSAID, outfit).traits() for outfit in outfits]
        if wearers is None:
            wearers = [_wearer(person, outfit) for person, outfit in zip(persons, outfits, strict=True)]
        photos = np.stack([person.image_u8 for person in persons])
        articles = article_stack(list(outfits), self.network.article_hw)
        return represent(photos, wearers, articles, traits, self.network.pose_hw).to(self.device)

    @torch.inference_mode()
    def try_on(
        self, samples: Sequence[TryOnSample], wearers: Sequence[DressedWearer] | None = None
    ) -> OutfitTryOnOutput:
        """Runs the network on persons that already are on the canvas, each with one garment."""
        return self.network(self.prepare_inputs(samples, wearers))

    @torch.inference_mode()
    def dress(
        self, persons: Sequence[Person], outfits: Sequence[Outfit], wearers: Sequence[DressedWearer] | None = None
    ) -> OutfitTryOnOutput:
        """`try_on` of outfits."""
        return self.network(self.prepare(persons, outfits, wearers))

    def put_back(
        self, sample: TryOnSample, output: OutfitTryOnOutput, without: frozenset[str] = frozenset()
    ) -> np.ndarray:
        """The finished photo of a sample that is on the canvas: [h, w, 3], uint8."""
        photo, (h, w) = sample.person.image_u8.copy(), sample.person.size_hw
        wearer = _wearer(sample.person, Outfit.of(sample.garment))
        frame = PersonFrame((0, 0, w, h), (0, 0, w, h), (h, w))
        self._lay(photo, frame, wearer, wearer, output, {sample.slot: GarmentPhoto.of(sample.garment)}, without)
        return photo

    def __call__(
        self,
        person: ImageSource | Person | PersonPhoto,
        garment: Garment | Mapping[str, Garment | None],
        slot: str | None = None,
        background: str = "keep",
        without: Iterable[str] = (),
    ) -> TryOnResult:
        """Dresses the person of a photo.

        Args:
            person: photo of any size, or one that was read before.
            garment: photo of one article, or slot -> photo for an outfit of up to six; or what was read of them before.
            slot: of one article, one of ``SLOTS``; None takes the likely one. An outfit says its slots itself.
            background: "keep", or "plain" for a light backdrop instead of the photo's.
            without: "own-pixels", "print" or "backdrop", see `new_clothes`; other repairs are not this system's.

        Returns:
            The photo in its own size, in which only what the articles concern has changed. One that was cut out keeps
            its alpha channel, unless it gets a backdrop.

        Raises:
            InputError: a photo that cannot be read, nobody or no article in it, articles that are not worn together, a
                photo that does not show the part of the body where they are worn, or an unknown name.
        """
        check_background(background)
        without, watch = checked_repairs(without, self.record.parts), Stopwatch()
        worn = watch("garment", lambda: _as_outfit(garment, slot))
        outfit = Outfit.of(*(one.article for one in worn.values()))
        opened, photo = watch("person", lambda: opened_person(person))
        found = _wearer(opened.found, outfit)
        _check_shown(found)
        if background == "plain":
            photo = watch("backdrop", lambda: on_plain_backdrop(photo, found.silhouette))
        frame = PersonFrame.around(found.body, photo.shape[:2], self.network.size_hw)
        canvas = frame.person(photo, opened.found)
        wearer = _wearer(canvas, outfit)
        output = watch("network", lambda: self.dress([canvas], [outfit], [wearer]))
        changed = watch("put back", lambda: self._lay(photo, frame, found, wearer, output, worn, without))
        bare = bares_torso(wearer, _regions(output))
        recipe = self._origin(opened, photo.shape[:2], worn, background)
        steps = outfit_steps(canvas, wearer, outfit, output, changed)
        return TryOnResult(photo, recipe, steps, watch.seconds, (BARES,) if bare > _MOST_BARE else ())

    def _lay(
        self, photo: np.ndarray, frame: PersonFrame, found: DressedWearer, wearer: DressedWearer,
        output: OutfitTryOnOutput, worn: Mapping[str, GarmentPhoto], without: frozenset[str],
    ) -> np.ndarray:
        """Puts the clothes on in the photo itself, in place; how much of each canvas pixel is new, [h, w], uint8."""
        times = as_fine_as(frame, FINEST)
        layer = new_clothes(FineScene.of(photo, frame, found, times), output, worn, without)
        return lay_in_photo(photo, frame, found.erased, wearer.erased, [layer], times)

    def _origin(
        self, person: PersonPhoto, size_hw: tuple[int, int], worn: Mapping[str, GarmentPhoto], background: str
    ) -> TryOnOrigin:
        digests = "+".join(one.article.digest for one in worn.values())
        return self.recipe(person, size_hw, "+".join(worn), digests, background)


def _wearer(person: Person, outfit: Outfit) -> DressedWearer:
    slots, carried = tuple(slot for slot, _ in outfit.items()), worn_as_usual(UNSAID, outfit).accessory
    return DressedWearer.of(person, slots, carried)


def _regions(output: OutfitTryOnOutput) -> np.ndarray:
    """What the first picture of a batch shows: [h, w], uint8, numbers of `REGIONS`."""
    assert output.logits is not None
    return output.logits[0].argmax(0).byte().cpu().numpy()


def _as_outfit(garment: Garment | Mapping[str, Garment | None], slot: str | None) -> dict[str, GarmentPhoto]:
    """Slot -> article, in the order of the slots; raises as the pipeline does."""
    if not isinstance(garment, Mapping):
        worn = _as_article(garment, slot)
        return {worn.article.slot: worn}
    given = {name: one for name, one in garment.items() if one is not None}
    check_slots(given)
    if not given:
        raise InputError(f"No article yet: give a photo of at least one of {', '.join(SLOTS)}.")
    return {name: _as_article(given[name], name) for name in SLOTS if name in given}


def _as_article(garment: Garment, slot: str | None) -> GarmentPhoto:
    if slot is not None:
        check_slots([slot])
    if isinstance(garment, Article):
        garment = GarmentPhoto.of(garment)
    return garment.of_slot(slot) if isinstance(garment, GarmentPhoto) else read_article(garment, slot)


def _check_shown(found: DressedWearer) -> None:
    """Raises InputError when the photo does not show where an article is worn."""
    for slot in found.slots:
        if slot in TRYON_SLOTS:
            check_shows(Wearer(found.parsing, found.pose, slot))
    if "shoes" in found.slots and not _shows_feet(found):
        raise InputError("The photo does not show the person's feet: use one that does, or leave the shoes out.")


def _shows_feet(found: DressedWearer) -> bool:
    ankles = found.pose.keypoints_xy[list(_ANKLES)][found.pose.present[list(_ANKLES)]]
    if not len(ankles):
        return False
    low = found.body.rows > ankles[:, 1].min() - 0.1 * found.body.unit
    return (found.silhouette & low).sum() > _LEAST_FEET * found.body.unit**2
