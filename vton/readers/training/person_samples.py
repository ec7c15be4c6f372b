"""Augmented training samples of persons: real photos, studio persons on real backgrounds, and nobody at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import border_pixels, resized
from vton.conditioning.masks import lowest, square
from vton.data.garments.pack import GarmentPack
from vton.data.held_out import spread
from vton.data.pack import kind_of
from vton.data.persons.pack import PersonPack
from vton.data.persons.rows import NO_LABEL
from vton.schema import COCO18, InputError, SizeHW, as_size
from vton.schema.label_sets import PARSER_LABELS
from vton.training.backgrounds import PhotoBackgrounds
from vton.training.photo_augmentation import (
    SWAP,
    Camera,
    ViewRange,
    apply_to_points,
    blend,
    occlude,
    photograph,
    random_view,
    shift_colours,
    warp,
)
from vton.training.recolour import random_transform, recolour_region

# What lies beyond the edges of a real photo, as bounds of one draw, 0..1: its edge goes on, then its border's colour,
# then another background, more often around small people, who have more of it.
_EDGE_GOES_ON, _OTHER_BACKGROUND, _OTHER_AROUND_SMALL = 0.15, 0.85, 0.4
_SMALL = 0.45  # of the canvas' height: a person who is less tall
_NO_FRINGE = 0.6  # share of the cut-outs without the light fringe of the studio's backdrop
_OWN_LIGHT = 0.8  # strength of the change of light, see `shift_colours`, on who is put before another background
# Height of a bystander: of the main person at most, and of the canvas at most and, if there is room, at least.
_LESS_TALL, _TALLEST, _SHORTEST = 0.85, 0.9, 0.15
ARTICLES = tuple(PARSER_LABELS.index(name) for name in ("hat", "top", "outer", "bottom", "dress", "shoes", "bag"))


@dataclass(frozen=True)
class SampleMix:
    """What the samples are made of; shares of all samples, the rest are studio persons.

    Attributes:
        real: share of real photos; nobody: share of pictures without a person, half of them garments if there are.
        composited: of the studio persons, the share on another background.
        bystander: share of samples with a second, smaller person behind the first.
        recolour: share of samples with a parsing whose articles get other colours, each of them half of the time.
        two_coloured: of the articles that do, the share of which only a part does.
        behind: how many times as often as others a person is drawn who is seen from behind.
    """

    real: float = 0.62
    nobody: float = 0.08
    composited: float = 0.7
    bystander: float = 0.12
    recolour: float = 0.0
    two_coloured: float = 0.3
    behind: int = 1
    views: ViewRange = field(default_factory=ViewRange)
    camera: Camera = field(default_factory=Camera)


def _from_behind(joints: np.ndarray) -> bool:
    """Whether the left shoulder of joints [18, 3] is to the left in the picture."""
    right, left = joints[COCO18.index("right_shoulder")], joints[COCO18.index("left_shoulder")]
    return bool(min(right[2], left[2]) > 0 and left[0] < right[0])


@dataclass
class PersonSample:
    """``image_u8`` [H,W,3]; ``joints`` [18,3]: x, y on the canvas, confidence (0: not there or off the canvas);
    ``labels`` [H/s,W/s] numbers of a pack's parsing; ``present``: whether anybody is there; ``soft_labels``
    [H/2,W/2,14] as in a pack, None of a photo with a parsing; ``exact``: whether the labels' borders are where they
    belong."""

    image_u8: np.ndarray
    joints: np.ndarray
    labels: np.ndarray
    present: bool
    soft_labels: np.ndarray | None = None
    exact: bool = False


class PersonSampler:
    """Draws samples from packs.

    Args:
        size_hw: the canvas; label_stride: canvas pixels per pixel of ``labels``.
        parsed: use photos with a parsing, or with a teacher's labels, only.
        garments: packs of garments' photos, for pictures without a person.

    Raises:
        ValueError: no training photo in the packs.
    """

    def __init__(self, packs: Sequence[PersonPack], size_hw: SizeHW, label_stride: int = 2,
                 mix: SampleMix | None = None, parsed: bool = False, garments: Sequence[GarmentPack] = ()):
        self.size_hw, self.stride, self.mix, self.parsed = size_hw, label_stride, mix or SampleMix(), parsed
        chosen = [(pack, int(i)) for pack in packs
                  for i in pack.indices(held_out=False, parsed=parsed and pack.soft_labels is None)]  # fmt: skip
        if self.mix.behind > 1:
            turned = [(pack, i) for pack, i in chosen if _from_behind(pack.keypoints[i])]
            chosen += (self.mix.behind - 1) * turned
        self.real = [place for place in chosen if place[0].traits.real]
        self.studio = [place for place in chosen if not place[0].traits.real]
        if not chosen:
            raise ValueError("no person to train on")
        self.backgrounds = PhotoBackgrounds(packs, garments)

    def draw(self, rng: np.random.Generator) -> PersonSample:
        """One augmented sample."""
        kind = rng.random()
        if kind < self.mix.nobody:
            sample = self._nobody(rng)
        elif self.real and (kind < self.mix.nobody + self.mix.real or not self.studio):
            sample = self.real_sample(rng, *self.real[int(rng.integers(len(self.real)))])
        else:
            sample = self._studio_sample(rng, *self.studio[int(rng.integers(len(self.studio)))])
        if sample.present and rng.random() < self.mix.camera.occluder:
            self._occlude(rng, sample)
        sample.image_u8 = photograph(rng, sample.image_u8, self.mix.camera)
        return sample

    def _thinned(self, plane: np.ndarray) -> np.ndarray:
        """Of a plane of the canvas one pixel per pixel of ``labels``."""
        return plane[self.stride // 2 :: self.stride, self.stride // 2 :: self.stride]

    def _label_map(self, labels: np.ndarray, matrix: np.ndarray, outside: int) -> np.ndarray:
        size = (self.size_hw[0] // self.stride, self.size_hw[1] // self.stride)
        return warp(labels, matrix / self.stride, size, outside, nearest=True)

    def _joints(self, joints: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        joints = np.array(joints)
        joints[:, :2] = apply_to_points(matrix, joints[:, :2])
        if np.linalg.det(matrix[:, :2]) < 0:
            joints = joints[SWAP]
        inside = ((joints[:, :2] >= 0) & (joints[:, :2] < self.size_hw[::-1])).all(1)
        joints[:, 2] *= inside
        return joints

    def real_sample(self, rng: np.random.Generator, pack: PersonPack, photo: int) -> PersonSample:
        """A view of a real photo; beyond its edges lies its border colour, its edge or another background."""
        rows, columns = pack.content_of(photo)
        image, labels = np.array(pack.photos[photo, rows, columns]), np.array(pack.parsing[photo, rows, columns])
        corner = np.array([columns.start, rows.start], np.float64)
        matrix = random_view(rng, pack.boxes[photo] - np.tile(corner, 2), self.size_hw, self.mix.views)
        parsed, kind = bool(pack.has_parsing[photo]), rng.random()
        soft, regions = None, labels
        if self.parsed and not parsed:
            assert pack.soft_labels is not None, "its photos without a parsing were left out"
            soft = np.array(pack.soft_labels[photo])
            regions, parsed = _likeliest(soft, pack.size_hw)[rows, columns], True
        self._recolour(rng, image, regions)
        if self.studio and parsed and rng.random() < self.mix.bystander:
            _, y0, _, y1 = pack.boxes[photo]
            image = self._with_bystander(rng, image, float(y1 - y0), regions == 0)
        if kind < _EDGE_GOES_ON:
            view, outside = warp(image, matrix, self.size_hw, None), NO_LABEL
        else:
            view = warp(image, matrix, self.size_hw, np.median(border_pixels(image), axis=0))
            outside = 0 if parsed else NO_LABEL
            _, y0, _, y1 = pack.boxes[photo]
            small = np.sqrt(abs(np.linalg.det(matrix[:, :2]))) * (y1 - y0) < _SMALL * self.size_hw[0]
            if kind > (_OTHER_AROUND_SMALL if small else _OTHER_BACKGROUND):
                inside = warp(np.full(image.shape[:2], 255, np.uint8), matrix, self.size_hw)
                view = blend(view, self.backgrounds.draw(rng, self.size_hw), inside)
        joints = np.array(pack.keypoints[photo])
        joints[:, :2] -= corner
        labels = self._label_map(labels, matrix, outside)
        if soft is not None:
            shift = (matrix[:, 2] - matrix[:, :2] @ corner) / 2
            soft = warp(soft, np.column_stack([matrix[:, :2], shift]), as_size(side // 2 for side in self.size_hw))
        return PersonSample(view, self._joints(joints, matrix), labels, True, soft)

    def _studio_sample(self, rng: np.random.Generator, pack: PersonPack, photo: int) -> PersonSample:
        matrix = random_view(rng, pack.boxes[photo], self.size_hw, self.mix.views)
        image = np.array(pack.photos[photo])
        self._recolour(rng, image, pack.parsing[photo])
        labels = self._label_map(np.array(pack.parsing[photo]), matrix, 0)
        if rng.random() < self.mix.composited:
            cover = self._cut_out(rng, pack.silhouette(photo), matrix, self.size_hw)
            background = self.backgrounds.draw(rng, self.size_hw)
            if rng.random() < self.mix.bystander:
                _, y0, _, y1 = pack.boxes[photo]
                tall = float(y1 - y0) * np.sqrt(abs(np.linalg.det(matrix[:, :2])))
                background = self._with_bystander(rng, background, tall)
            view = self._put(rng, image, cover, matrix, background)
            labels[self._thinned(cover) < 128] = 0
        else:
            view = warp(image, matrix, self.size_hw, None)
        return PersonSample(view, self._joints(pack.keypoints[photo], matrix), labels, True, exact=True)

    def _recolour(self, rng: np.random.Generator, image: np.ndarray, labels: np.ndarray) -> None:
        """Dyes articles in place: what a thing is must show in its shape."""
        if rng.random() >= self.mix.recolour:
            return
        for label in ARTICLES:
            if rng.random() < 0.5:
                mask = labels == label
                if mask.any():
                    part = _one_side(rng, mask) if rng.random() < self.mix.two_coloured else mask
                    recolour_region(image, part, random_transform(rng))

    @staticmethod
    def _cut_out(
        rng: np.random.Generator, silhouette: np.ndarray, matrix: np.ndarray, size_hw: SizeHW
    ) -> np.ndarray:
        """How much of a canvas a person covers: [H, W], uint8."""
        cover = np.array(silhouette)
        if rng.random() < _NO_FRINGE:
            cover = lowest(cover, square(1))
        return warp(cover, matrix, size_hw)

    @staticmethod
    def _put(rng: np.random.Generator, image: np.ndarray, cover: np.ndarray, matrix: np.ndarray,
             background: np.ndarray) -> np.ndarray:
        """A cut-out person on a background, in a light of their own."""
        image = shift_colours(rng, image, _OWN_LIGHT)
        return blend(warp(image, matrix, background.shape[:2], None), background, cover)

    def _with_bystander(self, rng: np.random.Generator, image: np.ndarray, main_height: float,
                        where: np.ndarray | None = None) -> np.ndarray:
        """A studio person, smaller than the main one, behind everything that is not ``where`` [h, w] (None: nothing).

        Args:
            main_height: of the main person in pixels of ``image``.
        """
        pack, photo = self.studio[int(rng.integers(len(self.studio)))]
        h, w = image.shape[:2]
        largest = min(_LESS_TALL * main_height / h, _TALLEST)
        views = ViewRange(half_body=0, close=0, far=0, smallest=min(_SHORTEST, largest), largest=largest, turned=0)
        matrix = random_view(rng, pack.boxes[photo], (h, w), views)
        cover = self._cut_out(rng, pack.silhouette(photo), matrix, (h, w))
        crowded = self._put(rng, np.array(pack.photos[photo]), cover, matrix, image)
        return crowded if where is None else np.where(where[..., None], crowded, image)

    def _nobody(self, rng: np.random.Generator) -> PersonSample:
        labels = np.zeros((self.size_hw[0] // self.stride, self.size_hw[1] // self.stride), np.uint8)
        draw = self.backgrounds.garment if rng.random() < 0.5 else self.backgrounds.draw
        return PersonSample(draw(rng, self.size_hw), np.zeros((18, 3), np.float32), labels, False)

    def _occlude(self, rng: np.random.Generator, sample: PersonSample) -> None:
        texture = self.backgrounds.draw(rng, self.size_hw) if rng.random() < 0.5 else None
        sample.image_u8 = np.ascontiguousarray(sample.image_u8)
        covered = occlude(rng, sample.image_u8, texture)
        sample.labels[self._thinned(covered)] = NO_LABEL
        if sample.soft_labels is not None:
            sample.soft_labels[covered[1::2, 1::2]] = 0
        x, y = sample.joints[:, :2].astype(int).T
        present = sample.joints[:, 2] > 0
        hidden = np.zeros(len(x), bool)
        hidden[present] = covered[y[present], x[present]]
        # Still to be placed, but not to be claimed as seen.
        sample.joints[hidden, 2] = np.minimum(sample.joints[hidden, 2], 0.5)


def open_packs(data: Sequence[str | Path]) -> tuple[list[PersonPack], list[GarmentPack]]:
    """Packs of persons and of garments among folders.

    Raises:
        InputError: a folder is neither, or there is no pack of persons.
    """
    garments = [Path(folder) for folder in data if kind_of(Path(folder)) == GarmentPack.kind]
    persons = [Path(folder) for folder in data if Path(folder) not in garments]
    if not persons:
        raise InputError("Give --data with a pack of persons: make one with `python -m vton pack --kind persons`.")
    return [PersonPack(folder) for folder in persons], [GarmentPack(folder) for folder in garments]


def held_out_photos(packs: Sequence[PersonPack], count: int, parsed: bool = False) -> list[tuple[PersonPack, int]]:
    """Held-out photos (``parsed``: those with a parsing), evenly spread, ``count`` of each pack."""
    return [(pack, int(i)) for pack in packs for i in spread(pack.indices(held_out=True, parsed=parsed), count)]


def _likeliest(soft_labels: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    """The labels with the largest shares [h, w, 14], on the canvas: [H, W], uint8."""
    return resized(soft_labels.argmax(2).astype(np.uint8), size_hw, "corner")


def _one_side(rng: np.random.Generator, mask: np.ndarray) -> np.ndarray:
    """What of a mask [H, W] lies on one side of a line through one of its pixels."""
    rows, columns = mask.nonzero()
    pixel, angle = int(rng.integers(len(rows))), rng.uniform(0, 2 * np.pi)
    beyond = np.sin(angle) * (rows - rows[pixel]) + np.cos(angle) * (columns - columns[pixel]) > 0
    side = np.zeros_like(mask)
    side[rows[beyond], columns[beyond]] = True
    return side
