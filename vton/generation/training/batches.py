"""Training batches from a packed dataset: sampling, augmentation, conditions. Pure functions of (seed, step, rank)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch

from vton.conditioning.articles import article_tensor
from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.value_range import image_tensor
from vton.data.held_out import geometry_of
from vton.data.outfits.article_pictures import PICTURE_KINDS
from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.reach import reach_of, usual_reach
from vton.data.outfits.wear import wear_of
from vton.generation.training.article_jitter import ArticleJitter, jitter_article
from vton.generation.training.random_pack import RandomPack
from vton.networks.stylegan2.reach import UNTOLD
from vton.schema import EMPTY_GREY, REGIONS, SLOTS, TRAITS, Pose, SizeHW, Wear
from vton.training.recolour import random_transform, recolour_region

SLOT_REGION = tuple(REGIONS.index(slot) for slot in SLOTS)


@dataclass(frozen=True)
class Augmentation:
    """How training samples are varied; probabilities and, as shares of the height, sizes.

    ``pictures``: how often an article is shown by each kind of picture that there is of it, relative to the others, in
    the order of `PICTURE_KINDS`; kinds that are not named never, and the packshot where none of them is named.
    """

    flip: float = 0.5
    shift: float = 0.05
    recolour: float = 0.6
    drop_article: float = 0.08
    drop_trait: float = 0.3
    single_article: float = 0.08
    pose_jitter: float = 0.004
    drop_joint: float = 0.03
    other_reference: float = 0.6
    pictures: tuple[float, ...] = (0.3, 0.4, 0.3, 0.25)
    article_jitter: float = 0.7


NO_AUGMENTATION = Augmentation(pictures=(), **{f.name: 0.0 for f in fields(Augmentation) if f.name != "pictures"})


@dataclass
class Batch:
    """One batch.

    image: ``[N, 3, H, W]``, -1..1, the true photo; regions: ``[N, H, W]``, int64, numbers of `REGIONS`.
    places: ``[N, 2, k, l]``, -1..1, where in its article's picture the cloth of a pixel lies; shown: ``[N, k, l]``,
    int8, 1 where that picture shows it, 0 where it does not, -1 where nothing is known or there is no article.
    articles: ``[N, 6, 4, a, b]``; presence: ``[N, 6]``; pose_map: ``[N, 16, h, w]``; traits: ``[N, 15]``, see `Wear`.
    reach: ``[N, 6, 2]``, hem and sleeve of each article, see `reach_of`; negative where no photo shows it.
    reference: ``[N, 3, H, W]``, a photo of the same person (the same or another one), for the appearance encoder;
    visible: ``[N, 1, H, W]``, 1 where it shows nothing of the articles given as conditions.
    """

    image: torch.Tensor
    regions: torch.Tensor
    places: torch.Tensor
    shown: torch.Tensor
    articles: torch.Tensor
    presence: torch.Tensor
    pose_map: torch.Tensor
    traits: torch.Tensor
    reach: torch.Tensor
    reference: torch.Tensor
    visible: torch.Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same batch on a device."""
        return Batch(*(getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)))

    def first(self, share: float) -> "Batch":
        """The first samples, see `first_of`."""
        return Batch(*first_of([getattr(self, f.name) for f in fields(self)], share))


def first_of(tensors: Sequence[torch.Tensor], share: float) -> Sequence[torch.Tensor]:
    """The first samples of tensors ``[N, ...]``: a share of them, rounded, at least one."""
    count = max(1, round(share * len(tensors[0])))
    # A part's gradient is a copy in zeros: not taken of the whole.
    return [t[:count] for t in tensors] if count < len(tensors[0]) else tensors


class BatchSource:
    """Draws batches from a pack.

    Args:
        size_hw, article_hw, pose_hw: sizes that the model wants; the pack's must be multiples of them.
        held_out: draw from the held-out outfits instead of the training ones.
    """

    def __init__(self, data: OutfitPack | RandomPack, size_hw: SizeHW, article_hw: SizeHW,
                 pose_hw: SizeHW, augmentation: Augmentation = NO_AUGMENTATION, held_out: bool = False):
        self.data, self.size_hw, self.article_hw, self.pose_hw = data, size_hw, article_hw, pose_hw
        self.augmentation = augmentation
        self.photos = data.photo_indices(held_out)
        by_outfit: dict[int, list[int]] = {}
        for photo, outfit in enumerate(data.outfit_index):
            by_outfit.setdefault(int(outfit), []).append(photo)
        self.by_outfit = by_outfit
        self.geometries = [geometry_of(facts["key"]) for facts in data.outfits]
        self.reaches: dict[str, np.ndarray] = {}
        self.shares = np.zeros(len(PICTURE_KINDS))
        self.shares[:len(augmentation.pictures)] = augmentation.pictures

    def draw(self, batch_size: int, seed: int, step: int, rank: int = 0) -> Batch:
        """The batch of one step; the same arguments give the same batch."""
        rng = np.random.default_rng([seed, step, rank])
        return self.make(rng.choice(self.photos, batch_size), rng)

    def make(self, photos: np.ndarray, rng: np.random.Generator) -> Batch:
        """A batch of chosen photos, augmented; photos: [N], their numbers in the pack."""
        samples = [self._sample(int(i), rng) for i in photos]
        image, regions, places, shown, articles, presence, poses, traits, reach, reference, visible = zip(
            *samples, strict=True)
        return Batch(
            image_tensor(np.stack(image)), torch.from_numpy(np.stack(regions)).long(),
            torch.from_numpy(np.stack(places)).movedim(3, 1).contiguous(), torch.from_numpy(np.stack(shown)),
            article_tensor(np.stack(articles)), torch.from_numpy(np.stack(presence)).float(),
            pose_heatmaps(list(poses), self.pose_hw), torch.from_numpy(np.stack(traits)),
            torch.from_numpy(np.stack(reach)), image_tensor(np.stack(reference)),
            torch.from_numpy(np.stack(visible)).float()[:, None],
        )

    def _sample(self, photo: int, rng: np.random.Generator) -> tuple:
        aug, outfit = self.augmentation, int(self.data.outfit_index[photo])
        image, regions = self._photo(photo)
        articles, places, shown = self._articles(photo, outfit, rng)
        presence = np.asarray((articles[..., 3] > 0).any((1, 2)), np.uint8)
        reference, reference_regions = image, regions
        others = [p for p in self.by_outfit[outfit] if p != photo]
        other = bool(others) and rng.random() < aug.other_reference
        if other:
            reference, reference_regions = self._photo(int(rng.choice(others)))
        for slot in np.flatnonzero(presence):
            if rng.random() < aug.recolour:
                transform = random_transform(rng)
                recolour_region(articles[slot, ..., :3], articles[slot, ..., 3] > 0, transform)
                recolour_region(image, regions == SLOT_REGION[slot], transform)
                if other:
                    recolour_region(reference, reference_regions == SLOT_REGION[slot], transform)
        presence = self._drop_articles(presence, rng)
        articles[presence == 0] = 0
        wear = self._wear(outfit, regions, presence)
        pose = self._jitter(self.data.pose(photo).resized(self.size_hw), rng)
        image, regions, places, shown, pose = self._shift(image, regions, places, shown, pose, rng)
        if rng.random() < aug.flip:
            image, regions, articles, pose = image[:, ::-1], regions[:, ::-1], articles[:, :, ::-1], pose.flip()
            places, shown = places[:, ::-1] * np.array([-1, 1], np.float32), shown[:, ::-1]
            wear = wear.flip()
        visible = ~np.isin(reference_regions, [SLOT_REGION[s] for s in np.flatnonzero(presence)])
        if rng.random() < aug.flip:
            reference, visible = reference[:, ::-1], visible[:, ::-1]
        photos = (np.ascontiguousarray(a) for a in (image, regions, places, shown, articles, presence))
        said = wear.traits() * (rng.random(len(TRAITS)) >= aug.drop_trait).astype(np.float32)
        reach = np.where(presence[:, None] > 0, self._reach(outfit), UNTOLD).astype(np.float32)
        return (*photos, pose, said, reach, np.ascontiguousarray(reference), np.ascontiguousarray(visible))

    def _articles(self, photo: int, outfit: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Pictures of the articles [6, a, b, 4], each of a kind that is drawn, and where the photo lies in them."""
        aug, data = self.augmentation, self.data
        articles = np.zeros((len(SLOTS), *self.article_hw, 4), np.uint8)
        articles[..., :3] = EMPTY_GREY
        fields_of = {0: data.places_of(photo, 0)}
        places, shown = np.zeros_like(fields_of[0][0]), np.full_like(fields_of[0][1], -1)
        regions = self.data.parsing[photo]
        slot_of = regions[::regions.shape[0] // shown.shape[0], ::regions.shape[0] // shown.shape[0]]
        for slot in range(len(SLOTS)):
            kinds = data.kinds(outfit, slot)
            if not len(kinds):
                continue
            share = self.shares[kinds]
            kind = int(rng.choice(kinds, p=share / share.sum())) if share.any() else 0
            if kind not in fields_of:
                fields_of[kind] = data.places_of(photo, kind)
            own = slot_of == SLOT_REGION[slot]
            places[own], shown[own] = fields_of[kind][0][own], fields_of[kind][1][own]
            picture = data.article(outfit, slot, kind)
            assert picture is not None, "there is one of this kind"
            article = reduce_u8(picture, self.article_hw)
            if rng.random() < aug.article_jitter:
                article, places[own] = jitter_article(rng, article, places[own], ArticleJitter())
            articles[slot] = article
        return articles, places, shown

    def _reach(self, outfit: int) -> np.ndarray:
        """How far the articles of an outfit reach over the body, by the photos of all its looks."""
        geometry = self.geometries[outfit]
        if geometry not in self.reaches:
            photos = [p for o, name in enumerate(self.geometries) if name == geometry for p in self.by_outfit[o]]
            found = (reach_of(self.data.parsing[photo], self.data.pose(photo)) for photo in photos)
            self.reaches[geometry] = usual_reach(found)
        return self.reaches[geometry]

    def _wear(self, outfit: int, regions: np.ndarray, presence: np.ndarray) -> Wear:
        """How the articles that are given are worn in a photo."""
        wear = wear_of(self.data.outfits[outfit].get("wear", {}), regions)
        return wear.only([slot for slot, given in zip(SLOTS, presence, strict=True) if given])

    def _photo(self, photo: int) -> tuple[np.ndarray, np.ndarray]:
        step = self.data.size_hw[0] // self.size_hw[0]
        regions = np.array(self.data.parsing[photo][step // 2::step, step // 2::step])
        return reduce_u8(np.array(self.data.photos[photo]), self.size_hw), regions

    def _drop_articles(self, presence: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        worn = np.flatnonzero(presence)
        if len(worn) == 0:
            return presence
        keep = rng.random(len(presence)) >= self.augmentation.drop_article
        if rng.random() < self.augmentation.single_article:
            keep = np.arange(len(presence)) == rng.choice(worn)
        return presence * keep if (presence * keep).any() else presence

    def _jitter(self, pose: Pose, rng: np.random.Generator) -> Pose:
        if not self.augmentation.pose_jitter:
            return pose
        noise = rng.normal(0, self.augmentation.pose_jitter * pose.size_hw[0], pose.keypoints_xy.shape)
        keep = rng.random(len(pose.confidence)) >= self.augmentation.drop_joint
        return Pose(pose.keypoints_xy + noise, pose.confidence * keep, pose.size_hw)

    def _shift(self, image: np.ndarray, regions: np.ndarray, places: np.ndarray, shown: np.ndarray, pose: Pose,
               rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Pose]:
        """Moves picture, labels and pose by whole pixels of all of them, repeating the edge: nothing is resampled."""
        unit = max(1, self.size_hw[0] // shown.shape[0])
        reach = int(self.augmentation.shift * self.size_hw[0]) // unit
        dy, dx = (int(v) * unit for v in rng.integers(-reach, reach + 1, 2)) if reach else (0, 0)
        image, regions = (_moved(a, dy, dx) for a in (image, regions))
        share = shown.shape[0] / self.size_hw[0]
        places, shown = (_moved(a, round(dy * share), round(dx * share)) for a in (places, shown))
        pose = Pose(pose.keypoints_xy + np.array([dx, dy], np.float32), pose.confidence, pose.size_hw)
        return image, regions, places, shown, pose


def _moved(image: np.ndarray, dy: int, dx: int) -> np.ndarray:
    rows = np.clip(np.arange(image.shape[0]) - dy, 0, image.shape[0] - 1)
    columns = np.clip(np.arange(image.shape[1]) - dx, 0, image.shape[1] - 1)
    return image[rows][:, columns]


def reduce_u8(image: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    """Area-averages uint8 ``[..., H, W, C]`` down to ``size_hw`` by a whole factor.

    Raises:
        ValueError: the size is no whole fraction of the image's.
    """
    height, width, channels = image.shape[-3:]
    step = height // size_hw[0]
    if step < 1 or (size_hw[0] * step, size_hw[1] * step) != (height, width):
        raise ValueError(f"{height}x{width} cannot be averaged down to {size_hw[0]}x{size_hw[1]}")
    if step == 1:
        return image
    blocks = image.reshape(*image.shape[:-3], size_hw[0], step, size_hw[1], step, channels)
    total = blocks.sum((-4, -2), dtype=np.uint32)
    return ((total + step * step // 2) // (step * step)).astype(np.uint8)
