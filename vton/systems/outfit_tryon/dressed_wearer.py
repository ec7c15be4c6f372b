"""What is known of a person for whom several articles at once are meant: what may change, and what stays in front."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np

from vton.conditioning.masks import disc, grown
from vton.conditioning.person.wearer import HEAD, SKIN, Wearer, once
from vton.conditioning.pose.body_envelope import below_chin, knee_line, neck_line
from vton.schema import REGIONS, TRYON_SLOTS, Parsing, Person, Pose, SizeHW
from vton.schema.slots import ARMS, LEGS

# Lengths in body units, the distance from neck to hips.
_FOOT = 0.3  # around an ankle and what lies below it: where shoes may reach
_SHAFT = 0.35  # of the way from ankle to knee: up to where shoes may cover a bare leg
_HAT = 0.42  # around the middle of the upper head
_BAG, _BELOW_HAND = 0.5, 0.35  # around a point that lies below a wrist
_MARGIN = 1 / 64  # of the height: outlines of parsings are not exact
_NOSE, _ANKLES, _KNEES, _WRISTS = 0, (10, 13), (9, 12), (4, 7)
_CARRIED = ("hat", "bag", "accessory")
# A generator's regions from the labels of a parser.
_REGION_OF = {name: name for name in REGIONS} | dict.fromkeys(_CARRIED, "accessory") | {
    name: "skin" for name in ("torso_skin", *ARMS, *LEGS)
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class DressedWearer:
    """A person in a photo, or on a canvas, and the slots of the articles to be put on.

    Attributes:
        parsing: [H, W] in ``SIDED_LABELS``; pose: in the same pixels.
        slots: of ``SLOTS``, at least one.
        carried: what the accessory among them is, "hat" or "bag"; empty where nobody knows.
    """

    parsing: Parsing
    pose: Pose
    slots: tuple[str, ...]
    carried: str = ""

    @classmethod
    def of(cls, person: Person, slots: tuple[str, ...], carried: str = "") -> DressedWearer:
        """The wearer without the pixels of the photo."""
        return cls(person.parsing, person.pose, slots, carried)

    @property
    def size_hw(self) -> SizeHW:
        """Height and width."""
        return self.parsing.size_hw

    @once
    def wearers(self) -> tuple[Wearer, ...]:
        """The same person for each garment among the articles."""
        return tuple(Wearer(self.parsing, self.pose, slot) for slot in self.slots if slot in TRYON_SLOTS)

    @once
    def body(self) -> Wearer:
        """The person as any garment's wearer, for what does not depend on the slot."""
        return self.wearers[0] if self.wearers else Wearer(self.parsing, self.pose, TRYON_SLOTS[0])

    @once
    def silhouette(self) -> np.ndarray:
        """Where the person is, clothes included: [H, W], bool."""
        return self.body.silhouette

    @once
    def taken_off(self) -> np.ndarray:
        """What the articles take the place of, with a margin: [H, W], bool."""
        return _any([wearer.taken_off for wearer in self.wearers] + [self._other_taken_off], self.size_hw)

    @once
    def erased(self) -> np.ndarray:
        """The pixels that any of the articles may change: [H, W], bool; see `Wearer.erased`."""
        regions = [wearer.erased for wearer in self.wearers]
        if "shoes" in self.slots:
            regions.append((self._feet | self._with_margin(self.body.mask("shoes"))) & ~self._over_shoes)
        if "accessory" in self.slots:
            regions.append((self._places_of_accessories | self._with_margin(self._old_accessory)) & ~self.in_front)
        return _any(regions, self.size_hw)

    @once
    def in_front(self) -> np.ndarray:
        """What lies in front of every article: head, bags, hands, and shoes that stay: [H, W], bool."""
        body, goes = self.body, set()
        if "accessory" in self.slots:
            goes = {"hat": {"hat", "hair"}, "bag": {"bag"}}.get(self.carried, {"hat", "hair", "bag"})
        front = body.mask(*({*HEAD, "bag"} - goes)) | (body.hands & body.mask(*ARMS))
        if any(wearer.garment.on_torso for wearer in self.wearers):
            front &= ~(body.mask("face") & below_chin(self.pose))
        return front if "shoes" in self.slots else front | self._low_shoes

    @once
    def envelope(self) -> np.ndarray:
        """Bare torso, legs and arms of the pose: [3, H, W], float32, 0..1; nothing of what is worn enters."""
        return np.stack([part.cover for part in self.body.parts])

    @once
    def regions(self) -> np.ndarray:
        """The parsing as the generators know it: [H, W], uint8, numbers of `REGIONS`.

        The neck is skin, and glasses are part of the face, as in the studio.
        """
        table = [REGIONS.index(_REGION_OF[name]) for name in self.parsing.names]
        found = np.array(table, np.uint8)[self.parsing.labels]
        found[self.body.mask("face") & below_chin(self.pose)] = REGIONS.index("skin")
        found[self.body.mask("accessory") & self._on_head] = REGIONS.index("face")
        return found

    def accessory_in(self, regions: np.ndarray) -> str:
        """What the accessory among the articles is in a picture of them, "hat" or "bag"; empty where none is seen.

        Args:
            regions: [H, W], numbers of `REGIONS`.
        """
        seen = (regions == REGIONS.index("accessory")) & self.erased
        if "accessory" not in self.slots or not seen.any():
            return ""
        return "hat" if (seen & self._on_head).sum() > (seen & ~self._on_head).sum() else "bag"

    @once
    def _other_taken_off(self) -> np.ndarray:
        """Shoes and accessories that others take the place of, with a margin."""
        gone = self.body.mask("shoes") if "shoes" in self.slots else np.zeros(self.size_hw, bool)
        return self._with_margin(gone | self._old_accessory if "accessory" in self.slots else gone)

    @once
    def _old_accessory(self) -> np.ndarray:
        gone = self.body.mask(*((self.carried,) if self.carried else _CARRIED))
        return gone & ~(self.body.mask("accessory") & self._on_head)

    @once
    def _on_head(self) -> np.ndarray:
        return self.body.rows < neck_line(self.pose, self.body.unit)

    @once
    def _low_shoes(self) -> np.ndarray:
        return self.body.mask("shoes") & (self.body.rows > knee_line(self.pose, self.body.unit))

    @once
    def _over_shoes(self) -> np.ndarray:
        """Clothes that stay hang over the shoes."""
        stays = {"bottom", "dress"} - {name for wearer in self.wearers for name in wearer.garment.takes_off}
        return self.body.mask(*sorted(stays)) if stays else np.zeros(self.size_hw, bool)

    @once
    def _feet(self) -> np.ndarray:
        """Around the feet and the shins above them."""
        canvas, unit, xy = np.zeros(self.size_hw, np.uint8), self.body.unit, self.pose.keypoints_xy
        for ankle, knee in zip(_ANKLES, _KNEES, strict=True):
            if not self.pose.present[ankle]:
                continue
            foot = xy[ankle] + (0, 0.5 * _FOOT * unit)
            _blot(canvas, foot, _FOOT * unit)
            if self.pose.present[knee]:
                shin = np.stack([xy[ankle], xy[ankle] + _SHAFT * (xy[knee] - xy[ankle])])
                cv2.polylines(canvas, [shin.astype(np.int32)[:, None]], False, 1, max(1, round(_FOOT * unit)))
        return canvas > 0

    @once
    def _places_of_accessories(self) -> np.ndarray:
        """Around the upper head, where hats are, and below the hands, where bags are."""
        canvas, unit, xy = np.zeros(self.size_hw, np.uint8), self.body.unit, self.pose.keypoints_xy
        if self.pose.present[_NOSE] and self.carried != "bag":
            _blot(canvas, xy[_NOSE] - (0, 0.7 * _HAT * unit), _HAT * unit)
        for wrist in _WRISTS:
            if self.pose.present[wrist] and self.carried != "hat":
                _blot(canvas, xy[wrist] + (0, _BELOW_HAND * unit), _BAG * unit)
        return canvas > 0

    def _with_margin(self, mask: np.ndarray) -> np.ndarray:
        return grown(mask, disc(max(1, round(_MARGIN * self.size_hw[0]))))


def bares_torso(worn: DressedWearer, regions: np.ndarray) -> float:
    """How much of the torso below the neckline a result bares that the photo covers, as a share of the torso.

    Args:
        regions: [H, W], of the result, numbers of `REGIONS`, in the wearer's pixels.
    """
    body = worn.body
    torso = body.torso & ~body.throat & ~body.near_arms
    bare = torso & worn.erased & (regions == REGIONS.index("skin")) & ~body.mask(*SKIN)
    return float(bare.sum() / max(torso.sum(), 1))


def _blot(canvas: np.ndarray, middle: np.ndarray, radius: float) -> None:
    cv2.circle(canvas, (int(middle[0]), int(middle[1])), max(1, round(radius)), 1, -1)


def _any(masks: list[np.ndarray], size_hw: SizeHW) -> np.ndarray:
    return reduce(np.logical_or, masks, np.zeros(size_hw, bool))
