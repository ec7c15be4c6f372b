"""Training batches of the try-on systems: pairs of several packs, augmented, then represented as at inference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import torch

from vton.conditioning.person.agnostic import UPPER_SKIN, represent
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.value_range import image_tensor
from vton.data.pairs.pack import PairArrays, PairPack, sample_of
from vton.schema import SIDED_LABELS, TRYON_SLOTS, InputError, SizeHW, TryOnSample, tryon_slot
from vton.schema.slots import LEGS
from vton.training.backgrounds import fill_canvas, plain_background
from vton.training.photo_augmentation import shift_colours
from vton.training.recolour import random_transform, recolour_region
from vton.tryon.training.augmentation import (
    before,
    beside_person,
    irregular_holes,
    longer_garment,
    mirror,
    see,
    shake_joints,
    shake_parsing,
    widen_garment,
)
from vton.tryon.training.garment_deformation import CUT_OUT, PACKSHOT, deform

_STREET = 0.65  # share of other backgrounds that are taken from street photos, where there are any
_LEGS = [SIDED_LABELS.index(name) for name in LEGS]
_LEAST_LEGS = 0.01  # of the picture, that legs must cover to be judged
_LIKE_SKIN = 25.0  # of 255: mean difference of colour up to which legs are bare
_LIGHT = 0.7  # strength of the change of light, see `shift_colours`
_WAIST = 0.5  # of the height, where no hip is known


@dataclass(frozen=True)
class PairAugmentation:
    """What happens to a pair; probabilities, and sizes as shares of the height.

    Attributes:
        backdrop: share of drawn photos whose person is put before a real street or a plain wall.
        view: share of photos that are moved and scaled; half_body: of these, crops to half a body.
        recolour: share of garments dyed together with the pixels that show them; recolour_others: of the other clothes.
        light: share of photos in another light; with_garment: of these, the share whose garment is in the same light.
        deform: share of garments' pictures that are changed alone.
        parsing: share of parsings with the mistakes of a small network; jitter, drop_joint: of the joints.
        holes: share of samples with holes in exposed arms or legs.
        longer: share of tops and outer garments whose old garment is taken to have been longer, see `longer_garment`.
        wider: share of samples whose old garment is taken to have been wider, see `widen_garment`.
        least_worn: a view shows at least this share of the canvas as the garment.
    """

    flip: float = 0.5
    backdrop: float = 0.6
    view: float = 0.85
    half_body: float = 0.25
    recolour: float = 0.5
    recolour_others: float = 0.3
    light: float = 0.5
    with_garment: float = 0.75
    deform: float = 0.7
    parsing: float = 0.7
    jitter: float = 0.008
    drop_joint: float = 0.05
    holes: float = 0.3
    longer: float = 0.4
    wider: float = 0.5
    least_worn: float = 0.012


NO_AUGMENTATION = PairAugmentation(*(0.0 for _ in fields(PairAugmentation)))


@dataclass(frozen=True)
class PairMix:
    """How packs and slots are mixed.

    Attributes:
        real: share of samples from packs of real photos, where there are both kinds.
        slots: weights of the slots; one without pairs is left out.
        bare_legs: of bottoms and dresses, the share whose photo shows bare legs. Few photos do, and what a shorter
            garment uncovers is learned from them alone.
    """

    real: float = 0.3
    slots: dict[str, float] = field(
        default_factory=lambda: {slot: tryon_slot(slot).training_share for slot in TRYON_SLOTS}
    )
    bare_legs: float = 0.5


class TryOnBatches:
    """Draws batches from packs of pairs. It keeps no state, so that several threads may share it.

    Args:
        packs: the training pairs of each are used.
        slots: the slots to train.

    Raises:
        InputError: no pair of these slots in the packs.
    """

    def __init__(self, packs: Sequence[PairPack], slots: Sequence[str] = TRYON_SLOTS, mix: PairMix | None = None,
                 augmentation: PairAugmentation | None = None):
        self.mix, self.augmentation = mix or PairMix(), augmentation or PairAugmentation()
        self._kinds = _by_kind(packs, slots, _for_training)
        if not self._kinds:
            raise InputError(f"The packs hold no pair to train on for {', '.join(slots)}: pack more data.")
        baring = [slot for slot in slots if tryon_slot(slot).on_legs and self.mix.bare_legs]
        self._bare = _by_kind(packs, baring, _with_bare_legs)
        self._streets = [(pack, pack.indices(held_out=False)) for pack in packs if pack.traits.surroundings]

    def draw(self, rng: np.random.Generator) -> tuple[PairPack, int]:
        """A pack and the number of a training pair in it."""
        real = rng.random() < self.mix.real
        real = real if real in self._kinds else not real
        slots = self._kinds[real]
        weights = np.array([self.mix.slots.get(slot, 0.0) for slot in slots]) + 1e-6
        slot = list(slots)[int(rng.choice(len(weights), p=weights / weights.sum()))]
        bare = self._bare.get(real, {}).get(slot)
        places = bare if bare and rng.random() < self.mix.bare_legs else slots[slot]
        lengths = np.array([len(indices) for _, indices in places], float)
        pack, indices = places[int(rng.choice(len(places), p=lengths / lengths.sum()))]
        return pack, int(indices[int(rng.integers(len(indices)))])

    def batch(self, rng: np.random.Generator, count: int) -> dict:
        """``count`` random pairs.

        Returns:
            ``inputs``: `TryOnInput`; ``photo`` [N,3,H,W], float32, -1..1, the truth; ``worn_mask`` [N,1,H,W], float32,
            0 or 1, where it shows the garment; ``labels`` [N,H,W], int64, its parsing in ``SIDED_LABELS``.
        """
        return collate([self.sample(rng, *self.draw(rng)) for _ in range(count)])

    def sample(self, rng: np.random.Generator, pack: PairPack, index: int) -> TrainingSample:
        """One augmented pair."""
        aug, pair = self.augmentation, pack.arrays(index)
        if not pack.traits.real and rng.random() < aug.backdrop:
            pair.image = before(pair.image, pair.labels, self.background(rng, pair.image.shape[:2]))
        self._colours(rng, pair)
        if rng.random() < aug.deform:
            pair.garment = deform(rng, pair.garment, CUT_OUT if pack.traits.cut_out else PACKSHOT)
        if rng.random() < aug.view:
            see(rng, pair, aug.half_body, aug.least_worn)
        if rng.random() < aug.flip:
            mirror(pair)
        return self._seen_by_estimators(rng, pair, pack.keys[index])

    def background(self, rng: np.random.Generator, size_hw: SizeHW) -> np.ndarray:
        """What stands beside the people of training photos, or one colour: [H, W, 3], uint8."""
        if self._streets and rng.random() < _STREET:
            pack, indices = self._streets[int(rng.integers(len(self._streets)))]
            photo = int(pack.pairs[indices[int(rng.integers(len(indices)))], 0])
            strip = beside_person(rng, np.array(pack.photos[photo]), pack.parsing[photo])
            if strip is not None:
                return fill_canvas(rng, strip, size_hw)
        return plain_background(rng, size_hw)

    def _colours(self, rng: np.random.Generator, pair: PairArrays) -> None:
        aug = self.augmentation
        for number, slot in enumerate(TRYON_SLOTS, 1):
            if rng.random() >= (aug.recolour if slot == pair.slot else aug.recolour_others):
                continue
            transform, region = random_transform(rng), pair.worn == number
            recolour_region(pair.image, region, transform)
            if slot == pair.slot:
                recolour_region(pair.garment[..., :3], pair.garment[..., 3] > 127, transform)
        if rng.random() < aug.light:
            seed = int(rng.integers(2**31))
            pair.image = shift_colours(np.random.default_rng(seed), pair.image, _LIGHT)
            if rng.random() < aug.with_garment:
                pair.garment[..., :3] = shift_colours(np.random.default_rng(seed), pair.garment[..., :3], _LIGHT)

    def _seen_by_estimators(self, rng: np.random.Generator, pair: PairArrays, key: str) -> TrainingSample:
        """The pair with the mistakes that pose and parsing would have, beside the true labels."""
        aug, truth, worn = self.augmentation, np.ascontiguousarray(pair.labels), tryon_slot(pair.slot)
        height = len(truth)
        hips = pair.joints[[8, 11]]
        waist = float(hips[hips[:, 2] > 0, 1].mean()) if (hips[:, 2] > 0).any() else _WAIST * height
        pair.joints = shake_joints(rng, pair.joints, height, aug.jitter, aug.drop_joint)
        if rng.random() < aug.parsing:
            pair.labels = shake_parsing(rng, truth, waist)
        if rng.random() < aug.wider:
            pair.labels = widen_garment(rng, pair.labels, pair.slot)
        sample = sample_of(pair, key)
        erased = Wearer.of(sample.person, pair.slot).erased
        if rng.random() < aug.holes:
            exposed = [SIDED_LABELS.index(name) for name in worn.limbs]
            erased = erased | irregular_holes(rng, np.isin(sample.person.parsing.labels, exposed))
        if not worn.on_legs and rng.random() < aug.longer:
            erased = erased | longer_garment(rng, sample.person.parsing.labels, sample.worn)
        return TrainingSample(sample, erased, truth)


def _by_kind(
    packs: Sequence[PairPack], slots: Sequence[str], choose: Callable[[PairPack, str], np.ndarray]
) -> dict[bool, dict[str, list[tuple[PairPack, np.ndarray]]]]:
    """Packs with the pairs chosen of them, by whether the photos are real and by slot; without what is empty."""
    kinds: dict[bool, dict[str, list[tuple[PairPack, np.ndarray]]]] = {}
    for pack in packs:
        for slot in slots:
            indices = choose(pack, slot)
            if len(indices):
                kinds.setdefault(pack.traits.real, {}).setdefault(slot, []).append((pack, indices))
    return kinds


def _for_training(pack: PairPack, slot: str) -> np.ndarray:
    return pack.indices(held_out=False, slot=slot)


def _with_bare_legs(pack: PairPack, slot: str) -> np.ndarray:
    indices = _for_training(pack, slot)
    return indices[[shows_bare_legs(pack.photos[i], pack.parsing[i]) for i in pack.pairs[indices, 0]]]


def shows_bare_legs(image_u8: np.ndarray, labels: np.ndarray) -> bool:
    """Whether a photo [H, W, 3] with labels of ``SIDED_LABELS`` [H, W] shows legs in about the other skin's colour."""
    legs, skin = np.isin(labels, _LEGS), np.isin(labels, UPPER_SKIN)
    if legs.mean() < _LEAST_LEGS or not skin.any():
        return False
    return bool(np.abs(image_u8[legs].mean(0) - image_u8[skin].mean(0)).mean() < _LIKE_SKIN)


@dataclass
class TrainingSample:
    """A pair as the system sees it, the region that is erased [H,W], bool, and the true labels [H,W], uint8."""

    sample: TryOnSample
    erased: np.ndarray
    labels: np.ndarray


def collate(samples: Sequence[TrainingSample]) -> dict:
    """Samples -> a batch, see `TryOnBatches.batch`."""
    persons, garments = ([getattr(s.sample, name) for s in samples] for name in ("person", "garment"))
    worn = np.stack([s.sample.worn for s in samples])
    return {
        "inputs": represent(persons, garments, [s.erased for s in samples]),
        "photo": image_tensor(np.stack([person.image_u8 for person in persons])),
        "worn_mask": torch.from_numpy(worn)[:, None].float(),
        "labels": torch.from_numpy(np.stack([s.labels for s in samples])).long(),
    }
