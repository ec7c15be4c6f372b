"""Whether a try-on on a photo will work, told before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.conditioning.person.wearer import Wearer
from vton.conditioning.pose.body_envelope import neck_line
from vton.readers.person_photo import check_shows
from vton.schema import SLOT_TABLE, TRYON_SLOTS, InputError, Person

GOOD, RISKY, REFUSED = "good", "risky", "not possible"
# In parts of the bare torso or limbs of the pose, where the garment will lie.
_BAG, _HAIR = 0.08, 0.1
# Lengths in body units, the distance from neck to hips.
_NARROW = 0.42  # shoulders closer than that are seen from the side; from the front they are 0.7 apart
_SEATED = 0.55  # knees that are no further below the hips; standing ones are 0.8 below
_INSIDE = 0.12  # a wrist that far inside the shoulders, above the waist, lies before the torso
_SMALL = 60.0  # pixels; a whole person then has some 200 rows, fewer than the network's canvas
_COVERED = 0.8  # share of the joints that the outline covers
_NECK, _NOSE, _SHOULDERS, _HIPS, _KNEES, _WRISTS = 1, 0, [2, 5], [8, 11], [9, 12], [4, 7]


@dataclass(frozen=True)
class Forecast:
    """What to expect of a photo.

    Attributes:
        outlook: "good", "risky" or "not possible".
        reasons: a sentence for each thing that is likely to go wrong, or the one that says what to do instead.
    """

    outlook: str
    reasons: tuple[str, ...] = ()

    def text(self) -> str:
        """One line."""
        return " ".join([f"Forecast: {self.outlook}.", *self.reasons])


def forecast(person: Person, slots: Sequence[str] = ()) -> Forecast:
    """Looks at what was read of a photo.

    Args:
        person: the person, in the photo's pixels.
        slots: of the garments to be put on, of ``SLOTS``; what concerns none of ``TRYON_SLOTS`` is taken for possible.
            Without any, of whatever the photo shows enough for.

    Raises:
        ValueError: an unknown slot.
    """
    if unknown := set(slots) - set(SLOT_TABLE):
        raise ValueError(f"unknown slots: {sorted(unknown)}")
    wearers = [Wearer.of(person, slot) for slot in slots or TRYON_SLOTS if slot in TRYON_SLOTS]
    missing = {wearer.slot: why for wearer in wearers if (why := _missing(wearer))}
    wearers = [wearer for wearer in wearers if wearer.slot not in missing]
    if missing and (slots or not wearers):
        return Forecast(REFUSED, (next(iter(missing.values())),))
    body = Wearer.of(person, TRYON_SLOTS[0])
    on_torso = any(wearer.garment.on_torso for wearer in wearers)
    on_legs = not missing and any(wearer.garment.on_legs for wearer in wearers)
    reasons = [*_of_the_photo(body), *(_over_torso(body) if on_torso else ()), *(_over_legs(body) if on_legs else ())]
    limits = [f"Not for {', '.join(missing)}: {next(iter(missing.values()))}"] if missing else []
    return Forecast(RISKY if reasons else GOOD, (*limits, *reasons))


def _missing(wearer: Wearer) -> str:
    """Why the photo does not show enough for a garment; empty where it does."""
    try:
        check_shows(wearer)
    except InputError as error:
        return str(error)
    return ""


def _of_the_photo(body: Wearer) -> list[str]:
    """What is difficult whatever is put on."""
    pose, reasons = body.pose, []
    there = pose.keypoints_xy[pose.present]
    inside = (there >= 0).all(1) & (there < np.array(pose.size_hw[::-1])).all(1)
    columns, rows = there[inside].astype(int).T
    if len(columns) and body.silhouette[rows, columns].mean() < _COVERED:
        reasons.append("The outline of the person is not clear: a photo before a plainer background will do better.")
    if body.unit < _SMALL:
        reasons.append("The person is small in the photo, so the picture will be coarse: take a nearer or larger one.")
    if pose.present[_SHOULDERS].all() and pose.present[_HIPS].any():
        right, left = pose.keypoints_xy[_SHOULDERS]
        if abs(float(right[0] - left[0])) < _NARROW * body.unit:
            reasons.append("The person is seen from the side: garments will look as they do from the front.")
    if not pose.present[_NOSE]:
        reasons.append("The face is not seen: from behind, garments will look as they do from the front.")
    return reasons


def _over_torso(body: Wearer) -> list[str]:
    reasons, torso = [], body.torso & (body.rows > neck_line(body.pose, body.unit))
    if _share(body.mask("bag"), torso) > _BAG:
        reasons.append("A bag or what the hands hold lies over the torso: it stays, and the garment goes on behind it.")
    if _share(body.mask("hair"), torso) > _HAIR:
        reasons.append("Long hair lies over the torso: it stays, and what it hides is guessed.")
    if _wrist_before(body):
        reasons.append("The arms lie before the body: sleeves and hands may be wrong there.")
    return reasons


def _over_legs(body: Wearer) -> list[str]:
    pose, reasons = body.pose, []
    if pose.present[_HIPS].any() and pose.present[_KNEES].any():
        highest = pose.keypoints_xy[_KNEES, 1][pose.present[_KNEES]].min()
        if highest - body.hips < _SEATED * body.unit:
            reasons.append("The person sits or lifts a knee: the garment may not follow the legs there.")
    if not pose.present[_KNEES].any():
        reasons.append("The knees are not in the photo: the garment goes on to its lower edge.")
    return reasons


def _wrist_before(body: Wearer) -> bool:
    """Whether a wrist lies before the torso, above the waist: a hand on a hip or in a pocket goes well."""
    pose = body.pose
    if not pose.present[[_NECK, *_SHOULDERS]].all():
        return False
    right, left = sorted(pose.keypoints_xy[_SHOULDERS, 0])
    x, y = pose.keypoints_xy[_WRISTS][pose.present[_WRISTS]].T
    inside = (x > right + _INSIDE * body.unit) & (x < left - _INSIDE * body.unit)
    return bool((inside & (y > pose.keypoints_xy[_NECK, 1]) & (y < body.waist)).any())


def _share(mask: np.ndarray, region: np.ndarray) -> float:
    return float((mask & region).sum() / max(region.sum(), 1))
