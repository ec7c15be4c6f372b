"""Garments laid on places they were not photographed in: exact masks without end, for training and evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from vton.conditioning.canvas import resize_u8
from vton.data.garments.backdrops import (
    cast_shadow,
    draw_hanger,
    drawing,
    drawn_backdrop,
    landscape,
    odd_object,
    random_view,
    smooth_noise,
)
from vton.data.garments.pack import GarmentPack
from vton.schema import SLOTS

NO_GARMENT = len(SLOTS)
TRUST = {"exact": 1.0, "plain": 1.0, "grabcut": 0.6, "rough": 0.3}
_HAT = {"hat": 1, "bag": 0}
_LEAST_VISIBLE = 0.6  # of the garment, on the canvas


@dataclass(frozen=True, eq=False)
class GarmentSample:
    """A picture and what is true of it.

    Attributes:
        image_u8: [S, S, 3]; mask: [S, S], float32, 0..1, share of each pixel that is garment.
        slot: number in ``SLOTS``, or `NO_GARMENT`.
        trust: how far the mask can be trusted: 1 exact, 0 unknown.
        hat: whether an accessory is a hat, 1, or a bag, 0; -1 of other slots, or where nobody says so.
    """

    image_u8: np.ndarray
    mask: np.ndarray
    slot: int
    trust: float
    hat: int = -1


class GarmentComposer:
    """Draws samples from the training or the held-out rows of a pack.

    Args:
        side: of the square canvas in pixels.
    """

    def __init__(self, pack: GarmentPack, side: int = 256, held_out: bool = False):
        self.pack, self.side = pack, side
        self.packshots = pack.rows("packshot", held_out)
        self.photos = pack.rows("photo", held_out)
        self.plain = pack.rows("photo", held_out, ("plain",))
        self.cut_outs = pack.rows("photo", held_out, ("plain", "grabcut"))
        self.people = pack.rows("person", held_out)
        self.floors, self.scenes = pack.rows("floor", held_out), pack.rows("scene", held_out)

    def slot(self, row: int) -> int:
        """Number of the slot of a row, `NO_GARMENT` for rows without one."""
        name = self.pack.items[row]["slot"]
        return SLOTS.index(name) if name else NO_GARMENT

    def hat(self, row: int) -> int:
        """See `GarmentSample`."""
        return _HAT.get(self.pack.items[row].get("accessory", ""), -1)

    def accessories(self, hat: bool) -> np.ndarray:
        """Rows of hats, or of bags, that can be laid elsewhere."""
        rows = np.concatenate([self.packshots, self.cut_outs])
        return rows[[self.hat(row) == hat for row in rows]] if len(rows) else rows

    def composite(self, row: int, rng: np.random.Generator) -> GarmentSample:
        """The garment of a row, warped, on another backdrop with other things, shadows and a camera's flaws."""
        image, cover = self._laid(row, rng)
        backdrop = self.backdrop(rng)
        if rng.random() < 0.3:
            texture = self.backdrop(rng)
            for _ in range(int(rng.integers(1, 4))):
                backdrop = _over(backdrop, *odd_object(self.side, rng, texture, rng.uniform(0.03, 0.15)))
        if rng.random() < 0.15:
            draw_hanger(backdrop, cover, rng)
        scene = cast_shadow(backdrop.astype(np.float32), cover, rng)
        scene += (image - scene) * cover[..., None]
        return GarmentSample(photographed(scene, rng), cover, *self._truth(row))

    def pasted(self, row: int, rng: np.random.Generator) -> GarmentSample:
        """The garment of a row as it is, on another backdrop with a shadow; nothing else is done to the picture."""
        photo, mask = self._source(row)
        colours, cover = (resize_u8(a, (self.side, self.side)).astype(np.float32) for a in (photo, mask))
        cover /= 255
        scene = cast_shadow(self.backdrop(rng).astype(np.float32), cover, rng)
        scene += (colours - scene) * cover[..., None]
        return GarmentSample(np.clip(scene, 0, 255).astype(np.uint8), cover, *self._truth(row))

    def backdrop(self, rng: np.random.Generator) -> np.ndarray:
        """A place without a garment: [S, S, 3] uint8."""
        kind = rng.random()
        rows = self.floors if kind < 0.6 else self.scenes
        if kind < 0.8 and len(rows):
            return random_view(self.pack.photo(int(rng.choice(rows))), self.side, rng)
        return drawn_backdrop(self.side, rng)

    def real(self, row: int, rng: np.random.Generator) -> GarmentSample:
        """A photo of a garment where it lies, seen a little differently; its mask is a pseudo-mask or unknown."""
        photo, mask = self._source(row)
        centre, scale = np.array(mask.shape) / 2, self.side / len(mask) * rng.uniform(0.85, 1.25)
        matrix, size = _camera(centre, self.side, rng, scale, most_turn=12), (self.side, self.side)
        image = cv2.warpPerspective(photo, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        mask = cv2.warpPerspective(mask, matrix, size).astype(np.float32) / 255
        image = recoloured(image, rng) if rng.random() < 0.3 else image
        return GarmentSample(photographed(image.astype(np.float32), rng), mask, *self._truth(row))

    def negative(self, rng: np.random.Generator) -> GarmentSample:
        """A picture without a garment of its own: people, places, things, drawings, landscapes."""
        kind = rng.random()
        if kind < 0.45 and len(self.people):
            row = int(rng.choice(self.people))
            if rng.random() < 0.6:
                image = resize_u8(self.pack.photos[row], (self.side, self.side))
            else:  # large parts: a skirt alone would be a garment
                image = random_view(self.pack.photo(row), self.side, rng, least=0.85)
        elif kind < 0.6:
            image = drawing(self.side, rng) if rng.random() < 0.6 else landscape(self.side, rng)
        else:
            image = self.backdrop(rng)
            for _ in range(int(rng.integers(0, 3))):
                image = _over(image, *odd_object(self.side, rng, self.backdrop(rng), rng.uniform(0.05, 0.4)))
        empty = np.zeros((self.side, self.side), np.float32)
        return GarmentSample(photographed(image.astype(np.float32), rng), empty, NO_GARMENT, 1.0)

    def _truth(self, row: int) -> tuple[int, float, int]:
        """Slot, trust and hat of a sample."""
        return self.slot(row), TRUST.get(self.pack.items[row]["mask"], 0.0), self.hat(row)

    def _source(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Photo and mask of a row, shrunk while they are twice as large as the canvas, against aliasing."""
        photo, mask = self.pack.photos[row], self.pack.masks[row]
        while len(mask) >= 2 * self.side:
            half = (len(mask) // 2, len(mask) // 2)
            photo, mask = resize_u8(photo, half), resize_u8(mask, half)
        return np.asarray(photo), np.asarray(mask)

    def _laid(self, row: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The garment of a row alone, on the canvas: colours [S, S, 3] and cover [S, S], float32."""
        colours, mask = self._source(row)
        ys, xs = np.flatnonzero(mask.max(1) > 127), np.flatnonzero(mask.max(0) > 127)
        centre = np.array([xs[0] + xs[-1] + 1, ys[0] + ys[-1] + 1]) / 2
        extent, area = max(xs[-1] - xs[0], ys[-1] - ys[0]) + 1, float(mask.sum()) / 255
        for attempt in range(4):
            share = rng.uniform(0.45, 0.98) if attempt or rng.random() < 0.85 else rng.uniform(0.95, 1.3)
            scale = share * self.side / extent
            matrix = _camera(centre, self.side, rng, scale, most_turn=25 if rng.random() < 0.85 else 180)
            map_x, map_y = _source_of(matrix, self.side, rng)
            cover = cv2.remap(mask, map_x, map_y, cv2.INTER_LINEAR).astype(np.float32) / 255
            if cover.sum() > _LEAST_VISIBLE * area * scale**2:
                break
        image = cv2.remap(colours, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        image = recoloured(image, rng) if rng.random() < 0.5 else image
        return image * _folds(self.side, rng)[..., None], cover


@lru_cache(maxsize=4)
def _grid(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of every pixel of the canvas, float32."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    return y, x


def _camera(centre: np.ndarray, side: int, rng: np.random.Generator, scale: float, most_turn: float) -> np.ndarray:
    """[3, 3] from the source canvas to ours: turn, mirror, stretch, shear and perspective about ``centre``."""
    turn = np.deg2rad(rng.uniform(-most_turn, most_turn))
    stretch = np.exp(rng.uniform(-0.12, 0.12))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = rotation @ np.array([[mirror * stretch, rng.uniform(-0.12, 0.12)], [0, 1 / stretch]]) * scale
    slack = max(0.0, 1 - scale * 2 * max(centre) / side) * 0.15 + 0.03
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = side / 2 + rng.uniform(-slack, slack, 2) * side - linear @ centre
    tilt = np.eye(3)
    tilt[2, :2] = rng.normal(0, 0.12, 2) / side
    about = np.array([[1, 0, side / 2], [0, 1, side / 2], [0, 0, 1.0]])
    return about @ tilt @ np.linalg.inv(about) @ matrix


def _source_of(matrix: np.ndarray, side: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel comes from, with the smooth displacement of cloth that lies unevenly: two [S, S] float32."""
    y, x = _grid(side)
    for scale, reach in ((0.35, 0.02), (0.12, 0.005)):
        amount = np.float32(side * reach * rng.uniform(0, 1))
        x, y = x + smooth_noise(side, rng, scale) * amount, y + smooth_noise(side, rng, scale) * amount
    back = np.linalg.inv(matrix).astype(np.float32)
    w = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    return (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / w, (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / w


def _folds(side: int, rng: np.random.Generator) -> np.ndarray:
    """Light and shade of creases: [S, S] float32 about 1; creases run along one direction and bend."""
    y, x = _grid(side)
    angle, waves = rng.uniform(0, np.pi), 2 * np.pi * rng.uniform(2, 9)
    along_x, along_y = np.float32(np.cos(angle) * waves / side), np.float32(np.sin(angle) * waves / side)
    phase = x * along_x + y * along_y + np.float32(0.08 * waves) * smooth_noise(side, rng, 0.3)
    crease = np.sin(phase) * smooth_noise(side, rng, 0.25)
    light, dark = np.float32(rng.uniform(0, 0.14)), np.float32(rng.uniform(0, 0.06))
    return 1 + crease * light + smooth_noise(side, rng, 0.2) * dark


def recoloured(image_u8: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another hue, saturation and lightness: [S, S, 3] uint8."""
    levels, hsv = np.arange(256), cv2.cvtColor(image_u8, cv2.COLOR_RGB2HSV)
    hue = (levels + rng.uniform(0, 180)) % 180
    saturation = np.clip(levels * rng.uniform(0.3, 1.5), 0, 255)
    value = 255 * (levels / 255) ** np.exp(rng.uniform(-0.6, 0.6))
    tables = np.stack([hue, saturation, value], 1).astype(np.uint8)[None]
    return cv2.cvtColor(cv2.LUT(hsv, tables), cv2.COLOR_HSV2RGB)


def photographed(scene: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Uneven light, colour cast, contrast, blur, grain and JPEG: [S, S, 3] float32 0..255 -> uint8."""
    side = len(scene)
    y, x = _grid(side)
    slope = rng.normal(0, 0.25 / side, 2).astype(np.float32)
    uneven = np.float32(0.06 * rng.uniform()) * smooth_noise(side, rng, 0.5)
    light = np.exp(slope[0] * (y - side / 2) + slope[1] * (x - side / 2) + uneven + np.float32(rng.normal(0, 0.1)))
    cast = np.exp(rng.normal(0, 0.05, 3) + rng.normal(0, 0.08)).astype(np.float32)
    image = scene * light[..., None] * cast + np.float32(rng.normal(0, 8))
    image = 255 * cv2.pow(np.clip(image, 0, 255, out=image) / 255, np.exp(rng.normal(0, 0.12)))
    if rng.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.6) * side / 256)
    if rng.random() < 0.5:
        image += rng.standard_normal(image.shape, np.float32) * np.float32(rng.uniform(0.5, 7))
    image_u8 = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))]
        # The other way round on both sides of the file: colours are stored coarser than lightness.
        file = cv2.imencode(".jpg", image_u8[..., ::-1], quality)[1]
        image_u8 = np.ascontiguousarray(np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
    return image_u8


def _over(backdrop_u8: np.ndarray, colours_u8: np.ndarray, cover: np.ndarray) -> np.ndarray:
    backdrop = backdrop_u8.astype(np.float32)
    return (backdrop + (colours_u8 - backdrop) * cover[..., None]).astype(np.uint8)
