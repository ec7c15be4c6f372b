"""The slots of an outfit: one row for each, with all that the program knows of it. A new slot is a new row.

Names of labels are those of `SIDED_LABELS`.
"""

from __future__ import annotations

from dataclasses import dataclass

ARMS, LEGS = ("left_arm", "right_arm"), ("left_leg", "right_leg")
"""Labels of bare arms and legs; the left and right ones are the person's own."""


@dataclass(frozen=True)
class TryOnSlot:
    """How a garment is worn that can be put on somebody in a photo.

    Attributes:
        on_torso, on_legs: what of the body it dresses.
        over: it goes over what is worn, so that nothing of that is taken off.
        down_to_knees: it may be that long although it ends at the hips on others.
        takes_off: labels of the clothes that it takes the place of.
        beneath: labels of what it may hide or bare.
        keeps: labels that it never changes, beside head, bag and what hands hold.
        hidden_by: slots whose garments may be worn over it and hide what it is.
        hung_over: labels over which a wider garment of the slot would have hung.
        largest_piece: share of its area in a photo that the largest piece has at least; else it is torn.
        width: of its body over that of the person's: over the shoulders' distance, of a bottom the waist's.
        width_rows: rows of its picture's box over which its body's width is read, below the sleeves and above the legs.
        upper_edge: how far below the neck it begins, in lengths from neck to hips.
        least_end: how far below the neck it ends at least, in such lengths, else None: a wide dress, laid on by its
            width, would end at the hips.
        training_share: weight of the slot in the pairs that try-on systems learn from.
    """

    on_torso: bool
    on_legs: bool
    takes_off: tuple[str, ...]
    beneath: tuple[str, ...]
    hung_over: tuple[str, ...]
    largest_piece: float
    width: float
    width_rows: tuple[float, float]
    upper_edge: float
    training_share: float
    over: bool = False
    down_to_knees: bool = False
    keeps: tuple[str, ...] = ()
    hidden_by: tuple[str, ...] = ()
    least_end: float | None = None

    @property
    def limbs(self) -> tuple[str, ...]:
        """Labels of the bare limbs that it may show."""
        return (*(ARMS if self.on_torso else ()), *(LEGS if self.on_legs else ()))

    @property
    def halves_a_dress(self) -> bool:
        """Whether it concerns only the half of a dress above the waist, or the half below it."""
        return self.on_torso != self.on_legs


@dataclass(frozen=True)
class Slot:
    """A row of the table.

    Attributes:
        name: in code, files and recipes; also the label of its articles in a parsing.
        title: as the page shows it.
        called: what messages call an article of it; such_as: what goes there, in two or three words.
        replaces: slots whose articles are not worn together with one of this slot.
        tryon: how a garment of it is put on somebody in a photo; None: it cannot be tried on.
    """

    name: str
    title: str
    called: str
    such_as: str
    replaces: tuple[str, ...] = ()
    tryon: TryOnSlot | None = None


_TOP = TryOnSlot(
    on_torso=True, on_legs=False, takes_off=("top", "outer"), beneath=("torso_skin", *ARMS), hidden_by=("outer",),
    hung_over=("top", *ARMS), largest_piece=0.8, width=1.12, width_rows=(0.55, 0.9), upper_edge=-0.21,
    training_share=0.32,
)  # fmt: skip
_OUTER = TryOnSlot(
    on_torso=True, on_legs=False, over=True, down_to_knees=True, takes_off=("outer",),
    beneath=("top", "torso_skin", *ARMS), hung_over=("outer", "top", *ARMS), largest_piece=0.45, width=1.45,
    width_rows=(0.55, 0.9), upper_edge=-0.2, training_share=0.16,
)  # fmt: skip
_BOTTOM = TryOnSlot(
    on_torso=False, on_legs=True, takes_off=("bottom",), beneath=LEGS, keeps=("top", "outer", "torso_skin", *ARMS),
    hung_over=("bottom", *LEGS), largest_piece=0.45, width=1.1, width_rows=(0.02, 0.12), upper_edge=0.73,
    training_share=0.32,
)  # fmt: skip
_DRESS = TryOnSlot(
    on_torso=True, on_legs=True, down_to_knees=True, takes_off=("top", "outer", "dress", "bottom"),
    beneath=("torso_skin", *ARMS, *LEGS), hidden_by=("top", "outer"), hung_over=("dress", *LEGS), largest_piece=0.8,
    width=0.97, width_rows=(0.3, 0.5), upper_edge=-0.17, least_end=1.5, training_share=0.2,
)  # fmt: skip

SLOT_TABLE: dict[str, Slot] = {
    slot.name: slot
    for slot in (
        Slot("top", "Top", "a top", "shirt, sweater", tryon=_TOP),
        Slot("outer", "Outerwear", "outerwear", "jacket, coat", tryon=_OUTER),
        Slot("bottom", "Bottom", "a bottom", "trousers, skirt", tryon=_BOTTOM),
        Slot("dress", "Dress", "a dress", "dress in one piece", replaces=("top", "bottom"), tryon=_DRESS),
        Slot("shoes", "Shoes", "a pair of shoes", "a pair of shoes"),
        Slot("accessory", "Accessory", "an accessory", "hat or bag"),
    )
}
SLOTS = tuple(SLOT_TABLE)
TRYON_SLOTS = tuple(name for name, slot in SLOT_TABLE.items() if slot.tryon is not None)
ON_TORSO = tuple(name for name, slot in SLOT_TABLE.items() if slot.tryon is not None and slot.tryon.on_torso)
ON_LEGS = tuple(name for name, slot in SLOT_TABLE.items() if slot.tryon is not None and slot.tryon.on_legs)
"""Slots, and so labels, of the clothes on the torso and on the legs; a dress is on both."""


def tryon_slot(name: str) -> TryOnSlot:
    """How a garment of one of `TRYON_SLOTS` is worn.

    Raises:
        KeyError: there is no such slot, or it cannot be tried on.
    """
    found = SLOT_TABLE[name].tryon
    if found is None:
        raise KeyError(f"slot {name!r} is not one of {', '.join(TRYON_SLOTS)}")
    return found


def worn_instead(name: str) -> tuple[str, ...]:
    """The slots whose articles are worn instead of one of this slot: what it replaces, and what replaces it."""
    others = tuple(other.name for other in SLOT_TABLE.values() if name in other.replaces)
    return SLOT_TABLE[name].replaces + others
