"""What the photographer hands out: photos and packshots with their labels."""

from dataclasses import dataclass, field

import numpy as np

from vton.data.cloth import ClothBuffers
from vton.studio.specs.look import LookSpec


class RejectedOutfit(Exception):
    """The quality gate does not let an outfit through; ``reason`` is one of ``quality.REASONS``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Photo:
    """A photo and what is known about it.

    image_u8 [H,W,3]; parsing [H,W] u8, numbers of `labels.LABELS`; article_ids [H,W] u8, numbers of
    `labels.ARTICLE_ID`; silhouette [H,W] u8, coverage 0..255; coco18 [18,3], mpii16 [16,3] f32: x, y in pixels,
    visibility (2 visible, 1 hidden, 0 out of frame). cloth: what of which article each pixel shows, and places: where
    that is in the article's own picture, by kind of picture ("body": the packshot), [h,w,2] as in `correspondence`;
    both of pixels `picture.cloth_scale` times as large as the photo's.
    """

    image_u8: np.ndarray
    parsing: np.ndarray
    article_ids: np.ndarray
    silhouette: np.ndarray
    coco18: np.ndarray
    mpii16: np.ndarray
    cloth: ClothBuffers
    places: dict[str, np.ndarray]


@dataclass(frozen=True)
class Packshot:
    """An article alone: image_u8 [256,192,3], mask_u8 [256,192], 0..255, and what of it each pixel shows."""

    image_u8: np.ndarray
    mask_u8: np.ndarray
    cloth: ClothBuffers


@dataclass(frozen=True)
class RenderedLook:
    """All pictures of a look: one photo per pose, one packshot per article, and the articles' other photos.

    article_photos: by slot and kind ("flat", "hanger", "worn").
    """

    spec: LookSpec
    photos: tuple[Photo, ...]
    packshots: dict[str, Packshot]
    article_photos: dict[str, dict[str, Packshot]] = field(default_factory=dict)
