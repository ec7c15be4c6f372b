"""The pack of try-on pairs: a photo, a garment, and where the photo shows it, in memory-mapped uint8 arrays.

It holds ``photos.npy`` [M,256,192,3] uint8, ``parsing.npy`` [M,256,192] uint8 (numbers of `SIDED_LABELS`),
``keypoints.npy`` [M,18,3] float32 (x, y in pixels, confidence), ``worn.npy`` [M,256,192] uint8 (1 + number in
`TRYON_SLOTS` of the garment that is seen there, 0: none), ``held_out.npy`` [M] uint8, ``garments.npy``
[K,256,192,4] uint8 RGBA, ``pairs.npy`` [R,4] int32 (photo, garment, number of the slot, 1 if the photo shows the
garment and else 0), ``pairs.json`` (keys of pairs), ``meta.json``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.data.pack import Pack
from vton.schema import SIDED_LABELS, Article, Parsing, Person, Pose, SizeHW
from vton.schema.person import TryOnSample
from vton.schema.slots import TRYON_SLOTS


@dataclass
class PairArrays:
    """One pair as arrays of its own, free to be changed.

    Attributes:
        image: [H, W, 3], uint8; labels: [H, W], uint8, of ``SIDED_LABELS``; worn: [H, W], uint8, see ``worn.npy``.
        joints: [18, 3], float32, x, y in pixels, confidence; garment: [256, 192, 4], uint8.
        slot: of the garment; paired: whether the photo shows it.
    """

    image: np.ndarray
    labels: np.ndarray
    worn: np.ndarray
    joints: np.ndarray
    garment: np.ndarray
    slot: str
    paired: bool

    @property
    def worn_mask(self) -> np.ndarray:
        """Where the photo shows the garment: [H, W], bool; nowhere when it is no pair."""
        return (self.worn == TRYON_SLOTS.index(self.slot) + 1) & self.paired


class PairPack(Pack):
    """A pack of pairs; ``len()`` counts them, ``keys`` names each.

    See `Pack`; the arrays are told at the top of this file.
    """

    kind = "pairs"
    array_names = ("photos", "parsing", "keypoints", "worn", "held_out", "garments", "pairs")
    photos: np.ndarray
    parsing: np.ndarray
    keypoints: np.ndarray
    worn: np.ndarray
    held_out: np.ndarray
    garments: np.ndarray
    pairs: np.ndarray

    @property
    def keys(self) -> list[str]:
        """Names each pair."""
        return self.facts

    @property
    def size_hw(self) -> SizeHW:
        """Height and width of the photos."""
        height, width = self.meta["size_hw"]
        return height, width

    def is_whole(self) -> bool:
        """See `Pack`."""
        photos = {len(array) for array in (self.photos, self.parsing, self.keypoints, self.worn, self.held_out)}
        whole = photos == {self.meta["photos"]} and len(self.garments) == self.meta["garments"]
        same = self.meta["labels"] == list(SIDED_LABELS) and self.meta["tryon_slots"] == list(TRYON_SLOTS)
        return whole and same and len(self.pairs) == len(self.facts) == self.meta["pairs"]

    def __len__(self) -> int:
        return len(self.pairs)

    def indices(self, held_out: bool, slot: str | None = None, paired: bool = True) -> np.ndarray:
        """Numbers of the pairs whose photo is (not) held out, ascending; of one slot if it is named.

        Args:
            paired: False gives the rows whose photo does not show the garment (test lists of VITON and the like).
        """
        photo, _, slots, shown = np.asarray(self.pairs).T
        chosen = (np.asarray(self.held_out)[photo].astype(bool) == held_out) & (shown.astype(bool) == paired)
        if slot is not None:
            chosen &= slots == TRYON_SLOTS.index(slot)
        return np.flatnonzero(chosen)

    def arrays(self, index: int) -> PairArrays:
        """Copies of one pair's arrays, for augmentation."""
        photo, garment, slot, paired = (int(v) for v in self.pairs[index])
        images = self.photos[photo], self.parsing[photo], self.worn[photo], self.keypoints[photo]
        image, labels, worn, joints = (np.array(array) for array in images)
        return PairArrays(image, labels, worn, joints, np.array(self.garments[garment]), TRYON_SLOTS[slot],
                          bool(paired))  # fmt: skip

    def sample(self, index: int) -> TryOnSample:
        """One pair as the pipelines take it."""
        return sample_of(self.arrays(index), self.keys[index])


def sample_of(pair: PairArrays, key: str) -> TryOnSample:
    """Arrays -> what the pipelines take; InputError when fewer than four joints are left."""
    h, w = pair.image.shape[:2]
    person = Person(pair.image, Parsing(pair.labels, SIDED_LABELS), Pose(pair.joints[:, :2], pair.joints[:, 2], (h, w)))
    mask = np.where(pair.garment[..., 3] > 127, 255, 0).astype(np.uint8)
    garment = Article(pair.slot, pair.garment[..., :3], mask)
    return TryOnSample(key, person, garment, pair.worn_mask if pair.paired else None)
