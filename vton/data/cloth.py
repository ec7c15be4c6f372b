"""Which point of the cloth each pixel of a picture shows, and the same as PNG files of the studio's shards."""

from dataclasses import dataclass

import cv2
import numpy as np

NO_ISLAND = -1
"""``ClothBuffers.island`` where no article is."""

NOT_SHOWN = -1.0
"""Both coordinates in a field where the cloth of a pixel is not in the article's picture."""

STEPS_PER_PIXEL, STEPS_PER_METRE = 16, 2000
"""Precision of stored positions in a picture, and of places on the cloth."""

_MIDDLE = 2**15
_ISLANDS = 16


@dataclass(frozen=True)
class ClothBuffers:
    """The point of the cloth that each pixel of a picture shows; a pixel shows one article.

    Attributes:
        article: [H, W] u8 number of the slot (1 for the first of `schema.SLOTS`), 0 where there is no article.
        island: [H, W] i8. Garments: 0 torso or skirt, 1 left and 2 right sleeve or leg, 3 collar, lapel or hood; shoes,
            hats and bags 0; `NO_ISLAND` where there is no article.
        place: [H, W, 3] f32 metres of cloth, the mean over the pixel's part of that sheet; 0 where there is none.
            Garments: u, v of the studio's atlas (``uv * ATLAS_M``) and 0: graded, so the same on every body. Shoes,
            hats and bags: the point on standard feet and heads.
        inside: [H, W] bool, the pixel shows the cloth's inside.
    """

    article: np.ndarray
    island: np.ndarray
    place: np.ndarray
    inside: np.ndarray

    def of(self, article: int) -> np.ndarray:
        """[H, W] bool, where the picture shows an article."""
        return (self.article == article) & (self.island != NO_ISLAND)


def encode_cloth(cloth: ClothBuffers) -> bytes:
    """A PNG of 16 bit, [4 H, W]: the sheet (article, island, side), then the three coordinates of the place."""
    shown = cloth.island != NO_ISLAND
    sheet = np.where(shown, 2 * (_ISLANDS * cloth.article.astype(int) + cloth.island) + cloth.inside, 0)
    steps = np.rint(cloth.place.astype(np.float64) * STEPS_PER_METRE).astype(int) + _MIDDLE
    return _png([sheet, *np.moveaxis(np.where(shown[..., None], steps, 0), -1, 0)])


def decode_cloth(data: bytes) -> ClothBuffers:
    """What `encode_cloth` wrote.

    Raises:
        ValueError: it cannot be decoded.
    """
    sheet, *steps = _planes(data, 4)
    shown = sheet > 0
    place = np.where(shown[..., None], (np.stack(steps, -1) - _MIDDLE) / STEPS_PER_METRE, 0)
    island = np.where(shown, sheet // 2 % _ISLANDS, NO_ISLAND).astype(np.int8)
    return ClothBuffers((sheet // 2 // _ISLANDS).astype(np.uint8), island, place.astype(np.float32), sheet % 2 == 1)


def encode_field(field: np.ndarray) -> bytes:
    """A PNG of 16 bit, [2 H, W], of a field of `studio.correspondence` [H, W, 2]: x, then y."""
    steps = np.where(field == NOT_SHOWN, 1, 2 + np.rint(field * STEPS_PER_PIXEL))
    return _png(np.moveaxis(np.where(np.isnan(field), 0, steps), -1, 0))


def decode_field(data: bytes) -> np.ndarray:
    """What `encode_field` wrote: [H, W, 2] f32 pixels, `NOT_SHOWN`, NaN where the photo shows no article.

    Raises:
        ValueError: it cannot be decoded.
    """
    steps = np.stack(_planes(data, 2), -1)
    field = np.where(steps == 1, NOT_SHOWN, (steps - 2) / STEPS_PER_PIXEL)
    return np.where(steps == 0, np.nan, field).astype(np.float32)


def _png(planes: list[np.ndarray] | np.ndarray) -> bytes:
    image = np.concatenate(list(planes)).clip(0, 2**16 - 1).astype(np.uint16)
    return cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 6])[1].tobytes()


def _planes(data: bytes, count: int) -> list[np.ndarray]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    if image is None or image.dtype != np.uint16 or image.ndim != 2 or len(image) % count:
        raise ValueError("labels of the cloth cannot be decoded")
    return np.split(image.astype(np.int32), count)
