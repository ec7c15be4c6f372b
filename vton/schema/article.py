"""One piece of clothing as the generator gets it: slot, picture and mask on a fixed canvas."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vton.schema.errors import InputError
from vton.schema.sizes import SizeHW
from vton.schema.slots import SLOTS

ARTICLE_HW = (256, 192)
EMPTY_GREY = 128
_WEBP_QUALITY = 92


@dataclass(frozen=True, eq=False)
class Article:
    """A garment, a pair of shoes or an accessory, alone in the picture.

    Attributes:
        slot: one of ``SLOTS``.
        image_u8: [256, 192, 3], uint8 RGB, flat grey 128 outside the mask.
        mask_u8: [256, 192], uint8, 255 on the article and 0 elsewhere.
        webp: the encoded form that the pixels come from, if they do; ``to_webp`` returns it unchanged.

    Raises:
        InputError: unknown slot or empty mask.
        ValueError: wrong shape or type (a mistake in the program, not of the user).
    """

    slot: str
    image_u8: np.ndarray
    mask_u8: np.ndarray
    webp: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.slot not in SLOTS:
            raise InputError(f"Unknown slot {str(self.slot)[:40]!r}: use one of {', '.join(SLOTS)}.")
        image, mask = np.array(self.image_u8), np.array(self.mask_u8)
        if image.dtype != np.uint8 or image.shape != (*ARTICLE_HW, 3):
            raise ValueError(f"image_u8 must be uint8 {(*ARTICLE_HW, 3)}, got {image.dtype} {image.shape}")
        if mask.dtype != np.uint8 or mask.shape != ARTICLE_HW:
            raise ValueError(f"mask_u8 must be uint8 {ARTICLE_HW}, got {mask.dtype} {mask.shape}")
        if not np.isin(mask, (0, 255)).all():
            raise ValueError("mask_u8 must hold only 0 and 255")
        if not mask.any():
            raise InputError(f"The picture for {self.slot} is empty: choose one that shows the article.")
        image[mask == 0] = EMPTY_GREY
        image.setflags(write=False)
        mask.setflags(write=False)
        object.__setattr__(self, "image_u8", image)
        object.__setattr__(self, "mask_u8", mask)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Article):
            return NotImplemented
        return self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """SHA-256 of slot, picture and mask, as hexadecimal digits."""
        return hashlib.sha256(
            self.slot.encode() + self.image_u8.tobytes() + self.mask_u8.tobytes()
        ).hexdigest()

    def to_webp(self) -> bytes:
        """Returns the article as WebP with an alpha channel (quality 92; the mask is stored without loss)."""
        from PIL import Image

        if self.webp is not None:
            return self.webp
        buffer = io.BytesIO()
        rgba = np.dstack([self.image_u8, self.mask_u8])
        Image.fromarray(rgba).save(
            buffer, "WEBP", quality=_WEBP_QUALITY, alpha_quality=100, exact=True, method=4
        )
        return buffer.getvalue()

    @classmethod
    def from_webp(cls, slot: str, data: bytes) -> Article:
        """Reads what ``to_webp`` wrote.

        Raises:
            InputError: the bytes are no WebP of an article.
        """
        from PIL import Image

        try:
            with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
                if image.size != (ARTICLE_HW[1], ARTICLE_HW[0]):
                    raise InputError(
                        f"The stored picture for {slot} has the wrong size: make the recipe again."
                    )
                rgba = np.array(image.convert("RGBA"))
        except InputError:
            raise
        except Exception:  # a decoder raises anything on damaged bytes
            raise InputError(f"The stored picture for {slot} is damaged: make the recipe again.") from None
        mask = np.where(rgba[..., 3] > 127, 255, 0).astype(np.uint8)
        return cls(slot, rgba[..., :3], mask, bytes(data))

    def canonical(self) -> Article:
        """Returns the article as it comes back from its stored form, so that a recipe repeats it exactly."""
        return self if self.webp is not None else Article.from_webp(self.slot, self.to_webp())


@dataclass(frozen=True, eq=False)
class GarmentMask:
    """What a garment segmenter says about a photo.

    Attributes:
        mask_u8: [H, W], uint8, 255 on the garment and 0 elsewhere.
        alpha_u8: [H, W], uint8, 0..255, the same with soft edges.
        slot_scores: how likely each of ``SLOTS`` is, 0..1; together at most 1.
        garment: how likely the photo shows a garment, 0..1.
        hat: how likely an accessory is a hat and no bag, 0..1.

    Raises:
        ValueError: wrong shapes or types, or scores that are no probabilities.
    """

    mask_u8: np.ndarray
    alpha_u8: np.ndarray
    slot_scores: Mapping[str, float]
    garment: float
    hat: float

    def __post_init__(self) -> None:
        mask, alpha = np.array(self.mask_u8), np.array(self.alpha_u8)
        if mask.ndim != 2 or mask.shape != alpha.shape or mask.dtype != np.uint8 or alpha.dtype != np.uint8:
            raise ValueError(
                f"mask and alpha must be uint8 [H, W]: {mask.dtype} {mask.shape}, {alpha.dtype} {alpha.shape}"
            )
        if not np.isin(mask, (0, 255)).all():
            raise ValueError("mask_u8 must hold only 0 and 255")
        scores = {slot: float(self.slot_scores[slot]) for slot in SLOTS if slot in self.slot_scores}
        if len(scores) != len(SLOTS) or len(self.slot_scores) != len(SLOTS):
            raise ValueError(f"slot_scores must name {', '.join(SLOTS)}")
        # Written so that NaN fails too.
        shares = (*scores.values(), self.garment, self.hat)
        if not (min(shares) >= 0 and sum(scores.values()) <= 1 + 1e-4 and self.garment <= 1 and self.hat <= 1):
            raise ValueError(f"scores must be probabilities: {scores}, garment {self.garment}, hat {self.hat}")
        mask.setflags(write=False)
        alpha.setflags(write=False)
        object.__setattr__(self, "mask_u8", mask)
        object.__setattr__(self, "alpha_u8", alpha)
        object.__setattr__(self, "slot_scores", scores)
        object.__setattr__(self, "garment", float(self.garment))
        object.__setattr__(self, "hat", float(self.hat))

    @property
    def slot(self) -> str:
        """The most likely slot."""
        return max(self.slot_scores, key=self.slot_scores.__getitem__)

    @property
    def size_hw(self) -> SizeHW:
        """Height and width of the photo."""
        return self.mask_u8.shape
