"""Training batches from a packed dataset: sampling, augmentation, conditions. Pure functions of (seed, step, rank)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch

from vton.conditioning.articles import article_tensor
from vton.conditioning.heatmaps import pose_heatmaps
from vton.conditioning.value_range import image_tensor
from vton.data.packed import PackedDataset
from vton.schema import REGIONS, SLOTS, Pose
from vton.training.garment_deformation import LAID_FLAT, deform
from vton.training.recolour import random_transform, recolour_region

SLOT_REGION = tuple(REGIONS.index(slot) for slot in SLOTS)
_LIES_FLAT = [SLOTS.index(slot) for slot in ("top", "outer", "bottom", "dress")]


@dataclass(frozen=True)
class Augmentation:
    """How training samples are varied; probabilities and, as shares of the height, sizes.

    ``lay_flat`` is the share of clothes that are shown as people photograph them, see `LAID_FLAT`.
    """

    flip: float = 0.5
    shift: float = 0.05
    recolour: float = 0.6
    drop_article: float = 0.08
    single_article: float = 0.08
    pose_jitter: float = 0.004
    drop_joint: float = 0.03
    other_reference: float = 0.6
    lay_flat: float = 0.4


NO_AUGMENTATION = Augmentation(*(0.0 for _ in fields(Augmentation)))


@dataclass
class Batch:
    """One batch.

    image: ``[N, 3, H, W]``, -1..1, the true photo; regions: ``[N, H, W]``, int64, numbers of `REGIONS`.
    articles: ``[N, 6, 4, a, b]``; presence: ``[N, 6]``; pose_map: ``[N, 16, h, w]``.
    reference: ``[N, 3, H, W]``, a photo of the same person (the same or another one), for the appearance encoder;
    visible: ``[N, 1, H, W]``, 1 where it shows nothing of the articles given as conditions.
    """

    image: torch.Tensor
    regions: torch.Tensor
    articles: torch.Tensor
    presence: torch.Tensor
    pose_map: torch.Tensor
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

    def __init__(self, data: PackedDataset, size_hw: tuple[int, int], article_hw: tuple[int, int],
                 pose_hw: tuple[int, int], augmentation: Augmentation = NO_AUGMENTATION, held_out: bool = False):
        self.data, self.size_hw, self.article_hw, self.pose_hw = data, size_hw, article_hw, pose_hw
        self.augmentation = augmentation
        self.photos = data.photo_indices(held_out)
        by_outfit: dict[int, list[int]] = {}
        for photo, outfit in enumerate(data.outfit_index):
            by_outfit.setdefault(int(outfit), []).append(photo)
        self.by_outfit = by_outfit

    def draw(self, batch_size: int, seed: int, step: int, rank: int = 0) -> Batch:
        """The batch of one step; the same arguments give the same batch."""
        rng = np.random.default_rng([seed, step, rank])
        return self.make(rng.choice(self.photos, batch_size), rng)

    def make(self, photos: np.ndarray, rng: np.random.Generator) -> Batch:
        """A batch of chosen photos, augmented."""
        samples = [self._sample(int(i), rng) for i in photos]
        image, regions, articles, presence, poses, reference, visible = zip(*samples, strict=True)
        return Batch(
            image_tensor(np.stack(image)), torch.from_numpy(np.stack(regions)).long(),
            article_tensor(np.stack(articles)), torch.from_numpy(np.stack(presence)).float(),
            pose_heatmaps(list(poses), self.pose_hw), image_tensor(np.stack(reference)),
            torch.from_numpy(np.stack(visible)).float()[:, None],
        )

    def _sample(self, photo: int, rng: np.random.Generator) -> tuple:
        aug, outfit = self.augmentation, int(self.data.outfit_index[photo])
        image, regions = self._photo(photo)
        articles = reduce_u8(np.array(self.data.articles[outfit]), self.article_hw)
        presence = np.array(self.data.presence[outfit])
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
            if slot in _LIES_FLAT and rng.random() < aug.lay_flat:
                articles[slot] = deform(rng, articles[slot], LAID_FLAT)
        presence = self._drop_articles(presence, rng)
        articles[presence == 0] = 0
        pose = self._jitter(self.data.pose(photo).resized(self.size_hw), rng)
        image, regions, pose = self._shift(image, regions, pose, rng)
        if rng.random() < aug.flip:
            image, regions, articles, pose = image[:, ::-1], regions[:, ::-1], articles[:, :, ::-1], pose.flip()
        visible = ~np.isin(reference_regions, [SLOT_REGION[s] for s in np.flatnonzero(presence)])
        if rng.random() < aug.flip:
            reference, visible = reference[:, ::-1], visible[:, ::-1]
        return (*(np.ascontiguousarray(a) for a in (image, regions, articles, presence)), pose,
                np.ascontiguousarray(reference), np.ascontiguousarray(visible))

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

    def _shift(self, image: np.ndarray, regions: np.ndarray, pose: Pose,
               rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Pose]:
        """Moves picture, parsing and pose by whole pixels, repeating the edge: nothing is resampled."""
        reach = int(self.augmentation.shift * self.size_hw[0])
        dy, dx = (int(v) for v in rng.integers(-reach, reach + 1, 2)) if reach else (0, 0)
        rows = np.clip(np.arange(self.size_hw[0]) - dy, 0, self.size_hw[0] - 1)
        columns = np.clip(np.arange(self.size_hw[1]) - dx, 0, self.size_hw[1] - 1)
        moved = Pose(pose.keypoints_xy + np.float32([dx, dy]), pose.confidence, pose.size_hw)
        return image[rows][:, columns], regions[rows][:, columns], moved


def reduce_u8(image: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
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
