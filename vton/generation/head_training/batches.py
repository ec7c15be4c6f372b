"""Batches of heads: a true one, the coarse one that the body's picture could have given, another of that person."""

from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import resized
from vton.conditioning.pose.head_window import joint_planes
from vton.conditioning.value_range import image_tensor
from vton.data.heads.pack import HeadPack
from vton.schema import REGIONS

# Joints of `WINDOW_JOINTS` in a mirrored head.
_SWAP = np.array([0, 1, 3, 2, 5, 4, 7, 6])
_OF_HEAD = [REGIONS.index(name) for name in ("hair", "face", "skin")]

_LEAST = 1e-3  # probability of a region that is not the label's, for finite logits
_LEAST_BLUR = 0.3  # pixels of standard deviation, below which nothing is to be seen of it


@dataclass(frozen=True)
class HeadAugmentation:
    """How coarse heads are spoilt, since the body's picture is never that good; sizes are shares of the window.

    Attributes:
        flip, other: probabilities of a mirrored head, and of reading the person from another photo.
        drawn: share of the coarse heads that are the body's generator's own, where the pack has them.
        shift, stretch: of window and head together: standard deviations of its place and of its size's logarithm.
        warp: standard deviation of the displacement of the coarse head against the true one.
        colour: of its colours, in units of -1..1; blur: largest standard deviation of a further blur.
        drop_joint: probability of a missing joint.
    """

    flip: float = 0.5
    other: float = 0.7
    drawn: float = 0.7
    shift: float = 0.02
    stretch: float = 0.05
    warp: float = 0.012
    colour: float = 0.03
    blur: float = 0.02
    drop_joint: float = 0.03


NO_AUGMENTATION = HeadAugmentation(**{f.name: 0.0 for f in fields(HeadAugmentation)} | {"other": 1.0})


@dataclass
class HeadBatch:
    """image: ``[N, 3, S, S]``, -1..1; regions: ``[N, S, S]``, int64; joints: ``[N, 8, S, S]``; coarse and
    coarse_logits: what the network is given for image and regions; reference: ``[N, 3, S, S]``, a head of the same
    person, with visible: ``[N, 1, S, S]``, 1 where it shows hair or skin."""

    image: torch.Tensor
    regions: torch.Tensor
    joints: torch.Tensor
    coarse: torch.Tensor
    coarse_logits: torch.Tensor
    reference: torch.Tensor
    visible: torch.Tensor


class HeadSource:
    """Draws batches from a pack of heads; the same (seed, step, rank) gives the same batch."""

    def __init__(self, pack: HeadPack, augmentation: HeadAugmentation, held_out: bool = False):
        self.pack, self.augmentation, self.heads = pack, augmentation, pack.indices(held_out)
        self.of_person: dict[int, list[int]] = {}
        for head in self.heads:
            self.of_person.setdefault(int(pack.person[head]), []).append(int(head))

    def draw(self, count: int, seed: int, step: int, rank: int = 0) -> HeadBatch:
        """The batch of a step."""
        rng = np.random.default_rng([seed, step, rank])
        return self.make(rng.choice(self.heads, count), rng)

    def make(self, heads: np.ndarray, rng: np.random.Generator) -> HeadBatch:
        """A batch of chosen heads; heads: [N], their numbers in the pack."""
        samples = [self._sample(int(head), rng) for head in heads]
        image, regions, joints, coarse, spoilt, reference, shown = (np.stack(a) for a in zip(*samples, strict=True))
        size = self.pack.size
        regions = torch.from_numpy(regions).long()
        labels = torch.from_numpy(spoilt).long()
        logits = (F.one_hot(labels, len(REGIONS)).movedim(3, 1) + _LEAST).log()
        return HeadBatch(image_tensor(image), regions, joint_planes(torch.from_numpy(joints), size),
                         image_tensor(coarse), logits, image_tensor(reference),
                         torch.from_numpy(np.isin(shown, _OF_HEAD)).float()[:, None])

    def _sample(self, head: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        aug, pack = self.augmentation, self.pack
        image, regions, joints = np.array(pack.heads[head]), np.array(pack.regions[head]), np.array(pack.joints[head])
        move = self._move(rng)
        image, regions, joints = *_moved(image, regions, move), _moved_joints(joints, move)
        if pack.coarse is not None and pack.coarse_regions is not None and rng.random() < aug.drawn:
            coarse, spoilt = _moved(np.array(pack.coarse[head]), np.array(pack.coarse_regions[head]), move)
        else:
            coarse, spoilt = self._spoilt(image, regions, rng)
        if rng.random() < aug.flip:
            image, regions, coarse, spoilt = (a[:, ::-1] for a in (image, regions, coarse, spoilt))
            joints = joints[_SWAP] * np.array([-1, 1, 1], np.float32) + np.array([1, 0, 0], np.float32)
        joints[:, 2] *= rng.random(len(joints)) >= aug.drop_joint
        others = [other for other in self.of_person[int(pack.person[head])] if other != head]
        other = int(rng.choice(others)) if others and rng.random() < aug.other else head
        reference, shown = np.array(pack.heads[other]), np.array(pack.regions[other])
        if rng.random() < aug.flip:
            reference, shown = reference[:, ::-1], shown[:, ::-1]
        arrays = (np.ascontiguousarray(a) for a in (image, regions, joints, coarse, spoilt, reference, shown))
        return tuple(arrays)

    def _move(self, rng: np.random.Generator) -> tuple[float, np.ndarray]:
        """A factor and a shift, which put the head a little elsewhere, as other people's joints would place it."""
        return float(np.exp(rng.normal(0, self.augmentation.stretch))), rng.normal(0, self.augmentation.shift, 2)

    def _spoilt(self, image: np.ndarray, regions: np.ndarray,
                rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Image and regions displaced smoothly, the image also blurred and in slightly other colours."""
        size, aug = self.pack.size, self.augmentation
        if not aug.warp:
            return image, regions
        cells = int(rng.choice([4, 8]))
        field = rng.normal(0, aug.warp * size, (cells, cells, 2)).astype(np.float32)
        field = resized(field, (size, size), "cubic")
        y, x = np.mgrid[:size, :size].astype(np.float32)
        maps = x + field[..., 0], y + field[..., 1]
        regions = cv2.remap(regions, *maps, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        coarse = cv2.remap(image, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        blur = rng.uniform(0, aug.blur) * size
        if blur > _LEAST_BLUR:
            coarse = cv2.GaussianBlur(coarse, (0, 0), blur)
        tint = rng.normal(0, aug.colour * 127.5, 3) + rng.normal(0, aug.colour * 127.5)
        return np.clip(coarse + tint, 0, 255).astype(np.uint8), regions


def _moved(image: np.ndarray, regions: np.ndarray, move: tuple[float, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    (factor, shift), size = move, len(image)
    matrix = np.array([[factor, 0, 0], [0, factor, 0]], np.float64)
    matrix[:, 2] = (0.5 - factor * 0.5 + shift) * size + (factor - 1) * 0.5
    warp = lambda a, flag: cv2.warpAffine(a, matrix, (size, size), flags=flag,  # noqa: E731
                                          borderMode=cv2.BORDER_REPLICATE)
    return warp(image, cv2.INTER_LINEAR), warp(regions, cv2.INTER_NEAREST)


def _moved_joints(joints: np.ndarray, move: tuple[float, np.ndarray]) -> np.ndarray:
    factor, shift = move
    return np.column_stack([(joints[:, :2] - 0.5) * factor + 0.5 + shift, joints[:, 2]]).astype(np.float32)
