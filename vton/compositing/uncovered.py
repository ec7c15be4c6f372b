"""What the old garment hid and the new one leaves free: the region, what of the body shows there, the background."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vton.compositing.layer import Layer
from vton.compositing.measures import BESIDE, HEM, MIXED, NEXT, RIM
from vton.compositing.scene import Scene
from vton.conditioning.masks import grown, highest, nearest_colours, row, shrunk, soft, square
from vton.conditioning.person.wearer import SKIN, once
from vton.conditioning.pose.body_envelope import BodyPart
from vton.schema.slots import ON_LEGS


@dataclass(frozen=True, eq=False)
class Uncovered:
    """The gap between the old garment and the new one.

    Attributes:
        scene: the try-on.
        worn: [h, w], bool, where the new garment is.
        gone: [h, w], bool, what the photo no longer shows.
        lower: [h, w], bool, where the photo goes on showing a bottom or a dress.
        shown: torso, legs and arms with as much cover as may be seen of them.
    """

    scene: Scene
    worn: np.ndarray
    gone: np.ndarray
    lower: np.ndarray
    shown: tuple[BodyPart, BodyPart, BodyPart]

    @once
    def around(self) -> np.ndarray:
        """What is gone, and a pixel more: [h, w], bool; skin and lower garment are laid there."""
        return grown(self.gone, NEXT)


def uncovered(scene: Scene, worn: np.ndarray) -> Uncovered:
    """Finds out what is uncovered.

    Args:
        worn: [h, w], bool, where the new garment is.
    """
    wearer = scene.wearer
    skin, background = wearer.mask(*SKIN), wearer.mask("background")
    # 1. The old garment goes; of its margin only what surely is no skin or background, or deep within.
    sure = ~(skin | background) | shrunk(wearer.taken_off, RIM)
    gone = wearer.taken_off & sure & wearer.erased
    # 2. Of the body shows what the new garment is not in the middle of; the photo itself shows where the hands end.
    torso, legs, arms = (part._replace(cover=part.cover * _free(part, worn)) for part in wearer.parts)
    arms.cover[background & wearer.hands] = 0
    # 3. Beside trouser legs and skirts no leg shows, not even one that the photo shows.
    if wearer.garment.on_legs:
        hidden = _above_hem(worn, wearer.hips, wearer.unit)
        legs.cover[hidden] = 0
        gone |= grown(hidden & wearer.mask(*legs.labels), RIM) & (skin | background)
    # 4. A lower garment goes on above its old edge, so legs do not.
    lower = wearer.mask(*ON_LEGS) & ~gone
    if not wearer.garment.on_legs and lower.any():
        legs.cover[: np.flatnonzero(lower.any(axis=1))[0]] = 0
    # 5. A neckline bares the throat, even in the middle of a garment.
    np.maximum(torso.cover, wearer.parts[0].cover * wearer.throat, out=torso.cover)
    return Uncovered(scene, worn, gone, lower, (torso, legs, arms))


def backdrop(gap: Uncovered) -> Layer:
    """The background goes on with its nearest colours, well off the person; those drawn where there is none."""
    background = gap.scene.wearer.mask("background")
    known = shrunk(background & ~gap.gone, RIM)
    colours = nearest_colours(gap.scene.person.image_u8, known)[0] if known.any() else gap.scene.drawn
    mixed = cv2.blur(colours, (MIXED, MIXED)).astype(np.float32)
    return Layer(mixed, soft(gap.gone) * (gap.gone | background))


def _free(part: BodyPart, worn: np.ndarray) -> np.ndarray:
    """Where the new garment is not in the middle of a part, so that what it leaves beside is skin: [h, w], bool."""
    if not part.middle.any():
        return np.ones_like(worn)
    free = grown(part.middle & ~worn, square(HEM))
    return nearest_colours(free.astype(np.uint8), part.middle)[0] > 0


def _above_hem(worn: np.ndarray, top: float, unit: float) -> np.ndarray:
    """Where a trouser leg or a skirt hides legs, even beside it: from the row ``top`` on down to its hem, [h, w], bool.

    Args:
        worn: [h, w], bool, where the new garment is.
    """
    rows = np.arange(len(worn))[:, None]
    hem = np.where(worn & (rows > top), rows, 0).max(axis=0).astype(np.float32)
    hem = highest(hem[None], row(round(BESIDE * unit)))[0]
    return (rows > top) & (rows < hem - HEM)
