"""Training batches from packs of persons: a photo to draw, and one of the same person and outfit to read styles from.

Pure functions of (seed, step, rank).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch

from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.value_range import image_tensor
from vton.data.persons.pack import PersonPack
from vton.schema import SLOTS, Parsing, Pose
from vton.schema.label_sets import PARSER_LABELS
from vton.systems.tryongan.canvas import OnCanvas, person_on_canvas
from vton.systems.tryongan.config import TryOnGANConfig
from vton.training.recolour import random_transform, recolour_region

GARMENTS = tuple(PARSER_LABELS.index(name) for name in PARSER_LABELS if name in SLOTS)


@dataclass
class PersonBatch:
    """One batch.

    image: ``[N, 3, H, W]``, -1..1, on a plain backdrop; labels: ``[N, H, W]``, int64, numbers of `PARSER_LABELS` or
    above, where nothing is known; pose_map: ``[N, 16, h, w]``.
    reference, reference_labels: the photo that styles are read from; poses: behind ``pose_map``.
    """

    image: torch.Tensor
    labels: torch.Tensor
    pose_map: torch.Tensor
    reference: torch.Tensor
    reference_labels: torch.Tensor
    poses: tuple[Pose, ...]

    def to(self, device: torch.device) -> "PersonBatch":
        """The same batch on a device."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        tensors = {name: value for name, value in values.items() if isinstance(value, torch.Tensor)}
        return replace(self, **{name: tensor.to(device, non_blocking=True) for name, tensor in tensors.items()})

    def __getitem__(self, part: slice) -> "PersonBatch":
        """Some of the samples."""
        return PersonBatch(*(getattr(self, f.name)[part] for f in fields(self)))


class PersonBatchSource:
    """Draws batches from packs.

    Args:
        size_hw, pose_hw: of pictures and heatmaps.
        held_out: draw from the held-out photos instead of the training ones.
    """

    def __init__(self, packs: Sequence[PersonPack], size_hw: tuple[int, int], pose_hw: tuple[int, int],
                 config: TryOnGANConfig, held_out: bool = False):
        self.packs, self.size_hw, self.pose_hw, self.config = packs, size_hw, pose_hw, config
        self.photos = [(p, int(i)) for p, pack in enumerate(packs) for i in pack.indices(held_out, parsed=True)]
        self.same: dict[tuple[int, str], list[int]] = {}
        for p, photo in self.photos:
            self.same.setdefault((p, outfit_of(packs[p].keys[photo])), []).append(photo)

    def draw(self, batch_size: int, seed: int, step: int, rank: int = 0) -> PersonBatch:
        """The batch of one step; the same arguments give the same batch."""
        rng = np.random.default_rng([seed, step, rank])
        return self.make(rng.integers(0, len(self.photos), batch_size).tolist(), rng)

    def make(self, numbers: Sequence[int], rng: np.random.Generator, augment: bool = True) -> PersonBatch:
        """A batch of chosen photos; without ``augment`` as they are, each read from another one of its outfit."""
        samples = [self._sample(*self.photos[number], rng, augment) for number in numbers]
        drawn, read = zip(*samples, strict=True)
        picture = lambda side: image_tensor(np.stack([one.image_u8 for one in side]))  # noqa: E731
        labels = lambda side: torch.from_numpy(np.stack([one.labels for one in side])).long()  # noqa: E731
        poses = tuple(one.pose for one in drawn)
        heatmaps = pose_heatmaps(list(poses), self.pose_hw)
        return PersonBatch(picture(drawn), labels(drawn), heatmaps, picture(read), labels(read), poses)

    def _sample(self, p: int, photo: int, rng: np.random.Generator, augment: bool) -> tuple[OnCanvas, OnCanvas]:
        c, pack = self.config, self.packs[p]
        others = [other for other in self.same[p, outfit_of(pack.keys[photo])] if other != photo]
        other = photo
        if others and (rng.random() < c.other_pose or not augment):
            other = int(rng.choice(others))
        photos = [self._photo(pack, number) for number in ((photo,) if other == photo else (photo, other))]
        if augment:
            self._recolour(photos, rng)
        drawn, read = photos[0], photos[-1]
        if not augment:
            return drawn, read
        return self._moved(drawn, rng), self._moved(read, rng)

    def _photo(self, pack: PersonPack, number: int) -> OnCanvas:
        rows, columns = pack.content_of(number)
        pose = pack.pose(number)
        xy = np.where(pose.present[:, None], pose.keypoints_xy - np.array([columns.start, rows.start], np.float32), 0)
        labels = np.array(pack.parsing[number][rows, columns])
        pose = Pose(xy, pose.confidence, labels.shape)
        return person_on_canvas(np.array(pack.photos[number][rows, columns]), labels, pose, self.size_hw)

    def _recolour(self, photos: Sequence[OnCanvas], rng: np.random.Generator) -> None:
        for garment in GARMENTS:
            if rng.random() < self.config.recolour:
                transform = random_transform(rng)
                for photo in photos:
                    recolour_region(photo.image_u8, photo.labels == garment, transform)

    def _moved(self, photo: OnCanvas, rng: np.random.Generator) -> OnCanvas:
        """Shifted by whole pixels, mirrored at times, with joints that are not quite where they should be."""
        c, (height, width) = self.config, self.size_hw
        reach = int(c.shift * height)
        dy, dx = (int(v) for v in rng.integers(-reach, reach + 1, 2))
        rows = np.clip(np.arange(height) - dy, 0, height - 1)[:, None]
        columns = np.clip(np.arange(width) - dx, 0, width - 1)
        image, labels, pose = photo.image_u8[rows, columns], photo.labels[rows, columns], photo.pose
        noise = rng.normal(0, c.pose_jitter * height, pose.keypoints_xy.shape) + (dx, dy)
        keep = pose.present & (rng.random(len(pose.confidence)) >= c.drop_joint)
        xy = np.where(keep[:, None], pose.keypoints_xy + noise, 0)
        pose = Pose(xy, pose.confidence * keep, self.size_hw)
        if rng.random() < 0.5:
            image, labels, pose = image[:, ::-1], labels[:, ::-1], pose.flip()
        return OnCanvas(np.ascontiguousarray(image), np.ascontiguousarray(labels), pose)


def outfit_of(key: str) -> str:
    """What all photos of one person in one outfit share of their keys: all before the photo's number."""
    return key.rpartition(".p")[0] or key


def known_parsing(labels: np.ndarray) -> Parsing:
    """Labels [H, W] of a batch as a parsing; what is not known counts as background."""
    return Parsing(np.where(labels < len(PARSER_LABELS), labels, 0).astype(np.uint8), PARSER_LABELS)
