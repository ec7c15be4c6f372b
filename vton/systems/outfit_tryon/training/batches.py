"""Training batches: drawn photos of whole outfits, and real photos of which one garment is known.

Pure functions of (seed, step, rank).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch

from vton.conditioning.articles import article_tensor
from vton.conditioning.value_range import image_tensor
from vton.data.held_out import spread
from vton.data.outfits.pack import PLACES_STEP, OutfitPack
from vton.data.outfits.reach import reach_of
from vton.data.pairs.pack import PairPack
from vton.generation.training.batches import NO_AUGMENTATION, Augmentation, BatchSource, reduce_u8
from vton.networks.stylegan2.reach import UNTOLD
from vton.schema import SIDED_LABELS, SLOTS, TRAITS, InputError, Parsing, Pose, SizeHW
from vton.systems.outfit_tryon.config import OutfitTryOnConfig
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.systems.outfit_tryon.inputs import OutfitTryOnInput, represent
from vton.systems.outfit_tryon.network import OutfitTryOn
from vton.systems.outfit_tryon.training.erasure import changed_slots, erased_for_training, person_parsing
from vton.training.backgrounds import plain_background
from vton.tryon.training.augmentation import before, shake_parsing
from vton.tryon.training.batches import NO_AUGMENTATION as UNCHANGED
from vton.tryon.training.batches import PairMix, TrainingSample, TryOnBatches

_NOT_KNOWN = -1  # of whether an article's picture shows a pixel's cloth


@dataclass
class Sample:
    """A photo, what of it is erased, and what is known of what was there.

    Attributes:
        image: [H, W, 3], uint8; regions: [H, W], uint8, numbers of `REGIONS`.
        places: [k, l, 2], -1..1; shown: [k, l], int8; see `Batch` of the generators' training.
        articles: [6, a, b, 4], uint8 RGBA; presence: [6], 0 or 1, those that are put on anew.
        traits: [15], 0 or 1, how they are worn; reach: [6, 2], see `reach_of`, negative where it is not known.
        wearer: as the readers of photos see the person; erased: [H, W], bool.
    """

    image: np.ndarray
    regions: np.ndarray
    places: np.ndarray
    shown: np.ndarray
    articles: np.ndarray
    presence: np.ndarray
    traits: np.ndarray
    reach: np.ndarray
    wearer: DressedWearer
    erased: np.ndarray


@dataclass
class Batch:
    """N samples: ``inputs``, and what is true.

    image: ``[N, 3, H, W]``, -1..1; regions: ``[N, H, W]``, int64; places: ``[N, 2, k, l]``; shown: ``[N, k, l]``;
    reach: ``[N, 6, 2]``, negative where it is not known.
    """

    inputs: OutfitTryOnInput
    image: torch.Tensor
    regions: torch.Tensor
    places: torch.Tensor
    shown: torch.Tensor
    reach: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return replace(self, **{f.name: getattr(self, f.name).to(device) for f in fields(self)})


class OutfitPhotos(BatchSource):
    """The photos of a pack of outfits, as the generators see them, of which some articles change.

    Args:
        config: None for photos as they are, in which every article changes.
    """

    def __init__(self, data: OutfitPack, network: OutfitTryOn, config: OutfitTryOnConfig | None = None,
                 held_out: bool = False):
        augmentation, self.config = NO_AUGMENTATION, config
        if config is not None:
            augmentation = Augmentation(
                shift=config.shift, recolour=config.recolour, pose_jitter=config.pose_jitter,
                drop_joint=config.drop_joint, other_reference=0.0,
            )  # fmt: skip
        super().__init__(data, network.size_hw, network.article_hw, network.pose_hw, augmentation, held_out)

    def one(self, photo: int, rng: np.random.Generator, streets: TryOnBatches | None = None) -> Sample:
        """One photo; streets: where other backgrounds come from."""
        image, regions, places, shown, articles, presence, pose, traits, reach, *_ = self._sample(photo, rng)
        config, slots = self.config, tuple(SLOTS[n] for n in np.flatnonzero(presence))
        regions, parsing = np.ascontiguousarray(regions), person_parsing(regions, pose)
        if config is None:
            wearer = DressedWearer(parsing, pose, slots)
            wearer = replace(wearer, carried=wearer.accessory_in(regions))
            return Sample(image, regions, places, shown, articles, presence, traits, reach, wearer, wearer.erased)
        if rng.random() < config.streets:
            source = streets.background if streets is not None else plain_background
            image = before(image, regions, source(rng, regions.shape))
        if rng.random() < config.mistaken:
            parsing = Parsing(shake_parsing(rng, np.array(parsing.labels), _waist(pose)), SIDED_LABELS)
        wearer = DressedWearer(parsing, pose, slots)
        if rng.random() < config.told:
            wearer = replace(wearer, carried=wearer.accessory_in(regions))
        erased = erased_for_training(rng, wearer, config, self._somebody)
        return Sample(image, regions, places, shown, articles, presence, traits, reach, wearer, erased)

    def _drop_articles(self, presence: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The articles that stay on are not told: the photo shows them."""
        if self.config is None or not presence.any():
            return presence
        return changed_slots(rng, presence, self.config.whole)

    def _somebody(self, rng: np.random.Generator) -> tuple[np.ndarray, Pose]:
        photo = int(rng.choice(self.photos))
        return self._photo(photo)[1], self.data.pose(photo).resized(self.size_hw)


class OutfitBatches:
    """Draws batches from packs of outfits and of pairs. It keeps no state, so that several threads may share it.

    Args:
        outfits: at most one pack; pairs: any number.

    Raises:
        InputError: neither has a photo to train on.
    """

    def __init__(self, outfits: OutfitPack | None, pairs: Sequence[PairPack], network: OutfitTryOn,
                 config: OutfitTryOnConfig):
        self.config, self.network = config, network
        self.outfits = None if outfits is None else OutfitPhotos(outfits, network, config)
        self.pairs = TryOnBatches(pairs, mix=PairMix(real=1.0)) if pairs else None
        if self.pairs is None and (self.outfits is None or not len(self.outfits.photos)):
            raise InputError("The packs hold no photo to train on: pack more outfits, or pairs.")
        step = PLACES_STEP if outfits is None else outfits.size_hw[0] // outfits.places.shape[2]
        height = network.size_hw[0] if outfits is None else outfits.size_hw[0]
        self.places_hw = height // step, height * 3 // 4 // step

    def draw(self, count: int, seed: int, step: int, rank: int = 0) -> Batch:
        """The batch of one step; the same arguments give the same batch."""
        rng = np.random.default_rng([seed, step, rank])
        return self.collate([self._draw_one(rng) for _ in range(count)])

    def _draw_one(self, rng: np.random.Generator) -> Sample:
        drawn = self.outfits
        if self.pairs is not None and (drawn is None or rng.random() < self.config.real):
            return self.of_pair(self.pairs.sample(rng, *self.pairs.draw(rng)))
        assert drawn is not None, "there are photos of one kind"
        return drawn.one(int(rng.choice(drawn.photos)), rng, self.pairs)

    def of_pair(self, pair: TrainingSample) -> Sample:
        """A pair of the image-based systems: one garment, of which nobody knows where each pixel lies."""
        person, garment = pair.sample.person, pair.sample.garment
        step, size_hw = person.size_hw[0] // self.network.size_hw[0], self.network.size_hw
        thin = lambda labels: np.ascontiguousarray(labels[step // 2 :: step, step // 2 :: step])  # noqa: E731
        articles = np.zeros((len(SLOTS), *self.network.article_hw, 4), np.uint8)
        number, pose = SLOTS.index(garment.slot), person.pose.resized(size_hw)
        articles[number] = reduce_u8(np.dstack([garment.image_u8, garment.mask_u8]), self.network.article_hw)
        wearer = DressedWearer(Parsing(thin(person.parsing.labels), SIDED_LABELS), pose, (garment.slot,))
        regions = DressedWearer(Parsing(thin(pair.labels), SIDED_LABELS), pose, (garment.slot,)).regions
        presence = (np.arange(len(SLOTS)) == number).astype(np.uint8)
        return Sample(
            image=reduce_u8(person.image_u8, size_hw),
            regions=regions,
            places=np.zeros((*self.places_hw, 2), np.float32),
            shown=np.full(self.places_hw, _NOT_KNOWN, np.int8),
            articles=articles,
            presence=presence,
            traits=np.zeros(len(TRAITS), np.float32),
            reach=np.where(presence[:, None], reach_of(regions, pose), UNTOLD).astype(np.float32),
            wearer=wearer,
            erased=thin(pair.erased),
        )

    def collate(self, samples: Sequence[Sample]) -> Batch:
        """Samples -> a batch."""
        return collate(samples, self.network.pose_hw)


class HeldOutPhotos:
    """Photos for looking: the same ones every time, unchanged; every garment that is known of them changes.

    Args:
        outfits, pairs: see `OutfitBatches`; count: photos of each kind, at most.
    """

    def __init__(self, batches: OutfitBatches, outfits: OutfitPack | None, pairs: Sequence[PairPack], count: int):
        self.samples: list[Sample] = []
        if outfits is not None:
            source = OutfitPhotos(outfits, batches.network, held_out=True)
            photos = source.photos if len(source.photos) else outfits.photo_indices(False)
            self.samples += [source.one(int(i), np.random.default_rng(0)) for i in spread(photos, count)]
        for pack in pairs:
            unchanged = TryOnBatches([pack], mix=PairMix(real=1.0), augmentation=UNCHANGED)
            for index in spread(pack.indices(True), count // len(pairs)):
                sample = unchanged.sample(np.random.default_rng(0), pack, int(index))
                self.samples.append(batches.of_pair(sample))


def collate(samples: Sequence[Sample], pose_hw: SizeHW) -> Batch:
    """Samples -> a batch; pose_hw: of the heatmaps."""
    photos = np.stack([np.ascontiguousarray(sample.image) for sample in samples])
    articles = article_tensor(np.stack([sample.articles for sample in samples]))
    presence = torch.from_numpy(np.stack([sample.presence for sample in samples])).float()
    wearers, erased = [sample.wearer for sample in samples], [sample.erased for sample in samples]
    return Batch(
        represent(photos, wearers, (articles, presence), [sample.traits for sample in samples], pose_hw, erased),
        image_tensor(photos),
        torch.from_numpy(np.stack([sample.regions for sample in samples])).long(),
        torch.from_numpy(np.stack([sample.places for sample in samples])).movedim(3, 1).contiguous(),
        torch.from_numpy(np.stack([sample.shown for sample in samples])),
        torch.from_numpy(np.stack([sample.reach for sample in samples])),
    )


def _waist(pose: Pose) -> float:
    hips = pose.keypoints_xy[[8, 11]][pose.present[[8, 11]], 1]
    return float(hips.mean()) if len(hips) else 0.5 * pose.size_hw[0]
