"""The one place where articles are cut out of people's photos: by the plain backdrop, else by the garment segmenter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from vton.conditioning.masks import disc, grown, opened, pieces
from vton.conditioning.photos.article_photo import WORKING_SIDE, as_article, open_photo, spread_colours
from vton.conditioning.photos.contrast import with_contrast
from vton.conditioning.photos.cutout import remove_background
from vton.conditioning.photos.image_io import ImageSource
from vton.readers import get_garment_segmenter
from vton.readers.base import NO_GARMENT, GarmentSegmenter
from vton.readers.garment.worn_garment import chosen_garment, worn_garments
from vton.schema import SLOTS, Article, GarmentMask, InputError, Outfit, Wear

# Probabilities: of a garment, below which a photo is refused; of a slot, below which it is no second choice.
LEAST_GARMENT, LEAST_PLAUSIBLE = 0.5, 0.05
_LEAST_MASK = 0.003  # of the photo
_USUAL = Wear(side="left", top="over", outer="open", sleeves="down", hems="down")
_GREY = 160.0  # of 255: paper on which white is seen
_AGREE = 0.6  # least overlap of backdrop's and segmenter's mask, over their union, for the segmenter to be believed
_SURELY_NONE = 64  # of 255: alpha below which it is sure that there is no garment
_LIGHTNESS = 0.5  # of a colour's difference in Lab: shade lies on backdrops
_BROAD, _LEAST_GAP = 0.012, 0.005  # of the short side and of the mask: narrower or smaller pieces stay
_WHITE, _EVEN = 225.0, 7.0  # of 255: a backdrop above that mean, or below that deviation, is a shop's


@dataclass(frozen=True)
class Cutout:
    """An article and where it lies in its photo.

    Attributes:
        image_u8: [H, W, 3], uint8, the photo.
        alpha_u8: [H, W], uint8, 255 on the article.
        slot: the likely one.
        scores: what the segmenter says of every slot.
        method: "alpha" (the photo's own), "backdrop" (a plain one, exact to the pixel) or the segmenter's name.
    """

    image_u8: np.ndarray
    alpha_u8: np.ndarray
    slot: str
    scores: dict[str, float]
    method: str

    @property
    def rgba_u8(self) -> np.ndarray:
        """The photo with the alpha channel, the rim without the backdrop's colour: [H, W, 4], uint8."""
        clean = spread_colours(self.image_u8, np.where(self.alpha_u8 > 127, 255, 0).astype(np.uint8))
        return np.dstack([np.where(self.alpha_u8[..., None] > 0, clean, self.image_u8), self.alpha_u8])


class FoundArticle(NamedTuple):
    """A photo [h, w, 3], uint8, the article's mask [h, w], uint8, 0 or 255, or None for the whole photo, and the slot.

    ``cut_before`` says that the mask is the photo's own transparency.
    """

    image_u8: np.ndarray
    mask_u8: np.ndarray | None
    slot: str
    cut_before: bool

    @property
    def snapshot(self) -> bool:
        """Whether somebody took it where it lay or hung, as people do at home.

        Not what was cut out before, nor what a shop shows: before white, or a backdrop more even than any at home.
        """
        if self.cut_before or self.mask_u8 is None or self.mask_u8.all():
            return False
        mean, deviation = cv2.meanStdDev(self.image_u8, mask=np.where(self.mask_u8, np.uint8(0), np.uint8(255)))
        return not (mean.min() > _WHITE or deviation.mean() < _EVEN)


def cut_out(
    source: ImageSource, longest_side: int | None = None, segmenter: GarmentSegmenter | None = None
) -> Cutout:
    """Cuts the garment out of its photo and says which slot it belongs to.

    Args:
        source: path, content of a file, PIL image or array.
        longest_side: larger photos are shrunk to it; None keeps their size.
        segmenter: the ``auto`` one by default.

    Raises:
        InputError: the photo cannot be read or does not show a garment.
    """
    image, alpha = open_photo(source, longest_side)
    reader: GarmentSegmenter = segmenter or get_garment_segmenter()
    found, worn = _garment_or_worn(image, alpha, reader, cut_before=alpha is not None)
    if worn:
        slot = next(iter(worn))
        return Cutout(image, worn[slot], slot, _shares(worn), "worn")
    method = "alpha"
    if alpha is None:
        alpha, method = _by_backdrop(image, reader), "backdrop"
    if alpha is None:
        alpha, method = _checked(found).alpha_u8, reader.name
    return Cutout(image, alpha, found.slot, dict(found.slot_scores), method)


def article_from_photo(
    source: ImageSource,
    slot: str | None = None,
    remove_bg: bool = True,
    segmenter: GarmentSegmenter | None = None,
) -> Article:
    """Opens somebody's photo of a garment and makes the article of it that generators see.

    A photo with transparency, or a shop's, needs no segmenter as long as the slot is given: there the mask is exact,
    and the user's word counts.

    Args:
        source: path, content of a file, PIL image or array.
        slot: one of ``SLOTS``; None takes the likely one.
        remove_bg: False keeps the photo's background.
        segmenter: the ``auto`` one by default.

    Raises:
        InputError: the photo cannot be read or does not show a garment, or the slot is unknown.
    """
    found = find_article(source, slot, remove_bg, segmenter)
    return as_article(found.image_u8, found.mask_u8, found.slot)


def find_article(
    source: ImageSource,
    slot: str | None = None,
    remove_bg: bool = True,
    segmenter: GarmentSegmenter | None = None,
    longest_side: int = WORKING_SIDE,
) -> FoundArticle:
    """The photo, mask and slot of which `article_from_photo` makes an article; the same rules.

    Args:
        longest_side: larger photos are shrunk to it.

    Raises:
        InputError: the photo cannot be read or does not show a garment, or the slot is unknown.
    """
    if slot is not None and slot not in SLOTS:
        raise InputError(f"Unknown slot {str(slot)[:40]!r}: use one of {', '.join(SLOTS)}.")
    image, mask = open_photo(source, longest_side)
    cut_before = mask is not None
    if mask is None and remove_bg:
        mask = _by_backdrop(image, segmenter)
    if slot is None or (mask is None and remove_bg):
        found, worn = _garment_or_worn(image, mask, segmenter or get_garment_segmenter(), cut_before)
        if worn:
            slot = chosen_garment(worn, slot)
            return FoundArticle(image, worn[slot], slot, cut_before=True)
        slot = slot or found.slot
        if mask is None and remove_bg:
            mask = _checked(found).mask_u8
    return FoundArticle(image, mask, slot, cut_before)


def has_plain_backdrop(source: ImageSource) -> bool:
    """Whether nothing but the article would be seen in the whole photo; raises as `cut_out` for what is no photo."""
    image, alpha = open_photo(source)
    return alpha is not None or remove_background(image) is not None


def slot_scores(source: ImageSource, segmenter: GarmentSegmenter | None = None) -> dict[str, float]:
    """How likely the garment of a photo belongs to each slot; raises like `cut_out`."""
    image, alpha = open_photo(source)
    found, worn = _garment_or_worn(image, alpha, segmenter or get_garment_segmenter(), cut_before=alpha is not None)
    return _shares(worn) if worn else dict(found.slot_scores)


@lru_cache(maxsize=64)  # a lookbook asks for every picture
def accessory_kind(article: Article, segmenter: GarmentSegmenter | None = None) -> str:
    """What an accessory is, "hat" or "bag", by its picture; ``segmenter``: the ``auto`` one by default."""
    found = (segmenter or get_garment_segmenter()).segment(_on_paper(article.image_u8, article.mask_u8))
    return "hat" if found.hat > 0.5 else "bag"


def worn_as_usual(wear: Wear, outfit: Outfit) -> Wear:
    """What is said of an outfit, completed: the rest is worn as usual, and an accessory is what it looks like.

    Networks that learnt many ways of wearing would draw a little of each: tops half in and half over the waist.
    """
    wear = replace(_USUAL, **wear.told())
    accessory = outfit["accessory"]
    if accessory is not None:
        kind = wear.accessory or accessory_kind(accessory)
        wear = replace(wear, accessory=kind, side=wear.side if kind == "bag" else "")
    return wear.only([slot for slot, _ in outfit.items()])


def share_slots(scores: Sequence[dict[str, float]]) -> list[str]:
    """A slot for each of several photos that were given together.

    The surest ones choose first, and the others take the likeliest slot that is left. A photo for which none of
    those is plausible gets its likeliest slot, whoever has it.

    Args:
        scores: of each photo, slot -> 0..1.
    """
    wishes = [(score, photo, slot) for photo, of in enumerate(scores) for slot, score in of.items()]
    chosen: dict[int, str] = {}
    for score, photo, slot in sorted(wishes, key=lambda wish: -wish[0]):
        if score >= LEAST_PLAUSIBLE and photo not in chosen and slot not in chosen.values():
            chosen[photo] = slot
    return [chosen.get(photo) or max(of, key=of.__getitem__) for photo, of in enumerate(scores)]


def _by_backdrop(image_u8: np.ndarray, segmenter: GarmentSegmenter | None) -> np.ndarray | None:
    """`remove_background`; of a snapshot, without the pieces of it that the segmenter is sure are no garment.

    Walls and tables in the shade of a garment, as between the legs of trousers, are no longer of the backdrop's colour.
    """
    mask_u8 = remove_background(image_u8)
    if mask_u8 is None or not FoundArticle(image_u8, mask_u8, SLOTS[0], cut_before=False).snapshot:
        return mask_u8
    found = (segmenter or get_garment_segmenter()).segment(with_contrast(image_u8))
    mask, seen = mask_u8 > 0, found.mask_u8 > 0
    if found.garment < LEAST_GARMENT or (mask & seen).sum() < _AGREE * (mask | seen).sum():
        return mask_u8
    lab = cv2.cvtColor(cv2.blur(image_u8, (5, 5)).astype(np.float32) / 255, cv2.COLOR_RGB2LAB) * (_LIGHTNESS, 1, 1)
    cloth, backdrop = (lab[place].mean(axis=0) for place in (mask & seen, ~mask))
    alike = np.linalg.norm(lab - backdrop, axis=2) < np.linalg.norm(lab - cloth, axis=2)  # straps and cuffs are not
    doubtful = mask & alike & (found.alpha_u8 < _SURELY_NONE)
    radius = max(1, round(_BROAD * min(mask.shape)))
    gaps = pieces(grown(opened(doubtful, disc(radius)), disc(radius)) & doubtful)
    return np.where(gaps.where(gaps.areas >= _LEAST_GAP * mask.sum()), np.uint8(0), mask_u8)


def _garment_or_worn(
    image_u8: np.ndarray, alpha_u8: np.ndarray | None, segmenter: GarmentSegmenter, cut_before: bool
) -> tuple[GarmentMask, dict[str, np.ndarray]]:
    """What the segmenter says; of a photo in which it sees no garment alone, what somebody wears there.

    Raises:
        InputError: neither.
    """
    seen = with_contrast(image_u8)
    found = segmenter.segment(seen if alpha_u8 is None else _on_paper(seen, alpha_u8))
    if found.garment >= LEAST_GARMENT:
        return found, {}
    worn = {} if cut_before else worn_garments(image_u8)
    if not worn:
        raise InputError(NO_GARMENT)
    return found, worn


def _shares(worn: dict[str, np.ndarray]) -> dict[str, float]:
    """How much of all that is worn each slot is: {slot: 0..1}, of every slot."""
    areas = {slot: float((worn[slot] > 0).sum()) if slot in worn else 0.0 for slot in SLOTS}
    return {slot: area / sum(areas.values()) for slot, area in areas.items()}


def _checked(found: GarmentMask) -> GarmentMask:
    if np.mean(found.mask_u8 > 0) < _LEAST_MASK:
        raise InputError(NO_GARMENT)
    return found


def _on_paper(image_u8: np.ndarray, alpha_u8: np.ndarray) -> np.ndarray:
    """What a transparent picture looks like on white paper, white things on grey; hidden pixels may hold anything."""
    share = alpha_u8[..., None] / 255
    pale = alpha_u8.any() and image_u8[alpha_u8 > 0].mean() > _WHITE
    return np.round(image_u8 * share + (_GREY if pale else 255.0) * (1 - share)).astype(np.uint8)
