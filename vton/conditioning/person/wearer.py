"""What is known of a person for whom a garment of one slot is meant, each thing worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from vton.conditioning.masks import disc, distance_to, grown
from vton.conditioning.pose import body_envelope as body
from vton.conditioning.pose.body_envelope import BodyPart
from vton.schema import Parsing, Person, Pose, SizeHW, tryon_slot
from vton.schema.slots import ARMS, LEGS, TryOnSlot

T = TypeVar("T")
HEAD = ("hat", "hair", "face")
TELLING_SKIN = ("face", "torso_skin", *ARMS)
"""Labels of the skin that tells its colour: legs may be in tights."""
SKIN = (*TELLING_SKIN, *LEGS)
_ALWAYS_KEPT = (*HEAD, "bag")
_MARGIN = 1 / 64  # of the height: outlines of parsings are not exact, and the old hem must not show


class once(Generic[T]):
    """A property that is worked out when it is first asked for, and kept; an array cannot be changed afterwards.

    Unlike `functools.cached_property` it holds no lock, for which the threads of a trainer would wait.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work, self.__doc__ = work, work.__doc__

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        value = self._work(instance)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
        instance.__dict__[self._work.__name__] = value  # which is found before this descriptor from now on
        return value


@dataclass(frozen=True, eq=False)
class Wearer:
    """A person in a photo, or on a canvas, and the slot of the garment to be put on.

    Attributes:
        parsing: [H, W] in ``SIDED_LABELS``; pose: in the same pixels.
        slot: one of ``TRYON_SLOTS``.
    """

    parsing: Parsing
    pose: Pose
    slot: str
    _masks: dict[frozenset[str], np.ndarray] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, person: Person, slot: str) -> Wearer:
        """The wearer without the pixels of the photo."""
        return cls(person.parsing, person.pose, slot)

    @once
    def garment(self) -> TryOnSlot:
        """How a garment of the slot is worn."""
        return tryon_slot(self.slot)

    @property
    def size_hw(self) -> SizeHW:
        """Height and width."""
        return self.parsing.size_hw

    def mask(self, *names: str) -> np.ndarray:
        """Where one of these labels is: [H, W], bool, read-only."""
        key = frozenset(names)
        if key not in self._masks:
            self._masks[key] = self.parsing.mask(*names)
            self._masks[key].setflags(write=False)
        return self._masks[key]

    @once
    def rows(self) -> np.ndarray:
        """The number of each row: [H, 1]."""
        return np.arange(self.size_hw[0])[:, None]

    @once
    def silhouette(self) -> np.ndarray:
        """Where the person is, clothes included: [H, W], bool."""
        return self.parsing.silhouette()

    @once
    def unit(self) -> float:
        """The body's measure in pixels, see `body_unit`."""
        return body.body_unit(self.pose, self.silhouette)

    @once
    def waist(self) -> float:
        """The row of the waist, where a dress counts as half top and half skirt."""
        return body.waist_line(self.pose, self.unit)

    @once
    def hips(self) -> float:
        """The row of the hips."""
        return body.hips_line(self.pose, self.unit)

    @once
    def torso(self) -> np.ndarray:
        """Neck and torso without clothes, about: [H, W], bool."""
        return body.bare_torso(self.pose, self.unit, self.size_hw)

    @once
    def arms(self) -> np.ndarray:
        """Arms to the wrists without clothes, about: [H, W], bool."""
        return body.bare_arms(self.pose, self.unit, self.size_hw)

    @once
    def free_arms(self) -> np.ndarray:
        """The arms where they are beside the torso: [H, W], bool."""
        return self.arms & ~self.torso

    @once
    def near_arms(self) -> np.ndarray:
        """What is no further from the arms than from the torso: [H, W], bool."""
        return distance_to(self.free_arms) <= distance_to(self.torso)

    @once
    def limbs(self) -> np.ndarray:
        """Arms to the wrists and legs to the ankles without clothes, about: [H, W], bool."""
        return self.arms | body.bare_legs(self.pose, self.unit, self.size_hw)

    @once
    def parts(self) -> tuple[BodyPart, BodyPart, BodyPart]:
        """Torso, legs and arms, with soft outlines, see `bare_parts`."""
        return body.bare_parts(self.pose, self.unit, self.size_hw)

    @once
    def hands(self) -> np.ndarray:
        """Where the hands are: [H, W], bool."""
        return body.hand_region(self.pose, self.unit, self.size_hw)

    @once
    def throat(self) -> np.ndarray:
        """Where a neckline may bare skin: [H, W], bool."""
        return body.throat(self.pose, self.unit, self.size_hw)

    @once
    def taken_off(self) -> np.ndarray:
        """The clothes that a garment of this slot takes the place of, with a margin: [H, W], bool.

        An outer garment goes over what is worn, a top takes the place of both; of a dress "top" takes off the upper
        half and "bottom" the lower one.
        """
        clothes, halved = self.mask(*self.garment.takes_off), self.garment.halves_a_dress and not self.garment.over
        return self._with_margin(clothes | self._half_dress if halved else clothes)

    @once
    def erased(self) -> np.ndarray:
        """The pixels that a garment of this slot may change: [H, W], bool.

        They are the clothes and the skin that it replaces, and around the limbs of the pose as much as a wider garment
        would need. Face, hair, glasses, hands, shoes and bags are not among them. Under "bottom" a dress is erased from
        the waist down, under "top" and "outer" from the waist up.
        """
        garment, beneath = self.garment, self.mask(*self.garment.beneath)
        region = self.taken_off | self._with_margin(beneath | self._half_dress if garment.over else beneath)
        if garment.on_torso:
            region |= body.upper_envelope(self.pose, self.unit, self.size_hw, long=garment.down_to_knees)
        if garment.on_legs:
            region |= body.lower_envelope(self.pose, self.unit, self.size_hw)
        return region & ~self._kept

    @once
    def _half_dress(self) -> np.ndarray:
        """The part of a dress that a top or an outer garment (above the waist) or a bottom (below it) concerns."""
        below = self.rows > self.waist
        return self.mask("dress") & (~below if self.garment.on_torso else below)

    @once
    def _kept(self) -> np.ndarray:
        """What is in front of any garment of the slot, or belongs to another one: [H, W], bool."""
        kept = self.mask(*_ALWAYS_KEPT, *self.garment.keeps).copy()
        if self.garment.halves_a_dress:
            kept |= self.mask("dress") & ~self._half_dress
        if self.garment.on_torso:
            # A high collar covers the neck, a low one bares it.
            kept &= ~(self.mask("face") & body.below_chin(self.pose))
        # Above the knees the parser is wrong about shoes.
        kept |= self.mask("shoes") & (self.rows > body.knee_line(self.pose, self.unit))
        # Glasses and what the hands wear stay; belts and scarves would float over the new garment.
        kept |= self.mask("accessory") & (self.rows < body.neck_line(self.pose, self.unit))
        return kept | (self.hands & self.mask(*ARMS, "accessory"))

    def _with_margin(self, mask: np.ndarray) -> np.ndarray:
        return grown(mask, disc(max(1, round(_MARGIN * self.size_hw[0]))))
